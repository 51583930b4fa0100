"""The words of a source: their total probability, and their simulating twins."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.engine import figure_tables
from helpers.laws import agrees
from oracles.brute_force import Parameters
from oracles.scalar_model import reporting

from estimates.models import wording as forms
from estimates.models.grid import make_grid
from estimates.models.wording import VAGUE_WORDS, Words

RNG = np.random.default_rng(20200115)


def sums_over_numbers_said(wording: str, parameters: Parameters) -> np.ndarray:
    """For every count, the sum over all numbers said of P(words | C)."""
    grid = make_grid(relative_width=0, cap=2_200)
    said = [Words(wording, y, y) for y in range(2 if wording == "nearly" else 1, 2_150)]
    return figure_tables(said, reporting(parameters), grid)[:, :, 0].sum(axis=0)


@pytest.mark.extended
@pytest.mark.parametrize("wording", ["exactly", "at_least", "more_than", "nearly", "up_to", "at_most", "about"])
def test_forms_sum_to_at_most_one_and_do_not_grow_with_the_count(wording: str) -> None:
    """Sharp test b: the probabilities of all words sum to at most one (1.4 for windows) at a toll of 10, no more at 1,000.

    Shifting the error of "at least" and "up to" alone moves their sums by a few per cent at small tolls.
    """
    limit = (
        1.4 if wording in ("more_than", "nearly", "about") else 1.04 if wording in ("at_least", "up_to") else 1.0 + 1e-9
    )
    for parameters in (Parameters(), Parameters(bias=-0.3, scale=0.5)):
        sums = sums_over_numbers_said(wording, parameters)
        assert 0.7 < sums[10] <= limit
        assert sums[1_000] <= limit
        # Windows of whole numbers are uneven where numbers are small: compare with the mean around ten.
        assert sums[1_000] <= sums[7:14].mean() + 0.01


HELD_FOR_CERTAIN = Parameters(exactness=60.0)


@pytest.mark.extended
@pytest.mark.parametrize("wording", ["at_least", "up_to", "at_most", "about", "more_than", "nearly", "range"])
def test_words_twin(wording: str) -> None:
    """Numbers said by sources that hold 60 follow the form's density, up to its total."""
    grid = make_grid(relative_width=0, cap=250)
    low, high = forms.simulate(RNG, wording, np.full(4_000, 60))
    span = int(high[0] - low[0])
    said = [Words(wording, y, y + span) for y in range(1, 240)]
    law = np.append(0.0, figure_tables(said, reporting(HELD_FOR_CERTAIN), grid)[:, 60, 0])
    agrees(low, law / law.sum())


@pytest.mark.parametrize("word", VAGUE_WORDS)
def test_vague_words_are_full_on_their_plateau_and_zero_outside(word: str) -> None:
    """Nested windows average to a membership of one on the plateau and nothing beyond the feet, log-linear between."""
    foot, rise, fall, end = VAGUE_WORDS[word]
    windows = forms.vague_windows(word)

    def membership(number: int) -> float:
        return sum(low <= number <= high for low, high in windows) / len(windows)

    assert membership(rise) == membership(fall) == 1.0
    assert membership(foot - 1) == membership(end + 1) == 0.0
    middle = round(float(np.sqrt((foot - 0.5) * rise)))
    if foot < middle < rise:
        share = np.log(middle / (foot - 0.5)) / np.log(rise / (foot - 0.5))
        assert membership(middle) == pytest.approx(share, abs=0.5 / len(windows) + 1e-9)


def test_says_vague_twin() -> None:
    """Sources that would use "dozens" do so with the membership of the number they hold."""
    for held in (10, 18, 24, 60, 100, 140):
        said = forms.simulate_vague(RNG, "dozens", np.full(20_000, held))
        windows = forms.vague_windows("dozens")
        expected = sum(low <= held <= high for low, high in windows) / len(windows)
        assert said.mean() == pytest.approx(expected, abs=0.08)
