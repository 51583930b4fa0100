"""The curated events: complete, readable, in step with their README, and guarded by a check that finds faults."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from estimates import load_example
from estimates.data.anchors import check
from estimates.errors import EstimatesError

DATA = Path(__file__).parent.parent / "data"

type Rows = list[dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the anchors, and of the README with their counts, that may be spoilt."""
    shutil.copy(DATA / "README.md", tmp_path)
    shutil.copytree(DATA / "anchors", tmp_path / "anchors")
    return tmp_path / "anchors"


def rewrite(path: Path, change: Callable[[Rows], object]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_the_anchors_are_complete() -> None:
    """Every figure and toll has its source and address, and the README counts them right."""
    assert check.faults() == []


def test_the_check_runs_as_a_script() -> None:
    """`python data/anchors/check.py` prints what stands in the README and ends well."""
    script = DATA / "anchors" / "check.py"
    done = subprocess.run([sys.executable, script], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() in (DATA / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "change", "fault"),
    [
        ("modern", lambda rows: rows[0].update(url=""), "Officials in Bali: the address None is none"),
        ("modern", lambda rows: rows[0].update(source=""), "line 2, source"),
        ("modern", lambda rows: rows[0].update(event_type="bombings"), "line 2, event_type"),
        ("modern", lambda rows: rows[0].update(reported_at="2001-10-15"), "line 2: dated before their event"),
        ("modern", lambda rows: rows[0].update(quotes="Nobody"), "line 2: quotes names a source without a report"),
        ("modern", lambda rows: rows[0].update(source_type="unknown"), "the type of source is unknown and no note"),
        ("modern", lambda rows: rows[0].update(reported_at=""), "the report is undated and no note says so"),
        ("modern", lambda rows: rows[0].update(chosen="no"), "line 3, chosen"),
        ("modern", lambda rows: rows[0].update(copies_removed=""), "copies_removed 'yes' here and 'no' on line 2"),
        ("modern", lambda rows: [row.update(chosen="") for row in rows], "Officials in Bali: chosen is not yes"),
        ("historical", lambda rows: [row.update(copies_removed="n") for row in rows], "copies_removed is not yes"),
        ("modern", lambda rows: rows.append(rows[0]), "the same report as an earlier line"),
        ("modern", lambda rows: rows.pop(), "README.md: its counts are not those of the tables"),
        ("historical", lambda rows: rows[0].update(verified="60"), "the dead_or_missing is 60 here and None"),
        ("tolls", lambda rows: rows.pop(0), "Bali bombings 2002: it has no toll"),
        ("tolls", lambda rows: rows[0].update(verified="203"), "the killed is 202 here and 203 in tolls.csv"),
        ("tolls", lambda rows: rows[0].update(source=""), "the toll or its source is missing"),
        ("tolls", lambda rows: rows[0].update(url=""), "the toll has no address"),
        ("tolls", lambda rows: rows[0].update(contested="yes"), "contested and no note says why"),
        ("tolls", lambda rows: rows[0].update(part_of="Bali"), "part of 'Bali', which is no other event"),
        ("tolls", lambda rows: rows[0].update(event="Bali"), "Bali: no report is about this event"),
    ],
)
def test_the_check_finds_what_is_wrong(folder: Path, file: str, change: Callable[[Rows], object], fault: str) -> None:
    """One spoilt cell or row is found and told: the check is no formality."""
    rewrite(folder / f"{file}.csv", change)
    assert fault in "\n".join(check.faults(folder))


@pytest.mark.parametrize("name", check.TABLES)
def test_the_anchors_are_examples(name: str) -> None:
    """`load_example` gives the table that stands in the folder, row by row."""
    reports = load_example(f"anchors/{name}")
    with (DATA / "anchors" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        written = [(row["event"], row["source"]) for row in csv.DictReader(file)]
    assert list(zip(reports.table["event"], reports.table["source"], strict=True)) == written
    assert reports.name == f"anchors/{name}"


def test_tolls_are_no_examples() -> None:
    """`tolls.csv` holds no reports and is not offered as a table of them."""
    with pytest.raises(EstimatesError, match="there is no example 'anchors/tolls'"):
        load_example("anchors/tolls")


def test_a_whole_has_the_toll_of_its_parts() -> None:
    """Oslo and Utøya add up to the Norwegian total, and the Bataclan is within that of Paris."""
    tolls = check.read_tolls()
    whole = {toll["event"]: int(toll["verified"]) for toll in tolls if toll["verified"].isdigit()}
    parts: dict[str, int] = {}
    for toll in tolls:
        if toll["part_of"]:
            parts[toll["part_of"]] = parts.get(toll["part_of"], 0) + int(toll["verified"])
    assert parts["Norway attacks 2011"] == whole["Norway attacks 2011"]
    assert parts["Paris attacks 2015"] < whole["Paris attacks 2015"]
