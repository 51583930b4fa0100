"""Every parameter of the formulas, once: its name, what has a value of its own of it, its support, its prior group.

The layout of the vector of a corpus, the fields of the laws, the names that a fit samples and the groups of priors in
sensitivity follow from this table. A new parameter is a row here, a prior in ``estimates.profile.priors`` and the
formula that uses it; where it differs between sources or types of event, also a line in ``estimates.profile.effects``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from estimates.models.types import Floats

#: What has a value of its own: each source; all sources together; each law of sizes; each law of growth (a type of
#: event, chosen or not) and step; each group of laws of growth; each law of numbers of people missing; and
#: the layer of those never documented.
type Level = Literal["source", "reporting", "size", "step", "growth", "list", "undocumented"]
#: All real numbers; numbers of zero or more; shares between zero and one.
type Support = Literal["real", "positive", "share"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of the formulas.

    Attributes
    ----------
    name : str
    level : str
        What has a value of its own of it.
    support : str
        "real", "positive" or "share".
    group : str
        The group of priors it is scaled with in sensitivity.
    """

    name: str
    level: Level
    support: Support
    group: str


PARAMETERS = (
    Parameter("bias", "source", "real", "bias"),
    Parameter("exactness", "source", "real", "error"),
    Parameter("scale", "source", "positive", "error"),
    Parameter("copying", "source", "share", "copying"),
    Parameter("exactness_slope", "reporting", "positive", "error"),
    Parameter("outlier", "reporting", "share", "outlier"),
    Parameter("heaping", "reporting", "share", "error"),
    Parameter("at_least_shift", "reporting", "real", "error"),
    Parameter("phantom", "reporting", "share", "error"),
    Parameter("none_party", "reporting", "share", "error"),
    Parameter("none_stated", "reporting", "share", "error"),
    Parameter("none_coded", "reporting", "share", "error"),
    Parameter("none_fall", "reporting", "positive", "error"),
    Parameter("repeating", "reporting", "share", "copying"),
    Parameter("whole_group", "reporting", "share", "error"),
    Parameter("shared_error", "reporting", "share", "shared"),
    Parameter("shared_error_factor", "reporting", "positive", "shared"),
    Parameter("shared_error_base", "reporting", "positive", "shared"),
    Parameter("positive", "size", "share", "size"),
    Parameter("shape", "size", "positive", "size"),
    Parameter("scale_of_size", "size", "positive", "size"),
    Parameter("complete_logit", "step", "real", "growth"),
    Parameter("documented_shape", "step", "positive", "growth"),
    Parameter("complete_slope", "growth", "positive", "growth"),
    Parameter("low_share", "growth", "share", "growth"),
    Parameter("low_shape", "growth", "positive", "growth"),
    Parameter("over_share", "growth", "share", "growth"),
    Parameter("over_shape", "growth", "positive", "growth"),
    Parameter("rising", "growth", "positive", "growth"),
    Parameter("falling", "growth", "real", "growth"),
    Parameter("fallen", "growth", "positive", "growth"),
    Parameter("missing_excess", "list", "positive", "missing"),
    Parameter("missing_deficit", "list", "positive", "missing"),
    Parameter("missing_gross", "list", "share", "missing"),
    Parameter("missing_not_struck_off", "list", "positive", "missing"),
    Parameter("kappa", "undocumented", "positive", "undocumented"),
)


def names(level: Level) -> tuple[str, ...]:
    """Names of the parameters of one level, in the order of the table."""
    return tuple(parameter.name for parameter in PARAMETERS if parameter.level == level)


def in_support(parameter: str, values: Floats) -> bool:
    """Whether all values of a parameter, of any shape, are such as it can have."""
    support = _SUPPORTS[parameter]
    if support == "real":
        return True
    return bool(values.min() >= 0.0 and (support == "positive" or values.max() <= 1.0))


_SUPPORTS = {parameter.name: parameter.support for parameter in PARAMETERS}
SOURCE_PARAMETERS = names("source")
REPORTING_PARAMETERS = names("reporting")
SIZE_PARAMETERS = names("size")
STEP_PARAMETERS = names("step")
GROWTH_PARAMETERS = names("growth")
LIST_PARAMETERS = names("list")

#: What of a source or a type of event differs from its kind, and the parameter that it moves.
EFFECTS = {"bias": "bias", "exactness": "exactness", "error": "scale", "copying": "copying", "growth": "complete_logit"}


def group_of(prior: str) -> str:
    """Group of a prior by its name, such as ``bias.un``, ``size.killed.attack.shape`` or ``error.spread``."""
    first = prior.partition(".")[0]
    if first == "size":
        return "size"
    return next(parameter.group for parameter in PARAMETERS if parameter.name == EFFECTS.get(first, first))


#: Groups of priors, in the order in which sensitivity shows them.
GROUPS = ("size", "growth", "bias", "error", "outlier", "copying", "shared", "missing", "undocumented")
