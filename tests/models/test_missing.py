"""What a number of people missing says of a toll: a law of its own, added up, drawn from and derived a second time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare, laplace_asymmetric

from estimates.models.missing import LARGEST_LIST, ListLaw, PeopleMissing, likelihood, simulate
from estimates.models.wording import Words

LAWS = [(0.15, 0.15, 0.01, 0.0), (1.2, 0.3, 0.08, 0.0), (1.2, 0.3, 0.08, 0.25), (0.3, 1.3, 0.08, 0.0)]


def law(excess: float, deficit: float, gross: float, struck: float) -> ListLaw:
    return ListLaw(*(np.array([value]) for value in (excess, deficit, gross, struck)))


def between(low: int, high: int, toll: int, counted: int, parameters: tuple[float, float, float, float]) -> float:
    """P(low <= M <= high) by the package: of a list of names, which stands for its numbers as they are."""
    said = PeopleMissing("reports", Words("named", low, high), counted)
    return float(likelihood(said, [toll], law(*parameters))[0, 0])


def by_scipy(number: int, toll: int, counted: int, parameters: tuple[float, float, float, float]) -> float:
    """The same for one number, with the asymmetric Laplace distribution of scipy."""
    excess, deficit, gross, struck = parameters
    due = max(toll - counted, 0) + struck * counted + 1.0
    ratio = laplace_asymmetric(np.sqrt(deficit / excess), scale=np.sqrt(excess * deficit))
    inside = ratio.cdf(np.log((number + 1.5) / due)) - ratio.cdf(np.log((number + 0.5) / due))
    anything = np.log1p(1.0 / (number + 0.5)) / np.log(2e7)
    return float((1.0 - gross) * inside / ratio.sf(np.log(0.5 / due)) + gross * anything)


@pytest.mark.parametrize("parameters", LAWS)
@given(toll=st.integers(0, 5_000), counted=st.integers(0, 800), number=st.integers(0, 9_000))
def test_it_is_the_law_of_scipy(
    parameters: tuple[float, float, float, float], toll: int, counted: int, number: int
) -> None:
    """One number's probability is what an independent writing of the law says."""
    expected = by_scipy(number, toll, counted, parameters)
    assert between(number, number, toll, counted, parameters) == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("parameters", LAWS)
@pytest.mark.parametrize(("toll", "counted"), [(0, 0), (12, 12), (47, 5), (3, 40), (2_752, 300)])
def test_it_sums_to_one(parameters: tuple[float, float, float, float], toll: int, counted: int) -> None:
    """All numbers together are certain, with and without gross errors, and an interval is the sum of its numbers."""
    excess, deficit, _, struck = parameters
    listed = between(0, 10**15, toll, counted, (excess, deficit, 0.0, struck))
    anything = between(0, LARGEST_LIST - 2, toll, counted, (excess, deficit, 1.0, struck))
    assert (listed, anything) == (pytest.approx(1.0, abs=1e-8), pytest.approx(1.0, abs=1e-8))

    one_by_one = sum(between(number, number, toll, counted, parameters) for number in range(20, 61))
    assert between(20, 60, toll, counted, parameters) == pytest.approx(one_by_one, rel=1e-9)


@pytest.mark.parametrize("parameters", LAWS)
def test_the_twin_draws_from_it(parameters: tuple[float, float, float, float]) -> None:
    """Numbers simulated for one toll fall into intervals as often as the law says."""
    toll, counted, draws = 120, 30, 40_000
    laws = ListLaw(*(np.full(draws, value) for value in parameters))
    found = simulate(np.random.default_rng(7), np.full(draws, toll), np.full(draws, counted), laws)

    edges = [0, 1, 20, 45, 70, 85, 95, 110, 150, 250, 600, 5_000, LARGEST_LIST]
    seen = np.histogram(found, edges)[0]
    expected = np.array([
        between(low, high - 1, toll, counted, parameters) for low, high in pairwise(edges)
    ])  # fmt: skip
    kept = expected * draws >= 5
    assert chisquare(seen[kept], expected[kept] / expected[kept].sum() * seen[kept].sum()).pvalue > 1e-4


def test_a_list_speaks_of_those_still_to_be_found() -> None:
    """After 5 dead 439 missing on a manifest make 444 likelier than 5; the same as a list of calls hardly."""
    said = PeopleMissing("manifest", Words("exactly", 439, 439), counted=5)
    on_manifest, by_reports = (likelihood(said, [5, 444], law(*LAWS[place]))[:, 0] for place in (0, 1))
    assert on_manifest[1] > 200 * on_manifest[0]
    assert 2 < by_reports[1] / by_reports[0] < on_manifest[1] / on_manifest[0]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        (Words("none"), 0, 0),
        (Words("exactly", 20, 20), 20, 20),
        (Words("range", 20, 40), 20, 40),
        (Words("at_least", 20, 20), 20, 39),
        (Words("vague", word="dozens"), 15, 126),
    ],
)
def test_words_stand_for_their_numbers(words: Words, low: int, high: int) -> None:
    """A number in words stands for the numbers that the same words stand for in figures of the dead."""
    ends = [end for _, *interval in PeopleMissing("reports", words).intervals for end in interval]
    assert (min(ends), max(ends)) == (low, high)
