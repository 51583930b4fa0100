"""The command line: what it prints where, how it ends, and that nothing in a table or a path can make it misbehave."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from helpers.malformed import MALFORMED, Malformed

from estimates.cli.application import main
from estimates.version import __version__

IDLIB = Path(__file__).parents[2] / "data" / "idlib_2020.csv"
KEYS = ["event", "outcome", "layer", "floor", "reported_low", "reported_high", "sources", "median", "mean", "intervals"]
HEAD = "event,source,figure\n"
ONE = HEAD + "Idlib,Monitor,18\n"
START = "import sys; sys.argv[0] = 'estimates'; from estimates.cli.application import main; main()"


class Result(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


type Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run a command in this process, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr("sys.argv", ["estimates", *map(str, arguments)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main()
        status = ended.value.code
        assert isinstance(status, int)
        return Result(status, *capsys.readouterr())

    return run


def process(*arguments: object, start: str = START, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}
    for name in options.pop("without", ()):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-c", start, *map(str, arguments)],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "timeout": 60, **options},
        env=environment,
        check=False,
    )


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8"))
    return path


# The example ----------------------------------------------------------------------------------------------------------


def test_estimate_prints_a_table(command: Command) -> None:
    """`estimate` shows, for each event and outcome, what was said, the floor and three lines of ranges."""
    status, out, err = command("estimate", IDLIB)
    assert status == 0
    assert "killed: reported 18 to 21 by 2 sources; floor 1" in out
    lines = [line.strip() for line in out.splitlines()]
    for name in ("documented by now", "documented in the end", "full toll"):
        assert sum(line.startswith(name) for line in lines) == 4
    assert all(line.startswith("note: ") for line in err.splitlines())
    assert "note: " not in out


def test_json_alone_on_standard_output(command: Command) -> None:
    """JSON is all there is on standard output, and has exactly the keys, layers and levels that are promised."""
    status, out, err = command("estimate", IDLIB, "--format", "json")
    rows = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert status == 0
    assert "note: " in err
    assert {(row["event"], row["outcome"]) for row in rows} == {
        ("Idlib airstrikes", "killed"),
        ("Idlib airstrikes", "injured"),
        ("Idlib airstrikes", "displaced"),
        ("T4 air base", "killed"),
    }
    assert [row["layer"] for row in rows] == ["documented", "total"] * 4
    for row in rows:
        assert list(row) == KEYS
        assert list(row["intervals"]) == ["50", "80", "95"]
        (low50, high50), (low80, high80), (low95, high95) = row["intervals"].values()
        assert 0 <= low95 <= low80 <= low50 <= row["median"] <= high50 <= high80 <= high95
        assert all(type(end) is int for ends in row["intervals"].values() for end in ends)
    killed = next(row for row in rows if row["outcome"] == "killed")
    assert (killed["floor"], killed["reported_low"], killed["reported_high"], killed["sources"]) == (1, 18, 21, 2)
    assert {row["floor"] for row in rows if row["outcome"] != "killed"} == {None}


def test_csv_says_what_json_says(command: Command) -> None:
    """CSV has the numbers of the JSON, one row per event, outcome and layer, and empty cells where there is nothing."""
    status, out, _ = command("estimate", IDLIB, "--format", "csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    records = json.loads(command("estimate", IDLIB, "--format", "json").out)
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        for key in KEYS[:-2]:
            assert row[key] == ("" if record[key] is None else str(record[key])), key
        assert float(row["mean"]) == pytest.approx(record["mean"], rel=1e-3)
        for level, ends in record["intervals"].items():
            assert [int(row[f"low_{level}"]), int(row[f"high_{level}"])] == ends


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_report_prints_and_writes(command: Command, tmp_path: Path, ending: str) -> None:
    """`report` prints the table of `estimate`, writes the document and says where; nothing else is left."""
    target = tmp_path / f"idlib{ending}"
    status, out, _ = command("report", IDLIB, "-o", target)
    assert status == 0
    assert out.startswith(command("estimate", IDLIB).out.rstrip())
    assert out.endswith(f"\nReport written to {target}\n")
    assert "Idlib airstrikes" in target.read_text(encoding="utf-8")
    assert os.listdir(tmp_path) == [target.name]


def test_report_names_itself_after_the_table(command: Command, tmp_path: Path) -> None:
    """Without -o the document is named after the table and stands in the current folder."""
    assert command("report", IDLIB).status == 0
    assert command("report", "-", stdin=ONE.encode()).status == 0
    assert sorted(os.listdir(tmp_path)) == ["idlib_2020_report.html", "reports_report.html"]


def test_check(command: Command) -> None:
    """`check` counts reports and events of a table without faults."""
    status, out, err = command("check", IDLIB)
    assert (status, out) == (0, f"{IDLIB}: 15 reports of 2 events, no faults\n")
    assert "note: " in err


@pytest.mark.parametrize(
    ("words", "outcome", "reading"),
    [
        ("at least 18", "killed", "at least 18"),
        ("up to 1,200", "killed", "up to 1,200"),
        ("18-21", "injured", "range 18 to 21"),
        ("18", "killed", "exactly 18"),
        ("some 21", "killed", "about 21, approximate"),
        ("dozens", "displaced", "vague dozens"),
        ("none", "killed", "none"),
        ("no comment", "killed", "no comment"),
        ("3 children", "killed", "exactly 3, subset, of the group children"),
    ],
)
def test_parse(command: Command, words: str, outcome: str, reading: str) -> None:
    """`parse` says in plain words how a figure is read."""
    assert command("parse", words, "--outcome", outcome) == (0, f"{outcome}: {reading}\n", "")


def test_example_is_a_table_one_can_start_from(command: Command, tmp_path: Path) -> None:
    """`example` writes the Idlib table, which `estimate` then reads as the package's own."""
    status, out, _ = command("example")
    assert status == 0
    assert "estimates estimate idlib_2020.csv" in out
    assert (tmp_path / "idlib_2020.csv").read_bytes() == IDLIB.read_bytes()
    assert command("estimate", "idlib_2020.csv").out == command("estimate", IDLIB).out


# Options --------------------------------------------------------------------------------------------------------------


def test_standard_input(command: Command) -> None:
    """A table on standard input gives what the same table gives in a file."""
    piped = command("estimate", "-", "--format", "json", stdin=IDLIB.read_bytes())
    assert piped.status == 0
    assert piped.out == command("estimate", IDLIB, "--format", "json").out


def test_empty_standard_input(command: Command) -> None:
    """Nothing on standard input is a fault that says what to write."""
    status, out, err = command("check", "-")
    assert (status, out) == (1, "")
    assert "standard input" in err
    assert "event,source,figure" in err


def test_seed(command: Command) -> None:
    """The same seed gives the same bytes, another seed other draws and nearly the same median."""
    first, again, other = (
        command("estimate", IDLIB, "--format", "json", "--profile", "published", "--seed", seed).out
        for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other
    for one, two in zip(json.loads(first), json.loads(other), strict=True):
        assert two["median"] == pytest.approx(one["median"], rel=0.35, abs=2)


def test_as_of(command: Command) -> None:
    """`--as-of` leaves out what was reported later."""
    table = "event,source,figure,event_date,reported_at\nE,A,3,2020-01-01,2020-01-01\nE,B,40,2020-01-01,2020-02-01\n"
    early, whole = (
        json.loads(command("estimate", "-", "--format", "json", *cut, stdin=table.encode()).out)[0]
        for cut in (("--as-of", "2020-01-02"), ())
    )
    assert (early["reported_high"], early["sources"]) == (3, 1)
    assert (whole["reported_high"], whole["sources"]) == (40, 2)


def test_version(command: Command) -> None:
    """`--version` prints the version and stops."""
    assert command("--version") == (0, f"estimates {__version__}\n", "")


def test_help_names_every_command(command: Command) -> None:
    """`--help` ends well and names every command."""
    status, out, _ = command("--help")
    assert status == 0
    assert all(f"\n  {name} " in out for name in ("report", "estimate", "check", "parse", "example"))


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("estimate",),
        ("estimate", IDLIB, "more.csv"),
        ("estimate", IDLIB, "--format", "xml"),
        ("estimate", IDLIB, "--seed", "-1"),
        ("estimate", IDLIB, "--seed", "1.5"),
        ("estimate", IDLIB, "--sed", "1"),
        ("report", IDLIB, "-o"),
        ("parse",),
        ("parse", "at", "least", "18"),
    ],
    ids=lambda arguments: " ".join(str(argument) for argument in arguments) or "nothing",
)
def test_a_command_that_cannot_be_understood(command: Command, tmp_path: Path, arguments: Sequence[object]) -> None:
    """Bad usage ends with status 2 and a word on what was wrong or how to use the command, and does nothing."""
    status, out, err = command(*arguments)
    assert status == 2
    assert "Usage: " in out + err or err.startswith("Error: ")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "mends"),
    [
        (("estimate", "nowhere.csv"), "check its name"),
        (("estimate", "."), "name a file in it"),
        (("estimate", IDLIB.with_name("idlib_2021.csv")), "did you mean 'idlib_2020.csv'?"),
        (("estimate", "a" * 300), "check its name"),
        (("estimate", ""), "name a file in it"),
        (("estimate", IDLIB, "--as-of", "15/01/2020"), "write it as 2020-01-15"),
        (("estimate", IDLIB, "--as-of", ""), "write it as 2020-01-15"),
        (("parse", ""), "write what the source said"),
        (("parse", "many"), "write"),
        (("parse", "18", "--outcome", "kiled"), "killed"),
        (("parse", "9" * 5000), ""),
    ],
    ids=lambda value: " ".join(str(part)[-20:] for part in value) if isinstance(value, tuple) else "",
)
def test_input_that_cannot_be_used(command: Command, arguments: Sequence[object], mends: str) -> None:
    """Input that cannot be used ends with status 1, nothing on standard output, and a message that says what to do."""
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert mends in err
    assert err.strip()


# Malformed tables -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", MALFORMED, ids=lambda bad: bad.id)
def test_malformed_tables_are_refused(command: Command, tmp_path: Path, bad: Malformed) -> None:
    """A bad table ends with status 1 and its place, fault and mend on standard error; no document is left."""
    content = bad.content if isinstance(bad.content, bytes) else bad.content.encode("utf-8")
    (tmp_path / "bad.csv").write_bytes(content)
    status, out, err = command("report", "bad.csv", "-o", "report.html")
    assert (status, out) == (1, "")
    place = ", ".join(part for part in (bad.line and f"line {bad.line}", bad.column) if part)
    faults = [line for line in err.splitlines() if line.startswith("  " + place)]
    assert any(bad.what in fault and bad.mend in fault for fault in faults), err
    assert err.startswith("bad.csv: ")
    assert "Traceback" not in err
    assert os.listdir(tmp_path) == ["bad.csv"]


def test_every_fault_at_once(command: Command) -> None:
    """All faults of a table are told at once, in the order of its lines."""
    table = "event,source,figure,outcome\n,A,18,killed\nE,,18,kiled\nE,B,many,killed\n"
    _, _, err = command("check", "-", stdin=table.encode())
    assert err.splitlines()[0] == "standard input: 4 faults"
    assert [line.split(":")[0].strip() for line in err.splitlines()[1:]] == [
        "line 2, event", "line 3, source", "line 3, outcome", "line 4, figure",
    ]  # fmt: skip


# Where results go -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/report.html", "there is no folder"),
        ("folder.html", "is a folder"),
        (".", ".html"),
        ("", ".html"),
        ("report.pdf", ".html"),
        ("report", ".html"),
        ("report.csv", ".html"),
        ("table.csv/report.html", "there is no folder"),
        ("a" * 300 + ".html", "too long"),
    ],
)
def test_documents_that_cannot_be_written(command: Command, tmp_path: Path, name: str, says: str) -> None:
    """A document that cannot be written ends with status 1, says why, and leaves every file as it was."""
    write(tmp_path / "table.csv", ONE)
    (tmp_path / "folder.html").mkdir()
    status, _, err = command("report", "table.csv", "-o", name)
    assert status == 1
    assert says in err
    assert sorted(os.listdir(tmp_path)) == ["folder.html", "table.csv"]
    assert os.listdir(tmp_path / "folder.html") == []
    assert (tmp_path / "table.csv").read_text() == ONE


def test_a_document_never_replaces_its_table(command: Command, tmp_path: Path) -> None:
    """Where the document would take the place of the table, also through a link, the table is kept."""
    write(tmp_path / "table.md", ONE)
    (tmp_path / "link.md").symlink_to("table.md")
    for target in ("table.md", "./table.md", "link.md"):
        status, out, err = command("report", "table.md", "-o", target)
        assert (status, out) == (1, "")
        assert "is the table itself; name another file with -o" in err
        assert (tmp_path / "table.md").read_text() == ONE


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing/table.csv", "missing"),
        ("folder", "exists already"),
        ("table.csv", "exists already"),
        ("link.csv", "exists already"),
        ("table.csv/new.csv", "table.csv"),
        ("", "exists already"),
        ("a" * 300, "too long"),
    ],
)
def test_examples_that_cannot_be_written(command: Command, tmp_path: Path, name: str, says: str) -> None:
    """`example` replaces nothing, not even a link that leads nowhere, and leaves nothing behind."""
    write(tmp_path / "table.csv", ONE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to("nowhere.csv")
    status, out, err = command("example", "-o", name)
    assert (status, out) == (1, "")
    assert says in err
    assert sorted(os.listdir(tmp_path)) == ["folder", "link.csv", "table.csv"]
    assert (tmp_path / "table.csv").read_text() == ONE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder(command: Command, tmp_path: Path) -> None:
    """A folder one may not write to is named, and stays empty."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    for arguments in (("example", "-o", folder / "a.csv"), ("report", IDLIB, "-o", folder / "a.html")):
        status, _, err = command(*arguments)
        assert status == 1
        assert "permission" in err.lower()
        assert os.listdir(folder) == []


def test_written_files_can_be_read_by_others(command: Command, tmp_path: Path) -> None:
    """Files get the permissions that the umask leaves, as files of any other program do."""
    before = os.umask(0o022)
    try:
        command("example")
        command("report", "idlib_2020.csv", "-o", "report.md")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("idlib_2020.csv", "report.md")] == [0o644, 0o644]


# Hostile content ------------------------------------------------------------------------------------------------------

HOSTILE = {
    "escape": "Idlib\x1b[2J\x1b[31m",
    "C1": "Idlib\x9b31m",
    "bidirectional": "Idlib\u202e02\u2066",
    "bell": "Idl\x07ib\x08",
    "newline": "Idlib\nfull toll  0",
    "separator": "Idlib\u2028full toll  0",
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{{ 7*7 }}{% raw %}",
}


def test_hostile_names(command: Command, tmp_path: Path) -> None:
    """A name cannot steer a terminal, start a line of its own, or become part of a page's code."""
    with (tmp_path / "table.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["event", "source", "figure", "note", "\x1b[31m\u202e\n<script>"])
        for name in HOSTILE.values():
            writer.writerow([name, name, "no comment", name, name])
            writer.writerow([name, "B", "5", "", ""])
    for arguments in (("check",), ("estimate",), ("estimate", "--format", "json"), ("report", "-o", "page.html")):
        status, out, err = command(arguments[0], "table.csv", *arguments[1:])
        assert status == 0, err
        for character in "\x1b\x9b\x07\x08\u202e\u2066\u2028":
            assert character not in out + err, arguments
        assert not any(line.startswith("full toll") for line in (out + err).splitlines())
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page


def test_spreadsheets_run_nothing(command: Command) -> None:
    """In CSV a name that a spreadsheet would run begins with an apostrophe, and stays one cell."""
    names = ["=1+1,x", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")']
    table = io.StringIO()
    csv.writer(table).writerows([["event", "source", "figure"], *([name, "A", "5"] for name in names)])
    _, out, _ = command("estimate", "-", "--format", "csv", stdin=table.getvalue().encode())
    assert {row["event"] for row in csv.DictReader(io.StringIO(out))} == {"'" + name for name in names}


@pytest.mark.parametrize("form", ["json", "csv"])
def test_names_that_look_like_values_stay_names(command: Command, form: str) -> None:
    """An event named like a missing value, a number or a date keeps its name."""
    names = {"nan", "NaN", "NA", "<NA>", "None", "null", "inf", "0", "007", "1e5", "true", "2020-01-15"}
    table = HEAD + "".join(f"{name},A,5\n" for name in names)
    status, out, _ = command("estimate", "-", "--format", form, stdin=table.encode())
    assert status == 0
    rows = json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out)))
    assert {row["event"] for row in rows} == names


def test_hostile_names_of_files(command: Command, tmp_path: Path) -> None:
    """The name of a file cannot steer a terminal, whether it is read, missing or written."""
    hostile = "a\x1b[31m\u202e.csv"
    write(tmp_path / hostile, ONE)
    for arguments in (("check", hostile), ("check", "\x1b" + hostile), ("example", "-o", "new" + hostile),
                      ("report", hostile, "-o", hostile + ".html")):  # fmt: skip
        _, out, err = command(*arguments)
        assert out + err
        assert "\x1b" not in out + err
        assert "\u202e" not in out + err


# Unusual tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", ["0", "none", "1", "1,000,000,000", "thousands", "no comment"])
def test_one_report(command: Command, figure: str) -> None:
    """One report of any size gives finite ordered ranges."""
    status, out, _ = command("estimate", "-", "--format", "json", stdin=f'{HEAD}E,A,"{figure}"\n'.encode())
    assert status == 0
    for row in json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON")):
        (low50, high50), _, (low95, high95) = row["intervals"].values()
        assert 0 <= low95 <= low50 <= row["median"] <= high50 <= high95
        assert row["sources"] == (figure != "no comment")


def test_zero_beside_a_billion(command: Command) -> None:
    """Sources that could not disagree more still give ranges and a document."""
    table = f"{HEAD}E,A,0\nE,B,1000000000\n".encode()
    assert command("report", "-", "-o", "report.html", stdin=table).status == 0
    status, out, _ = command("estimate", "-", "--format", "json", stdin=table)
    assert status == 0
    assert [(row["reported_low"], row["reported_high"]) for row in json.loads(out)] == [(0, 1_000_000_000)] * 2


def test_nothing_to_estimate(command: Command) -> None:
    """A table of context alone gives an empty JSON list, a CSV header, and no crash."""
    table = b"event,source,figure,outcome\nE,A,51,strikes\n"
    assert json.loads(command("estimate", "-", "--format", "json", stdin=table).out) == []
    assert len(command("estimate", "-", "--format", "csv", stdin=table).out.splitlines()) == 1
    for arguments in (("estimate", "-"), ("report", "-", "-o", "report.html"), ("report", "-", "-o", "report.md")):
        status, _, err = command(*arguments, stdin=table)
        assert status == 0, err
        assert "context" in err


def _many_sources(count: int) -> str:
    return HEAD + "".join(f"E,Source {number},{18 + number % 7}\n" for number in range(count))


def _many_events(count: int) -> str:
    head = "event,source,figure,event_date,reported_at\n"
    return head + "".join(
        f"E{event},S{source},{event % 40 + source},2020-01-01,2020-01-0{source + 1}\n"
        for event in range(count)
        for source in range(3)
    )


@pytest.mark.parametrize("count", [20, pytest.param(1000, marks=pytest.mark.slow)])
def test_many_sources(command: Command, count: int) -> None:
    """Sources who agree in hundreds are all counted, and the range stays about what they say."""
    status, out, _ = command("estimate", "-", "--format", "json", stdin=_many_sources(count).encode())
    row = json.loads(out)[0]
    assert (status, row["sources"]) == (0, count)
    assert 18 <= row["median"] <= 36


@pytest.mark.parametrize("count", [20, pytest.param(300, marks=pytest.mark.slow)])
def test_many_events(command: Command, count: int) -> None:
    """Every event of a long table is estimated once per layer."""
    status, out, _ = command("estimate", "-", "--format", "json", stdin=_many_events(count).encode())
    assert status == 0
    assert {(row["event"], row["layer"]) for row in json.loads(out)} == {
        (f"E{event}", layer) for event in range(count) for layer in ("documented", "total")
    }
    assert len(json.loads(out)) == 2 * count


# The process ----------------------------------------------------------------------------------------------------------


def test_start_up_is_light() -> None:
    """`estimate` runs without scipy, PyMC, ArviZ, xarray, matplotlib and jinja2."""
    heavy = "scipy pymc pytensor arviz xarray matplotlib jinja2"
    start = f"""
import sys
from estimates.cli.application import main
try:
    main()
finally:
    print("LOADED", *sorted(set({heavy.split()!r}) & set(sys.modules)), file=sys.stderr)
"""
    ended = process("estimate", IDLIB, start=start)
    assert ended.returncode == 0
    assert ended.stderr.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_terminals_that_cannot_show_a_name(tmp_path: Path, encoding: str) -> None:
    """On a terminal of any encoding JSON gives back the names of the table, and the table is printed."""
    table = write(tmp_path / "table.csv", f"{HEAD}Alépo حلب 🕊,A,5\n")
    environment = {"PYTHONIOENCODING": encoding}
    written = process("estimate", table, "--format", "json", env=environment, encoding=encoding)
    assert json.loads(written.stdout)[0]["event"] == "Alépo حلب 🕊"
    shown = process("report", table, "-o", tmp_path / "report.html", env=environment, encoding=encoding)
    assert (written.returncode, shown.returncode) == (0, 0)
    assert "Al" in shown.stdout
    assert "Alépo حلب 🕊" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("buffered", [True, False])
def test_broken_pipe(buffered: bool) -> None:
    """A reader who leaves early ends the command quietly with status 1, whether output is buffered or not."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        options: dict[str, Any] = {"without": ["PYTHONUNBUFFERED"]} if buffered else {"env": {"PYTHONUNBUFFERED": "1"}}
        ended = process("parse", "at least 18", stdout=writing, **options)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("buffered", [True, False])
def test_full_disk(buffered: bool) -> None:
    """Output that finds no room ends with status 1 and one line that says so."""
    options: dict[str, Any] = {"without": ["PYTHONUNBUFFERED"]} if buffered else {"env": {"PYTHONUNBUFFERED": "1"}}
    with Path("/dev/full").open("w") as full:
        ended = process("parse", "at least 18", stdout=full, **options)
    assert (ended.returncode, ended.stderr) == (1, "the output cannot be written: no space left on device\n")


def test_notes_never_go_to_standard_output() -> None:
    """With standard error closed, notes go nowhere: JSON stays alone on standard output."""
    start = "import sys; sys.stderr = None; " + START
    ended = process("estimate", IDLIB, "--format", "json", start=start)
    assert ended.returncode == 0
    assert len(json.loads(ended.stdout)) == 8
    assert process("parse", "many", start=start).stdout == ""


def test_no_standard_input() -> None:
    """With standard input closed, `-` is a fault with a message, not a traceback."""
    ended = process("check", "-", start="import sys; sys.stdin = None; " + START)
    assert ended.returncode == 1
    assert "standard input" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_interrupt_while_the_document_is_written(tmp_path: Path) -> None:
    """Ctrl-C in the middle of writing keeps the old document whole, leaves no part of a new one and no traceback."""
    old = write(tmp_path / "report.md", "the old report")
    # The signal comes between the writing of the new file and its taking the old one's place.
    start = f"""
import os, signal
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in the background inherit that it is ignored
replace = Path.replace
def interrupted(self, target):
    assert self.stat().st_size > 1000
    os.kill(os.getpid(), signal.SIGINT)
    return replace(self, target)
Path.replace = interrupted
{START}
"""
    ended = process("report", IDLIB, "-o", old, start=start)
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr
    assert os.listdir(tmp_path) == ["report.md"]
    assert old.read_text() == "the old report"


def test_interrupt_while_estimating(tmp_path: Path) -> None:
    """Ctrl-C while a long table is worked on ends the command at once with status 130 and without traceback."""
    table = write(tmp_path / "table.csv", "event,source,figure,colour\n" + "".join(
        f"E{event},S{source},{event * 3 + source},red\n" for event in range(300) for source in range(4)
    ))  # fmt: skip
    start = f"""
import os, signal, threading
from estimates.results import estimates as results
signal.signal(signal.SIGINT, signal.default_int_handler)
run = results.estimate
def interrupted(*arguments, **options):
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    return run(*arguments, **options)
results.estimate = interrupted
{START}
"""
    ended = process("report", table, "-o", tmp_path / "report.html", start=start, timeout=30)
    assert ended.returncode == 130
    assert "Traceback" not in ended.stderr
    assert os.listdir(tmp_path) == ["table.csv"]


def test_a_device_without_end_is_refused() -> None:
    """Reading /dev/zero would never end; it is refused at once."""
    ended = process("check", "/dev/zero")
    assert ended.returncode == 1
    assert "device" in ended.stderr


def test_a_table_with_context_only_says_so(tmp_path: Path) -> None:
    """Where nothing can be estimated the command says that instead of printing nothing."""
    table = write(tmp_path / "context.csv", "event,source,figure,outcome\ne,s,51,strikes\n")
    ended = process("estimate", str(table))
    assert ended.returncode == 0
    assert "nothing to estimate" in ended.stdout
