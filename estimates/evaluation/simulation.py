"""Tables of reports with known truth: from the model's own mechanism, and from worlds that break it.

One draw of all shared parameters is taken from a profile, and every event is acted out: a toll, what of it is
documentable at each age, sources that count it with their own errors, copy one another, repeat themselves and put
what they hold into words; and in the end what an inquiry makes of what the accounts hold, and the full toll. No
likelihood is evaluated on the way, so that the estimates can be checked against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import cycle, islice
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation.acting import Event
from estimates.evaluation.arguments import check, check_again, check_shares, whole
from estimates.evaluation.known import Draws
from estimates.evaluation.missing import add_missing
from estimates.evaluation.phrasing import WORDINGS, random_forms
from estimates.evaluation.plans import Shares, plans
from estimates.evaluation.schedule import schedules
from estimates.evaluation.stage import Acted, Stage, effects_of_types
from estimates.evaluation.statements import SOURCE_TYPES, keys_of, sources_told
from estimates.evaluation.told import rows_of, table_of
from estimates.evaluation.tolls import Tolls
from estimates.evaluation.watching import Watched, everybody_speaks, knowing, watch
from estimates.evaluation.worlds import WORLD_OF_NAME
from estimates.inference.cases import gather
from estimates.models.growth import AGE_EDGES, FINAL
from estimates.profile.blocks import generator
from estimates.profile.effects import Effect
from estimates.profile.profile import SourceProfile, published_profile
from estimates.table.reports import Reports, read_reports
from estimates.text import line_of
from estimates.vocabulary import WITHOUT_LAYERS

__all__ = ["Simulation", "simulate"]

type Again = Literal["never", "event", "table"]


def simulate(
    events: int = 40, sources: int = 4, *,
    seed: int = 0, world: str = "model", remedy: bool = False,
    profile: SourceProfile | None = None, draw: int | None = None, again: Again = "never",
    reports_per_event: float = 3.0, event_type: str | Sequence[str] = "airstrike", outcome: str = "killed",
    source_types: Sequence[str] = SOURCE_TYPES,
    wordings: Mapping[str, float] | None = None, wording_of: Literal["event", "report"] = "event",
    times: Sequence[float] | None = None, anchors: float = 0.0, named_lists: float = 0.0, at_risk: float = 0.0,
    chosen: float = 0.0, copies_removed: float = 0.0, coded: float = 0.0, parts: float = 0.0, withdrawn: float = 0.0,
    undated: float = 0.0, falling: float = 0.0, missing: float = 0.0, watchers: int = 0,
) -> Simulation:  # fmt: skip
    """Simulate reports of events whose tolls are known.

    Parameters
    ----------
    events, sources : int
        How many there are. In the world "sparse" there are as many sources as its reports need.
    seed : int
        Every random number follows from it. Counts and times are the same in every world of one seed but "sparse",
        unless events are drawn again.
    world : str
        One of ``WORLDS``, which says what is broken in it.
    remedy : bool
        Whether the table says what happened, in the worlds of ``REMEDIES``.
    profile : SourceProfile, optional
        Where the shared parameters come from; by default the published priors of the same seed.
    draw : int, optional
        Which draw of the profile; by default one at random.
    again : {"never", "event", "table"}
        What is drawn again where the model's likelihood is not that of an event (see ``acting``): nothing; the event,
        which suits those who know the parameters; or the whole table and its parameters, as calibration needs it.
    reports_per_event : float
        Mean number of reports of everybody, one or more each; a source speaks at most once in each age bin of an event.
    event_type : str or sequence of str
        One type of event, or several in turn.
    outcome : str
        What is counted.
    source_types : sequence of str
        Types of the sources, in turn.
    wordings : mapping of str to float, optional
        Shares of the forms of figures, of ``models.wording.NUMERIC_WORDINGS``; by default ``WORDINGS``. A source
        that holds a number its form cannot or need not say says the number itself.
    wording_of : {"event", "report"}
        Whether all sources of an event use one form or every report has its own. The likelihood weighs an own
        statement against a copy as if its form were given, so that only "event" is the model's own world as soon as
        sources copy.
    times : sequence of float, optional
        Shares of the age bins among the reports; by default the profile's, and all in the last one of people displaced,
        whose number does not grow.
    anchors : float
        Share of events whose documented toll stands in the column ``verified``.
    named_lists : float
        Share of events with a verified list of names, made by the last figure: any number of those documentable from
        then on, each as likely. Where events are drawn again its length is settled beforehand.
    at_risk : float
        Share of events with a number of people at risk, above all counts, or settled beforehand.
    chosen, copies_removed : float
        Shares of events that are told of for their revision, and of which nobody copies; the table says both.
    coded : float
        Share, among events whose figures are all plain numbers, of those with bare ones, and zero for "none".
    parts : float
        Share of events of which sources that give no figure of everybody give one of a group.
    withdrawn, undated : float
        Shares of events with a figure that its source takes back, which says nothing of the toll, and with a figure
        without a date, whose age is as the profile's shares say.
    falling : float
        Share, among events in which a source speaks twice, of those in which one is going to lower its figure. Only
        where events are drawn again, since it may not.
    missing : float
        Share of events with a number of people missing, told by the last source whose time is known, in an age bin
        before the last. Of killed alone, and of types of event of which the missing say anything.
    watchers : int
        How many of the sources, the first ones, watch all events and speak the likelier the larger the toll: see
        ``watching``. ``Simulation.coverage`` declares them; events of which nobody speaks are in the table with a row
        that says so, and ``truth["reported"]`` is false. The sizes are those of all events, and silence is that of the
        end: estimate with ``sizes="all"`` in `read_coverage`, and with an ``as_of`` months later.

    Returns
    -------
    Simulation

    Raises
    ------
    EstimatesError
        If an argument cannot be used, or nothing fits however often it is drawn; the message says what to write
        instead.

    Examples
    --------
    >>> simulate(3, seed=1)
    <Simulation model: 5 reports of 3 events, seed 1, draw 874>
    """
    types = (event_type,) if isinstance(event_type, str) else tuple(event_type)
    profile = profile or published_profile(whole("seed", seed, 0))
    shares = dict(WORDINGS if wordings is None else wordings)
    ages = tuple(_usual_ages(profile, outcome) if times is None else times)
    check(events, sources, seed, world, remedy, profile, draw, reports_per_event, types, outcome)
    check_shares(shares, wording_of, ages, anchors)
    check_again(again, falling, source_types)
    told = Shares(named_lists, at_risk, chosen, copies_removed, coded, parts, withdrawn, undated, falling, missing)

    def numbers(*names: str) -> np.random.Generator:
        return generator(seed, "simulation", *names)

    broken = WORLD_OF_NAME[world]
    planned = schedules(numbers("times"), events, sources, reports_per_event, ages, broken.is_sparse)
    if whole("watchers", watchers, 0) > sources:
        raise EstimatesError(f"watchers {watchers}: write a number up to that of the sources, {sources}")
    if watchers:
        planned = everybody_speaks(numbers("watchers"), planned, watchers, ages)
    count = max(1 + max(slot.source for schedule in planned for slot in schedule), sources)
    forms = [random_forms(numbers("forms", str(i)), shares, wording_of, len(slots)) for i, slots in enumerate(planned)]
    event_types = list(islice(cycle(types), events))
    settled = plans(numbers, event_types, planned, forms, count, ages, _usual_ages(profile, outcome), told)

    stage = Stage(seed, outcome, broken, profile, draw, keys_of(count, source_types, broken, remedy), set(types))
    acted = stage.table(settled) if again == "table" else stage.events(settled, strict=again == "event")

    attributes = remedy and broken.can_attribute
    rows = [
        rows_of(index, event, outcome, acted.speakers, attributes=attributes)
        for index, event in enumerate(acted.events)
    ]
    add_missing(rows, acted, profile, numbers)
    keys = [speaker.key for speaker in acted.speakers[:watchers]]
    counts = np.array([event.counts[FINAL] for event in acted.events])
    watched = watch(numbers("watching"), rows, counts, keys, profile) if watchers else None
    rows = watched.rows if watched else rows
    tolls = _adjudicated(acted, rows, numbers, profile.bin_shares)
    for index in np.flatnonzero(numbers("anchors").random(events) < anchors):
        for row in rows[index]:
            row["verified"] = tolls[index].documented

    players = [*acted.speakers, acted.hospital] if acted.hospital else acted.speakers
    return Simulation(
        table_of([row for of_event in rows for row in of_event]),
        _truth(acted.events, outcome, tolls, watched),
        world,
        remedy,
        seed,
        profile,
        acted.draw,
        sources_told(players),
        watched,
    )


def _usual_ages(profile: SourceProfile, outcome: str) -> Sequence[float]:
    """Shares of the age bins; of outcomes without layers all figures are about one count, so they are of one bin."""
    return profile.bin_shares if outcome not in WITHOUT_LAYERS else (*[0.0] * FINAL, 1.0)


def _adjudicated(
    acted: Acted,
    rows: Sequence[Sequence[Mapping[str, object]]],
    numbers: Callable[..., np.random.Generator],
    bin_shares: Sequence[float],
) -> list[Tolls]:
    """The tolls of each event, given how far the figures of its reports lie apart by the package's own rule."""
    reports = read_reports(table_of([row for of_event in rows for row in of_event], dated=True))
    cases = gather(reports.estimated_reports, bin_shares, None).cases
    distances = {case.event: observations.distance for case in cases for _, observations in case.alternatives}
    return [
        acted.laws.tolls(numbers("tolls", str(index)), event.plan, event.counts, distances[f"event {index + 1}"])
        for index, event in enumerate(acted.events)
    ]


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    """A table of reports and the truth behind it.

    Attributes
    ----------
    table : DataFrame
        The reports in the columns that ``read_reports`` reads.
    truth : DataFrame
        One row an event: ``event, event_type, outcome, documented`` (the toll that an inquiry finds in the end),
        ``total`` (the full toll), ``by_now`` (what an inquiry would have found of what was documentable by the age bin
        of the last figure), ``accounts`` (the count that the accounts hold in the end), and ``by_day_1`` to
        ``by_day_30``, the counts documentable before that age; where sources watch ``reported``, whether any spoke.
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
    _watched: Watched | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        told = f"{len(self.table)} reports of {len(self.truth)} events, seed {self.seed}, draw {self.draw}"
        return line_of("Simulation", told, self.world)

    @property
    def coverage(self) -> pd.DataFrame | None:
        """The table that declares the watchers; None where nobody watches."""
        return None if self._watched is None else pd.DataFrame({"source": list(self._watched.attention)})

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
        effects = effects_of_types(self.truth["event_type"])
        for name, affiliation in zip(self.sources["source"], self.sources["affiliation"], strict=True):
            effects += [Effect(name, what) for what in (f"bias.{affiliation}", "exactness", "error", "copying")]
        return MappingProxyType({effect: float(self.drawn_from.scores(effect)[self.draw]) for effect in effects})

    def known_profile(self, draws: int = 1) -> SourceProfile:
        """Profile of somebody who knows all parameters and effects: every one of its draws is the truth.

        Parameters
        ----------
        draws : int
            How many times the truth is given; an even number where the type of an event does not tell how it grows.

        Examples
        --------
        >>> simulate(3, seed=1).known_profile(draws=100).draws
        100
        """
        known = Draws(self.drawn_from, self.effects).profile(self.draw, draws)
        return known if self._watched is None else knowing(known, self._watched.attention)


def _truth(events: Sequence[Event], outcome: str, tolls: Sequence[Tolls], watched: Watched | None) -> pd.DataFrame:
    """``Simulation.truth``, from the events and their tolls."""
    counts = np.stack([event.counts for event in events])
    return pd.DataFrame(
        {
            "event": [f"event {index + 1}" for index in range(len(events))],
            "event_type": [event.plan.event_type for event in events],
            "outcome": outcome,
            "documented": [toll.documented for toll in tolls],
            "total": [toll.total for toll in tolls],
            "by_now": [toll.by_now for toll in tolls],
            "accounts": counts[:, FINAL],
            **{f"by_day_{edge:g}": counts[:, bin_index] for bin_index, edge in enumerate(AGE_EDGES)},
            **({} if watched is None else {"reported": watched.reported}),
        }
    )
