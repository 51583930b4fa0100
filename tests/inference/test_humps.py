"""A range whose probability lies about two tolls says so, and one that is only wide does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from estimates import estimate
from estimates.inference import case_notes
from estimates.inference.humps import humps_of
from estimates.models.grid import Grid, make_grid
from estimates.models.types import Floats


def mass_of(grid: Grid, *parts: tuple[float, float, float]) -> Floats:
    """Probability of each cell under a mixture, each part a share, a toll and a spread of its logarithm."""
    edges = np.log(grid.edges + 0.5)
    return np.sum([share * np.diff(norm.cdf(edges, np.log(toll + 1), spread)) for share, toll, spread in parts], axis=0)


@given(
    st.integers(3, 400),
    st.floats(6.0, 100.0),
    st.floats(0.2, 0.8),
    st.sampled_from([0.01, 0.04, 0.1]),
)
def test_two_tolls_far_apart_are_two_humps(toll: int, factor: float, share: float, width: float) -> None:
    """Each hump is found at its toll with its share, however wide the cells of the grid are."""
    grid = make_grid([toll, int(factor * toll)], relative_width=width)
    low, high = humps_of(grid, mass_of(grid, (share, toll, 0.25), (1 - share, factor * toll, 0.25)))
    assert low.toll == pytest.approx(toll, rel=0.06, abs=1)
    assert high.toll == pytest.approx(factor * toll, rel=0.06, abs=1)
    assert (low.share, high.share) == pytest.approx((share, 1 - share), abs=0.02)


@given(st.integers(0, 5_000), st.floats(0.05, 2.0))
def test_one_toll_is_one_hump_however_wide(toll: int, spread: float) -> None:
    """A smooth range has no humps: wide cells hold more probability each and are none."""
    grid = make_grid([toll])
    assert humps_of(grid, mass_of(grid, (1.0, toll, spread))) == ()


@pytest.mark.parametrize(
    "parts",
    [
        ((0.5, 18, 0.02), (0.5, 21, 0.02)),  # near one another
        ((0.5, 18, 0.2), (0.5, 30, 0.2)),
        ((0.95, 18, 0.2), (0.05, 180, 0.2)),  # hardly any there
        ((0.6, 18, 0.6), (0.4, 60, 0.6)),  # no valley
        ((0.3, 4, 0.01), (0.4, 5, 0.01), (0.3, 6, 0.01)),
    ],
)
def test_what_is_no_hump(parts: tuple[tuple[float, float, float], ...]) -> None:
    """Tolls less than twice apart, a few per cent far away and tails without a valley are no second hump."""
    grid = make_grid([round(toll) for _, toll, _ in parts])
    assert humps_of(grid, mass_of(grid, *parts)) == ()


def test_three_humps_and_nobody() -> None:
    """There may be three, and one of them may be at nobody."""
    grid = make_grid([20, 400])
    mass = np.zeros(len(grid))
    mass[[0, 20]] = 0.3, 0.3
    mass += mass_of(grid, (0.4, 400, 0.1))
    humps = humps_of(grid, mass)
    assert [hump.toll for hump in humps] == pytest.approx([0, 20, 400], rel=0.01)
    assert [hump.share for hump in humps] == pytest.approx([0.3, 0.3, 0.4], abs=0.01)


def test_sources_that_contradict_each_other_carry_a_note() -> None:
    """Three and thirty make two humps, told with their shares; eighteen and twenty-one, or thirty alone, do not."""
    rows = [exactly("a", 3), exactly("b", 30), exactly("a", 18, event="two"), exactly("b", 21, event="two")]
    found = estimate(pd.DataFrame([*rows, exactly("a", 30, event="three")]))
    (note,) = [note for note in found.notes if "humps" in note]
    assert note.startswith("one, killed: the range of what is documented in the end has two humps, ")

    mass = found.mass("one", "killed")
    below = mass["probability"][mass["count"] <= 8].sum() / mass["probability"].sum()
    told = int(note.split("humps, ")[1].split("%")[0])
    assert abs(told - 100 * below) < 12
    assert "of it about 3 and" in note


def test_many_cases_with_humps_share_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than are told one by one are counted."""
    monkeypatch.setattr(case_notes, "CASES_TOLD", 1)
    rows = [exactly(source, number, event=event) for event in "xyz" for source, number in (("a", 3), ("b", 30))]
    (note,) = [note for note in estimate(pd.DataFrame(rows)).notes if "humps" in note]
    assert note.startswith("3 outcomes (x, y, z) have ranges with two humps or more")
