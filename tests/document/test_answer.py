"""The page answers at first sight: how many, how sure, who said it, why the range is so wide."""

from __future__ import annotations

from functools import cache

import pytest
from helpers.documents import idlib

from estimates.document.answer import AnswerView
from estimates.document.document import render_html, render_markdown
from estimates.document.view import OutcomeView, document_view
from estimates.results.estimates import estimate
from estimates.table.reports import read_reports


@cache
def killed() -> OutcomeView:
    """The killed of the plain table."""
    return next(outcome for _, outcome in document_view(idlib()).outcomes if outcome.case.outcome == "killed")


def test_the_sentence_holds_the_range() -> None:
    """The sentence has the ends of the 80% range of `Estimates.ranges`, and the chance its median."""
    ranges = idlib().ranges(layers=("documented",)).query("event == 'Idlib airstrikes' and outcome == 'killed'").iloc[0]
    answer = killed().answer
    assert answer.sentence == f"The number of people killed lies between {ranges.low_80} and {ranges.high_80}."
    assert f"the middle value is {ranges['median']}" in answer.chance


def test_every_source_is_heard_once_with_its_newest_words() -> None:
    """A source that spoke twice has its newest figure; one that quotes says whom; silence is told as such."""
    rows = [
        {"event": "A", "source": "x", "figure": "18", "reported_at": "2020-01-15"},
        {"event": "A", "source": "x", "figure": "at least 21, and rising", "reported_at": "2020-01-16"},
        {"event": "A", "source": "y", "figure": "18", "reported_at": "2020-01-15", "quotes": "x"},
        {"event": "A", "source": "z", "figure": "no comment", "reported_at": "2020-01-15"},
    ]
    answer = _answer(rows)
    assert answer.said == (("x", "at least 21, said to rise"), ("y", "18, as x says"), ("z", "did not comment"))


def test_a_part_does_not_stand_in_for_everybody() -> None:
    """Of a source that gives its own members after everybody the figure of everybody is told; a part alone is told."""
    rows = [
        {"event": "A", "source": "x", "figure": "21", "reported_at": "2020-01-15"},
        {"event": "A", "source": "x", "figure": "1", "reported_at": "2020-01-15", "group": "members"},
        {"event": "A", "source": "y", "figure": "3", "reported_at": "2020-01-15", "group": "members"},
    ]
    assert _answer(rows).said == (("x", "21"), ("y", "3 (part of them)"))


@pytest.mark.parametrize(("sources", "told"), [("", "A figure of everybody"), ("x", "A second source"), ("xy", "")])
def test_what_another_source_would_do_hangs_on_how_many_there_are(sources: str, told: str) -> None:
    """None, one and two sources of everybody are told apart, and nothing is said to help most that was not compared."""
    rows = [{"event": "A", "source": name, "figure": "18", "reported_at": "2020-01-15"} for name in sources]
    rows.append({"event": "A", "source": "z", "figure": "no comment", "reported_at": "2020-01-15"})
    changes = _answer(rows).changes
    said = [change for change in changes if change.startswith(("A figure", "A second"))]
    assert len(said) == (1 if told else 0)
    assert all(change.startswith(told) for change in said)
    assert not any("most" in change for change in changes)


def test_reasons_are_shares_of_one_spread() -> None:
    """Shares are at most one together, fall from reason to reason, and growth weighs most in news of the first day."""
    reasons = killed().answer.reasons
    shares = [reason.share for reason in reasons]
    assert sum(shares) <= 1.0 + 1e-9
    assert shares == sorted(shares, reverse=True)
    assert reasons[0].text.startswith("Growth")


def test_who_is_verified_bounds_what_is_said() -> None:
    """A list of names stands in the answer, and what a longer list would do begins above it."""
    rows = [
        {"event": "A", "source": "x", "figure": "18", "reported_at": "2020-01-15"},
        {"event": "A", "source": "list", "wording": "named", "low": 14},
    ]
    assert _answer(rows).verified.startswith("14 are known by name")
    assert killed().answer.verified.startswith("Nobody is known by name")


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_the_answer_stands_before_everything_else(render) -> None:  # type: ignore[no-untyped-def]
    """In the document the sentence comes before how to read it, the tables and the assumptions."""
    text = render(idlib())
    answer = text.index(killed().answer.sentence)
    assert answer < text.index("What the ranges rest on")
    if render is render_html:
        assert answer < text.index("How to read this")
        assert answer < text.index("Number of people killed: ranges")


def test_one_event_gives_the_title(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """The title is the event's name where there is one event; no folder of the author's machine is told anywhere."""
    table = tmp_path / "reports.csv"
    table.write_text("event,source,figure\nMarket strike,x,18\n", encoding="utf-8")
    text = render_html(estimate(read_reports(table)))
    assert "<title>Market strike: people killed</title>" in text
    assert str(tmp_path) not in text
    assert "reports.csv" in text


def _answer(rows: list[dict[str, object]]) -> AnswerView:
    ((_, outcome),) = document_view(estimate(read_reports(rows))).outcomes
    return outcome.answer
