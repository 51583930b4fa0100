"""The layer between the documentable and the full toll, which users choose: elicited, none, learned or an analyst's.

No table of reports can check what is never documented. So this layer is not estimated with the rest, and every output
says which one was used. The mathematics stands in `estimates.models.undocumented`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.engine import Engine
from estimates.inference.enumerations import enumerations
from estimates.models import importance, undocumented
from estimates.models.grid import Grid
from estimates.models.remainder import Spread
from estimates.models.types import Floats, Integers
from estimates.models.undocumented import LARGEST_RATIO, GumbelMixture, RatioLaw
from estimates.profile.blocks import generator
from estimates.text import factor, line_of, plural
from estimates.vocabulary import WITHOUT_LAYERS

#: Layers that can be asked for by name.
LAYERS_BY_NAME = ("elicited", "none")
#: Grid of the learned layer: strengths (kappa) spaced evenly in the logarithm, and shares of complete tolls.
_KAPPA = np.geomspace(0.05, 8.0, 72)
_COMPLETE = (np.arange(40) + 0.5) / 40
#: Priors of the learned layer; both are judgements. The strength is lognormal (median, standard deviation of the
#: logarithm), with the middle and spread of the published prior and a longer tail above, since enumerations may find
#: more than coders judged. The share of complete tolls has a beta law with the elicited mean, worth ten enumerations.
_KAPPA_PRIOR = (0.9, 0.5)
_COMPLETE_PRIOR = (3.5, 6.5)
#: Strengths with less probability than this are left out of the learned law.
_NEGLIGIBLE = 1e-6
#: Where more probability than this stands at the largest strength, the grid is too short.
_MOST_AT_THE_END = 0.01


@dataclass(frozen=True, eq=False, repr=False)
class UndocumentedLayer:
    """A law of the full toll given the documentable one; make it with one of the four constructors.

    Attributes
    ----------
    name : {"elicited", "none", "learned", "analyst"}
    description : str
        What it assumes, in a sentence or two for readers of a report.
    """

    name: str
    description: str
    _law: GumbelMixture | RatioLaw | None = field(default=None)

    @classmethod
    def elicited(cls) -> UndocumentedLayer:
        """From judgements of expert coders, with the strength ``kappa`` of the source profile.

        Examples
        --------
        >>> UndocumentedLayer.elicited().name
        'elicited'
        """
        return cls("elicited", "The full toll adds a remainder that is never documented, from judgements of coders.")

    @classmethod
    def none(cls) -> UndocumentedLayer:
        """Nobody is missing from what can be documented: the full toll is the documented one.

        Examples
        --------
        >>> UndocumentedLayer.none()
        <UndocumentedLayer none: Nobody is added to those documented in the end: the full toll is the same number.>
        """
        law = RatioLaw(np.array([0.0, 1.0]), np.zeros(2))
        return cls("none", "Nobody is added to those documented in the end: the full toll is the same number.", law)

    @classmethod
    def analyst(cls, ratios: Mapping[float, float]) -> UndocumentedLayer:
        """Your own judgement: quantiles of the full toll as a multiple of the documented one.

        Parameters
        ----------
        ratios : mapping of float to float
            Ratio at each probability, such as ``{0.1: 1.0, 0.5: 1.2, 0.9: 2.0}``: one chance in ten that nobody is
            missing, even chances of less or more than a fifth. Between them the logarithm of the ratio is linear in
            the probability, from a ratio of one at probability zero; above the last one its density goes on and
            falls off exponentially.

        Raises
        ------
        EstimatesError
            If there is no quantile, a probability is not above 0 and at most 1, or a ratio is below one, above a
            million or falls.

        Examples
        --------
        >>> UndocumentedLayer.analyst({0.5: 1.2, 0.9: 2.0}).description
        'The full toll is a multiple of the documented one, as judged by the analyst: ×1.20 at 50%, ×2.00 at 90%.'
        """
        said = {_number(probability): _number(ratio) for probability, ratio in ratios.items()}
        stated = dict(sorted(said.items()))
        if not stated:
            raise EstimatesError("ratios: give one or more quantiles of the ratio, such as {0.1: 1.0, 0.5: 1.2}")

        probabilities, values = np.array(list(stated)), np.array(list(stated.values()))
        if not ((probabilities > 0) & (probabilities <= 1)).all():
            raise EstimatesError(f"ratios: probabilities {list(stated)} must lie above 0 and at most at 1")
        if not ((values >= 1) & (values <= LARGEST_RATIO)).all():
            raise EstimatesError(
                f"ratios: {values.tolist()} must lie between 1 and {LARGEST_RATIO:,.0f}, since the full toll holds "
                "those documented"
            )
        if (np.diff(values) < 0).any():
            raise EstimatesError(f"ratios: {values.tolist()} fall although their probabilities rise; sort them")

        quantiles = ", ".join(f"{factor(ratio)} at {probability:.0%}" for probability, ratio in stated.items())
        description = f"The full toll is a multiple of the documented one, as judged by the analyst: {quantiles}."
        law = RatioLaw(np.concatenate([[0.0], probabilities]), np.concatenate([[0.0], np.log(values)]))
        return cls("analyst", description, law)

    @classmethod
    def learned(cls, pairs: pd.DataFrame) -> UndocumentedLayer:
        """From events of which both the documented toll and an independent enumeration are known.

        The strength and the share of complete tolls of the elicited law get a posterior on a grid, from the exact
        probability of each enumeration (`estimates.models.undocumented.enumeration_log_likelihood`). The documented
        tolls must not be taken from the enumerations, and the events must be like those estimated.

        Parameters
        ----------
        pairs : DataFrame
            One row an event: ``documented`` and ``enumerated``, whole numbers; optionally ``low`` and ``high``, the
            ends of what the enumeration found. Rows with none documented say nothing.

        Raises
        ------
        EstimatesError
            If a column is missing, a number is no whole number of zero or more, an enumeration lies below what is
            documented, or the law cannot explain the pairs.

        Examples
        --------
        >>> pairs = pd.DataFrame({"documented": [10, 20, 40], "enumerated": [15, 22, 70]})
        >>> UndocumentedLayer.learned(pairs).name
        'learned'
        """
        documented, low, high = enumerations(pairs)

        prior = -0.5 * (np.log(_KAPPA / _KAPPA_PRIOR[0]) / _KAPPA_PRIOR[1]) ** 2
        a, b = _COMPLETE_PRIOR
        prior_share = (a - 1) * np.log(_COMPLETE) + (b - 1) * np.log1p(-_COMPLETE)
        found = undocumented.enumeration_log_likelihood(documented, low, high, _KAPPA, _COMPLETE)
        joint = found + prior[:, None] + prior_share
        mass = np.exp(joint - joint.max())
        mass /= mass.sum()

        # Given the strength, the law is linear in the share of complete tolls. So the mean of that share is all that a
        # single event needs; what events have in common is the strength only.
        shares = mass.sum(axis=1)
        if not shares[-1] < _MOST_AT_THE_END:
            raise EstimatesError(
                "pairs: enumerations lie so far above what is documented that the elicited law cannot explain them at "
                f"any strength up to {_KAPPA[-1]:g}; state the ratio yourself with UndocumentedLayer.analyst"
            )

        complete = (mass @ _COMPLETE) / np.maximum(shares, 1e-300)
        kept = shares > _NEGLIGIBLE
        law = GumbelMixture(_KAPPA[kept], complete[kept], shares[kept] / shares[kept].sum())
        return cls("learned", _describe(law, len(documented)), law)

    @property
    def fingerprint(self) -> str:
        """Hash of the law, for provenance."""
        digest = hashlib.sha256(self.name.encode())
        if self._law is not None:
            for values in vars(self._law).values():
                digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()[:16]

    def of(self, outcome: str) -> UndocumentedLayer:
        """The layer of one outcome: itself, and nobody where those counted are not documented one by one.

        Examples
        --------
        >>> UndocumentedLayer.elicited().of("displaced").name
        'none'
        """
        return UndocumentedLayer.none() if outcome in WITHOUT_LAYERS else self

    def total(
        self, table: NDArray[np.floating], weights: Floats, engine: Engine, grid: Grid, at_risk: int | None = None
    ) -> Floats:
        """Probability of each cell for the full toll.

        Parameters
        ----------
        table : array, shape (cells, draws)
            Probability of each cell for the documentable toll.
        weights : array, shape (draws,)
            Of the engine's draws.
        engine : Engine
            Whose profile has the strength of the remainder in each draw, which the elicited layer uses.
        grid : Grid
        at_risk : int, optional
            How many people could have been hit at most: the law of each full toll is taken given that it is no larger.

        Returns
        -------
        array, shape (cells,)

        Examples
        --------
        >>> from estimates.inference.engine import engine_of
        >>> grid, engine = found.cases[0].grid, engine_of(found.profile.first(100))
        >>> table = np.full((len(grid), 100), 1.0 / len(grid), dtype=np.float32)
        >>> UndocumentedLayer.none().total(table, np.full(100, 0.01), engine, grid).shape == (len(grid),)
        True
        """
        return self.documented_and_total(table, weights, engine, grid, at_risk)[1]

    def documented_and_total(
        self, table: NDArray[np.floating], weights: Floats, engine: Engine, grid: Grid, at_risk: int | None = None
    ) -> tuple[Floats, Floats]:
        """Probability of each cell for the documented and the full toll, (cells,) each; see :meth:`total`.

        Examples
        --------
        >>> from estimates.inference.engine import engine_of
        >>> grid, engine = found.cases[0].grid, engine_of(found.profile.first(100))
        >>> table = np.full((len(grid), 100), 1.0 / len(grid), dtype=np.float32)
        >>> len(UndocumentedLayer.none().documented_and_total(table, np.full(100, 0.01), engine, grid))
        2
        """
        if self._law is None:
            return engine.remainder(grid).layers(table, weights, at_risk)
        documented = importance.average(table, weights)
        if self.name == "none":
            return documented, documented
        return documented, _spread(self._law, grid).total(documented, at_risk)

    def quantile(
        self, uniforms: Floats, tolls: Integers, kappa: Floats, seed: int, at_risk: int | None = None
    ) -> Integers:
        """Full tolls at given quantiles, one for each draw; what events share is the same in every call with one seed.

        Parameters
        ----------
        uniforms, tolls, kappa : arrays, shape (draws,)
            Probabilities of the quantiles, documentable tolls, and the strength of the remainder, which the elicited
            layer uses.
        seed : int
        at_risk : int, optional
            How many people could have been hit at most: quantiles are those of the law up to that number.

        Returns
        -------
        integer array, shape (draws,)

        Examples
        --------
        >>> layer, ones = UndocumentedLayer.analyst({0.5: 2.0}), np.ones(1)
        >>> layer.quantile(0.5 * ones, np.array([18]), ones, seed=0).tolist()
        [36]
        """
        law = self._law
        if isinstance(law, RatioLaw):
            return _up_to(at_risk, uniforms, tolls, law.survival, law.quantile)

        complete = np.full(len(tolls), undocumented.COMPLETE_SHARE)
        if law is not None:
            component = importance.resample(law.shares, len(tolls), 0.5)
            component = component[generator(seed, "undocumented").permutation(len(tolls))]
            kappa, complete = law.kappa[component], law.complete_share[component]
        return _up_to(
            at_risk,
            uniforms,
            tolls,
            lambda count, toll: undocumented.survival(count, toll, kappa, complete),
            lambda uniform, toll: undocumented.quantile(uniform, toll, kappa, complete),
        )

    def at_least(self, count: int, tolls: Floats, kappa: Floats, at_risk: int | None = None) -> NDArray[np.floating]:
        """P(full toll of ``count`` or more) given documentable ones of one or more.

        Parameters
        ----------
        count : int
        tolls, kappa : arrays that broadcast
            Documentable tolls, and the strength of the remainder, which the elicited layer uses.
        at_risk : int, optional
            How many people could have been hit at most.

        Returns
        -------
        array, of the shape that both broadcast to

        Examples
        --------
        >>> UndocumentedLayer.none().at_least(20, np.array([18.0, 21.0]), np.array(1.0)).tolist()
        [0.0, 1.0]
        """
        law = self._law
        survival = law.survival if law is not None else lambda more, toll: undocumented.survival(more, toll, kappa)
        shape = np.broadcast_shapes(np.shape(tolls), np.shape(kappa))
        toll = np.maximum(tolls, 1.0)
        found = np.where(toll >= count, 1.0, survival(np.maximum(float(count), toll + 1.0), toll))
        if at_risk is not None:
            beyond = survival(np.maximum(at_risk + 1.0, toll + 1.0), toll)
            found = np.where(toll >= count, 1.0, np.clip((found - beyond) / (1.0 - beyond), 0.0, 1.0))
        return np.broadcast_to(found, shape)

    def __repr__(self) -> str:
        return line_of(f"UndocumentedLayer {self.name}", self.description)


def _up_to(
    at_risk: int | None,
    uniforms: Floats,
    tolls: Integers,
    survival: Callable[[Floats, Floats], Floats],
    quantile: Callable[[Floats, Integers], Integers],
) -> Integers:
    """Quantiles of a law of the full toll given that it is at most a number, where there is one; all of (draws,)."""
    if at_risk is None:
        return quantile(uniforms, tolls)
    most = np.maximum(tolls, at_risk)
    beyond = survival(most + 1.0, np.maximum(tolls, 1.0))
    return np.asarray(np.minimum(quantile(uniforms * (1.0 - beyond), tolls), most), dtype=np.int64)


@lru_cache(maxsize=4)
def _spread(law: GumbelMixture | RatioLaw, grid: Grid) -> Spread:
    """The tables of a law on a grid, kept for the next case on it."""
    return Spread(law, grid)


def known_layer(layer: UndocumentedLayer | str) -> UndocumentedLayer:
    """A layer, or the one with that name.

    Raises
    ------
    EstimatesError
        If it is neither a layer nor one of the names.
    """
    if isinstance(layer, UndocumentedLayer):
        return layer
    if layer == "elicited":
        return UndocumentedLayer.elicited()
    if layer == "none":
        return UndocumentedLayer.none()
    raise EstimatesError(
        f"undocumented {layer!r}: write {' or '.join(LAYERS_BY_NAME)}, or give UndocumentedLayer.learned(pairs) or "
        "UndocumentedLayer.analyst(ratios)"
    )


def _describe(law: GumbelMixture, count: int) -> str:
    order = np.argsort(law.kappa)
    cumulative = np.cumsum(law.shares[order])
    low, middle, high = (float(law.kappa[order][np.searchsorted(cumulative, p)]) for p in (0.1, 0.5, 0.9))
    complete = float(law.shares @ law.complete_share)
    return (
        f"The full toll adds a remainder learned from {plural(count, 'independent enumeration')}: its strength, kappa, "
        f"is put at {middle:.2f} (80% range {low:.2f} to {high:.2f}), and nobody is missing with a probability of "
        f"{complete:.0%}."
    )


def _number(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise EstimatesError(f"ratios: {value!r} is not a number") from None
