"""The log marginal likelihoods that are kept in a table: what a change that should change nothing is held to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from oracles import reference

KEPT = pd.read_csv(reference.ROOT / "tests" / "oracles" / "reference.csv")


@pytest.mark.extended
@pytest.mark.parametrize(
    ("rows", "whats"),
    [
        (reference.made_up_rows, ["made up, compiled", "mixed corpus, compiled"]),
        (reference.anchor_rows, ["anchors, compiled"]),
        (reference.estimate_rows, ["anchors, estimate", "Idlib, published priors"]),
    ],
    ids=["made up", "anchors", "estimates"],
)
def test_the_log_marginal_likelihoods_are_those_kept(rows: Callable[[], list[reference.Row]], whats: list[str]) -> None:
    """Every row of the table, made anew, is what is kept to 1e-6."""
    found = reference.as_table(rows())
    kept = KEPT[KEPT["what"].isin(whats)].reset_index(drop=True)
    names = ["what", "name", "draw"]
    assert found[names].astype(str).values.tolist() == kept[names].astype(str).values.tolist()
    np.testing.assert_allclose(found["log_evidence"], kept["log_evidence"], rtol=0, atol=1e-6)
