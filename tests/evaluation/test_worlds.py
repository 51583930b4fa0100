"""Worlds: each breaks what it says, and its remedy tells so in the table."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.simulations import COMMON, EXACT, known, p_of_uniform, predicted, ranks, words_said

from estimates import simulate
from estimates.evaluation.worlds import REMEDIES, SEEN_SHARE, WORLDS


def test_raw_feeds_say_the_same_more_often() -> None:
    """In the world of copying, sources of one event agree more often than in the model's."""
    worlds = (simulate(100, 6, seed=1, profile=known(), world=w, reports_per_event=6) for w in ("model", "copying"))
    plain, raw = (words_said(world).groupby("event")["said"].nunique().mean() for world in worlds)
    assert raw - 1 < 0.5 * (plain - 1)


def test_a_common_undercount_is_a_share_of_every_toll() -> None:
    """In the world of a common under-count exact sources say seven tenths of the toll, one more or less."""
    profile = known({**EXACT, "copying": 1e-12, "repeating": 1e-12})
    simulation = simulate(
        100, 3, seed=1, profile=profile, world="common_undercount", wordings={"exactly": 1}, times=(0, 0, 0, 0, 0, 1)
    )
    table = words_said(simulation)
    toll = simulation.truth.set_index("event")["accounts"][table["event"]].to_numpy()
    said = table["low"].fillna(0).to_numpy(dtype=float)
    assert (np.abs(said - SEEN_SHARE * toll) <= 1).all()
    assert said.sum() / toll.sum() == pytest.approx(SEEN_SHARE, abs=0.05)


def test_one_hospital_speaks_through_all_sources() -> None:
    """In the world of one hospital all figures of an age bin are the same; with the remedy they name it."""
    table = words_said(simulate(100, 6, seed=1, profile=known(), world="shared_hospital", reports_per_event=6))
    assert table.groupby(["event", "bin"])["said"].nunique().max() == 1
    assert table.groupby("event")["said"].nunique().max() > 1
    told = simulate(20, 6, seed=1, world="shared_hospital", remedy=True).reports.table
    assert set(told["quotes"]) == {"the hospital"}


def test_an_attributed_hospital_is_one_source_of_the_model() -> None:
    """Where all figures name the hospital the world is the model's own, with the hospital for its only source."""
    simulation = simulate(
        200, 5, seed=2, profile=known(COMMON), world="shared_hospital", remedy=True, reports_per_event=4
    )
    predictions = predicted(simulation, simulation.known_profile(), ("documented",))
    assert p_of_uniform(ranks(predictions, "documented", np.random.default_rng(1))) > 1e-3


def test_copies_name_where_they_come_from() -> None:
    """With the remedy a figure that was copied, or repeated after it was copied, names a source that said it before."""
    table = words_said(simulate(100, 6, seed=1, profile=known(), world="copying", remedy=True))
    quoting = table[table["quotes"].notna()]
    assert len(quoting) > 50
    said = dict(table.groupby(["event", "source", "said"])["reported_at"].min().items())
    for row in quoting.itertuples():
        assert said[row.event, row.quotes, row.said] < row.reported_at


def test_the_inflating_source_triples_its_numbers() -> None:
    """In the world of one inflating source its numbers are three times the toll and the others' are not."""
    profile = known({**EXACT, "copying": 1e-12, "repeating": 1e-12})
    options = {"profile": profile, "world": "inflating", "wordings": {"exactly": 1}, "times": (0, 0, 0, 0, 0, 1)}
    simulation = simulate(100, 3, seed=1, **options)  # type: ignore[arg-type]
    table = words_said(simulation)
    toll = simulation.truth.set_index("event")["accounts"][table["event"]].to_numpy()
    factor = np.where(table["source"] == "source 1", 3, 1)
    assert (table["low"].fillna(0).astype(int).to_numpy() == factor * toll).all()
    told = simulate(20, 3, seed=1, world="inflating", remedy=True).reports.table
    assert set(told.loc[told["source"] == "source 1", "affiliation"]) == {"enemy"}
    assert set(told.loc[told["source"] != "source 1", "affiliation"]) == {"neutral"}


def test_sparse_sources_speak_once_or_twice() -> None:
    """In the sparse world every source is heard once or twice, about half of them each."""
    heard = simulate(100, seed=1, world="sparse").table["source"].value_counts()
    assert set(heard) == {1, 2}
    assert 0.4 < (heard == 1).mean() < 0.6


def test_every_remedy_belongs_to_a_world() -> None:
    """Remedies are told for worlds that exist."""
    assert set(REMEDIES) < set(WORLDS)
