"""The coder's guide is read as it says: its blocks of rows, its refused sentences, and the Idlib article coded whole."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from estimates import EstimatesError, parse_figure, read_reports
from estimates.models.wording import WORDINGS
from estimates.table.report import Report

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "coding.md").read_text(encoding="utf-8")
IDLIB = (ROOT / "data" / "idlib_2020.csv").read_text(encoding="utf-8")

#: What coders stumble over first; each has a case of its own.
NAMED = (
    "Rescued, then died", "Perpetrator among the dead", "Dead or missing", "Revised down", "Two officials of one ministry",
    "A wire quoting a hospital", "Fighters counted as civilians", "Monthly totals",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One hard case of the guide.

    Attributes
    ----------
    sentence : str
        What was written.
    blocks : tuple of str
        Its rows, each a CSV with its header.
    readings : tuple of str
        How the guide says that the rows read, in their order.
    refused : tuple of tuple of str
        Words that give no figure, and the outcome asked for.
    reason : str
        Why there is no row; empty where nothing is said of that.
    """

    number: int
    title: str
    sentence: str
    blocks: tuple[str, ...]
    readings: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    reason: str

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(chain.from_iterable(csv.DictReader(io.StringIO(block)) for block in self.blocks))


def case_of(number: str, title: str, text: str) -> Case:
    """One case from the text below its title."""
    refused = [line.removeprefix("Refused: ") for line in text.splitlines() if line.startswith("Refused: ")]
    words = [re.findall(r"`([^`]+)`(?: as (\w+))?", line) for line in refused]
    readings = re.findall(r"^Reads as: (.*)$", text, re.MULTILINE)
    return Case(
        number=int(number),
        title=title,
        sentence=" ".join(re.findall(r"^> (.*)$", text, re.MULTILINE)),
        blocks=tuple(re.findall(r"^```csv\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)),
        readings=tuple(chain.from_iterable(line.split("; ") for line in readings)),
        refused=tuple((said, outcome or "killed") for said, outcome in chain.from_iterable(words)),
        reason="".join(re.findall(r"^No row: (.+)$", text, re.MULTILINE)),
    )


def cases() -> list[Case]:
    """All cases of the guide, in its order."""
    parts = re.split(r"^#### ([0-9]+)\. (.+)\n", GUIDE.split("\n## An article coded whole")[0], flags=re.MULTILINE)
    return [case_of(*parts[at : at + 3]) for at in range(1, len(parts), 3)]


CASES = cases()
REFUSED = [(case.title, words, outcome) for case in CASES for words, outcome in case.refused]


def reading(report: Report) -> str:
    """A report as the guide writes its reading: "killed: 12, of the group children"."""
    wording = WORDINGS[report.wording]
    numbers = [f"{getattr(report, end):,}" for end in wording.keeps]
    said = report.word or wording.said.format(*numbers)
    holds = {
        "provisional": report.provisional,
        "withdrawn": report.withdrawn,
        "over a period": report.scope == "period",
    }
    group = [f"of the group {report.group}"] if report.group != "all" else []
    return ", ".join([f"{report.outcome}: {said}", *group, *(name for name, is_so in holds.items() if is_so)])


# --- The cases -------------------------------------------------------------------------------------------------------
def test_there_are_fifty_cases_and_those_asked_for_are_among_them() -> None:
    """The guide has at least fifty hard cases, numbered as they stand, each with a title of its own."""
    assert len(CASES) >= 50
    assert [case.number for case in CASES] == list(range(1, len(CASES) + 1))
    assert len({case.title for case in CASES}) == len(CASES)
    assert set(NAMED) <= {case.title for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_every_case_has_rows_or_a_reason_for_none(case: Case) -> None:
    """A case has a sentence, and either rows with their readings, or words on why no row is written."""
    assert case.sentence
    assert bool(case.blocks) != bool(case.reason)
    assert bool(case.blocks) == bool(case.readings)


@pytest.mark.parametrize("case", [case for case in CASES if case.blocks], ids=lambda case: case.title)
def test_the_rows_read_as_the_guide_says(case: Case) -> None:
    """The table of reports reads each block without a fault, and each row as the line below the block has it."""
    read = [report for block in case.blocks for report in read_reports(io.StringIO(block)).reports]
    assert tuple(map(reading, read)) == case.readings


@pytest.mark.parametrize(("title", "words", "outcome"), REFUSED)
def test_what_the_guide_calls_refused_is_refused(title: str, words: str, outcome: str) -> None:
    """No figure is guessed from words that the guide says give none for this outcome."""
    with pytest.raises(EstimatesError):
        parse_figure(words, outcome)


@pytest.mark.parametrize("case", [case for case in CASES if case.blocks], ids=lambda case: case.title)
def test_the_rows_keep_the_guides_own_rules(case: Case) -> None:
    """Each figure stands in the sentence as it was said; codes beside words are explained in the note."""
    for row in case.rows:
        assert row["figure"].casefold() in case.sentence.casefold()
        assert not row.get("wording") or row["note"], row


def test_the_rules_can_be_broken() -> None:
    """A case that reads otherwise, or a sentence that is read after all, would be seen."""
    text = (
        "> 18 dead\n\n```csv\nevent,source,figure\nA,x,at least 18\n```\n\nReads as: killed: 18\n\nRefused: `18 dead`\n"
    )
    wrong = case_of("1", "Wrong", text)
    (report,) = read_reports(io.StringIO(wrong.blocks[0])).reports
    assert (reading(report),) != wrong.readings
    assert wrong.rows[0]["figure"] not in wrong.sentence
    assert [parse_figure(*words).value for words in wrong.refused] == [18]


# --- The Idlib article -----------------------------------------------------------------------------------------------
def statements() -> list[list[str]]:
    """The rows of the guide's table of statements: who, what, the line, the figure or the reason."""
    lines = GUIDE.split("\n## An article coded whole")[1].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert table[0][:3] == ["who", "statement", "line"]
    return table[2:]


def test_every_row_of_the_idlib_table_is_a_statement_of_the_guide() -> None:
    """Each line of the file stands once in the guide, with its source and the words of its figure."""
    speaker = ""
    named: dict[int, tuple[str, str]] = {}
    for who, _, line, figure in statements():
        speaker = speaker if who == "the same" else who
        if line != "none":
            assert int(line) not in named
            named[int(line)] = speaker, figure

    rows = dict(enumerate(csv.DictReader(io.StringIO(IDLIB)), start=2))
    assert named.keys() == rows.keys()
    for line, (source, figure) in named.items():
        assert source == rows[line]["source"]
        assert re.match(re.escape(rows[line]["figure"]) + r"(?:;|$)", figure), line


def test_every_statement_without_a_row_has_its_reason() -> None:
    """The facts that count nobody are in the guide too, and say why they have no row."""
    without = {what: reason for _, what, line, reason in statements() if line == "none"}
    for fact in ("Bzabor", "Ariha", "two days of relative calm", "air defence", "Israel"):
        (reason,) = (reason for what, reason in without.items() if fact in what)
        assert len(reason.split()) >= 5
    assert all(without.values())


def test_a_note_is_part_of_what_names_the_data() -> None:
    """As the guide says of the facts that could stand in a note, one more note makes another table."""
    noted = IDLIB.replace(",by Russian aircraft", ",by Russian aircraft; Bzabor was hit")
    assert noted != IDLIB
    assert read_reports(io.StringIO(noted)).data_hash != read_reports(io.StringIO(IDLIB)).data_hash
