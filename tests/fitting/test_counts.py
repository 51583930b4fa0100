"""Counts of ordinary events: read whole or refused, and blind to how large events are."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from estimates import read_reports
from estimates.errors import FitError
from estimates.fitting.counts import counts_of, fingerprint, shipped_counts
from estimates.fitting.training import training_data
from estimates.models.corpus.likelihood import Corpus
from estimates.profile.effects import layout_of
from estimates.profile.profile import published_profile

SHIPPED = Path(__file__).parents[2] / "data" / "anchors" / "ordinary.csv"
ROWS = [
    {"event_type": "shooting", "age_bin": 0, "early": 3, "final": 5},
    {"event_type": "attack", "age_bin": 1, "early": 4, "final": 4, "events": 2},
    {"event_type": "shooting", "age_bin": 0, "early": 0, "final": 2, "zeros_counted": "yes"},
    {"event_type": "bombing", "age_bin": 2, "early": 9, "final": 8, "zeros_counted": "yes"},
]


def test_all_faults_are_told_at_once() -> None:
    """Each row's faults stand in one message, with the row, the value and what is wrong."""
    good = {"event_type": "shooting", "age_bin": 0, "early": 3, "final": 4}
    rows = [
        good, {"event_type": "shooting"}, good | {"event_type": "quarrel"}, good | {"early": "2.5"}, good | {"events": 0},
        good | {"age_bin": 5}, good | {"early": 0}, good | {"final": 0},
    ]  # fmt: skip
    with pytest.raises(FitError) as told:
        counts_of(rows)
    for fault in (
        "row 2 has no age_bin and no early and no final", "row 3: event_type 'quarrel' is not known", "row 4: early '2.5'",
        "row 5: events 0", "row 6: age_bin 5 is no early one", "row 7: an early count of 0", "row 8: 3 dead of whom none",
    ):  # fmt: skip
        assert fault in str(told.value)
    assert "row 1" not in str(told.value)


@pytest.mark.extended
def test_the_size_of_events_cancels() -> None:
    """Evidence of counts is the same under any law of sizes, and its gradient by the law's parameters is zero."""
    table = read_reports([{"event": "e", "source": "a", "figure": 7, "event_type": "shooting"}])
    training = training_data(table, counts=counts_of(ROWS))
    given = tuple(event for event in training.events if event.given)
    assert len(given) == 5
    corpus = Corpus(given, layout_of(training.sources, training.size_laws, training.growth_laws))

    base = published_profile(0, draws=3)
    (first, *_) = base.vectors(training.sources, training.size_laws, training.growth_laws)
    names = ["size.killed.attack.shape", "size.killed.attack.scale", "size.killed.attack.positive"]
    moved = {name: values.copy() for name, values in base.parameters.items()}
    for name in names:
        moved[name][0] *= 0.7
    other = type(base)("moved", 0, moved).vectors(training.sources, training.size_laws, training.growth_laws)[0]

    changed = first != other
    assert changed.sum() == 3
    (value, gradient), (again, _) = corpus.evaluate(first), corpus.evaluate(other)
    assert np.isfinite(value)
    assert again == pytest.approx(value, rel=1e-9)
    np.testing.assert_allclose(gradient[changed], 0.0, atol=1e-8)
    assert np.abs(gradient[~changed]).max() > 1e-3


def test_the_shipped_counts_are_those_of_the_table() -> None:
    """Every line of data/anchors/ordinary.csv is read with its numbers, and only those; the hash follows the content."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = Counter(
        (row["event_type"], int(row["age_bin"]), int(row["early"]), int(row["final"]), int(row.get("events") or 1))
        for row in rows
    )
    read = Counter((each.event_type, each.age_bin, each.early, each.final, each.events) for each in shipped_counts())
    assert read == lines
    assert sum(each.events for each in shipped_counts()) == 124 + 65
    assert counts_of(SHIPPED) == shipped_counts()
    assert fingerprint(reversed(shipped_counts())) == fingerprint(shipped_counts())
    assert fingerprint(shipped_counts()[1:]) != fingerprint(shipped_counts())
