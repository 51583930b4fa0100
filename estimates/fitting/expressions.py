"""Parameters and effects as expressions of what the model of a fit samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytensor.tensor as pt

from estimates.fitting.transforms import middle
from estimates.profile.effects import NOTHING, Effect
from estimates.profile.priors import PRIORS


class Expressions:
    """Parameters and effects as the model samples them, as ``profile.effects`` asks for them; shape (names,).

    Parameters
    ----------
    families : mapping of str to tuple of str
        Names of the parameters in each of the model's variables.
    variables : mapping of str to expression
        The variables, on the scales on which the normal families are normal.
    effects : sequence of Effect
    scores : expression, shape (effects,)
        Parameters and effects that the model does not sample count as the middle of their prior, and as zero.
    """

    def __init__(
        self,
        families: Mapping[str, Sequence[str]],
        variables: Mapping[str, Any],
        effects: Sequence[Effect],
        scores: Any,
    ) -> None:
        gaussian = families["gaussian"]
        logs = np.array([PRIORS[name].family == "lognormal" for name in gaussian])
        logits = np.array([PRIORS[name].family == "logit_normal" for name in gaussian])
        values = variables["gaussian"]
        natural = pt.where(logs, pt.exp(values), pt.where(logits, pt.sigmoid(values), values))
        sampled = [natural, *(variables[family] for family in families if family != "gaussian")]

        order = [name for names in families.values() for name in names]
        others = [name for name in PRIORS if name not in order]
        constants = np.array([*(middle(PRIORS[name]) for name in others), 0.0])
        self._values = pt.concatenate([*sampled, constants])
        self._at = {name: place for place, name in enumerate([*order, *others, NOTHING])}

        self._scores = pt.concatenate([scores, np.zeros(1)])
        self._effect_at = {effect: place for place, effect in enumerate(effects)}

    def named(self, names: Sequence[str]) -> Any:
        """Parameters by name."""
        return self._values[np.array([self._at[name] for name in names], dtype=np.int64)]

    def scores(self, effects: Sequence[Effect]) -> Any:
        """Standard scores of effects."""
        unknown = len(self._effect_at)
        return self._scores[np.array([self._effect_at.get(effect, unknown) for effect in effects], dtype=np.int64)]
