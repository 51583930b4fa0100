"""The 18 items of GATHER and the standards of recorders: met by the page, open for its author, or not met, truthfully."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from helpers.documents import IDLIB, idlib
from helpers.gather import GATHER as WANTED
from helpers.gather import MUST, NEVER

from estimates import load_example
from estimates.document.about import LABELS, About, about_of
from estimates.document.disclosure import Item, disclosure, recorders_disclosure, summary_of
from estimates.document.guidelines import ELEMENTS, GATHER, RECORDERS
from estimates.profile.profile import named_profile
from estimates.results.estimates import Estimates, estimate
from estimates.text import clean

EXAMPLE = about_of(Path(__file__).parents[2] / "docs" / "about.example.toml")
NOBODY = About()


@cache
def article() -> Estimates:
    """The table of one article, every event with its date and place."""
    return estimate(load_example("idlib_2020"))


@cache
def one(**changes: Any) -> Estimates:
    row = {"event": "a", "source": "s", "figure": "12", "event_date": "2020-01-01", "reported_at": "2020-01-01"}
    return estimate([{key: value for key, value in {**row, "place": "Idlib", **changes}.items() if value is not None}])


def by_number(items: tuple[Item, ...]) -> dict[int, Item]:
    return {item.number: item for item in items}


def test_the_items_are_those_of_gather() -> None:
    """Number by number: what it asks, where the page answers, and what only the author can say."""
    assert [asked.number for asked in GATHER.asked] == list(range(1, 19)) == [wanted.number for wanted in WANTED]
    for asked, wanted in zip(GATHER.asked, WANTED, strict=True):
        assert wanted.word in asked.asks
        assert asked.keys == wanted.needs
        assert (() if asked.unmet else asked.elements) == wanted.elements


def test_enough_items_are_met_by_a_page_with_an_author() -> None:
    """With what an author can say all are met but the formulas; without, those that nobody has to say."""
    items = disclosure(article(), EXAMPLE)
    assert [item.number for item in items if not item.is_met] == [NEVER]
    assert sum(item.is_met for item in items) >= MUST
    assert all(item.is_met for item in recorders_disclosure(article(), EXAMPLE))

    alone = disclosure(article(), NOBODY)
    needed = {wanted.number for wanted in WANTED if wanted.needs}
    assert {item.number for item in alone if not item.is_met} == needed | {NEVER}
    assert {item.status for item in alone if item.number in needed} == {"open"}


@pytest.mark.parametrize("guideline", [GATHER, RECORDERS], ids=lambda guideline: guideline.name)
def test_every_item_says_how(guideline: Any) -> None:
    """Each has a number in order, a text, known elements and known keys; each key of the author's file is in use."""
    find = disclosure if guideline is GATHER else recorders_disclosure
    assert [asked.number for asked in guideline.asked] == list(range(1, len(guideline.asked) + 1))
    for item, asked in zip(find(article(), NOBODY), guideline.asked, strict=True):
        assert (item.number, item.area, item.asks) == (asked.number, asked.area, asked.asks)
        assert item.text
        assert set(item.elements) <= set(ELEMENTS)
        assert set(asked.keys) <= set(LABELS)
        assert (item.status == "not met") == bool(asked.unmet)
        assert set(item.lacking) >= set(asked.keys)
        assert item.elements or not item.is_met


def test_each_key_opens_the_items_that_need_it() -> None:
    """One key taken away makes those items open that ask for it, and no other."""
    for key in {key for guideline in (GATHER, RECORDERS) for asked in guideline.asked for key in asked.keys}:
        without = replace(EXAMPLE, **{key: ""})
        for guideline, find in ((GATHER, disclosure), (RECORDERS, recorders_disclosure)):
            opened = {item.number for item in find(article(), without) if key in item.lacking}
            assert opened == {asked.number for asked in guideline.asked if key in asked.keys}


def test_what_the_author_says_is_the_answer() -> None:
    """The text of an item quotes the author, and names what is not said."""
    items = by_number(recorders_disclosure(article(), About(author="A. Recorder")))
    assert items[1].text == "Author: A. Recorder Not said by the author: purpose."
    assert items[1].lacking == ("purpose",)
    assert by_number(disclosure(article(), About(funding="Readers")))[2].text == "Funding: Readers"


def test_a_page_without_a_part_does_not_claim_it() -> None:
    """Where an element is not on the page, what it would answer is not met, and the reader is told which is absent."""
    shown = set(ELEMENTS) - {"data", "sensitivity"}
    items = by_number(disclosure(article(), EXAMPLE, shown))
    absent = {wanted.number for wanted in WANTED if {"data", "sensitivity"} & set(wanted.elements)}
    assert {number for number, item in items.items() if not item.is_met} == absent | {NEVER}
    assert items[8].text == "Not on this page: the data."
    assert sum(item.is_met for item in disclosure(article(), EXAMPLE, ())) == 0


def test_empty_columns_are_told() -> None:
    """Items that hang on the table are open where it does not say when, where or whence."""
    assert by_number(disclosure(one(), EXAMPLE))[1].is_met
    assert by_number(disclosure(one(event_date=None), EXAMPLE))[1].lacking == ("column event_date",)
    assert by_number(disclosure(one(place=None), EXAMPLE))[1].lacking == ("column place",)
    assert by_number(recorders_disclosure(one(place="unknown"), EXAMPLE))[10].lacking == ("column place",)
    lost = by_number(disclosure(one(reported_at=None), EXAMPLE))[5]
    assert (lost.status, lost.lacking) == ("open", ("column url or reported_at",))
    assert by_number(disclosure(one(reported_at=None, url="https://e.org"), EXAMPLE))[5].is_met


def test_the_first_item_names_what_is_estimated() -> None:
    """Those counted, the events with date and place, or how many events where they are many."""
    text = by_number(disclosure(idlib(), NOBODY))[1].text
    assert text.startswith(
        "People killed and injured, not split by age or sex, in Idlib airstrikes (2020-01-15, Idlib)"
    )
    many = estimate([{"event": f"e{day}", "source": "s", "figure": "3", "event_date": f"2020-01-{day}"} for day in (
        "02", "05", "11", "19")])  # fmt: skip
    assert "in 4 events, 2020-01-02 to 2020-01-19." in by_number(disclosure(many, NOBODY))[1].text


def test_counts_of_reports_are_those_of_the_table() -> None:
    """How many reports, sources, dates and links there are is counted from the rows."""
    rows = [row for row in IDLIB if row.get("scope") != "period" and row.get("outcome") != "strikes"]
    text = by_number(disclosure(idlib(), NOBODY))[5].text
    sources = {row["source"] for row in rows}
    linked = sum("url" in row for row in rows)
    assert text.startswith(f"{len(rows)} reports by {len(sources)} sources, those without a figure among them, ")
    assert f"; {len(rows)} with a date, {linked} with a link; " in text


def test_other_data_of_the_author_must_be_told() -> None:
    """A profile, a coverage or lists of the author's own are named, and open the item until the author says whence."""
    assert "learned from 35 events" in by_number(disclosure(one(), NOBODY))[7].text
    mine = replace(named_profile(), name="mine<b>", facts={"events": 3})
    row = {"event": "a", "source": "s", "figure": "12", "place": "Idlib", "event_date": "2020-01-01"}
    watched = [{"source": "s", "place": "Idlib", "from": "2020-01-01", "to": "2020-02-01"}]
    item = by_number(disclosure(estimate([row], profile=mine, coverage=watched), EXAMPLE))[7]
    assert item.lacking == ("inputs",)
    assert "the source profile “mine<b>”, the declared coverage “" in item.text
    said = replace(EXAMPLE, inputs="Our own table")
    told = by_number(disclosure(estimate([row], profile=mine), said))[7]
    assert told.is_met
    assert told.text.endswith("Other data used: Our own table")


def test_nothing_measured_is_no_evaluation() -> None:
    """The total of a campaign, of which nothing was measured, does not meet the item on how good the model is."""
    item = by_number(disclosure(one(event_type="campaign"), EXAMPLE))[12]
    assert item.text.startswith("Nothing was measured")
    assert not item.is_met
    assert "miss it" in by_number(disclosure(one(event_type="attack"), EXAMPLE))[12].text


def test_summaries_count() -> None:
    """How many are met, and all that is lacking, each once."""
    text = summary_of(disclosure(article(), NOBODY), GATHER)
    assert text.startswith("This page meets 12 of the 18 items of GATHER. The author must fill in: funding, search, ")
    assert summary_of(recorders_disclosure(article(), EXAMPLE), RECORDERS) == (
        "This page meets 14 of the 14 items of Standards for Casualty Recording."
    )


def test_hostile_names_and_authors_are_clean() -> None:
    """No text of an item holds a break, a control character or a mark that turns the direction."""
    nasty = "a\u202e\x1b[31m\n<script>alert(1)</script>"
    about = about_of({key: nasty for key in LABELS if key not in ("url", "date_published")})
    row = {"event": nasty, "source": nasty, "figure": "5", "place": nasty, "event_date": "2020-01-01"}
    found = estimate([row])
    for item in (*disclosure(found, about), *recorders_disclosure(found, about)):
        for text in asdict(item).values():
            for each in text if isinstance(text, tuple) else (text,):
                assert str(each) == clean(each)
