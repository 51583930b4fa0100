"""A report of many events that was killed goes on where it was: nothing kept is worked out again, no byte differs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.small_events import small_events

from estimates.document import document
from estimates.document.document import begun, write_begun, write_document
from estimates.document.work import RestsOn
from estimates.errors import EstimatesError
from estimates.files import hidden_beside
from estimates.inference import joint, totals
from estimates.inference.undocumented import known_layer
from estimates.pieces import LEDGER, Pieces
from estimates.profile.profile import named_profile
from estimates.results import in_pieces
from estimates.results.estimates import estimate
from estimates.results.in_pieces import estimate_in_pieces
from estimates.table.reports import read_reports

#: Six events, whose report has an index and pages here: three blocks of two, totals in pieces, the index and pages.
EVENTS = 6
SMALL = {
    (document, "EVENTS_IN_ONE_FILE"): EVENTS - 1,
    (in_pieces, "FEWEST_EVENTS"): 2,
    (joint, "MOST_JOINT"): 2_000,
    (totals, "TOLLS_IN_A_PIECE"): 4_000,
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let six events be many, and the pieces small."""
    for (module, name), value in SMALL.items():
        monkeypatch.setattr(module, name, value)


@cache
def rows() -> pd.DataFrame:
    return small_events(EVENTS)


def report(target: Path, **changed: Any) -> None:
    """Write the report as the command does, with some things changed."""
    asked = {
        "rows": rows(),
        "coverage": None,
        "seed": 0,
        "as_of": None,
        "about": None,
        "profile": "default",
        "in_full": False,
        **changed,
    }
    table, profile, layer = (
        read_reports(asked["rows"], coverage=asked["coverage"]),
        named_profile(asked["profile"]),
        known_layer("elicited"),
    )
    rests_on = RestsOn(profile, asked["seed"], asked["as_of"], layer)
    with begun(table, rests_on, target, asked["about"], in_full=asked["in_full"]) as work:
        estimates = estimate_in_pieces(
            table,
            profile=profile,
            seed=asked["seed"],
            as_of=asked["as_of"],
            undocumented=layer,
            pieces=work.pieces,
        )
        write_begun(estimates, work)


def content(folder: Path) -> dict[str, bytes]:
    """All files of a folder, hidden ones too, by their path in it."""
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@cache
def undisturbed(**changed: Any) -> dict[str, bytes]:
    """What a report leaves that nobody disturbed."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        report(Path(folder) / "x.html", **changed)
        return content(Path(folder))


class Done:
    """What is done in a run: pieces kept, and how often the work behind them was done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept: list[str] = []
        self.work: Counter[str] = Counter()
        self._counted(monkeypatch, in_pieces, "solve")
        self._counted(monkeypatch, totals, "sums_of_joints")
        self._counted(monkeypatch, document, "document_view")
        self._counted(monkeypatch, document, "page_view")
        keep = Pieces.keep

        def kept(pieces: Pieces, name: str, text: bytes) -> None:
            keep(pieces, name, text)
            self.kept.append(name)

        monkeypatch.setattr(Pieces, "keep", kept)

    def _counted(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        work = getattr(module, name)

        def counted(*given: Any, **named: Any) -> Any:
            self.work[name] += 1
            return work(*given, **named)

        monkeypatch.setattr(module, name, counted)

    def clear(self) -> None:
        self.kept.clear()
        self.work.clear()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    return Done(monkeypatch)


def killed_after(target: Path, pieces: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay down what a kill leaves once so many pieces are kept; gives the hidden folder."""
    hidden = hidden_beside(target.with_name("x_files"))
    saved = target.with_name("saved")
    keep, count = Pieces.keep, iter(range(1, 1_000))

    def kept(self: Pieces, name: str, text: bytes) -> None:
        keep(self, name, text)
        if next(count) == pieces:
            shutil.copytree(hidden, saved)
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Pieces, "keep", kept)
        with pytest.raises(KeyboardInterrupt):
            report(target)
    saved.rename(hidden)
    return hidden


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder / "x.html"


# Taken up again -------------------------------------------------------------------------------------------------------


def test_pieces_are_fine(target: Path, done: Done) -> None:
    """Of six events there are three blocks of estimates, several pieces of totals, the index and a page each."""
    report(target)
    kinds = Counter(name.split("-")[0] for name in done.kept)
    assert (kinds["estimates"], kinds["index"], kinds["new/event"]) == (3, 1, EVENTS)
    assert kinds["totals"] >= 4
    assert done.work["solve"] == 3
    assert content(target.parent) == undisturbed()


@pytest.mark.parametrize("kept", [1, 3, 4, 6, -7, -6, -2])
def test_what_was_kept_is_not_done_again(target: Path, done: Done, monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    """Wherever it was killed, the next run makes the pieces that are missing, and the same files."""
    report(target)
    order, whole = list(done.kept), done.work.copy()
    shutil.rmtree(target.parent)
    target.parent.mkdir()
    number = kept % len(order)
    hidden = killed_after(target, number, monkeypatch)
    assert hidden.exists()

    done.clear()
    report(target)
    assert done.kept == order[number:]
    there = Counter(name.split("-")[0] for name in order[:number])
    assert done.work["solve"] == whole["solve"] - there["estimates"]
    assert done.work["page_view"] == EVENTS - there["new/event"]
    assert done.work["document_view"] == 1 - there["index"]
    if there["totals"]:
        assert done.work["sums_of_joints"] < whole["sums_of_joints"]
    assert content(target.parent) == undisturbed()


CHANGES = {
    "seed": {"seed": 1},
    "date": {"as_of": "2031-01-01"},
    "author": {"about": {"author": "Somebody"}},
    "profile": {"profile": "published"},
    "in full": {"in_full": True},
    "coverage": {"coverage": [{"source": "Local daily 4", "place": "Province 5"}]},
}


@pytest.mark.parametrize("what", [*CHANGES, "rows"])
def test_another_report_takes_up_nothing(target: Path, done: Done, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """What was kept of a report with anything else is thrown away, and the report is as if it had not been there."""
    changed = dict(CHANGES.get(what, {}))
    if what == "rows":
        figures = [str(int(rows()["figure"].iloc[0]) + 1), *rows()["figure"].iloc[1:]]
        changed = {"rows": rows().assign(figure=figures)}
    report(target, **changed)
    expected, order = content(target.parent), list(done.kept)
    killed_after(target, 12, monkeypatch)

    done.clear()
    report(target, **changed)
    assert done.kept == order
    assert content(target.parent) == expected


@pytest.mark.parametrize("which", ["estimates", "totals", "index", "new/event"])
def test_a_damaged_piece_is_made_again(target: Path, done: Done, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    """A piece that was cut off is worked out again, alone of its kind, and is no error."""
    report(target)
    order = list(done.kept)
    hidden = killed_after(target, len(order) - 1, monkeypatch)
    name = next(each for each in reversed(order[:-1]) if each.startswith(which))
    (hidden / name).write_bytes((hidden / name).read_bytes()[:-1])

    done.clear()
    report(target)
    # Totals are asked for where the index is not there.
    assert done.kept == [name, order[-1]] if which != "totals" else done.kept == [order[-1]]
    assert content(target.parent) == undisturbed()


def test_pages_of_nobody_are_not_published(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the hidden folder that no ledger names, such as a page half renamed, is not in the report."""
    hidden = killed_after(target, 14, monkeypatch)
    (hidden / "new").mkdir(exist_ok=True)
    (hidden / "new" / "event-00099.html").write_text("stray", encoding="utf-8")
    report(target)
    assert content(target.parent) == undisturbed()


def test_estimates_at_hand_are_taken_up_as_well(target: Path, done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Python `Estimates.document` goes on too; with estimates that differ in a single number it does not."""
    found = estimate(rows())
    write_document(found, target)
    order, expected = list(done.kept), content(target.parent)
    monkeypatch.setattr(f"{__name__}.report", lambda path: write_document(found, path))
    killed_after(target, len(order) - 2, monkeypatch)
    done.clear()
    write_document(found, target)
    assert done.kept == order[-2:]
    assert content(target.parent) == expected

    killed_after(target, len(order) - 2, monkeypatch)
    other = estimate(rows(), undocumented="none")
    done.clear()
    write_document(other, target)
    assert len(done.kept) == len(order)


def test_estimates_in_pieces_are_those_of_estimate() -> None:
    """To the last bit, in all layers, with the weights of every event; so are totals."""
    table = read_reports(rows())
    asked: dict[str, Any] = {"profile": named_profile(), "seed": 2, "as_of": None, "undocumented": "elicited"}
    whole, parts = estimate(table, **asked), estimate_in_pieces(table, **asked, pieces=Pieces(None))
    layers = ("by_now", "documented", "total")
    pd.testing.assert_frame_equal(parts.ranges(layers=layers), whole.ranges(layers=layers), check_exact=True)
    pd.testing.assert_frame_equal(parts.weighting(), whole.weighting(), check_exact=True)
    assert (parts.provenance, parts.notes) == (whole.provenance, whole.notes)
    pd.testing.assert_frame_equal(parts.total(by="place"), whole.total(by="place"), check_exact=True)


def test_progress_counts_what_is_left(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found takes no time, and is neither done nor to be done: the time left is that of the rest."""
    table, told = read_reports(rows()), list[tuple[int, int]]()
    profile, layer = named_profile(), known_layer("elicited")
    killed_after(target, 1, monkeypatch)
    with begun(table, RestsOn(profile, 0, None, layer), target) as work:
        estimates = estimate_in_pieces(
            table,
            profile=profile,
            seed=0,
            as_of=None,
            undocumented=layer,
            pieces=work.pieces,
            progress=lambda *now: told.append(now),
        )
        assert told == [(0, 4), (0, 4), (2, 4), (4, 4)]
        told.clear()
        write_begun(estimates, work, lambda *now: told.append(now))
    assert told == [(number, EVENTS) for number in range(EVENTS + 1)]


# Nothing left, nobody disturbed ---------------------------------------------------------------------------------------


def interrupted(number: int, error: BaseException) -> Callable[[Pieces, str, bytes], None]:
    keep, count = Pieces.keep, iter(range(1_000))

    def kept(self: Pieces, name: str, text: bytes) -> None:
        if next(count) == number:
            raise error
        keep(self, name, text)

    return kept


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EstimatesError("no")], ids=["interrupt", "error"])
@pytest.mark.parametrize("number", [0, 5, 12])
def test_an_error_or_an_interrupt_leaves_nothing(
    target: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, number: int
) -> None:
    """Only a kill leaves its work behind; otherwise the former report stands there, and nothing beside it."""
    report(target, seed=1)
    before = content(target.parent)
    with monkeypatch.context() as patch:
        patch.setattr(Pieces, "keep", interrupted(number, error))
        with pytest.raises(type(error)):
            report(target)
    assert content(target.parent) == before


def test_a_second_run_is_refused_before_its_work(target: Path, done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one run writes a report another one is told so at once, and the first one's report is whole."""
    keep, told = Pieces.keep, iter([True])

    def kept(self: Pieces, name: str, text: bytes) -> None:
        if next(told, False):
            before = done.work.copy()
            with pytest.raises(EstimatesError, match="another report of this name"):
                report(target)
            assert done.work == before
        keep(self, name, text)

    monkeypatch.setattr(Pieces, "keep", kept)
    report(target)
    assert content(target.parent) == undisturbed()


#: Writes the report in a process of its own, which is killed while a piece is written.
KILLED = """
import os, signal, sys
from pathlib import Path
import pytest
sys.path.insert(0, os.path.dirname(sys.argv[1]))
import test_taken_up as here
for (module, name), value in here.SMALL.items():
    setattr(module, name, value)
replaced, left = os.replace, iter(range(int(sys.argv[3])))
def killing(*given):
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    replaced(*given)
here.Pieces.keep.__globals__["os"].replace = killing
here.report(Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_process_that_was_killed(target: Path, done: Done) -> None:
    """SIGKILL in the middle of a piece leaves the pieces before it, which the next process finds."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    call = [sys.executable, "-c", KILLED, __file__, str(target), "8"]
    ended = subprocess.run(call, env=environment, timeout=240, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert not target.exists()
    hidden = hidden_beside(target.with_name("x_files"))
    assert (hidden / LEDGER).read_text(encoding="utf-8").count(" ") == 8

    report(target)
    assert done.work["solve"] == 0
    assert content(target.parent) == undisturbed()


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_found(
    target: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], done: Done
) -> None:
    """Killed and run again it says in a line that it goes on; run once, nothing of the kind."""
    from estimates.cli.ranges import report as command

    table = target.with_name("table.csv")
    rows().to_csv(table, index=False)
    command(str(table), target, coverage=None, maps=None)
    assert "taken up" not in capsys.readouterr().err
    order, expected = list(done.kept), content(target.parent)

    monkeypatch.setattr(f"{__name__}.report", lambda path: command(str(table), path, coverage=None, maps=None))
    killed_after(target, len(order) - 2, monkeypatch)
    capsys.readouterr()
    done.clear()
    command(str(table), target, coverage=None, maps=None)
    told = f"note: an interrupted run of this report is taken up again: {len(order) - 2} pieces of its work, 4 pages"
    assert told in capsys.readouterr().err
    assert done.kept == order[-2:]
    assert content(target.parent) == expected
