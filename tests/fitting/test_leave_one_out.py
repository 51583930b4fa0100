"""Leaving events out of a fitted profile by weights."""

from __future__ import annotations

import numpy as np
import pytest

from estimates.fitting.leave_one_out import LeavingOut
from estimates.profile.effects import Effect
from estimates.profile.profile import Learned, SourceProfile, published_profile
from estimates.table.marks import event_marks
from estimates.table.reports import Reports, read_reports

ROWS = [
    {"event": event, "source": source, "figure": figure, "event_type": "airstrike", "event_date": date,
     "reported_at": date, "verified": verified}
    for event, date, verified, said in (
        ("first", "2020-01-01", 20, {"wire": 20, "monitor": 40}),
        ("second", "2020-02-01", 11, {"wire": 11, "monitor": 25, "hospital": 11}),
        ("third", "2020-03-01", 50, {"wire": 48, "monitor": 90}),
    )
    for source, figure in said.items()
]  # fmt: skip


@pytest.fixture(scope="module")
def table() -> Reports:
    return read_reports(ROWS)


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    """As if nothing had been learned: prior draws, with traits of the three sources."""
    base = published_profile(0, draws=400)
    rng = np.random.default_rng(0)
    names = ("wire", "monitor", "hospital")
    what = ("bias.neutral", "exactness", "error", "copying")
    effects = {Effect(name, kind): rng.standard_normal(400) for name in names for kind in what}
    learned = {name: Learned("unknown", 3, 3) for name in names}
    return SourceProfile(
        "test",
        1,
        base.parameters,
        effects,
        learned,
        learned_from=frozenset(event_marks(read_reports(ROWS).reports).values()),
    )


def test_events_it_was_not_learned_from_change_nothing(table: Reports, profile: SourceProfile) -> None:
    """Leaving out an unknown event keeps every draw, in another order at most."""
    reduced = LeavingOut(profile, table, chosen_for_size=False).without(["elsewhere"])
    assert reduced.effective_draws == pytest.approx(profile.draws)
    for name, values in profile.parameters.items():
        assert np.sort(reduced.profile.parameters[name]).tolist() == np.sort(values).tolist()


def test_leaving_out_undoes_learning(table: Reports, profile: SourceProfile) -> None:
    """An event in which a source says twice the toll lifts its bias; the profile without it has a lower one."""
    leaving = LeavingOut(profile, table, chosen_for_size=False)
    reduced = leaving.without(["first"])
    before, after = (one.reporting("monitor", "unknown", "neutral").bias.mean() for one in (profile, reduced.profile))
    assert after < before
    marks = event_marks(table.reports)
    assert reduced.profile.learned_from == {marks["second"], marks["third"]}
    assert 1.0 <= reduced.effective_draws <= profile.draws


@pytest.mark.extended
def test_sources_heard_there_alone_are_unknown_again(table: Reports, profile: SourceProfile) -> None:
    """The hospital spoke in the second event only: without it no trait of the hospital is left, and the others stay."""
    reduced = LeavingOut(profile, table, chosen_for_size=False).without(["second"]).profile
    assert {effect.of for effect in reduced.effects} == {"wire", "monitor"}
    assert set(reduced.sources) == {"wire", "monitor"}
