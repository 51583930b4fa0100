"""Numbers of people missing in simulated tables: estimates that know the parameters rank the tolls evenly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from estimates import estimate
from estimates.evaluation.scores import Prediction, pit
from estimates.evaluation.simulation import simulate
from estimates.models.grid import Grid

TYPES = ("flood", "ship", "shooting", "earthquake")


def test_events_get_their_lists_and_nothing_else_changes() -> None:
    """Every event has one number of people missing before thirty days; its figures are those of the table without."""
    listed, bare = (simulate(12, 3, seed=4, event_type=TYPES, missing=share) for share in (1.0, 0.0))
    rows = listed.table[listed.table["outcome"] == "missing"]
    assert rows["event"].is_unique
    assert len(rows) >= 8
    kept = listed.table[listed.table["outcome"] != "missing"]["figure"].tolist()
    assert kept == bare.table["figure"].tolist()
    assert listed.truth.equals(bare.truth)


@pytest.mark.extended
def test_tolls_of_events_with_lists_are_ranked_evenly() -> None:
    """Of 160 tolls, each table with parameters of its own, the probability transform is uniform."""
    rng, found = np.random.default_rng(1), []
    for seed in range(8):
        made = simulate(20, 4, seed=seed, again="event", missing=1.0, event_type=TYPES)
        estimates = estimate(made.reports, profile=made.known_profile(200))
        for event, toll in zip(made.truth["event"], made.truth["documented"], strict=True):
            mass = estimates.mass(event, "killed")
            ends = np.append(mass["count"], mass["count"].iloc[-1] + mass["width"].iloc[-1])
            prediction = Prediction(Grid(ends.astype(np.int64)), mass["probability"].to_numpy())
            found.append(pit(prediction, int(toll), int(toll), rng.random()))
    assert kstest(found, "uniform").pvalue > 0.001
