"""The derivatives that stand beside formulas are those of finite differences, and what is gathered equals its parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from estimates.models import adjudicated, copying, growth, reporting, size

type Formula = Callable[..., float]

#: Each formula as a function of one number, where that stands, and its derivative there.
SLOPES: dict[str, tuple[Formula, float, float]] = {
    "own share": (lambda c: copying.own_share(c, 3.0), 0.2, copying.own_share_slope(0.2, 3.0)),
    "odds of a copy": (copying.odds_of_copy, 0.2, copying.odds_of_copy_slope(0.2)),
    "phantom": (lambda s: reporting.phantom_above(1.7, s), 0.4, reporting.phantom_above_slope(1.7, 0.4)),
    "below": (lambda z: 1.0 / (1.0 + 1.5 * 2.718281828459045**z), 0.0, reporting.below_slope(1.0 / 2.5)),
    "complete": (lambda z: growth.complete(2.0, 2.718281828459045**-z), 0.0, growth.complete_slope(1.0 / 3.0)),
    "survival by shape": (lambda a: size.survival(7.0, a, 2.0), 1.3, size.survival_slopes(7.0, 1.3, 2.0)[0]),
    "survival of a shape that is cut": (lambda a: size.survival(7.0, a, 2.0), 2.5, 0.0),
    "raised share by share": (lambda s: growth.raised_share(s, 1.3), 0.2, growth.raised_share_slopes(0.2, 1.3)[0]),
    "raised share by addition": (lambda a: growth.raised_share(0.2, a), 1.3, growth.raised_share_slopes(0.2, 1.3)[1]),
    "spread by base": (lambda a: adjudicated.spread(a, 1.3, 0.2), 0.1, adjudicated.spread_slopes(0.1, 1.3, 0.2)[0]),
    "spread by factor": (lambda c: adjudicated.spread(0.1, c, 0.2), 1.3, adjudicated.spread_slopes(0.1, 1.3, 0.2)[1]),
    "survival by scale": (lambda s: size.survival(7.0, 1.3, s), 2.0, size.survival_slopes(7.0, 1.3, 2.0)[1]),
}
HELD = (0.7, 3.0, 0.1, 0.04)
UPDATE = (True, 0.2, 2.0, 3.0, 1.0, 0.3)


def central(function: Formula, at: float) -> float:
    return (function(at + 1e-6) - function(at - 1e-6)) / 2e-6


@pytest.mark.parametrize("name", SLOPES)
def test_slopes_are_those_of_finite_differences(name: str) -> None:
    """Every derivative of one number by another."""
    function, at, slope = SLOPES[name]
    assert slope == pytest.approx(central(function, at), rel=1e-6)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_slopes_of_holding_the_count_exactly(place: int) -> None:
    """By the odds of an error, by the odds above one half and by the share of gross errors."""
    slope = central(lambda moved: reporting.held_exactly(*HELD[:place], moved, *HELD[place + 1 :]), HELD[place])
    assert reporting.held_exactly_slopes(*HELD)[place] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("is_update", [True, False])
def test_slopes_of_own_and_copied(is_update: bool) -> None:
    """Of both numbers by the readiness to copy, then of both by repeating."""
    _, readiness, before, others, repeats, repeating = UPDATE
    found = copying.own_and_copied_slopes(is_update, *UPDATE[1:])
    for number in (0, 1):
        by_readiness = central(
            lambda c, n=number: copying.own_and_copied(is_update, c, before, others, repeats, repeating)[n], readiness
        )
        by_repeating = central(
            lambda r, n=number: copying.own_and_copied(is_update, readiness, before, others, repeats, r)[n], repeating
        )
        assert found[number] == pytest.approx(by_readiness, rel=1e-6)
        assert found[2 + number] == pytest.approx(by_repeating, rel=1e-6)


def test_two_points_are_told_by_one_division() -> None:
    """``two_below`` is the distribution function at each, and their difference is what lies between."""
    high, low = reporting.two_below(0.5, 2.0)
    assert (high, low) == (pytest.approx(1.0 / 1.5), pytest.approx(1.0 / 3.0))
    assert reporting.between(2.0, 0.5) == pytest.approx(high - low)


def test_shares_of_the_ways_to_be_revised_are_those_of_a_step() -> None:
    """A step that is not complete mixes its three means by the shares, whose derivatives are finite differences."""
    shares = growth.revision_shares(0.2, 0.3)
    for way in range(3):
        means = [float(way == other) for other in range(3)]
        assert growth.step(5.0, 0.0, *means, 0.2, 0.3) == pytest.approx(shares[way])
        by_low, by_over = growth.revision_shares_slopes(0.2, 0.3)
        assert by_low[way] == pytest.approx(central(lambda s, w=way: growth.revision_shares(s, 0.3)[w], 0.2))
        assert by_over[way] == pytest.approx(central(lambda s, w=way: growth.revision_shares(0.2, s)[w], 0.3))
