"""A count over a period is no toll of an event, unless the row says that it is about one."""

from __future__ import annotations

import io

import pytest
from helpers.written import HEAD, faults, read

from estimates.errors import FigureError
from estimates.wording.figure import parse_figure

WINDOWS = [
    "232 killed in the past 24 hours",
    "18 people killed each day",
    "142 killed yesterday",
    "300 dead this month",
]
RUNNING = ["500 killed since January", "12,000 killed since the war began", "1,200 killed so far this year"]


@pytest.mark.parametrize("words", WINDOWS + RUNNING)
def test_an_event_has_no_period(words: str) -> None:
    """In the row of an event such words are refused, with what to write; of a period they are read."""
    with pytest.raises(FigureError, match="'period' in the column scope"):
        parse_figure(words)
    assert parse_figure(words, scope="period").wording == "exactly"


def test_a_campaign_has_running_totals_and_no_days() -> None:
    """The toll of a war is its running total; its last 24 hours are not."""
    assert [parse_figure(words, scope="campaign").wording for words in RUNNING] == ["exactly"] * len(RUNNING)
    for words in WINDOWS:
        with pytest.raises(FigureError):
            parse_figure(words, scope="campaign")


@pytest.mark.parametrize(
    "words",
    [
        "18 killed on Friday",
        "killed 22 people a day earlier",
        "18 killed in attack yesterday",
        "killed 85 people in 1994",
        "third attack this week kills 7",
        "18 killed in two days of clashes",
        "Daily Nation: 18 killed",
        "Nearly 100 killed in Idlib since truce collapsed",
    ],
)
def test_a_date_is_no_period(words: str) -> None:
    """When something happened, how old it is and who reports it are no period."""
    assert parse_figure(words).low is not None


def test_the_columns_of_a_row_say_what_its_words_may_count() -> None:
    """Column scope opens periods, the type campaign opens running totals; without either the fault names the line."""
    columns, cells = "scope,period_start,period_end", "period,2020-01-01,2020-01-02"
    table = read(f"{HEAD},{columns}\nA,x,232 killed in the past 24 hours,{cells}\n").table
    assert table["low"].tolist() == [232]
    assert read(f"{HEAD},event_type\nA,x,500 killed since January,campaign\n").table["low"].tolist() == [500]
    found = faults(io.StringIO(f"{HEAD},event_type\nA,x,18,campaign\nA,x,232 killed in the past 24 hours,campaign\n"))
    assert [(fault.line, fault.column) for fault in found] == [(3, "figure")]
