"""Tables of reports with known truth: from the model's own mechanism, and from worlds that break it.

One draw of all shared parameters is taken from a profile, and every event is acted out: a toll, what of it is
documentable at each age, sources that count it with their own errors, copy one another, repeat themselves and put
what they hold into words. No likelihood is evaluated on the way, so that the estimates can be checked against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import cycle, islice
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.models import floor as floors
from estimates.models import growth, reporting, size, undocumented
from estimates.models.grid import LARGEST_EXPONENT, SMALLEST_CAP
from estimates.models.growth import AGE_EDGES, BINS, FINAL, STEPS
from estimates.models.reporting import ReportingModel
from estimates.models.types import Floats, Integers
from estimates.models.wording import (
    ABOUT_ROUND,
    ABOUT_UNROUND,
    AT_LEAST_HOLDS,
    DOZENS,
    MORE_THAN_REACH,
    NEARLY_REACH,
    NUMERIC_WORDINGS,
    RANGE_END,
    UP_TO_HOLDS,
    UP_TO_SHIFT,
    VAGUE_SHARE,
    VAGUE_WINDOWS,
    VAGUE_WORDS,
    Words,
)
from estimates.profile.effects import Effect, SourceKey
from estimates.profile.priors import generator
from estimates.profile.profile import SourceProfile, published_profile
from estimates.table.reports import Reports, read_reports
from estimates.vocabulary import ESTIMATED_OUTCOMES, EVENT_TYPES, LARGEST_COUNT

#: What each world does that the model does not expect.
WORLDS: Mapping[str, str] = MappingProxyType(
    {
        "model": "nothing: every event follows the model",
        "copying": "raw feeds: every source copies most of what it says, without saying so",
        "common_undercount": "every source sees only the same seven tenths of each toll",
        "shared_hospital": "every source passes on the figures of one hospital, without saying so",
        "inflating": "source 1 triples every number it holds, unlike its kind",
        "sparse": "nothing but that every source speaks once or twice in all, so that little is known of any",
    }
)
#: Worlds whose table can say what happened, and how it then does.
REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "copying": "copies name the source they copy",
        "shared_hospital": "all figures name the hospital",
        "inflating": "the losses are declared to be those of the source's enemy",
    }
)
#: Readiness to copy in raw feeds; the share all sources see; the factor of the inflating source.
RAW_COPYING, SEEN_SHARE, INFLATION = 0.8, 0.7, 3
#: Types of the sources, in turn.
SOURCE_TYPES = ("international_media", "monitor", "local_media", "rescue", "government", "health", "un", "other")
#: Shares of the ways in which the sources of an event speak.
WORDINGS: Mapping[str, float] = MappingProxyType(
    {
        "exactly": 0.6,
        "at_least": 0.14,
        "range": 0.06,
        "about": 0.06,
        "vague": 0.06,
        "more_than": 0.03,
        "up_to": 0.03,
        "nearly": 0.01,
        "at_most": 0.01,
    }
)
#: Share of figures that are said to rise still.
RISING_SHARE = 0.1
#: Differences between the ends of a range, each as likely as the others.
SPANS = (1, 2, 3, 5, 10)
#: Share of the dead whose names a verified list holds.
NAMED_SHARE = 0.6
HOSPITAL = SourceKey("the hospital", "unknown", "neutral")
NAMES = SourceKey("list of names", "ngo", "neutral")

#: Largest sum over y of the probabilities with which "about y" and its like are said by a source that holds one number.
_LARGEST_SUM = {"about": 5 / 3, "more_than": 1.0, "nearly": 1.5}
#: A figure of the last bin is at most this old, in days; events are a day apart from this one on.
_OLDEST, _FIRST_DAY = 60, datetime(2020, 1, 1)
_MINUTES = 24 * 60
_COUNTING = ("bias", "exactness", "exactness_slope", "scale", "outlier", "heaping")


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
        One row a source: ``source, source_type, affiliation`` and its parameters as in ``models.accounting``, changed
        as the world changes them.
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
        """Profile of somebody who knows all parameters and traits: every one of its draws is the truth.

        Parameters
        ----------
        draws : int
        """
        return SourceProfile(
            f"the truth of draw {self.draw} of {self.drawn_from.name}",
            self.seed,
            {name: np.full(draws, value) for name, value in self.parameters.items()},
            {effect: np.full(draws, value) for effect, value in self.effects.items()},
            bin_shares=self.drawn_from.bin_shares,
        )


def simulate(
    events: int = 40,
    sources: int = 4,
    *,
    seed: int = 0,
    world: str = "model",
    remedy: bool = False,
    profile: SourceProfile | None = None,
    draw: int | None = None,
    reports_per_event: float = 3.0,
    event_type: str | Sequence[str] = "airstrike",
    outcome: str = "killed",
    wordings: Mapping[str, float] | None = None,
    wording_of: Literal["event", "report"] = "event",
    times: Sequence[float] | None = None,
    anchors: float = 0.0,
    named_lists: float = 0.0,
) -> Simulation:
    """Simulate reports of events whose tolls are known.

    Parameters
    ----------
    events, sources : int
        How many there are. In the world "sparse" there are as many sources as its reports need.
    seed : int
        Keys every random number. Tolls and times are the same in every world of one seed but "sparse".
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
        Shares of the forms of figures, of ``models.wordings.NUMERIC_WORDINGS``; by default ``WORDINGS``. A source
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
    if draw is None:
        draw = int(generator(seed, "simulation", "draw").integers(profile.draws))
    schedules = _schedules(generator(seed, "simulation", "times"), events, sources, reports_per_event, ages, world)
    event_types = list(islice(cycle(types), events))
    documentable = _documentable(generator(seed, "simulation", "tolls"), profile, draw, outcome, event_types, schedules)
    total = undocumented.simulate(
        generator(seed, "simulation", "undocumented"), documentable[:, FINAL], float(profile.kappa[draw])
    )
    chosen = generator(seed, "simulation", "anchors").random(events) < anchors
    listed = generator(seed, "simulation", "lists").random(events) < named_lists
    count = 1 + max(slot.source for schedule in schedules for slot in schedule)
    cast = [_speaker(profile, draw, _key(index, world, remedy), world) for index in range(max(count, sources))]
    hospital = _speaker(profile, draw, HOSPITAL, world)
    attributed = remedy and world in ("copying", "shared_hospital")
    rows: list[dict[str, object]] = []
    for index, schedule in enumerate(schedules):
        rng = generator(seed, "simulation", "statements", str(index))
        seen = _seen(rng, documentable[index], world)
        form = _form(rng, shares)
        forms = [form if wording_of == "event" else _form(rng, shares) for _ in schedule]
        if world == "shared_hospital":
            said = _passed_on(rng, hospital, schedule, seen)
        else:
            said = _said(rng, cast, schedule, forms, seen)
        event = {
            "event": f"event {index + 1}",
            "event_type": event_types[index],
            "outcome": outcome,
            "event_date": _written(index, 0),
            "verified": int(documentable[index, FINAL]) if chosen[index] else None,
        }
        for slot, (words, origin) in zip(schedule, said, strict=True):
            rows.append(
                {
                    **event,
                    **cast[slot.source].key._asdict(),
                    "figure": _figure(words),
                    "reported_at": _written(index, slot.minute),
                    "provisional": slot.provisional,
                    "quotes": origin if attributed else None,
                }
            )
        last = schedule[-1]
        names = _names(rng, int(documentable[index, last.bin])) if listed[index] else 0
        if names:
            reported = _written(index, last.minute)
            rows.append(
                {**event, **NAMES._asdict(), "wording": "named", "low": names, "high": names, "reported_at": reported}
            )
    truth = pd.DataFrame(
        {
            "event": [f"event {index + 1}" for index in range(events)],
            "event_type": event_types,
            "outcome": outcome,
            "documented": documentable[:, FINAL],
            "total": total,
            "by_now": [documentable[index, schedule[-1].bin] for index, schedule in enumerate(schedules)],
            **{f"by_day_{edge:g}": documentable[:, bin_index] for bin_index, edge in enumerate(AGE_EDGES)},
        }
    )
    players = [*cast, hospital] if world == "shared_hospital" else cast
    return Simulation(_table(rows), truth, world, remedy, seed, profile, draw, _players(players))


# ---------------------------------------------------------------------------------------------------------- arguments


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


# ------------------------------------------------------------------------------------------------------ who and when


@dataclass(frozen=True)
class _Slot:
    """Somebody is going to speak of an event: who, and when in minutes after it."""

    bin: int
    minute: int
    source: int
    provisional: bool


@dataclass(frozen=True)
class _Speaker:
    """A source with the parameters it counts by, and the factor it multiplies its numbers by."""

    key: SourceKey
    habits: Mapping[str, float]
    factor: int


def _speaker(profile: SourceProfile, draw: int, key: SourceKey, world: str) -> _Speaker:
    law = profile.reporting(*key)
    habits = {part.name: float(getattr(law, part.name)[draw]) for part in fields(ReportingModel)}
    if world == "copying":
        habits["copying"] = RAW_COPYING
    inflates = world == "inflating" and key.source == _name(0)
    return _Speaker(key, MappingProxyType(habits), INFLATION if inflates else 1)


def _players(speakers: Sequence[_Speaker]) -> pd.DataFrame:
    return pd.DataFrame([{**speaker.key._asdict(), **speaker.habits} for speaker in speakers])


def _name(index: int) -> str:
    return f"source {index + 1}"


def _key(index: int, world: str, remedy: bool) -> SourceKey:
    declared = world == "inflating" and remedy and index == 0
    return SourceKey(_name(index), SOURCE_TYPES[index % len(SOURCE_TYPES)], "enemy" if declared else "neutral")


def _schedules(
    rng: np.random.Generator, events: int, sources: int, mean: float, ages: Sequence[float], world: str
) -> list[list[_Slot]]:
    """Who speaks when, in order of time; nothing of it depends on the toll."""
    share = np.asarray(ages, dtype=float) / np.sum(ages)
    counts = np.minimum(1 + rng.poisson(mean - 1, events), sources * np.count_nonzero(share))
    speakers = rng.integers(sources, size=int(counts.sum())).tolist()
    if world == "sparse":
        # Two reports of every second source, one of the others.
        different = -(-2 * len(speakers) // 3)
        speakers = rng.permutation([*range(different), *range(len(speakers) - different)]).tolist()
    schedules = []
    for count in counts:
        slots: dict[tuple[int, int], _Slot] = {}
        minutes: set[int] = set()
        while len(slots) < count:
            source = speakers.pop() if speakers else int(rng.integers(sources))
            bin_index = int(rng.choice(BINS, p=share))
            minute = _minute(rng, bin_index)
            if (source, bin_index) in slots or minute in minutes:
                # Somebody else, or the same at another time where sources are counted out.
                speakers.insert(0, source if world == "sparse" else int(rng.integers(sources)))
                continue
            minutes.add(minute)
            slots[source, bin_index] = _Slot(bin_index, minute, source, bool(rng.random() < RISING_SHARE))
        schedules.append(sorted(slots.values(), key=lambda slot: slot.minute))
    return schedules


def _minute(rng: np.random.Generator, bin_index: int) -> int:
    """A minute whose age lies in the bin however its seconds and the event's may stand."""
    edges = [0.0, *AGE_EDGES, float(_OLDEST)]
    return int(rng.integers(int(edges[bin_index] * _MINUTES) + 2, int(edges[bin_index + 1] * _MINUTES) - 2))


# ----------------------------------------------------------------------------------------------------------- the tolls


def _documentable(
    rng: np.random.Generator,
    profile: SourceProfile,
    draw: int,
    outcome: str,
    event_types: Sequence[str],
    schedules: Sequence[Sequence[_Slot]],
) -> Integers:
    """What is documentable in each age bin, shape (events, bins), from the last bin down."""
    result = np.zeros((len(event_types), BINS), dtype=np.int64)
    latest = np.array([schedule[-1].bin for schedule in schedules])
    warned = [any(slot.provisional for slot in schedule if slot.bin == schedule[-1].bin) for schedule in schedules]
    rising_from = np.where(warned, latest, STEPS)
    for kind in dict.fromkeys(event_types):
        members = np.flatnonzero(np.array(event_types) == kind)
        law, steps = profile.size(outcome, kind), profile.growth(kind)
        result[members, FINAL] = size.simulate(
            rng,
            float(law.positive[draw]),
            float(law.shape[draw]),
            float(law.scale[draw]),
            SMALLEST_CAP,
            len(members),
        )
        for step in reversed(range(STEPS)):
            for slower in (False, True):
                chosen = members[(rising_from[members] <= step) == slower]
                result[chosen, step] = growth.simulate(
                    rng,
                    result[chosen, step + 1],
                    complete_logit=float(steps.complete_logit[draw, step] - slower * steps.rising[draw]),
                    slope=float(steps.slope[draw]),
                    shape=float(min(steps.shape[draw, step], LARGEST_EXPONENT)),
                    low_share=float(steps.low_share[draw]),
                    low_shape=float(min(steps.low_shape[draw], LARGEST_EXPONENT)),
                    over_share=float(steps.over_share[draw]),
                    over_shape=float(min(steps.over_shape[draw], LARGEST_EXPONENT)),
                )
    return result


def _seen(rng: np.random.Generator, documentable: Integers, world: str) -> Integers:
    """What sources can see of an event at each age."""
    if world != "common_undercount":
        return documentable
    # Rounded up or down alike at every age, so that nobody seems to be found twice.
    return np.floor(SEEN_SHARE * documentable + rng.random()).astype(np.int64)


def _names(rng: np.random.Generator, toll: int) -> int:
    return int(floors.simulate(rng, np.array([toll]), floors.NAMED_ERROR, NAMED_SHARE)[0])


# -------------------------------------------------------------------------------------------------------- what is said


def _said(
    rng: np.random.Generator,
    cast: Sequence[_Speaker],
    schedule: Sequence[_Slot],
    forms: Sequence[str],
    seen: Integers,
) -> list[tuple[Words, str | None]]:
    """Statements in order of time, each with the name of the source it was copied from."""
    current: dict[int, tuple[Words, str | None]] = {}
    result: list[tuple[Words, str | None]] = []
    for slot, form in zip(schedule, forms, strict=True):
        speaker = cast[slot.source]
        others = [source for source in current if source != slot.source]
        if slot.source in current and rng.random() < speaker.habits["repeating"]:
            statement = current[slot.source]
        elif rng.random() < _copies(speaker.habits["copying"], len(others)):
            copied = others[rng.integers(len(others))]
            statement = current[copied][0], cast[copied].key.source
        else:
            statement = _own(rng, speaker, int(seen[slot.bin]), form), None
        current[slot.source] = statement
        result.append(statement)
    return result


def _copies(readiness: float, others: int) -> float:
    return readiness * others / (1.0 - readiness + readiness * others)


def _passed_on(
    rng: np.random.Generator, hospital: _Speaker, schedule: Sequence[_Slot], seen: Integers
) -> list[tuple[Words, str | None]]:
    """The hospital's number of each age bin, whoever speaks; it repeats itself like any other source."""
    figures: dict[int, Words] = {}
    for bin_index in sorted({slot.bin for slot in schedule}):
        repeats = bool(figures) and rng.random() < hospital.habits["repeating"]
        own = _own(rng, hospital, int(seen[bin_index]), "exactly")
        figures[bin_index] = list(figures.values())[-1] if repeats else own
    return [(figures[slot.bin], hospital.key.source) for slot in schedule]


def _form(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    share = np.array(list(shares.values()))
    return str(rng.choice(list(shares), p=share / share.sum()))


def _own(rng: np.random.Generator, speaker: _Speaker, toll: int, form: str) -> Words:
    """A source's own statement: none, or a number it holds in the words of the given form."""
    if toll == 0:
        if rng.random() >= speaker.habits["phantom"]:
            return Words("none")
    elif rng.random() < speaker.habits["none_share"]:
        return Words("none")
    holds_itself = {"at_least": AT_LEAST_HOLDS, "up_to": UP_TO_HOLDS}.get(form, 0.0)
    if rng.random() < holds_itself:
        shift = speaker.habits["at_least_shift"] if form == "at_least" else UP_TO_SHIFT
        held, _ = _held(rng, speaker, toll, shift)
        return Words(form, held, held)
    held, rounded = _held(rng, speaker, toll)
    if form == "exactly":
        words = None
    elif form == "range":
        words = _range(rng, rounded)
    elif form == "vague":
        words = _vague(rng, held)
    else:
        words = _number(rng, form, held)
    # Whoever has no such words says the number, as it is rounded where plain numbers are.
    return words or Words("exactly", rounded, rounded)


def _held(rng: np.random.Generator, speaker: _Speaker, toll: int, shift: float = 0.0) -> tuple[int, int]:
    """A number held, one or more, before and after rounding."""
    habits = {name: speaker.habits[name] for name in _COUNTING}
    if toll == 0:
        number = (1.0 - rng.random()) ** -habits["scale"]
        numbers = (number, number)
    else:
        habits["bias"] += shift
        # The same error twice, once left alone and once rounded as the source rounds.
        again = int(rng.integers(2**63))
        plain, rounded = (
            reporting.simulate(
                np.random.default_rng(again),
                np.array([toll]),
                **{**habits, "heaping": heaping},
            )[0]
            for heaping in (0.0, habits["heaping"])
        )
        numbers = (plain, rounded)
    # No table holds more; half of it, so that "up to" has room above.
    held, rounded = (int(min(speaker.factor * number, LARGEST_COUNT // 2)) for number in numbers)
    return held, rounded


def _range(rng: np.random.Generator, held: int) -> Words | None:
    span = int(rng.choice(SPANS))
    if rng.random() < RANGE_END:
        low = held - span if rng.random() < 0.5 else held
    else:
        low = int(rng.integers(held - span, held + 1))
    return Words("range", low, low + span) if low >= 1 else None


def _vague(rng: np.random.Generator, held: int) -> Words | None:
    """A vague word that fits, if any comes to mind: it fits in eighths of a trapezoid in the log of the number."""
    chance = rng.random()
    for word, (foot, rise, fall, end) in VAGUE_WORDS.items():
        ends = np.log([foot - 0.5, rise, fall, end + 0.5])
        fit = float(np.interp(np.log(held), ends, [0.0, 1.0, 1.0, 0.0], left=0.0, right=0.0))
        chance -= VAGUE_SHARE * np.floor(VAGUE_WINDOWS * fit + 0.5) / VAGUE_WINDOWS
        if chance < 0:
            return Words("vague", word=word)
    return None


def _number(rng: np.random.Generator, form: str, held: int) -> Words | None:
    """A form with one number; None where the form has no number for the one held, or none came to mind.

    One-sided forms say ``y`` with probability ``log2(1 + 1/y)``: whole parts of ``first * 2 ** uniform`` have that law.
    The others say each ``y`` that can mean the number held with probability one over the count of numbers it can mean.
    """
    match form:
        case "at_least":
            number = int((held // 2 + 1) * 2.0 ** rng.random())
            return Words(form, number, number) if number <= held else None
        case "up_to" | "at_most":
            number = int(held * 2.0 ** rng.random())
            return Words(form, number, number)
    candidates = np.arange(max(1 + (form == "nearly"), held * 4 // 5 - 1), held * 5 // 4 + 2)
    low, high = _meanings(form, candidates)
    chances = np.where((low <= held) & (held <= high), 1.0 / np.maximum(high - low + 1, 1), 0.0)
    # The number held itself is left where the probabilities of all words that can mean it sum to less than elsewhere.
    chosen = int(np.searchsorted(np.cumsum(chances), rng.random() * _LARGEST_SUM[form], side="right"))
    if chosen == len(candidates):
        return None
    return Words(form, int(candidates[chosen]), int(candidates[chosen]))


def _meanings(form: str, said: Integers) -> tuple[Integers, Integers]:
    """Smallest and largest number held that "about", "more than" or "nearly" can mean, in whole hundredths."""
    if form == "more_than":
        return said + 1, np.maximum(said + 1, _hundredths(said, MORE_THAN_REACH))
    if form == "nearly":
        return np.minimum(-_hundredths(-said, NEARLY_REACH), said - 1), said - 1
    half = np.where(_reads_round(said), ABOUT_ROUND, ABOUT_UNROUND)
    return -_hundredths(-said, 1.0 - half), _hundredths(said, 1.0 + half)


def _hundredths(number: Integers, share: float | Floats) -> Integers:
    return np.asarray(number * np.rint(np.multiply(share, 100)).astype(np.int64) // 100)


def _reads_round(number: Integers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Multiples of 5 from 10, of 10 from 100, of 100 from 1,000 and so on, a dozen and two."""
    digits = np.char.str_len(number.astype(str))
    grain = np.where(digits <= 2, 5, 10 ** np.maximum(digits - 2, 0))
    return np.asarray(((number >= 10) & (number % grain == 0)) | np.isin(number, DOZENS))


# ----------------------------------------------------------------------------------------------------------- the table

_COLUMNS = (
    "event", "source", "figure", "wording", "low", "high", "outcome", "source_type", "reported_at", "event_date",
    "event_type", "affiliation", "quotes", "provisional", "verified",
)  # fmt: skip
_PHRASES = {
    "exactly": "{low:,}",
    "range": "{low:,} to {high:,}",
    "vague": "{word}",
    "none": "none",
    **{
        form: form.replace("_", " ") + " {low:,}"
        for form in ("at_least", "more_than", "nearly", "up_to", "at_most", "about")
    },
}


def _figure(words: Words) -> str:
    return _PHRASES[words.wording].format(low=words.low, high=words.high, word=words.word)


def _written(event: int, minute: int) -> str:
    moment = _FIRST_DAY + timedelta(days=event, minutes=minute)
    return moment.isoformat(timespec="minutes")


def _table(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """The rows in the columns that any of them uses."""
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"provisional": "boolean"})
    frame["provisional"] = frame["provisional"].fillna(False).astype(bool)
    for column in ("low", "high", "verified"):
        frame[column] = frame[column].astype("Int64")
    return frame.dropna(axis="columns", how="all")
