"""What totals are sums of: tolls of one event after another, together or apart, and how sums are told.

A total of estimates at hand and one of stored ranges are made of the same tolls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.inference.accounts import Accounts, Parents, spread_under
from estimates.inference.cases import Case
from estimates.inference.undocumented import UndocumentedLayer
from estimates.models.types import Floats, Integers
from estimates.profile.blocks import generator

#: What the undocumented remainders of different events may have in common, and so the errors of all accounts of an
#: event: nothing, or one quantile for all.
COMMON = ("independent", "common")
#: Below this power a fit is advised; so many groups are named.
ADVISED_BELOW, _GROUPS_SHOWN = 0.5, 5
#: Log marginal likelihoods are added in whole numbers of this unit, so that their order does not matter.
UNIT = 2.0**-32
_LOWEST_LOG = -1e4


class Summed(NamedTuple):
    """A row of a total: its layer, and what errors of accounts and undocumented remainders have in common."""

    layer: str
    accounts: str
    remainder: str


class About(NamedTuple):
    """The case that tolls are of."""

    event: str
    outcome: str
    at_risk: int | None

    @classmethod
    def of(cls, case: Case) -> About:
        """That of a case."""
        return cls(case.event, case.outcome, case.at_risk)


def rows_of_totals() -> list[Summed]:
    """The rows of a total."""
    documented = [Summed("documented", accounts, "") for accounts in COMMON]
    return documented + [Summed("total", accounts, remainder) for accounts in COMMON for remainder in COMMON]


def tolls_together(
    case: About, held: Accounts, kappa: Floats, common: tuple[Floats, Floats], layer: UndocumentedLayer, seed: int
) -> Iterator[tuple[Summed, Integers]]:
    """Tolls of one case under given draws, each shape (tolls,), for every row of a total.

    Parameters
    ----------
    case : About
    held : Accounts
        What its accounts hold.
    kappa : array, shape (tolls,)
        Strength of the undocumented remainder.
    common : two arrays, shape (tolls,)
        Quantiles of the errors of accounts and of remainders that all events have in common.
    layer : UndocumentedLayer
    seed : int
    """
    rng = generator(seed, "places", case.event, case.outcome)
    count, (of_all, remainder_of_all) = len(kappa), common
    errors = dict(zip(COMMON, (rng.random(count), of_all), strict=True))
    remainders = dict(zip(COMMON, (rng.random(count), remainder_of_all), strict=True))

    for accounts in COMMON:
        tolls = held.adjudicated(errors[accounts])
        yield Summed("documented", accounts, ""), tolls
        for remainder in COMMON:
            full = layer.quantile(remainders[remainder], tolls, kappa, seed, case.at_risk)
            yield Summed("total", accounts, remainder), full


def in_common(parents: Parents, seed: int) -> tuple[Floats, Floats]:
    """Quantiles of the errors of accounts and of remainders that all events have in common, shape (tolls,) each."""
    errors, remainders = (
        spread_under(parents, generator(seed, what)) for what in ("common accounts", "common remainder")
    )
    return errors, remainders


def tolls_apart(
    case: About, evenly: Integers, kappa: Floats, of_all: Floats, layer: UndocumentedLayer, seed: int
) -> Iterator[tuple[tuple[str, str], Integers]]:
    """Tolls of one case by itself, each shape (sums,), for both layers and what remainders have in common.

    Parameters
    ----------
    case : About
    evenly : integer array, shape (sums,)
        Its documented tolls at evenly spaced quantiles.
    kappa : array, shape (draws,)
        Of all draws of the profile.
    of_all : array, shape (sums,)
        Quantiles of the remainders that all events have in common.
    layer : UndocumentedLayer
    seed : int
    """
    rng = generator(seed, "apart", case.event, case.outcome)
    tolls = rng.permutation(evenly)
    drawn = kappa[rng.integers(len(kappa), size=len(tolls))]

    yield ("documented", ""), tolls
    for remainder, uniforms in zip(COMMON, (rng.random(len(tolls)), of_all), strict=True):
        yield ("total", remainder), layer.quantile(uniforms, tolls, drawn, seed, case.at_risk)


def whole_units(logs: NDArray[np.floating]) -> Integers:
    """Log marginal likelihoods, shape (draws,), in whole numbers of :data:`UNIT`, whose sums have no order."""
    return np.asarray(np.rint(np.maximum(logs, _LOWEST_LOG).astype(float) / UNIT), dtype=np.int64)


def total_row(
    summed: Summed, power: float, effective: float, found: Mapping[str, Any], independent: Mapping[str, Any]
) -> dict[str, Any]:
    """A row of a table of totals: the range ``found``, and the one that independence of the events would claim."""
    beside = {f"independent_{name}": value for name, value in independent.items() if name.startswith(("low", "high"))}
    return {**summed._asdict(), "t": round(power, 3), "effective_draws": round(effective), **found, **beside}


def advised(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The same with the advice to fit a profile, where too few draws agree with the events of a group."""
    low = sorted(set(frame.loc[frame["t"] < ADVISED_BELOW, column])) if len(frame) else []
    if low:
        others = " and others" if len(low) > _GROUPS_SHOWN else ""
        frame.attrs["advice"] = (
            f"{', '.join(low[:_GROUPS_SHOWN])}{others}: too few draws of the profile agree with these events together "
            "(t below one half); fit a profile to them, with the shipped anchors (anchors='default')"
        )
    return frame
