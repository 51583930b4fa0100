"""Source profiles: posterior (or prior) draws of all that is shared between events, kept apart from the events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from estimates.errors import ProfileError
from estimates.models.growth import Growth
from estimates.models.missing import ListLaw
from estimates.models.parameters import REPORTING_PARAMETERS
from estimates.models.reporting import ReportingModel
from estimates.models.silence import Attention
from estimates.models.size import Size
from estimates.models.types import Floats
from estimates.profile.effects import (
    NOTHING,
    Effect,
    GrowthLaw,
    SourceKey,
    group_parameters,
    growth_laws,
    source_parameters,
    step_parameters,
    vector_of,
)
from estimates.profile.priors import BIN_SHARES, PRIORS, Prior, changed_priors, normal_scores, size_law

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Number of draws of the published priors: as many as suffice for most events, and all that there are.
DRAWS, ALL_DRAWS = 1_000, 4_000
#: Profiles that can be asked for by name, and the one that is used where none is given.
PROFILE_NAMES = ("default", "published")
DEFAULT_PROFILE = "default"
#: The fact that a profile is of a file which names the events it was learned from, and has no marks of them.
KNOWN_BY_NAME = "events_known_by_name"
#: The file of the default profile, among the package's data.
DEFAULT_PROFILE_FILE = "default_profile.npz"


@dataclass(frozen=True)
class Learned:
    """A source a profile was learned from.

    Attributes
    ----------
    source_type : str
        The type it was pooled with.
    events, reports : int
        How many it was heard in, and how often.
    """

    source_type: str
    events: int
    reports: int


@dataclass(frozen=True, eq=False)
class SourceProfile:
    """Draws of source, size, growth and wording parameters; draw ``m`` of every parameter belongs together.

    Attributes
    ----------
    name : str
    seed : int
        Keys the draws of sources that the profile does not know.
    parameters : mapping of str to array, shape (draws,)
        By the names of ``estimates.profile.priors.PRIORS``.
    effects : mapping of Effect to array, shape (draws,)
        Standard scores of the sources and types of event the profile was learned from; all others are drawn anew.
    sources : mapping of str to Learned
        The sources it was learned from.
    bin_shares : tuple of float
        Shares of ages for figures of unknown age.
    learned_from : frozenset of str
        Marks (``table.marks``) of the events the profile was learned from; they carry no weight when estimated with it.
        Names of events where the profile is of an older file: ``facts`` say so.
    facts : mapping of str to str, int or float
        How it was learned: method, data hash, versions, diagnostics.
    """

    name: str
    seed: int
    parameters: Mapping[str, Floats]
    effects: Mapping[Effect, Floats] = field(default_factory=dict)
    sources: Mapping[str, Learned] = field(default_factory=dict)
    bin_shares: tuple[float, ...] = BIN_SHARES
    learned_from: frozenset[str] = field(default_factory=frozenset)
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        missing = sorted(set(PRIORS) - set(self.parameters))
        if missing:
            raise ProfileError(f"profile {self.name!r} lacks the parameters {', '.join(missing)}")

        everything = self._everything
        shapes = {np.shape(values) for values in everything.values()}
        if len(shapes) != 1 or len(next(iter(shapes))) != 1:
            raise ProfileError(f"profile {self.name!r}: every parameter needs one number a draw, found shapes {shapes}")

        bad = sorted(name for name, values in everything.items() if not np.isfinite(values).all())
        if bad:
            raise ProfileError(f"profile {self.name!r} has incomplete draws (NaN or infinite) in {', '.join(bad)}")
        for values in everything.values():
            values.setflags(write=False)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.parameters["kappa"])

    @property
    def kappa(self) -> Floats:
        """Strength of the undocumented remainder, shape (draws,)."""
        return self.parameters["kappa"]

    @property
    def priors(self) -> dict[str, Prior]:
        """The priors behind the draws: the published ones, but for those that ``facts["priors"]`` says were set."""
        return changed_priors(json.loads(str(self.facts.get("priors", "{}"))))

    def size(self, outcome: str, event_type: str) -> Size:
        """Law of the documentable toll of one outcome in one type of event."""
        prefix = size_law(outcome, event_type)
        return Size(*(self.parameters[f"{prefix}.{part}"] for part in ("positive", "shape", "scale")))

    def growth(self, event_type: str, *, chosen: bool = False) -> Growth:
        """Steps of growth of one type of event; of a type that does not tell the group, half of the draws from each.

        Parameters
        ----------
        event_type : str
        chosen : bool
            Whether the event is told of because its toll was revised, or because it is famous.
        """
        laws, draws = growth_laws(event_type, chosen=chosen), _Draws(self)
        steps = {name: np.stack(each, axis=-1) for name, each in step_parameters(laws, draws).items()}
        shared = group_parameters([law.group for law in laws], draws)

        of_group = np.arange(self.draws) % len(laws)
        each = np.arange(self.draws)
        slope, *others = (values[of_group, each] for values in shared)
        return Growth(
            steps["complete_logit"][of_group, each], slope, steps["documented_shape"][of_group, each], *others
        )

    def reporting(self, source: str, source_type: str, affiliation: str) -> ReportingModel:
        """How one source counts: its own draw from its type, the same in every event and call.

        A source the profile was learned from has the type it was learned with.
        """
        if source in self.sources:
            source_type = self.sources[source].source_type
        own = source_parameters([SourceKey(source, source_type, affiliation)], _Draws(self))
        shared = {name: self.parameters[name] for name in REPORTING_PARAMETERS}
        return ReportingModel(**{name: values[0] for name, values in own.items()}, **shared)

    def list_law(self, law: str, is_violence: bool) -> ListLaw:
        """What numbers of people missing are like, each parameter of shape (draws,).

        Parameters
        ----------
        law : str
            One of ``models.missing.LIST_LAWS``.
        is_violence : bool
            Whether the dead who were counted may still be on the list.
        """
        excess, deficit, gross = (self.parameters[f"missing_{part}.{law}"] for part in ("excess", "deficit", "gross"))
        struck_off = self.parameters["missing_not_struck_off.violence"] if is_violence else np.zeros(self.draws)
        return ListLaw(excess, deficit, gross, struck_off)

    def vectors(self, keys: Sequence[SourceKey], size_laws: Sequence[str], laws: Sequence[GrowthLaw]) -> Floats:
        """What a corpus of events takes at every draw, shape (draws, length): see ``effects.vector_of``."""
        return np.ascontiguousarray(vector_of(keys, size_laws, laws, _Draws(self)).T)

    def scores(self, effect: Effect) -> Floats:
        """Standard scores of an effect, shape (draws,): learned, or drawn from those of its kind, keyed by its name."""
        if effect in self.effects:
            return self.effects[effect]
        return normal_scores(self.draws, self.seed, "trait", *effect)

    def attention(self, source: str) -> Attention:
        """How readily a source gives a figure of an event that it watches: learned, or the prior."""
        return self._attention.get(source, Attention())

    @cached_property
    def _attention(self) -> dict[str, Attention]:
        told = json.loads(str(self.facts.get("attention", "{}")))
        return {source: Attention(*values) for source, values in told.items()}

    def first(self, draws: int) -> SourceProfile:
        """The profile with its first draws only, in every other way the same; itself where it has no more.

        The first 1,000 draws, or any thousands, are those of the whole profile in effects that are drawn anew too.

        Parameters
        ----------
        draws : int
        """
        if draws >= self.draws:
            return self
        if draws not in self._firsts:
            parameters = {name: values[:draws] for name, values in self.parameters.items()}
            effects = {effect: values[:draws] for effect, values in self.effects.items()}
            self._firsts[draws] = replace(self, parameters=parameters, effects=effects)
        return self._firsts[draws]

    @cached_property
    def _firsts(self) -> dict[int, SourceProfile]:
        return {}

    def knows(self, event: str, mark: str) -> bool:
        """Whether the profile was learned from an event, so that its figures must not be used again.

        Parameters
        ----------
        event, mark : str
            The name of the event, which counts for profiles of older files alone, and its mark.
        """
        return mark in self.learned_from or (KNOWN_BY_NAME in self.facts and event in self.learned_from)

    def save(self, path: str | Path) -> Path:
        """Write the profile to a file: netCDF (``.nc``), or NumPy (``.npz``, rounded to single precision).

        Raises
        ------
        ProfileError
            If the ending is neither, or the file cannot be written.
        """
        from estimates.profile.storage import save_profile

        return save_profile(self, path)

    def summary(self) -> pd.DataFrame:
        """One row a source and type: bias, exactness, error, over-reporting, copying and how much is still prior."""
        from estimates.profile.summary import summary

        return summary(self)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the biases of :meth:`summary` with their 90% ranges on Matplotlib's axes, by default of a new figure."""
        from estimates.plots import sources

        return sources(self, axes)

    @property
    def _everything(self) -> dict[str, Floats]:
        return by_name(self.parameters, self.effects)

    @property
    def fingerprint(self) -> str:
        """Hash of all draws, for provenance."""
        about = (self.name, self.seed, self.bin_shares, self.learned_from, self.sources)
        return fingerprint_of(*about, self._everything)


class _Draws:
    """The draws of a profile, as ``effects`` asks for them: shape (names, draws)."""

    def __init__(self, profile: SourceProfile) -> None:
        self._profile = profile

    def named(self, names: Sequence[str]) -> Floats:
        zeros = np.zeros(self._profile.draws)
        return np.stack([zeros if name == NOTHING else self._profile.parameters[name] for name in names])

    def scores(self, effects: Sequence[Effect]) -> Floats:
        return np.stack([self._profile.scores(effect) for effect in effects])


def fingerprint_of(
    name: str,
    seed: int,
    bin_shares: Sequence[float],
    learned_from: Iterable[str],
    sources: Mapping[str, Learned],
    draws: Mapping[str, Floats],
) -> str:
    """Hash of what a profile holds.

    Parameters
    ----------
    draws : mapping of str to array, shape (draws,)
        Parameters and effects by their names.
    """
    about = f"{name}|{seed}|{tuple(bin_shares)}|{sorted(learned_from)}"
    digest = hashlib.sha256(about.encode("utf-8", "surrogatepass"))
    digest.update(repr(sorted(sources.items())).encode("utf-8", "surrogatepass"))

    for called, values in sorted(draws.items()):
        digest.update(called.encode("utf-8", "surrogatepass"))
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def by_name(parameters: Mapping[str, Floats], effects: Mapping[Effect, Floats]) -> dict[str, Floats]:
    """Parameters and effects, shape (draws,) each, by names for messages and hashes."""
    return {**parameters, **{f"{effect.what} of {effect.of}": values for effect, values in effects.items()}}


def published_profile(
    seed: int = 0,
    *,
    draws: int = DRAWS,
    scales: Mapping[str, float] | None = None,
    priors: Mapping[str, Sequence[float]] | None = None,
) -> SourceProfile:
    """Profile made of draws from the published priors: what is assumed before any source has been checked.

    Parameters
    ----------
    seed : int
    draws : int
    scales : mapping of str to float, optional
        Factors on the standard deviations of priors by name, for sensitivity.
    priors : mapping of str to two numbers, optional
        Priors that the analyst sets, as in ``fit``.
    """
    changed = dict(scales or {})

    unknown = sorted(set(changed) - set(PRIORS))
    if unknown:
        raise ProfileError(f"no prior is called {', '.join(unknown)}; known are {', '.join(sorted(PRIORS))}")

    if not priors:
        return _published(seed, draws, tuple(sorted(changed.items())))
    laws = changed_priors(priors)
    parameters = {name: prior.sample(draws, seed, changed.get(name, 1.0)) for name, prior in laws.items()}
    return SourceProfile("published priors, some set by the analyst", seed, parameters, facts=told_priors(priors))


def told_priors(priors: Mapping[str, Sequence[float]] | None) -> dict[str, str]:
    """What a profile's facts say of the priors that were set."""
    if not priors:
        return {}
    return {"priors": json.dumps({name: [float(number) for number in priors[name]] for name in sorted(priors)})}


@lru_cache(maxsize=8)
def _published(seed: int, draws: int, scales: tuple[tuple[str, float], ...]) -> SourceProfile:
    factors = dict(scales)
    parameters = {name: prior.sample(draws, seed, factors.get(name, 1.0)) for name, prior in PRIORS.items()}
    return SourceProfile("published priors", seed, parameters)


def named_profile(name: str = DEFAULT_PROFILE, seed: int = 0) -> SourceProfile:
    """Profile that comes with the package.

    Parameters
    ----------
    name : {"default", "published"}
        "default" was learned from events with a verified toll; "published" are draws from the published priors.
    seed : int
        Keys the draws from the published priors; the default profile has its own.

    Returns
    -------
    SourceProfile

    Raises
    ------
    ProfileError
        If no profile has that name, or the file of the default profile is missing or damaged.
    """
    if name == "published":
        return published_profile(seed, draws=ALL_DRAWS)
    if name == "default":
        return _default()
    raise ProfileError(
        f"no profile is called {name!r}; names are {' and '.join(PROFILE_NAMES)}, and a saved profile is read from its "
        ".nc or .npz file"
    )


@lru_cache(maxsize=1)
def _default() -> SourceProfile:
    from importlib.resources import as_file, files  # published priors need no file

    from estimates.profile.storage import load_profile

    with as_file(files("estimates.data") / DEFAULT_PROFILE_FILE) as path:
        if not path.is_file():
            raise ProfileError(
                f"{path} is missing: the default profile is not part of this installation; install the package again, "
                'or use the profile "published"'
            )
        return load_profile(path)
