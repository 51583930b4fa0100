"""The sources of an event on the page: what is known of each, from what, and how many are said to report."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly, report
from oracles.reference import ROOT

from estimates import Estimates, estimate, load_example
from estimates.cli.screen import estimates_table
from estimates.document.document import render_html, render_markdown
from estimates.document.sources import basis_of, sources_in_play
from estimates.profile.effects import SourceKey
from estimates.profile.profile import SourceProfile, named_profile

#: Three give a figure of everybody (a, b and the hospital that is quoted twice); six others are in the table.
MANY = [
    exactly("a", 18),
    exactly("a", 20, reported_at="2020-01-16"),
    report("b", "at_least", 15),
    exactly("paper", 22, quotes="hospital"),
    exactly("wire", 22, quotes="hospital"),
    report("ministry", "no_comment", source_type="government"),
    report("party", "denial", source_type="party"),
    exactly("list", 9, wording="named"),
    exactly("club", 3, group="members"),
    exactly("taken back", 80, withdrawn=True),
]


@cache
def example() -> Estimates:
    return estimate(load_example())


@cache
def many() -> Estimates:
    return estimate(MANY)


def counts_said(estimates: Estimates) -> dict[str, set[int]]:
    """How many sources are said to report the killed of the first event, by where it is said."""
    words = {"One": 1}

    def found(pattern: str, text: str) -> set[int]:
        return {words.get(number) or int(number) for number in re.findall(pattern, text)}

    screen, markdown, page = estimates_table(estimates), render_markdown(estimates), render_html(estimates)
    first = markdown.split("### People injured")[0]
    return {
        "screen": found(r"killed: reported .* by (\d+) source", screen.split("\n\n")[0]),
        "Markdown": found(r"(\d+|One) sources? puts? ", first),
        "page": found(r"(\d+|One) sources? puts? ", page.split("People injured")[0].split("<main>")[1]),
        "ranges": set(estimates.ranges().query("outcome == 'killed'")["sources"].head(2)),
        "summary": set(estimates.summary().query("outcome == 'killed'")["sources"].head(1)),
        "records": {row["sources"] for row in estimates.records()[:2]},
    }


@pytest.mark.parametrize(("made", "count"), [(example, 2), (many, 3)])
def test_the_number_of_sources_is_said_one_way(made: Callable[[], Estimates], count: int) -> None:
    """Screen, page, Markdown and tables count those with a figure of everybody; quoted once, silent and part not."""
    said = counts_said(made())
    assert said == {where: {count} for where in said}


def test_every_source_whose_figures_count_has_a_row() -> None:
    """Those with a figure of everybody or of a part with a factor, lists without one, and nobody else."""
    rows = {view.name: view for view in sources_in_play(many().profile, many().cases)}
    assert {*rows} == {"a", "b", "hospital", "club", "list"}
    assert rows["list"].median == ""
    assert "no factor" in rows["list"].basis
    assert all(rows[name].median.startswith("×") for name in ("a", "b", "hospital", "club"))


def test_the_factor_is_that_of_the_draws() -> None:
    """Median and 80% range of the exponential of the bias, as the profile's draws have them."""
    profile, key = named_profile("default", 0), SourceKey("White Helmets", "rescue", "neutral")
    low, middle, high = np.quantile(np.exp(profile.reporting(*key).bias), [0.1, 0.5, 0.9])
    (view,) = (each for each in sources_in_play(profile, example().cases[:1]) if each.name == "White Helmets")
    shown = [float(number) for number in re.findall(r"×([\d.]+)", f"{view.median} {view.likely}")]
    assert shown == pytest.approx([middle, low, high], abs=0.006)


def test_what_is_known_rests_on_as_many_anchors_as_the_files_have() -> None:
    """The events of a source and of a type are those of the shipped tables, counted by their rows."""
    tables = pd.concat(pd.read_csv(ROOT / "data" / "anchors" / f"{name}.csv") for name in ("modern", "historical"))
    profile = named_profile("default", 0)

    of_ap = tables[(tables["source"] == "AP") & (tables["outcome"] == "killed")]["event"].nunique()
    own = basis_of(profile, SourceKey("AP", "international_media", "neutral"))
    assert own.startswith(f"its own figures of {of_ap} events: Bali bombings 2002, ")

    health = tables[(tables["source_type"] == "health") & (tables["outcome"] == "killed")]["event"].nunique()
    of_type = basis_of(profile, SourceKey("nobody heard of", "health", "neutral"))
    assert of_type.startswith(f"its type only, by {health} events with known tolls: Bali bombings 2002, ")
    assert of_type.endswith(f" and {health - 3} others")


def test_what_nobody_checked_is_said() -> None:
    """Parties on their own strike stand in no anchor; under the published priors no type was ever checked."""
    own_strike, party = (SourceKey("x", "party", losses) for losses in ("own_strike", "neutral"))
    never = "its type only, never checked: the prior"
    assert basis_of(named_profile("default", 0), own_strike) == never
    assert basis_of(named_profile("default", 0), party).startswith("its type was never checked; others of its class")
    assert {basis_of(named_profile("published", 0), key) for key in (own_strike, party)} == {never}


def test_a_profile_of_ones_own_counts_its_own_sources() -> None:
    """Without shipped anchors it is told how many events of a source, or how many sources of its type, were learned."""
    default = named_profile("default", 0)
    mine = SourceProfile("mine", 0, default.parameters, {}, default.sources, learned_from=frozenset({"a mark"}))
    assert basis_of(mine, SourceKey("AP", "international_media", "neutral")) == "its own figures of 6 events"
    said = basis_of(mine, SourceKey("x", "international_media", "neutral"))
    assert said == "its type only, by 1 other source that the profile was learned from"
