"""Ends of ranges that must hold whatever the profile says: names bind, and agreement is no certainty."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from helpers.tables import exactly

from estimates import estimate
from estimates.vocabulary import LAYERS

#: Where a list stands in time against the figures, which are of the second day.
DAYS = {"before": "2020-01-15", "with": "2020-01-16", "after": "2020-03-20", "undated": None}


@pytest.mark.extended
def test_agreement_is_no_certainty() -> None:
    """Two to fifty sources that give one number of ten dead or more leave every layer a 95% range with a width."""
    counts, numbers = (2, 3, 5, 10, 20, 50), (10, 12, 50, 100, 200, 800, 1_000, 3_000)
    rows = [
        exactly(f"s{source}", number, event=f"{number} by {count}")
        for count, number in product(counts, numbers)
        for source in range(count)
    ]
    ranges = estimate(pd.DataFrame(rows), profile="published").ranges(levels=(95,), layers=LAYERS)
    certain = ranges[ranges["low_95"] >= ranges["high_95"]]
    assert certain.empty, certain.to_string()


@pytest.mark.parametrize("profile", [pytest.param("published", marks=pytest.mark.extended), "default"])
def test_no_layer_lies_below_a_list_of_names(profile: str) -> None:
    """Lists of 1.1 to 50 times the figures of two to ten agreeing sources, whichever came first: all ends are above."""
    rows, floors = [], {}
    for factor, count, number, (when, day) in product((1.1, 2, 8, 50), (2, 5, 10), (10, 60), DAYS.items()):
        event, floor = f"{number} by {count}, {factor} times {when}", round(factor * number)
        floors[event] = floor
        rows += [exactly(f"s{source}", number, event=event, reported_at="2020-01-16") for source in range(count)]
        rows.append(exactly("list", floor, event=event, wording="named", reported_at=day))

    ranges = estimate(pd.DataFrame(rows), profile=profile).ranges(levels=(50, 80, 95, 99.9), layers=LAYERS)
    ends = ranges.filter(regex="^(median|low|high)").min(axis=1)
    below = ranges[ends < ranges["event"].map(floors)]
    assert below.empty, below.to_string()
