"""What a source profile must satisfy before it is used: told when it is loaded, and blamed on the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from estimates.errors import ProfileError
from estimates.models.parameters import EFFECTS
from estimates.models.types import Floats
from estimates.profile.effects import Effect
from estimates.profile.priors import BIN_SHARES, PRIORS, Family

#: A profile of fewer draws says too little of what is known, and cannot be weighted.
FEWEST_DRAWS = 100
#: The sum of the shares of ages may differ from one by this: they were rounded when they were written.
_ROUNDING = 1e-6
#: Smallest and largest value of a parameter, by the family of its prior. Ends count as inside for numbers that are cut
#: at zero, and as outside for shares and for medians of a logarithm.
_RANGES: dict[Family, tuple[float, float, bool]] = {
    "normal": (-np.inf, np.inf, True),
    "positive_normal": (0.0, np.inf, True),
    "half_normal": (0.0, np.inf, True),
    "lognormal": (0.0, np.inf, False),
    "logit_normal": (0.0, 1.0, False),
    "beta": (0.0, 1.0, False),
}


def check_draws(parameters: Mapping[str, Floats], effects: Mapping[Effect, Floats]) -> None:
    """Check names, numbers and supports of the draws of a profile.

    Parameters
    ----------
    parameters : mapping of str to array, shape (draws,)
        Some may be missing, none may be unknown.
    effects : mapping of Effect to array, shape (draws,)

    Raises
    ------
    ProfileError
        With the first thing that is wrong.
    """
    if unknown := sorted(set(parameters) - set(PRIORS)):
        raise ProfileError(f"it holds parameters that this version does not know: {_listed(unknown)}")
    if unknown := sorted({effect.what for effect in effects if effect.kind not in EFFECTS}):
        raise ProfileError(f"it holds effects that this version does not know: {_listed(unknown)}")

    lengths = {len(values) for values in (*parameters.values(), *effects.values())}
    if len(lengths) > 1:
        raise ProfileError(f"it holds {min(lengths)} to {max(lengths)} draws: every parameter needs one number a draw")
    draws = max(lengths, default=0)
    if draws < FEWEST_DRAWS:
        raise ProfileError(f"it holds {draws or 'no'} draws and needs {FEWEST_DRAWS} or more")

    if outside := sorted(name for name, values in parameters.items() if not _supports(PRIORS[name].family, values)):
        name = outside[0]
        low, high, _ = _RANGES[PRIORS[name].family]
        worst = parameters[name][np.argmax(np.abs(parameters[name]))]
        raise ProfileError(
            f"it has draws of {_listed(outside)} where no such parameter can lie: {name} is {worst:g} in one of them, "
            f"and goes from {low:g} to {high:g}"
        )


def check_shares(shares: Sequence[float]) -> None:
    """Check the shares of ages for figures of unknown age.

    Raises
    ------
    ProfileError
        If they are not one share an age bin, or do not sum to one.
    """
    right = len(shares) == len(BIN_SHARES) and all(0.0 <= share <= 1.0 for share in shares)
    if not right or abs(sum(shares) - 1.0) > _ROUNDING:
        raise ProfileError(
            f"it needs {len(BIN_SHARES)} shares of ages from 0 to 1 that sum to one, found {tuple(shares)}"
        )


def _supports(family: Family, values: Floats) -> bool:
    low, high, ends_count = _RANGES[family]
    if not np.isfinite(values).all():
        return False
    if ends_count:
        return bool(((values >= low) & (values <= high)).all())
    return bool(((values > low) & (values < high)).all())


def _listed(names: Iterable[str], most: int = 5) -> str:
    named = list(names)
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more
