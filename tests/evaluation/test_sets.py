"""Totals of disjoint sets of events: on simulated events whose tolls are known, and by their parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from estimates import estimate, simulate
from estimates.errors import EstimatesError
from estimates.evaluation import sets as module
from estimates.evaluation.sets import TotalsOfSets, totals_of_sets
from estimates.profile.profile import SourceProfile, published_profile
from estimates.table.reports import Reports


@pytest.fixture(scope="module")
def known_profile() -> SourceProfile:
    """One set of parameters, drawn again and again: what the events are simulated from is known."""
    return published_profile(3, draws=150)


@pytest.fixture(scope="module")
def events(known_profile: SourceProfile) -> Reports:
    """Forty events with verified tolls."""
    return simulate(40, 5, seed=11, profile=known_profile, anchors=1.0).reports


@pytest.fixture(scope="module")
def found(events: Reports, known_profile: SourceProfile) -> TotalsOfSets:
    """Their totals in sets of eight."""
    return totals_of_sets(events, known_profile, size=8, shuffles=6, within_days=1_000.0)


def test_sets_of_a_shuffle_are_disjoint(found: TotalsOfSets, monkeypatch: pytest.MonkeyPatch, events: Reports) -> None:
    """Every shuffle parts the events into whole sets, no event twice; what is left over is left out."""
    asked: list[list[str]] = []

    def noted(estimates: object, members: list[str], outcome: str) -> np.ndarray:
        asked.append(list(members))
        return np.ones((10, len(members)))

    monkeypatch.setattr(module, "_draws", noted)
    parted = totals_of_sets(events, published_profile(0, draws=20), size=9, shuffles=3, within_days=1_000.0)
    assert len(asked) == 3 * (len(parted.events) // 9)
    for shuffle in range(3):
        members = [name for part in asked[4 * shuffle : 4 * shuffle + 4] for name in part]
        assert len(set(members)) == len(members) == 36
        assert set(members) <= set(parted.events)
    assert len(found.sets) == 6 * (len(found.events) // 8)


def test_totals_are_those_of_estimate(events: Reports, known_profile: SourceProfile) -> None:
    """One set of all events has the median and the ends of `estimate(...).total()`, and the sum of the verified tolls."""
    names = sorted(set(events.table["event"]))[:6]
    few = events.rows(events.table["event"].isin(names))
    row = totals_of_sets(few, known_profile, size=6, shuffles=1, within_days=1_000.0).sets.iloc[0]
    total = estimate(few, profile=known_profile).total().iloc[0]
    for end in ("median", "low_80", "high_80"):
        assert row[end] == pytest.approx(total[end], rel=0.05, abs=1.0)
    tolls = few.table.groupby("event")["verified_low"].first()
    assert row["toll"] == pytest.approx(tolls.sum())


def test_totals_of_simulated_events_hold_their_tolls(found: TotalsOfSets) -> None:
    """In the model's own world the level is right, and the ranges hold nearly the share they promise."""
    assert found.ratio_low < 1.1
    assert found.ratio_high > 0.9
    assert found.held(95) >= 0.7
    assert found.held(50) <= found.held(80) <= found.held(95)


def test_totals_far_from_the_tolls_are_told(found: TotalsOfSets, known_profile: SourceProfile) -> None:
    """The same reports beside tolls five times as large: the level lies below one for certain, and few ranges hold."""
    table = simulate(40, 5, seed=11, profile=known_profile, anchors=1.0).table
    larger = table.assign(verified=[5 * int(toll) for toll in table["verified"]])
    wrong = totals_of_sets(larger, known_profile, size=8, shuffles=6, within_days=1_000.0)
    assert wrong.ratio_high < 0.8
    assert wrong.ratio < found.ratio / 1.5
    assert wrong.held(80) < found.held(80)


def test_the_bootstrap_counts_an_event_as_often_as_it_was_drawn() -> None:
    """By hand: two events of 2 and 6 said to be 4 and 6; drawn twice and once they give (8 + 6) / (4 + 6)."""
    drawn, tolls = np.tile([4.0, 6.0], (3, 1)), np.array([2.0, 6.0])
    often = np.array([[1, 1], [2, 1], [0, 3], [0, 0]])
    found = module._ratios(drawn, tolls, often)
    assert found[:3] == pytest.approx([10 / 8, 14 / 10, 1.0])
    assert np.isnan(found[3])


def test_the_same_seed_gives_the_same_sets(found: TotalsOfSets, events: Reports, known_profile: SourceProfile) -> None:
    """Rows in another order give the same figures; another seed gives other sets."""
    again = totals_of_sets(events, known_profile, size=8, shuffles=1, within_days=1_000.0)
    first = found.sets[found.sets["shuffle"] == 0]
    pd.testing.assert_frame_equal(again.sets, first, check_exact=True)
    other = totals_of_sets(events, known_profile, size=8, shuffles=1, seed=1, within_days=1_000.0)
    assert other.sets["toll"].tolist() != again.sets["toll"].tolist()


@pytest.mark.parametrize(("size", "shuffles", "message"), [(0, 1, "size 0"), (41, 1, "size 41"), (5, 0, "shuffles 0")])
def test_what_cannot_be_shuffled_is_refused(events: Reports, size: int, shuffles: int, message: str) -> None:
    """A size that no set can have, or no shuffle at all, is refused with the mend."""
    with pytest.raises(EstimatesError, match=message):
        totals_of_sets(events, published_profile(0, draws=20), size=size, shuffles=shuffles, within_days=1_000.0)
