"""Parameters that are the same of several things, laid side by side: the bias of each type of source is one variable.

The names of parameters say what each is of: ``bias.un``, ``size.killed.attack.shape``, ``complete_logit.ordinary.0``.
Where a profile holds a parameter of all things of a kind, the values become one array with a dimension for the kind;
all others stay by their own names. The template of an array leads back from its labels to the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from estimates.models.types import Floats
from estimates.profile.priors import GROWTH_GROUPS, OTHER_TYPES, PRIORS, SOURCE_CLASSES
from estimates.vocabulary import AFFILIATIONS

__all__ = ["DIMENSIONS", "Variable", "names_of", "side_by_side"]

_TYPES = (*SOURCE_CLASSES, *(f"other.{kind}" for kind in OTHER_TYPES))
#: The variables with a dimension, and the names of the parameters that they are made of.
_TEMPLATES = {
    "bias": "bias.{source_type}",
    "bias_by_affiliation": "bias.{affiliation}",
    "exactness_by_type": "exactness.{source_type}",
    "error_by_type": "error.{source_type}",
    "size_positive": "size.{size_law}.positive",
    "size_shape": "size.{size_law}.shape",
    "size_scale": "size.{size_law}.scale",
    "complete_logit": "complete_logit.{growth_group}.{step}",
    "complete_logit_spread": "complete_logit.spread.{growth_group}",
    "documented_shape": "documented_shape.{growth_group}.{step}",
    **{
        name: name + ".{growth_group}"
        for name in ("complete_slope", "low_share", "low_shape", "over_share", "over_shape")
    },
    **{f"missing_{part}": f"missing_{part}.{{list_law}}" for part in ("excess", "deficit", "gross")},
}


class Variable(NamedTuple):
    """One variable of a profile.

    Attributes
    ----------
    name : str
    template : str
        The names of its parameters, with the dimensions in braces; the one name where there are none.
    labels : dict of str to tuple of str
        Of each dimension, in their order.
    values : array, shape (draws, ...)
        A dimension for each kind of label.
    """

    name: str
    template: str
    labels: dict[str, tuple[str, ...]]
    values: Floats


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    steps = _found(r"complete_logit\.ordinary\.(\d+)")
    return {
        "source_type": _TYPES,
        "affiliation": tuple(each for each in AFFILIATIONS if each != "neutral"),
        "size_law": _found(r"size\.(.+)\.positive"),
        "growth_group": tuple(GROWTH_GROUPS),
        "step": steps,
        "list_law": _found(r"missing_excess\.(.+)"),
    }


def _found(pattern: str) -> tuple[str, ...]:
    return tuple(found[1] for name in PRIORS if (found := re.fullmatch(pattern, name)))


#: What the dimensions beside chains and draws are called.
DIMENSIONS = ("source_type", "affiliation", "size_law", "growth_group", "step", "list_law")


def names_of(template: str, labels: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Names of the parameters of a variable, in the order of its values.

    Parameters
    ----------
    template : str
    labels : mapping of str to iterable of str
        Of each dimension that the template names.
    """
    for each in product(*labels.values()):
        yield template.format(**dict(zip(labels, each, strict=True)))


def side_by_side(parameters: Mapping[str, Floats]) -> list[Variable]:
    """The parameters of a profile, shape (draws, ...) each, as variables.

    Parameters
    ----------
    parameters : mapping of str to array
        By the names of ``estimates.profile.priors.PRIORS``, or of somebody's own.
    """
    result, taken = [], set()
    for variable, template in _TEMPLATES.items():
        labels = {name: _labels()[name] for name in re.findall(r"{(\w+)}", template)}
        names = list(names_of(template, labels))
        if variable in parameters or not parameters.keys() >= set(names):
            continue
        taken.update(names)
        first = parameters[names[0]]
        values = np.stack([parameters[name] for name in names], axis=-1)
        shape = (*np.shape(first), *map(len, labels.values()))
        result.append(Variable(variable, template, labels, values.reshape(shape)))

    alone = [Variable(name, name, {}, values) for name, values in parameters.items() if name not in taken]
    return [*result, *alone]
