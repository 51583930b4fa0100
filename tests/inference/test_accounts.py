"""Errors that all accounts of an event share, apart and alike in totals."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates import Estimates, SourceProfile, estimate
from estimates.inference.accounts import accounts_of, by_distance, kept_accounts
from estimates.inference.engine import engine_of
from estimates.models import adjudicated
from estimates.profile.profile import published_profile

WRONG, BASE, FACTOR = 0.7, 0.03, 1.3
PROBABILITIES = {"low_95": 0.025, "low_80": 0.1, "median": 0.5, "high_80": 0.9, "high_95": 0.975}


def one_law(wrong: float) -> SourceProfile:
    """A profile whose draws are all the same."""
    base = published_profile(0).parameters
    values = {name: np.full(1_000, float(np.median(array))) for name, array in base.items()}
    values |= {name: np.zeros(1_000) for name in values if "spread" in name}
    values |= {"shared_error_base": np.full(1_000, BASE), "shared_error_factor": np.full(1_000, FACTOR)}
    return SourceProfile("one law", 0, values | {"shared_error": np.full(1_000, wrong)})


def two_events() -> pd.DataFrame:
    """Two events, whose two sources lie apart."""
    day = {"reported_at": "2020-06-01"}
    numbers = {"one": (9, 12), "two": (14, 22)}
    return pd.DataFrame(
        [
            exactly(source, number, event=event, **day)
            for event, said in numbers.items()
            for source, number in zip("ab", said, strict=True)
        ]
    )


def laws_given_counts(found: Estimates, exact: Estimates, largest: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each event P(C = n), from a profile without such errors, and P(V <= k | C = n) from the matrix of the law."""
    for case in found.cases:
        counts = exact.mass(case.event)["probability"].to_numpy()[: largest + 1]
        distance = case.alternatives[0][1].distance
        assert distance > 0.1
        scale = np.sqrt((BASE**2 + (FACTOR * distance) ** 2) / 2)
        yield counts / counts.sum(), np.cumsum(adjudicated.matrix(largest, WRONG, scale), axis=1)


def total_by_brute_force(laws: list[tuple[np.ndarray, np.ndarray]], *, alike: bool, largest: int) -> np.ndarray:
    """P(total <= k): a sum over both counts and over many quantiles of the errors, one for both events or two."""
    uniforms = (np.arange(2_000) + 0.5) / 2_000
    tolls = [np.stack([np.searchsorted(row, uniforms) for row in cumulative]) for _, cumulative in laws]
    result = np.zeros(8 * largest + 1)

    (first, _), (second, _) = laws
    if not alike:
        of_event = [
            np.bincount(toll.ravel(), np.repeat(counts / len(uniforms), len(uniforms)), 4 * largest + 1)
            for toll, (counts, _) in zip(tolls, laws, strict=True)
        ]
        return np.cumsum(np.convolve(*of_event))
    for n in np.flatnonzero(first > 1e-6):
        sums = (tolls[0][n] + tolls[1]).ravel()
        result += np.bincount(sums, np.repeat(first[n] * second / len(uniforms), len(uniforms)), len(result))
    return np.cumsum(result)


@pytest.mark.extended
def test_errors_of_accounts_apart_and_alike_are_those_of_brute_force() -> None:
    """Both totals of two small events are those summed over all counts and over all quantiles of the errors."""
    largest = 120
    found, exact = (estimate(two_events(), profile=one_law(wrong)) for wrong in (WRONG, 1e-9))
    laws = list(laws_given_counts(found, exact, largest))
    total = found.total("killed").query("layer == 'documented'").set_index("accounts")

    widths = {}
    for accounts in ("independent", "common"):
        expected = total_by_brute_force(laws, alike=accounts == "common", largest=largest)
        for name, probability in PROBABILITIES.items():
            assert abs(total.loc[accounts, name] - np.searchsorted(expected, probability)) <= 1, (accounts, name)
        widths[accounts] = total.loc[accounts, "high_95"] - total.loc[accounts, "low_95"]
    assert widths["common"] > widths["independent"]


def test_a_total_of_the_documented_toll_has_two_rows_and_one_of_the_full_toll_four() -> None:
    """Errors of accounts stand apart and alike, and beside each of them so do the undocumented remainders."""
    total = estimate(two_events()).total("killed")
    rows = list(total[["layer", "accounts", "remainder"]].itertuples(index=False, name=None))
    assert rows == [
        ("documented", "independent", ""),
        ("documented", "common", ""),
        ("total", "independent", "independent"),
        ("total", "independent", "common"),
        ("total", "common", "independent"),
        ("total", "common", "common"),
    ]


def test_without_errors_accounts_are_the_documented_toll() -> None:
    """What the engine says of the accounts is what it says of the toll where nobody errs, and weighs draws alike."""
    cases = estimate(two_events()).cases
    profile, exact = one_law(WRONG), one_law(1e-9)
    accounts = list(engine_of(profile).tables(cases, of_accounts=True))
    for held, right, wrong in zip(
        accounts, engine_of(exact).tables(cases), engine_of(profile).tables(cases), strict=True
    ):
        np.testing.assert_allclose(held.mass, right.mass, atol=1e-6)
        assert np.abs(held.mass - wrong.mass).max() > 0.01
        np.testing.assert_array_equal(held.log_marginal_likelihood, wrong.log_marginal_likelihood)


def test_tolls_from_accounts_follow_the_posterior_where_ages_are_not_known() -> None:
    """Where the distance of the sources depends on ages that are not told, counts come with the distance of theirs."""
    rows = [exactly("a", 20), exactly("b", 34, reported_at=None), exactly("a", 30, reported_at="2020-01-20")]
    found = estimate(pd.DataFrame(rows), profile=one_law(WRONG))
    (case,) = found.cases
    assert len(by_distance(case)) > 1

    profile = found.profile
    (held,) = accounts_of([case], profile, np.repeat(np.arange(1_000), 200), seed=0)
    tolls = held.adjudicated(np.random.default_rng(0).random(200_000))
    mass = found.mass("one")
    cumulative = np.cumsum(mass["probability"])
    for count in (20, 25, 30, 34, 40, 60):
        expected = cumulative[mass["count"] <= count].iloc[-1]
        assert (tolls <= count).mean() == pytest.approx(expected, abs=0.005)


def test_kept_counts_are_those_worked_out_anew() -> None:
    """Of very many cases one count is kept under each draw, with the distance of the ages that it belongs to."""
    rows = [exactly("a", 20), exactly("b", 34, reported_at=None), exactly("a", 30, reported_at="2020-01-20")]
    found = estimate(pd.DataFrame(rows), profile=one_law(WRONG))
    profile, (answer,) = found.profile, found._solved.solution.answers
    (kept,) = kept_accounts([answer], profile, seed=0)
    (anew,) = accounts_of([answer.case], profile, np.repeat(np.arange(1_000), 50), seed=0)

    assert len(np.unique(kept.scale)) > 1
    for scale in np.unique(anew.scale):
        assert (kept.scale == scale).mean() == pytest.approx((anew.scale == scale).mean(), abs=0.05)
    for count in (20, 25, 30, 34, 40):
        assert (kept.counts <= count).mean() == pytest.approx((anew.counts <= count).mean(), abs=0.05)


@settings(max_examples=60)
@given(
    count=st.integers(0, 50_000),
    wrong=st.floats(0.0, 1.0),
    scale=st.floats(0.01, 1.0),
    floor=st.integers(0, 300),
    room=st.one_of(st.none(), st.integers(0, 100_000)),
    seed=st.integers(0, 99),
)
def test_compiled_tolls_are_those_of_the_law(
    count: int, wrong: float, scale: float, floor: int, room: int | None, seed: int
) -> None:
    """The compiled quantiles are those on arrays, whatever the ends; rounding may move one by an integer."""
    at_risk = np.inf if room is None else max(floor, 1) + room
    uniforms = np.random.default_rng(seed).random(200)
    counts, wrongs, scales = (np.full(200, value) for value in (count, wrong, scale))
    expected = adjudicated.quantile(uniforms, counts, wrongs, scales, floor, at_risk)
    tolls = adjudicated.tolls(uniforms, counts, wrongs, scales, floor, at_risk)
    assert (np.abs(tolls - expected) <= 1).all()
    assert (tolls == expected).mean() > 0.98
