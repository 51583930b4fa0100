"""From what the sampler moves to parameters: scales on which the priors of each family bend little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt
from numpy.typing import NDArray
from pymc.logprob.transforms import Transform

from estimates.models.types import Floats
from estimates.profile.priors import Family, Prior

#: Families that are normal on some scale; their standard scores are sampled.
GAUSSIAN: tuple[Family, ...] = ("normal", "lognormal", "logit_normal")
#: Below this share of its scale a positive number is sampled on a logarithmic scale.
SOFTENED = 0.5


class Softened(Transform):  # type: ignore[misc]
    """Positive numbers as the softplus of what is sampled: on their own scale where large, on a log scale near zero.

    On a log scale throughout, the density of a normal cut at zero would bend far more above its middle than below: the
    sampler's steps would have to be as short as the sharpest bend asks for, and from far down the flat side it would
    hardly find back.
    """

    name = "softened"

    def __init__(self, scale: Floats) -> None:
        self._scale = scale

    def forward(self, value: Any, *inputs: Any) -> Any:
        """What is sampled, in units of the scale."""
        return value / self._scale + SOFTENED * pt.log(-pt.expm1(-value / (SOFTENED * self._scale)))

    def backward(self, value: Any, *inputs: Any) -> Any:
        """The positive number."""
        return SOFTENED * self._scale * pt.softplus(value / SOFTENED)

    def log_jac_det(self, value: Any, *inputs: Any) -> Any:
        """Logarithm of the derivative of the number by what is sampled."""
        return np.log(self._scale) - pt.softplus(-value / SOFTENED)


class SoftenedShare(Transform):  # type: ignore[misc]
    """Shares that may be close to an end: minus the logarithm of the distance to the other end, softened.

    Near their end such shares are distributed nearly as an exponential law, whose density on the log-odds scale would
    bend as that of a half-normal law does on the log scale.
    """

    name = "softenedshare"

    def __init__(self, scale: Floats, near_one: NDArray[np.bool_]) -> None:
        self._softened, self._near_one = Softened(scale), near_one

    def forward(self, value: Any, *inputs: Any) -> Any:
        """What is sampled."""
        return self._softened.forward(-pt.where(self._near_one, pt.log(value), pt.log1p(-value)))

    def backward(self, value: Any, *inputs: Any) -> Any:
        """The share."""
        logarithm = -self._softened.backward(value)
        return pt.where(self._near_one, pt.exp(logarithm), -pt.expm1(logarithm))

    def log_jac_det(self, value: Any, *inputs: Any) -> Any:
        """Logarithm of the derivative of the share by what is sampled."""
        return self._softened.log_jac_det(value) - self._softened.backward(value)


def constrained(variable: str, values: Floats, priors: Sequence[Prior]) -> Floats:
    """The model's variable from what is sampled, in NumPy.

    Parameters
    ----------
    variable : str
        Name of what is sampled; its ending tells the transform.
    values : array, shape (draws, parameters)
    priors : sequence of Prior
        Of the parameters.

    Returns
    -------
    array, shape (draws, parameters)
    """
    if variable.endswith("logodds__"):
        return np.asarray(1.0 / (1.0 + np.exp(-values)))
    if variable.endswith("softened__"):
        return _softened(values, numbers(priors)[1])
    if variable.endswith("softenedshare__"):
        scale, near_one = end_scale(priors)
        logarithm = -_softened(values, scale)
        return np.where(near_one, np.exp(logarithm), -np.expm1(logarithm))
    return values


def natural(prior: Prior, values: Floats) -> Floats:
    """A parameter from the model's variable: from standard scores of normal families, itself for the others.

    Parameters
    ----------
    prior : Prior
    values : array, shape (draws,)

    Returns
    -------
    array, shape (draws,)
    """
    if prior.family not in GAUSSIAN:
        return values

    centre, width = centres([prior])
    scaled = centre[0] + width[0] * values
    if prior.family == "lognormal":
        scaled = np.exp(scaled)
    elif prior.family == "logit_normal":
        scaled = 1.0 / (1.0 + np.exp(-scaled))
    return np.asarray(scaled, dtype=float)


def centres(priors: Sequence[Prior]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each normal on its own scale, shape (priors,) each."""
    means = []
    for prior in priors:
        if prior.family == "lognormal":
            means.append(np.log(prior.first))
        elif prior.family == "logit_normal":
            means.append(np.log(prior.first / (1.0 - prior.first)))
        else:
            means.append(prior.first)
    return np.array(means, float), np.array([prior.second for prior in priors], float)


def numbers(priors: Sequence[Prior]) -> tuple[Floats, Floats]:
    """The first and the second number of each prior, shape (priors,) each."""
    return np.array([prior.first for prior in priors], float), np.array([prior.second for prior in priors], float)


def is_near_an_end(prior: Prior) -> bool:
    """Whether the density of a share is highest at zero or one, or falls from there nearly as an exponential law."""
    return prior.family == "beta" and min(prior.first, prior.second) <= 2.0


def end_scale(priors: Sequence[Prior]) -> tuple[Floats, NDArray[np.bool_]]:
    """Scale of the logarithm of each share near an end, and whether that end is one; shape (priors,) each."""
    first, second = numbers(priors)
    return 1.0 / np.maximum(first, second), first > second


def middle(prior: Prior) -> float:
    """A value for a parameter on which nothing depends."""
    return prior.first / (prior.first + prior.second) if prior.family == "beta" else prior.first


def _softened(values: Floats, scale: Floats) -> Floats:
    """What :class:`Softened` makes of what is sampled."""
    return np.asarray(SOFTENED * scale * np.logaddexp(0.0, values / SOFTENED), dtype=float)
