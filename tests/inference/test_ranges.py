"""Ranges, draws and probabilities are views of one posterior, and wrong questions are answered with what can be asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.tables import MIXED, exactly

from estimates import EstimatesError, estimate
from estimates.vocabulary import LAYERS


def test_ranges_agree_with_draws_and_probabilities() -> None:
    """Exact quantiles, draws and P(at least k) are the same posterior, to Monte Carlo error."""
    found = estimate(pd.DataFrame(MIXED))
    for layer in LAYERS:
        row = found.ranges(layers=(layer,)).query("event == 'one' and outcome == 'killed'").iloc[0]
        drawn = found.draws("one", "killed", layer)
        assert np.mean(drawn <= row["high_80"]) == pytest.approx(0.9, abs=0.04)
        assert np.mean(drawn < row["low_80"]) <= 0.1 + 0.04
        at_least = found.probability("killed", at_least=25, layer=layer)["one"]
        assert np.mean(drawn >= 25) == pytest.approx(at_least, abs=0.05)


def test_asking_for_what_is_not_there_says_what_is() -> None:
    """Wrong names of events, layers, outcomes, columns and levels are told, with what is allowed."""
    found = estimate(pd.DataFrame([exactly("a", 18)]))
    with pytest.raises(EstimatesError, match="'one', 'killed'"):
        found.draws("elsewhere")
    with pytest.raises(EstimatesError, match="by_now, documented, total"):
        found.draws("one", "killed", "everything")
    with pytest.raises(EstimatesError, match="killed, injured"):
        found.probability("dead", at_least=3)
    with pytest.raises(EstimatesError, match="no column"):
        found.total("killed", by="province")
    with pytest.raises(EstimatesError, match="per cent"):
        found.ranges(levels=(0.9, 100))
    with pytest.raises(EstimatesError, match="seed"):
        estimate(pd.DataFrame([exactly("a", 18)]), seed=-1)


def test_no_output_has_a_mean() -> None:
    """Tails make a mean unprintable: no table of estimates has one, by name or inside a record."""
    found = estimate(pd.DataFrame(MIXED))
    tables = [
        found.ranges(layers=LAYERS),
        found.summary(),
        found.total(),
        found.total(by="event"),
        found.history(),
        found.influence(),
        found.weighting(),
        found.sensitivity(["three"], scales=()),
        found.mass("one"),
    ]
    names = [str(name) for table in tables for name in table.columns] + [
        name for row in found.records() for name in row
    ]
    assert not [name for name in names if "mean" in name]
    assert "mean" not in str(found)
