"""What became of each report, as the table of reports tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers.gathered import day
from helpers.tables import exactly, report

from estimates import estimate, read_reports
from estimates.inference.cases import gather
from estimates.inference.uses import Background, use_of
from estimates.profile.priors import BIN_SHARES

LATER = "replaced by the source's newer figure"
PART = "counted as a part, which may be everybody"
SUM = "counted, added to the source's figures of the other groups"


def uses(rows: list[dict[str, Any]]) -> list[str]:
    """What became of each row of one event."""
    reports = read_reports(rows).estimated_reports
    cases = gather(reports, BIN_SHARES, None).cases
    speaking = frozenset((each.outcome, each.source) for each in reports if not each.quotes)
    background = Background(None, {case.outcome: case for case in cases}, speaking)
    found = [use_of(background, each) for each in reports]
    assert all(counts == text.startswith("counted") for text, counts in found)
    return [text for text, _ in found]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([exactly("a", 54), exactly("a", 85)], [LATER, "counted"]),
        ([exactly("a", 5, group="police"), exactly("b", 9)], [PART, "counted"]),
        ([exactly("a", 5, group="police"), exactly("a", 9)], ["left out: the source counts everybody", "counted"]),
        ([exactly("a", 5, group="police"), exactly("a", 6, group="police", reported_at=day(4))], [LATER, PART]),
        ([exactly("a", 70, group="civilians"), exactly("a", 45, group="combatants")], [SUM, SUM]),
        ([report("a", "named", 5, group="women"), exactly("a", 9)], ["counted as a floor", "counted"]),
        (
            [report("a", "none", group="police"), exactly("b", 9)],
            ["left out: a group without any says nothing of the others", "counted"],
        ),
        ([exactly("a", 12, population="Residents"), exactly("b", 20)], [PART, "counted"]),
        (
            [exactly("a", 80, withdrawn=True), exactly("a", 45)],
            ["withdrawn by the source; no evidence, though others may have copied it", "counted"],
        ),
        (
            [exactly("a", 18, quotes="h"), exactly("b", 21, quotes="h")],
            ["counted, joined with the source's other figure of that time into a range, as h’s figure"] * 2,
        ),
        (
            [exactly("a", 10, event_type="campaign"), exactly("a", 30, event_type="campaign", reported_at=day(4))],
            [LATER, "counted"],
        ),
    ],
)
def test_each_report_says_what_became_of_it(rows: list[dict[str, Any]], expected: list[str]) -> None:
    """Replaced, counted, a part, a term of a sum, a floor, left out or withdrawn: in the words of the rule it fell under."""
    assert uses(rows) == expected


def test_numbers_of_people_missing_say_what_became_of_them(tmp_path: Path) -> None:
    """The list that counts is told as counted, an overtaken one as left out, and the sentence tells the share of dead."""
    about = {"event": "one", "event_type": "ship", "event_date": "2020-01-01", "source": "a"}
    rows = [
        {**about, "figure": "5", "reported_at": "2020-01-02"},
        {**about, "figure": "80 missing", "outcome": "missing", "reported_at": "2020-01-01"},
        {**about, "figure": "60 missing", "outcome": "missing", "reported_at": "2020-01-02"},
    ]
    text = estimate(rows).document(tmp_path / "page.md").read_text(encoding="utf-8")
    assert text.count("counted: says how many of the dead are still to be found") == 1
    assert text.count("left out: overtaken by a later list") == 1
    assert "Of the 60 missing, " in text
