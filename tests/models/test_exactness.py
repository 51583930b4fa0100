"""Closed forms on the grid against the brute-force oracle, which sums over every integer and shares no code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import oracles.brute_force as oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.brute_force import Figure, Group, Known, Parameters
from oracles.scalar_model import solve, statement_table

CAP = 600

FORMS = [
    Figure("a", "exactly", 1, 1),
    Figure("a", "exactly", 18, 18),
    Figure("a", "exactly", 20, 20),
    Figure("a", "exactly", 100, 100),
    Figure("a", "exactly", 99, 99),
    Figure("a", "range", 18, 21),
    Figure("a", "range", 100, 150),
    Figure("a", "range", 0, 4),
    Figure("a", "at_least", 18, 18),
    Figure("a", "at_least", 1, 1),
    Figure("a", "more_than", 20, 20),
    Figure("a", "more_than", 1, 1),
    Figure("a", "nearly", 40, 40),
    Figure("a", "nearly", 2, 2),
    Figure("a", "about", 20, 20),
    Figure("a", "about", 21, 21),
    Figure("a", "about", 150, 150),
    Figure("a", "about", 12, 12),
    Figure("a", "up_to", 30, 30),
    Figure("a", "up_to", 1, 1),
    Figure("a", "at_most", 25, 25),
    Figure("a", "vague", word="dozens"),
    Figure("a", "vague", word="couple"),
    Figure("a", "vague", word="hundreds"),
    *(Figure("a", "none", kind=kind, early=early) for kind in ("party", "stated", "coded") for early in (False, True)),
]
PARAMETERS = [
    Parameters(),
    Parameters(scale=0.35),
    Parameters(bias=-1.1, scale=0.8, heaping=0.6, exactness=-1.0, phantom=0.02),
    Parameters(bias=0.9, scale=0.12, outlier=0.02, at_least_shift=0.2, none_stated=0.4, none_fall=0.6),
]


def title(figure: Figure) -> str:
    """Name a figure in a test's title."""
    if figure.wording == "none":
        return f"none {figure.kind}{' early' if figure.early else ''}"
    return f"{figure.wording} {figure.word or figure.high or ''}"


@pytest.mark.parametrize("parameters", PARAMETERS, ids=["published", "wider", "under-reporter", "over-reporter"])
@pytest.mark.parametrize("figure", FORMS, ids=title)
def test_every_form_equals_the_sum_over_every_integer(figure: Figure, parameters: Parameters) -> None:
    """P(words | C) on the grid is the oracle's for each form and every count, zero included."""
    grid, _ = solve(parameters, [], cap=CAP)
    found = statement_table(parameters, figure, grid)
    expected = [oracle.statement_likelihood(figure, parameters, c) for c in range(CAP + 1)]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-14)


EVENTS = {
    "one figure": [Figure("a", "exactly", 18, 18, bin=0)],
    "idlib": [Figure("a", "at_least", 18, 18, bin=0), Figure("b", "about", 21, 21, bin=0), Figure("c", "named", 1, 1, bin=0)],
    "tied and equal": [Figure(s, "exactly", 7, 7, bin=0, place=0) for s in "abcd"],
    "earlier copies": [
        Figure("a", "exactly", 18, 18, bin=0, place=0),
        Figure("b", "exactly", 18, 18, bin=0, place=1),
        Figure("c", "exactly", 21, 21, bin=1, place=2),
        Figure("d", "exactly", 21, 21, bin=1, place=2),
        Figure("e", "exactly", 18, 18, bin=1, place=2),
    ],
    "updates": [
        Figure("a", "exactly", 18, 18, bin=0, place=0),
        Figure("b", "exactly", 20, 20, bin=0, place=1),
        Figure("a", "exactly", 20, 20, bin=1, place=2),
        Figure("b", "exactly", 20, 20, bin=2, place=3),
        Figure("a", "at_least", 25, 25, bin=4, place=4),
        Figure("c", "exactly", 20, 20, bin=4, place=4),
    ],
    "floors": [
        Figure("a", "exactly", 5, 5, bin=0),
        Figure("n", "named", 3, 3, bin=1, place=1),
        Figure("s", "named", 12, 12, bin=3, place=2),
    ],
    "none": [Figure("a", "none", bin=0)],
    "none by all": [Figure(s, "none", bin=b, place=b, kind=kind) for s, b, kind in (("a", 0, "coded"), ("b", 1, "party"), ("c", 1, "stated"))],
    "none against some": [Figure("a", "none", bin=0), Figure("b", "exactly", 3, 3, bin=1, place=1, kind="party")],
    "none too early": [
        Figure("a", "none", bin=0, kind="coded", early=True),
        Figure("b", "none", bin=0, kind="coded"),
        Figure("a", "exactly", 3, 3, bin=1, place=1, kind="coded"),
        Figure("c", "range", 0, 6, bin=2, place=2),
    ],
    "withdrawn": [
        Figure("a", "exactly", 18, 18, bin=0, withdrawn=True),
        Figure("a", "exactly", 9, 9, bin=0, place=1),
        Figure("b", "exactly", 18, 18, bin=1, place=2),
        Figure("c", "exactly", 18, 18, bin=0),
    ],
    "nothing": [],
    "words": [Figure("a", "vague", word="dozens", bin=2), Figure("b", "range", 18, 21, bin=2), Figure("c", "up_to", 40, 40, bin=5, place=1)],
}  # fmt: skip
LARGE = {
    "hundreds": [Figure("a", "at_least", 150, 150, bin=0), Figure("b", "exactly", 400, 400, bin=2, place=1)],
    "thousands": [Figure("a", "exactly", 3_000, 3_000, bin=0), Figure("b", "about", 4_000, 4_000, bin=5, place=1)],
    "scattered": [Figure(s, "exactly", y, y, bin=5) for s, y in zip("abcd", (471, 500, 1_234, 2_777), strict=True)],
}
SOURCES = {"b": {"bias": 0.4, "exactness": 0.9, "scale": 0.45}, "c": {"bias": -0.5, "scale": 0.6}}


@pytest.mark.extended
@pytest.mark.parametrize("rising", [False, True], ids=["", "rising"])
@pytest.mark.parametrize(
    "parameters",
    [Parameters(sources=SOURCES), Parameters(sources=SOURCES, none_stated=0.4, none_fall=0.5, scale=0.2)],
)
@pytest.mark.parametrize("name", EVENTS)
def test_an_event_equals_the_sum_over_every_integer(name: str, parameters: Parameters, rising: bool) -> None:
    """Evidence and both posteriors of whole events, with copies, updates, floors and growth, are the oracle's."""
    assert_exact(parameters, EVENTS[name], rising=rising)


def assert_exact(
    parameters: Parameters, figures: Sequence[Figure], known: Known = oracle.NOTHING_ELSE, *, rising: bool = False
) -> None:
    """Fail unless evidence and the laws of the toll in the end and by now are sums over every integer.

    The laws come in single precision; the shared error takes the last cell of a grid for a wide one.
    """
    _, posterior = solve(parameters, figures, cap=CAP, rising=rising, known=known)
    _, by_now = solve(parameters, figures, cap=CAP, rising=rising, known=known, by_now=True)
    log_evidence = oracle.log_marginal_likelihood(parameters, figures, CAP, rising=rising, known=known)
    expected = oracle.posterior(parameters, figures, CAP, rising=rising, known=known)
    for found, layer in ((posterior, "documented"), (by_now, "by_now")):
        assert found.log_marginal_likelihood[0] == pytest.approx(log_evidence, abs=1e-9)
        np.testing.assert_allclose(found.mass[:, 0], expected[layer], rtol=1e-6, atol=1e-13)


def soldiers(number: int, b: int = 1, **how: Any) -> Figure:
    return Figure("b", "exactly", number, number, bin=b, **how)


APART = [Figure("a", "exactly", 18, 18, bin=1), Figure("c", "exactly", 30, 30, bin=1)]
LOWERED = [
    Figure("a", "exactly", 60, 60, bin=0),
    Figure("b", "exactly", 60, 60, bin=1, place=1),
    Figure("a", "exactly", 20, 20, bin=3, place=2),
]
AGREED = (soldiers(12), Figure("c", "exactly", 12, 12, bin=1))
CIVILIANS = (Figure("c", "exactly", 7, 7, bin=2), Figure("d", "none", bin=2, kind="party"))
EARLY = [Figure("a", "at_least", 5, 5, bin=0)]
#: Figures of everybody, and what else is known.
CASES = {
    "far apart": (APART, Known(distance=0.25)),
    "far apart, with names": ([*APART, Figure("n", "named", 20, 20, bin=2, place=1)], Known(distance=0.5)),
    "far apart, few at risk": (APART, Known(distance=0.5, at_risk=33)),
    "names and few at risk": ([*APART, Figure("n", "named", 20, 20, bin=1)], Known(distance=0.5, at_risk=24)),
    "few at risk, nothing said": ([], Known(at_risk=9, by_now=1)),
    "lowered": (LOWERED, Known(falling=(0, 1, 2))),
    "a group": (EARLY, Known(groups=(Group(AGREED, 1),))),
    "one of a group, nothing else": ([], Known(groups=(Group((soldiers(1, 0),), 0),), by_now=0)),
    "a group that is not all": ([], Known(groups=(Group((soldiers(12),), 1, certain=True),), by_now=2)),
    "groups that exclude each other": (EARLY, Known(groups=(Group((soldiers(12, 2),), 2, others=CIVILIANS),))),
    "a group, one withdrawn": (EARLY, Known(groups=(Group((soldiers(12, withdrawn=True), AGREED[1]), 1),))),
    "two groups": (EARLY, Known(groups=(Group(AGREED, 1), Group((Figure("d", "about", 5, 5, bin=1),), 1)))),
    "independent": ([*EVENTS["earlier copies"], Figure("a", "exactly", 18, 18, bin=2, place=3)], Known(independent=True)),
    "one spoke, one was silent": (APART, Known(watchers=((-3.3, 0.8, True), (-1.0, 0.5, False)), watched_to=2)),
    "silent, told otherwise": (EARLY, Known(watchers=((-2.0, 1.1, False),) * 3, watched_to=5, told_otherwise=True)),
    "nobody reported": ([], Known(watchers=((-3.3, 0.8, False), (-1.0, 0.5, False)), by_now=1)),
    "counted": ([Figure("a", "exactly", 5, 5, bin=0)], Known(counted=((1, 7), (5, 9)), by_now=1)),
}  # fmt: skip


@pytest.mark.parametrize("rising", [False, True], ids=["", "rising"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_known_beside_the_figures_equals_the_sum_over_every_integer(name: str, rising: bool) -> None:
    """Shared errors, names, people at risk, lowered figures, groups, known counts: evidence and both laws of the toll."""
    figures, known = CASES[name]
    assert_exact(Parameters(sources=SOURCES), figures, known, rising=rising)


@pytest.mark.parametrize("name", ["far apart", "names and few at risk", "lowered", "a group", "independent"])
def test_the_toll_by_now_is_above_that_of_the_end_only_where_the_count_fell(name: str) -> None:
    """For every x, P(by now <= x) is at least P(end <= x) less the probability that the count by now is the higher."""
    figures, known = CASES[name]
    parameters = Parameters(sources=SOURCES)
    _, end = solve(parameters, figures, cap=CAP, known=known)
    _, by_now = solve(parameters, figures, cap=CAP, known=known, by_now=True)
    grown = oracle.probability_of_growth(parameters, figures, CAP, known=known)
    slack = np.cumsum(by_now.mass[:, 0]) - np.cumsum(end.mass[:, 0]) + grown
    assert slack.min() > -1e-6


@pytest.mark.extended
@pytest.mark.parametrize("name", [*EVENTS, *LARGE])
@pytest.mark.parametrize("bias", [0.0, 0.013, -0.31])
def test_cells_of_four_per_cent_move_the_log_evidence_by_less_than_a_thousandth(name: str, bias: float) -> None:
    """On the grid used in earnest the evidence is within 1e-3 of the sum over every integer up to 20,000."""
    parameters, figures = Parameters(sources=SOURCES, bias=bias), (EVENTS | LARGE)[name]
    _, fine = solve(parameters, figures, cap=20_000)
    _, coarse = solve(parameters, figures, cap=20_000, relative_width=0.04)
    assert coarse.log_marginal_likelihood[0] == pytest.approx(fine.log_marginal_likelihood[0], abs=1e-3)


@settings(max_examples=25)
@given(data=st.data())
def test_random_small_events_equal_the_oracle(data: st.DataObject) -> None:
    """Whatever few sources say in whatever bins, the evidence is the oracle's."""
    count = data.draw(st.integers(1, 4))
    figures = []
    for index in range(count):
        wording = data.draw(st.sampled_from(["exactly", "at_least", "about", "more_than", "up_to", "none"]))
        y = data.draw(st.integers(2, 60))
        b = data.draw(st.integers(0, 5))
        number = None if wording == "none" else y
        figures.append(Figure("abcd"[index], wording, number, number, bin=b, place=b))
    parameters = Parameters(bias=data.draw(st.floats(-1, 1)), copying=data.draw(st.floats(0.01, 0.8)), sources=SOURCES)
    _, posterior = solve(parameters, figures, cap=150)
    assert posterior.log_marginal_likelihood[0] == pytest.approx(
        oracle.log_marginal_likelihood(parameters, figures, 150), abs=1e-9
    )
