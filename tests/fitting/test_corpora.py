"""Large corpora: two parts are the whole."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from helpers.small_events import small_events

from estimates import read_reports
from estimates.fitting import corpora
from estimates.fitting.corpora import Halves, corpus_of
from estimates.fitting.training import TrainingData, training_data
from estimates.models.corpus.layout import CorpusEvent
from estimates.models.corpus.likelihood import Corpus, Layout
from estimates.models.types import Floats
from estimates.profile.effects import layout_of


@cache
def table() -> TrainingData:
    """Sixty small events, three of which have a verified toll, and one of them three times."""
    reports = small_events(60, seed=4)
    verified = reports["event"].isin(sorted(set(reports["event"]))[:3])
    reports["verified"] = np.where(verified, "7", None)
    return training_data(read_reports(reports))


@cache
def events() -> tuple[CorpusEvent, ...]:
    return (*table().events, table().events[30], table().events[30])


@cache
def layout() -> Layout:
    return layout_of(table().sources, table().size_laws, table().growth_laws)


def vector(seed: int) -> Floats:
    """Values that every parameter may have."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.1, 0.4, layout().size)


def test_two_parts_are_the_whole_on_any_number_of_cores() -> None:
    """Value and slope, and what bears on nothing; on one core and on two to the last bit."""
    whole, alone, together = Corpus(events(), layout()), *(Halves(events(), layout(), cores) for cores in (1, 2))
    assert alone.patterns == whole.patterns == 60
    assert alone.idle == whole.idle
    for seed in range(3):  # the first call is before threads
        value, slope = whole.evaluate(vector(seed))
        for parts in (alone, together):
            found, of_parts = parts.evaluate(vector(seed))
            assert found == pytest.approx(value, rel=1e-12)
            np.testing.assert_allclose(of_parts, slope, rtol=1e-9, atol=1e-9)
        assert alone.evaluate(vector(seed))[0] == together.evaluate(vector(seed))[0]


def test_large_tables_are_cut_in_two_and_small_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fits of small tables are those of before, to the last bit."""
    assert isinstance(corpus_of(events(), layout(), 2), Corpus)
    monkeypatch.setattr(corpora, "MANY", 10)
    assert isinstance(corpus_of(events(), layout(), 2), Halves)
