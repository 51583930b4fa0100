"""How readily sources report, learned from events that others reported."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from estimates import SourceProfile, simulate
from estimates.evaluation.simulation import Simulation
from estimates.fitting.attention import FEWEST_EVENTS, with_attention
from estimates.models.silence import Attention
from estimates.table.reports import read_reports


@pytest.fixture(scope="module")
def world() -> Simulation:
    return simulate(160, 4, seed=8, watchers=3, reports_per_event=4.0, copies_removed=1.0)


def forgetful(world: Simulation) -> SourceProfile:
    """Somebody who knows all but how readily sources report."""
    known = world.known_profile(64)
    return replace(known, facts={name: fact for name, fact in known.facts.items() if name != "attention"})


@pytest.mark.extended
def test_sources_are_learned_from_events_that_others_reported(world: Simulation) -> None:
    """What each watcher was drawn with lies within three standard deviations, which are smaller than the prior's."""
    table = read_reports(world.reports, coverage=world.coverage)
    found = with_attention(forgetful(world), table)
    prior, known = Attention(), world.known_profile()
    for source in ("source 1", "source 2", "source 3"):
        own, truth = found.attention(source), known.attention(source)
        assert own.intercept_sd < prior.intercept_sd
        assert own.slope_sd <= prior.slope_sd
        assert abs(own.intercept - truth.intercept) < 3 * own.intercept_sd
        assert abs(own.slope - truth.slope) < 3 * own.slope_sd
        assert f"{source}: how readily it reports is learned from" in str(found.facts["notes"])


def test_few_events_leave_the_prior(world: Simulation) -> None:
    """Below thirty nothing is learned, and it is said."""
    few = world.table[world.table["event"].isin([f"event {number}" for number in range(1, FEWEST_EVENTS)])]
    found = with_attention(forgetful(world), read_reports(few, coverage=world.coverage))
    assert json.loads(str(found.facts["attention"])) == {}
    assert found.attention("source 1") == Attention()
    assert f"fewer than {FEWEST_EVENTS}" in str(found.facts["notes"])


def test_without_coverage_a_profile_stays_as_it_is(world: Simulation) -> None:
    """To the object."""
    known = world.known_profile()
    assert with_attention(known, world.reports) is known


def test_a_verified_toll_stands_for_itself() -> None:
    """Sources that speak of every large event and of no small one are learned so, whatever the figures of others say."""
    rows = []
    for number in range(80):
        toll = 1 if number % 2 else 300
        about = {"event": f"e{number}", "event_date": "2020-01-15", "reported_at": "2020-01-15", "verified": toll}
        rows.append({**about, "source": "other", "figure": "20"})
        rows += [{**about, "source": "watcher", "figure": "20"}] if toll == 300 else []
    table = read_reports(rows, coverage=[{"source": "watcher"}])
    base = simulate(1, 1, seed=1).known_profile(64)
    found = with_attention(base, table).attention("watcher")
    share = [1 / (1 + np.exp(-found.intercept - found.slope * np.log1p(toll))) for toll in (1, 300)]
    assert share[0] < 0.15
    assert share[1] > 0.85


def test_what_was_learned_is_saved(world: Simulation, tmp_path_factory: pytest.TempPathFactory) -> None:
    """And read again from the file of the profile."""
    from estimates import load_profile

    known = world.known_profile(128)
    path = known.save(tmp_path_factory.mktemp("profiles") / "known.npz")
    assert load_profile(path).attention("source 1") == known.attention("source 1")
