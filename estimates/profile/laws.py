"""The draws of a source profile, and the laws of sources, sizes and growth that they make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np

from estimates.models.growth import Growth
from estimates.models.missing import ListLaw
from estimates.models.parameters import REPORTING_PARAMETERS
from estimates.models.reporting import ReportingModel
from estimates.models.silence import Attention
from estimates.models.size import Size
from estimates.models.types import Floats
from estimates.profile.blocks import BLOCK, normal_scores
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
from estimates.profile.learned import KNOWN_BY_NAME, Learned, by_name, fingerprint_of
from estimates.profile.priors import BIN_SHARES, Prior, changed_priors, size_law

__all__ = ["Laws"]


@dataclass(frozen=True, eq=False, repr=False)
class Laws:
    """The draws of a profile, and the laws of sources, sizes and growth that they make.

    Of these fields a :class:`estimates.profile.profile.SourceProfile` is made, which says what they are.
    """

    name: str
    seed: int
    parameters: Mapping[str, Floats]
    effects: Mapping[Effect, Floats] = field(default_factory=dict)
    sources: Mapping[str, Learned] = field(default_factory=dict)
    bin_shares: tuple[float, ...] = BIN_SHARES
    learned_from: frozenset[str] = field(default_factory=frozenset)
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    before: int = field(default=0, kw_only=True)
    ends: tuple[int, ...] = field(default=(), kw_only=True)

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
        """Law of the documentable toll of one outcome in one type of event.

        Examples
        --------
        >>> float(profile.size("killed", "airstrike").positive.mean().round(2))
        0.67
        """
        prefix = size_law(outcome, event_type)
        return Size(*(self.parameters[f"{prefix}.{part}"] for part in ("positive", "shape", "scale")))

    def growth(self, event_type: str, *, chosen: bool = False) -> Growth:
        """Steps of growth of one type of event; of a type that does not tell the group, half of the draws from each.

        Parameters
        ----------
        event_type : str
        chosen : bool
            Whether the event is told of because its toll was revised, or because it is famous.

        Examples
        --------
        >>> profile.growth("airstrike").complete_logit.shape
        (4000, 5)
        """
        laws, draws = growth_laws(event_type, chosen=chosen), _Draws(self)
        steps = {name: np.stack(each, axis=-1) for name, each in step_parameters(laws, draws).items()}
        shared = group_parameters([law.group for law in laws], draws)

        of_group = np.arange(self.before, self.before + self.draws) % len(laws)
        each = np.arange(self.draws)
        slope, *others = (values[of_group, each] for values in shared)
        return Growth(
            steps["complete_logit"][of_group, each], slope, steps["documented_shape"][of_group, each], *others
        )

    def reporting(self, source: str, source_type: str, affiliation: str) -> ReportingModel:
        """How one source counts: its own draw from its type, the same in every event and call.

        A source the profile was learned from has the type it was learned with.

        Examples
        --------
        >>> profile.reporting("AP", "international_media", "neutral").bias.shape
        (4000,)
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

        Examples
        --------
        >>> profile.list_law("manifest", is_violence=False).gross.shape
        (4000,)
        """
        excess, deficit, gross = (self.parameters[f"missing_{part}.{law}"] for part in ("excess", "deficit", "gross"))
        struck_off = self.parameters["missing_not_struck_off.violence"] if is_violence else np.zeros(self.draws)
        return ListLaw(excess, deficit, gross, struck_off)

    def vectors(self, keys: Sequence[SourceKey], size_laws: Sequence[str], laws: Sequence[GrowthLaw]) -> Floats:
        """What a corpus of events takes at every draw, shape (draws, length): see ``effects.vector_of``.

        Examples
        --------
        >>> from estimates.profile.effects import GrowthLaw, SourceKey
        >>> keys = [SourceKey("AP", "international_media", "neutral")]
        >>> laws = [GrowthLaw("airstrike", "ordinary", chosen=False)]
        >>> profile.vectors(keys, ["size.killed.attack"], laws).shape
        (4000, 39)
        """
        return np.ascontiguousarray(vector_of(keys, size_laws, laws, _Draws(self)).T)

    def scores(self, effect: Effect) -> Floats:
        """Standard scores of an effect, shape (draws,): learned, or drawn from those of its kind, keyed by its name.

        Examples
        --------
        >>> from estimates.profile.effects import Effect
        >>> profile.scores(Effect("AP", "exactness")).shape
        (4000,)
        """
        if effect in self.effects:
            return self.effects[effect]
        return normal_scores(self.draws, self.seed, "trait", *effect, before=self.before, ends=self.ends)

    def attention(self, source: str) -> Attention:
        """How readily a source gives a figure of an event that it watches: learned, or the prior.

        Examples
        --------
        >>> profile.attention("AP") == profile.attention("somebody unknown")
        True
        """
        return self._attention.get(source, Attention())

    @cached_property
    def _attention(self) -> dict[str, Attention]:
        told = json.loads(str(self.facts.get("attention", "{}")))
        return {source: Attention(*values) for source, values in told.items()}

    def first(self, draws: int) -> Self:
        """The profile with its first draws only, in every other way the same; itself where it has no more.

        The first 1,000 draws, or any thousands, are those of the whole profile in effects that are drawn anew too.

        Parameters
        ----------
        draws : int

        Examples
        --------
        >>> profile.first(1_000).draws
        1000
        """
        return self if draws >= self.draws else self.between(0, draws)

    def between(self, first: int, end: int) -> Self:
        """The profile with its draws from ``first`` to before ``end``, in every other way the same.

        Effects that are drawn anew are those that the whole profile has there, if it draws them in blocks that end
        where these begin (see :meth:`in_blocks`).

        Examples
        --------
        >>> profile.between(1_000, 1_500).draws
        500
        """
        key = (first, end)
        if key not in self._cuts:
            cut = slice(first, end)
            parameters = {name: values[cut] for name, values in self.parameters.items()}
            effects = {effect: values[cut] for effect, values in self.effects.items()}
            before = self.before + first
            self._cuts[key] = replace(self, parameters=parameters, effects=effects, before=before)
        return self._cuts[key]

    def in_blocks(self, ends: Iterable[int]) -> Self:
        """The profile with effects drawn anew in blocks that end at some draws, beside every thousand.

        So the first draws up to such an end are a whole sample by themselves, and those that follow go with them.

        Examples
        --------
        >>> smaller = profile.in_blocks([250, 500])
        >>> effect = Effect("somebody unknown", "exactness")
        >>> bool((smaller.scores(effect)[250:500] == smaller.between(250, 500).scores(effect)).all())
        True
        """
        further = tuple(end for end in ends if end % BLOCK and end < self.draws)
        if further == self.ends:
            return self
        if further not in self._blocked:
            self._blocked[further] = replace(self, ends=further)
        return self._blocked[further]

    @cached_property
    def _cuts(self) -> dict[tuple[int, int], Self]:
        return {}

    @cached_property
    def _blocked(self) -> dict[tuple[int, ...], Self]:
        return {}

    def knows(self, event: str, mark: str) -> bool:
        """Whether the profile was learned from an event, so that its figures must not be used again.

        Parameters
        ----------
        event, mark : str
            The name of the event, which counts for profiles of older files alone, and its mark.

        Examples
        --------
        >>> profile.knows("a raid", "0123456789abcdef")
        False
        """
        return mark in self.learned_from or (KNOWN_BY_NAME in self.facts and event in self.learned_from)

    @property
    def _everything(self) -> dict[str, Floats]:
        return by_name(self.parameters, self.effects)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all draws, for provenance."""
        about = (self.name, self.seed, self.bin_shares, self.learned_from, self.sources)
        return fingerprint_of(*about, self._everything)


class _Draws:
    """The draws of a profile, as ``effects`` asks for them: shape (names, draws)."""

    def __init__(self, profile: Laws) -> None:
        self._profile = profile

    def named(self, names: Sequence[str]) -> Floats:
        zeros = np.zeros(self._profile.draws)
        return np.stack([zeros if name == NOTHING else self._profile.parameters[name] for name in names])

    def scores(self, effects: Sequence[Effect]) -> Floats:
        return np.stack([self._profile.scores(effect) for effect in effects])
