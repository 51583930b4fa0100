"""Tables of reports with known truth: from the model's own mechanism, and from worlds that break it.

One draw of all shared parameters is taken from a profile, and every event is acted out: a toll, what of it is
documentable at each age, sources that count it with their own errors, copy one another, repeat themselves and put
what they hold into words. No likelihood is evaluated on the way, so that the estimates can be checked against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import cycle, islice
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation.phrasing import WORDINGS, figure_of, random_forms
from estimates.evaluation.schedule import Slot, schedules, written_time
from estimates.evaluation.statements import (
    NAMES,
    Speaker,
    Statement,
    cast,
    hospital,
    passed_on,
    sources_told,
    statements_of_event,
)
from estimates.evaluation.tolls import documentable_tolls, names_listed
from estimates.evaluation.worlds import REMEDIES, WORLD_OF_NAME, WORLDS
from estimates.models import undocumented
from estimates.models.growth import AGE_EDGES, BINS, FINAL
from estimates.models.types import Integers
from estimates.models.wording import NUMERIC_WORDINGS
from estimates.profile.effects import Effect
from estimates.profile.priors import generator
from estimates.profile.profile import SourceProfile, published_profile
from estimates.table.reports import Reports, read_reports
from estimates.vocabulary import ESTIMATED_OUTCOMES, EVENT_TYPES

__all__ = ["Simulation", "simulate"]

_COLUMNS = (
    "event", "source", "figure", "wording", "low", "high", "outcome", "source_type", "reported_at", "event_date",
    "event_type", "affiliation", "quotes", "provisional", "verified",
)  # fmt: skip


def simulate(
    events: int = 40, sources: int = 4, *,
    seed: int = 0, world: str = "model", remedy: bool = False,
    profile: SourceProfile | None = None, draw: int | None = None,
    reports_per_event: float = 3.0, event_type: str | Sequence[str] = "airstrike", outcome: str = "killed",
    wordings: Mapping[str, float] | None = None, wording_of: Literal["event", "report"] = "event",
    times: Sequence[float] | None = None, anchors: float = 0.0, named_lists: float = 0.0,
) -> Simulation:  # fmt: skip
    """Simulate reports of events whose tolls are known.

    Parameters
    ----------
    events, sources : int
        How many there are. In the world "sparse" there are as many sources as its reports need.
    seed : int
        Every random number follows from it. Tolls and times are the same in every world of one seed but "sparse".
    world : str
        One of ``WORLDS``, which says what is broken in it.
    remedy : bool
        Whether the table says what happened, in the worlds of ``REMEDIES``.
    profile : SourceProfile, optional
        Where the shared parameters come from; by default the published priors of the same seed.
    draw : int, optional
        Which draw of the profile; by default one at random.
    reports_per_event : float
        Mean number of reports, one or more each; a source speaks at most once in each age bin of an event.
    event_type : str or sequence of str
        One type of event, or several in turn.
    outcome : str
        What is counted.
    wordings : mapping of str to float, optional
        Shares of the forms of figures, of ``models.wording.NUMERIC_WORDINGS``; by default ``WORDINGS``. A source
        that holds a number its form cannot or need not say says the number itself.
    wording_of : {"event", "report"}
        Whether all sources of an event use one form or every report has its own. The likelihood weighs an own
        statement against a copy as if its form were given, so that only "event" is the model's own world as soon as
        sources copy.
    times : sequence of float, optional
        Shares of the age bins among the reports; by default the profile's.
    anchors : float
        Share of events whose documented toll stands in the column ``verified``.
    named_lists : float
        Share of events with a verified list of names, about six tenths of what is documentable by the last figure.
        The model takes such a list for a bound and no more, so that its ranges become wider than they need be.

    Returns
    -------
    Simulation

    Raises
    ------
    EstimatesError
        If an argument cannot be used; the message says what to write instead.
    """
    types = (event_type,) if isinstance(event_type, str) else tuple(event_type)
    profile = profile or published_profile(_whole("seed", seed, 0))
    shares = dict(WORDINGS if wordings is None else wordings)
    ages = tuple(profile.bin_shares if times is None else times)
    _check(events, sources, seed, world, remedy, profile, draw, reports_per_event, types, outcome)
    _check_shares(shares, wording_of, ages, anchors, named_lists)

    def numbers(*names: str) -> np.random.Generator:
        return generator(seed, "simulation", *names)

    draw = int(numbers("draw").integers(profile.draws)) if draw is None else draw
    broken = WORLD_OF_NAME[world]
    planned = schedules(numbers("times"), events, sources, reports_per_event, ages, broken.is_sparse)
    event_types = list(islice(cycle(types), events))
    documentable = documentable_tolls(numbers("tolls"), profile, draw, outcome, event_types, planned)
    total = undocumented.simulate(numbers("undocumented"), documentable[:, FINAL], float(profile.kappa[draw]))
    truth = _truth(event_types, outcome, documentable, total, planned)

    count = 1 + max(slot.source for schedule in planned for slot in schedule)
    speakers = cast(profile, draw, max(count, sources), broken, remedy)
    passing_on = hospital(profile, draw) if broken.has_one_hospital else None
    is_anchor = numbers("anchors").random(events) < anchors
    is_listed = numbers("lists").random(events) < named_lists

    rows: list[dict[str, object]] = []
    for index, schedule in enumerate(planned):
        rng = numbers("statements", str(index))
        seen = broken.seen(rng, documentable[index])
        forms = random_forms(rng, shares, wording_of, len(schedule))
        if passing_on:
            said = passed_on(rng, passing_on, schedule, seen)
        else:
            said = statements_of_event(rng, speakers, schedule, forms, seen)

        event: dict[str, object] = {
            "event": f"event {index + 1}",
            "event_type": event_types[index],
            "outcome": outcome,
            "event_date": written_time(index, 0),
            "verified": int(documentable[index, FINAL]) if is_anchor[index] else None,
        }
        rows += _told(event, index, schedule, speakers, said, remedy and broken.can_attribute)
        if is_listed[index]:
            last = schedule[-1]
            names = names_listed(rng, int(documentable[index, last.bin]))
            rows += _list_of_names(event, index, last, names)

    players = [*speakers, passing_on] if passing_on else speakers
    return Simulation(_table(rows), truth, world, remedy, seed, profile, draw, sources_told(players))


@dataclass(frozen=True, eq=False)
class Simulation:
    """A table of reports and the truth behind it.

    Attributes
    ----------
    table : DataFrame
        The reports in the columns that ``read_reports`` reads.
    truth : DataFrame
        One row an event: ``event, event_type, outcome, documented`` (the toll documented in the end), ``total`` (the
        full toll), ``by_now`` (documentable by the age bin of the last figure), and ``by_day_1`` to ``by_day_30``,
        documentable before that age.
    world : str
        One of ``WORLDS``.
    remedy : bool
        Whether the table says what happened.
    seed : int
    drawn_from : SourceProfile
        The profile the shared parameters were taken from.
    draw : int
        Which of its draws.
    sources : DataFrame
        One row a source: ``source, source_type, affiliation`` and the parameters of
        ``models.reporting.ReportingModel``, as the world changes them.
    """

    table: pd.DataFrame
    truth: pd.DataFrame
    world: str
    remedy: bool
    seed: int
    drawn_from: SourceProfile = field(repr=False)
    draw: int
    sources: pd.DataFrame = field(repr=False)

    @cached_property
    def reports(self) -> Reports:
        """The reports, validated; without the truth but for events that are anchors."""
        return replace(read_reports(self.table), name=f"simulated ({self.world}, seed {self.seed})")

    @cached_property
    def parameters(self) -> Mapping[str, float]:
        """The shared parameters, by the names of ``priors.PRIORS``."""
        values = self.drawn_from.parameters.items()
        return MappingProxyType({name: float(draws[self.draw]) for name, draws in values})

    @cached_property
    def effects(self) -> Mapping[Effect, float]:
        """Standard scores of the sources and types of event, before the world changed any source."""
        effects = [Effect(event_type, "growth") for event_type in sorted(set(self.truth["event_type"]))]
        for name, affiliation in zip(self.sources["source"], self.sources["affiliation"], strict=True):
            effects += [Effect(name, what) for what in (f"bias.{affiliation}", "exactness", "error", "copying")]
        return MappingProxyType({effect: float(self.drawn_from.scores(effect)[self.draw]) for effect in effects})

    def known_profile(self, draws: int = 1) -> SourceProfile:
        """Profile of somebody who knows all parameters and effects: every one of its draws is the truth.

        Parameters
        ----------
        draws : int
            How many times the truth is given.
        """
        return SourceProfile(
            f"the truth of draw {self.draw} of {self.drawn_from.name}",
            self.seed,
            {name: np.full(draws, value) for name, value in self.parameters.items()},
            {effect: np.full(draws, value) for effect, value in self.effects.items()},
            bin_shares=self.drawn_from.bin_shares,
        )


def _truth(
    event_types: Sequence[str],
    outcome: str,
    documentable: Integers,
    total: Integers,
    planned: Sequence[Sequence[Slot]],
) -> pd.DataFrame:
    """``Simulation.truth``, from what is documentable, shape (events, bins), and full tolls, shape (events,)."""
    events = range(len(event_types))
    return pd.DataFrame(
        {
            "event": [f"event {index + 1}" for index in events],
            "event_type": event_types,
            "outcome": outcome,
            "documented": documentable[:, FINAL],
            "total": total,
            "by_now": [documentable[index, planned[index][-1].bin] for index in events],
            **{f"by_day_{edge:g}": documentable[:, bin_index] for bin_index, edge in enumerate(AGE_EDGES)},
        }
    )


def _told(
    event: Mapping[str, object],
    index: int,
    schedule: Sequence[Slot],
    speakers: Sequence[Speaker],
    said: Sequence[Statement],
    attributes: bool,
) -> list[dict[str, object]]:
    """One row for each statement; copies name where they come from if the table ``attributes`` them."""
    return [
        {
            **event,
            **speakers[slot.source].key._asdict(),
            "figure": figure_of(words),
            "reported_at": written_time(index, slot.minute),
            "provisional": slot.provisional,
            "quotes": origin if attributes else None,
        }
        for slot, (words, origin) in zip(schedule, said, strict=True)
    ]


def _list_of_names(event: Mapping[str, object], index: int, last: Slot, names: int) -> list[dict[str, object]]:
    """The row of a verified list at the time of the last report; no row where the list has no name."""
    row = {"wording": "named", "low": names, "high": names, "reported_at": written_time(index, last.minute)}
    return [{**event, **NAMES._asdict(), **row}] if names else []


def _table(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """The rows in the columns that any of them uses."""
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"provisional": "boolean"})
    frame["provisional"] = frame["provisional"].fillna(False).astype(bool)
    for column in ("low", "high", "verified"):
        frame[column] = frame[column].astype("Int64")
    return frame.dropna(axis="columns", how="all")


# What cannot be simulated ---------------------------------------------------------------------------------------------


def _check(
    events: int,
    sources: int,
    seed: int,
    world: str,
    remedy: bool,
    profile: SourceProfile,
    draw: int | None,
    reports_per_event: float,
    event_types: Sequence[str],
    outcome: str,
) -> None:
    _whole("events", events, 1)
    _whole("sources", sources, 1)
    _whole("seed", seed, 0)
    _one_of("world", world, tuple(WORLDS))
    _one_of("outcome", outcome, ESTIMATED_OUTCOMES)

    if not event_types:
        raise EstimatesError("event_type is empty; name a type of event, such as 'airstrike'")
    for event_type in event_types:
        _one_of("event_type", event_type, EVENT_TYPES)
    if remedy and world not in REMEDIES:
        raise EstimatesError(
            f"world {world!r} has no remedy that a table can hold; only {', '.join(REMEDIES)} have one. "
            "Learn its sources from anchors instead"
        )

    if draw is not None and _whole("draw", draw, 0) >= profile.draws:
        raise EstimatesError(f"draw {draw}: the profile has {profile.draws:,} draws; the last is {profile.draws - 1}")
    if not 1 <= reports_per_event <= sources * BINS:
        raise EstimatesError(
            f"reports_per_event {reports_per_event!r}: write a number from 1 to {sources * BINS}, since each of "
            f"{sources} sources speaks at most once in each of {BINS} age bins"
        )


def _check_shares(
    wordings: Mapping[str, float], wording_of: str, ages: Sequence[float], anchors: float, named_lists: float
) -> None:
    for wording in wordings:
        _one_of("wording", wording, NUMERIC_WORDINGS)
    _one_of("wording_of", wording_of, ("event", "report"))

    if len(ages) != BINS:
        raise EstimatesError(f"times has {len(ages)} shares; write {BINS}, one for each age bin")
    for name, shares in (("wordings", list(wordings.values())), ("times", list(ages))):
        if not all(np.isfinite(share) and share >= 0 for share in shares) or sum(shares) <= 0:
            raise EstimatesError(f"{name}: write shares of zero or more, at least one of them above zero")

    for name, share in (("anchors", anchors), ("named_lists", named_lists)):
        if not 0 <= share <= 1:
            raise EstimatesError(f"{name} {share!r}: write a share of the events, from 0 to 1")


def _whole(name: str, value: int, smallest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < smallest:
        raise EstimatesError(f"{name} {value!r}: write a whole number of {smallest} or more")
    return int(value)


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise EstimatesError(f"{name} {value!r} is not known; write one of {', '.join(known)}")
