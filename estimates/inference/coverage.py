"""What declared coverage does to ranges, told beside what they would be without it; and what it says of the unreported.

Nothing here changes an estimate: events are estimated again with another watch, or made up that nobody reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from estimates.inference.about import About
from estimates.inference.cases import Case, case_of
from estimates.inference.posterior import EventCases, solved_events
from estimates.inference.ranges import Range, range_of_mass
from estimates.inference.solved import Solved
from estimates.inference.watched import Heard, by_event, heard_of, telling_positions, with_watch
from estimates.models.grid import Grid
from estimates.models.growth import FINAL
from estimates.models.silence import Watch, Watcher, probability_of_silence
from estimates.models.types import Floats
from estimates.table.coverage import Coverage, Declaration
from estimates.table.dates import Time
from estimates.table.report import Report
from estimates.text import clean, interval, line_of, percent, plural
from estimates.vocabulary import DEFAULTS

#: The ways in which an event is estimated again.
DECLARED, UNDECLARED = "as declared", "nobody declared"
READY = {-1.0: "attention -1 sd", 1.0: "attention +1 sd"}
#: Tolls of which the chance to stay unreported is told.
TOLLS = (1, 10, 100)
#: Of more events than these only the number is told in notes.
EVENTS_TOLD = 10

_EFFECTS = (
    "event", "outcome", "spoke", "silent", "how", "layer", "median", "low_80", "high_80", "low_moves", "high_moves",
)  # fmt: skip
_SCENARIOS = (
    "place", "event_type", "from", "to", "watchers", "outcome", "median", "low_80", "high_80",
    *(f"unreported_{toll}" for toll in TOLLS),
)  # fmt: skip
_SILENCES = {
    "denial": "denied",
    "no_comment": "made no comment on",
    "not_confirmed": "did not confirm",
    "nothing": "said nothing of",
}


class _Found(NamedTuple):
    """A range, and the ends of its 80% interval between whole numbers."""

    range: Range
    smooth: tuple[float, float]


class _Way(NamedTuple):
    """One way to estimate an event again."""

    how: str
    watch: Watch | None


@dataclass(frozen=True)
class _Asked:
    """A case that tells of coverage, what was heard of its event, and the ways to estimate it again."""

    position: int
    case: Case
    heard: Heard
    ways: tuple[_Way, ...]


@dataclass(frozen=True, eq=False, repr=False)
class CoverageAnswers:
    """What coverage, or silence alone, does in one call of `estimate`.

    Parameters
    ----------
    solved : Solved
    reports : sequence of Report
        All of the table.
    as_of : Time or None
        The time asked for.
    """

    _solved: Solved
    _reports: Sequence[Report]
    _as_of: Time | None

    def __repr__(self) -> str:
        declared = self._solved.coverage
        rows = 0 if declared is None else len(declared.declarations)
        return line_of("CoverageAnswers", plural(rows, "declared row"))

    # Ranges under other declarations --------------------------------------------------------------------------------

    def effects(self, events: Sequence[str] | None = None) -> pd.DataFrame:
        """Ranges of the events that somebody was declared to watch, or of which a party is silent on its own strike.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.

        Returns
        -------
        DataFrame
            One row per event, layer and way to estimate it: ``event, outcome, spoke, silent, how, layer, median,
            low_80, high_80``, and ``low_moves`` and ``high_moves``, by which share the ends of the 80% range then lie
            above those with nobody declared. By ``how``: "as declared", "nobody declared", "attention -1 sd" and
            "attention +1 sd" (every source readier or less ready to report by one standard deviation of what is
            believed of its intercept), and for a party silent on its own strike "without NAME", or "with NAME" where it
            was not declared.

        Examples
        --------
        >>> len(found.coverage.effects())
        6
        """
        rows: list[dict[str, Any]] = []
        for asked, found in self._estimated(events):
            for layer in ("documented", "total"):
                base = found[UNDECLARED][layer]
                for way in asked.ways:
                    rows.append(_row(asked, way, layer, found[way.how][layer], base))
        frame = pd.DataFrame(rows, columns=list(_EFFECTS))
        return frame.astype({name: "Int64" for name in ("median", "low_80", "high_80")})

    def sentences(self, events: Sequence[str] | None = None, *, most: int | None = None) -> list[str]:
        """The same in words, of what is documented in the end: one sentence an event, and one a party that is silent.

        Parameters
        ----------
        events : sequence of str, optional
            Only these events; by default all.
        most : int, optional
            Of more events only the number is told.

        Examples
        --------
        >>> len(found.coverage.sentences())
        2
        """
        chosen = self._asked(events)
        if most is not None and len(chosen) > most:
            return [
                f"of {len(chosen):,} events sources were declared to watch, or parties are silent on their own "
                "strikes; Estimates.coverage.effects() tells what that does to their ranges"
            ]
        sentences = []
        for asked, found in self._estimated(events):
            ranges = {how: layers["documented"] for how, layers in found.items()}
            if asked.case.about.watch is not None:
                sentences.append(_told(asked, ranges))
            sentences += _told_of_parties(asked, ranges)
        return sentences

    def _asked(self, events: Sequence[str] | None) -> list[_Asked]:
        cases, of_event = self._solved.cases.cases, by_event(self._reports, self._as_of)
        asked = []
        for position in telling_positions(cases):
            case = cases[position]
            if events is not None and case.event not in events:
                continue
            heard = heard_of(of_event[case.event], case.outcome, self._solved.cases.as_of_bins[position])
            if case.about.watch is not None or heard.parties:
                asked.append(_Asked(position, case, heard, tuple(self._ways(case, heard))))
        return asked

    def _ways(self, case: Case, heard: Heard) -> Iterator[_Way]:
        """The ways to estimate one event again, "as declared" first where somebody was."""
        watch = case.about.watch
        if watch is not None:
            yield _Way(DECLARED, watch)
        yield _Way(UNDECLARED, None)
        if watch is not None:
            for score, how in READY.items():
                yield _Way(how, watch.at(score))

        empty = Watch(heard.up_to, (), told_otherwise=True)
        for party in heard.parties:
            if watch is not None and party.source in watch.silent:
                yield _Way(f"without {party.source}", watch.without(party.source))
            elif party.answer != "denial":
                base, own = watch or empty, Watcher(party.source, False, self._solved.profile.attention(party.source))
                yield _Way(f"with {party.source}", replace(base, watchers=tuple(sorted((*base.watchers, own)))))

    def _estimated(self, events: Sequence[str] | None) -> Iterator[tuple[_Asked, dict[str, dict[str, _Found]]]]:
        """Each case with its ranges by way and layer."""
        asked = self._asked(events)
        again = [self._again(one, way) for one in asked for way in one.ways]
        found = solved_events(again, self._solved.profile)
        for one in asked:
            place = self._place(one)
            ranges: dict[str, dict[str, _Found]] = {}
            for way in one.ways:
                event = next(found)
                masses = {
                    "documented": event.documented(place),
                    "total": event.total(place, self._solved.undocumented),
                }
                grid = event.cases[place].grid
                ranges[way.how] = {layer: _found(grid, mass) for layer, mass in masses.items()}
            yield one, ranges

    def _place(self, asked: _Asked) -> int:
        return asked.position - self._solved.solution.events[asked.case.event].positions[0]

    def _again(self, asked: _Asked, way: _Way) -> EventCases:
        event, place = self._solved.events[asked.case.event], self._place(asked)
        as_of_bin = self._solved.cases.as_of_bins[asked.position]
        other = with_watch(asked.case, way.watch, self._solved.profile, as_of_bin)
        return replace(event, cases=(*event.cases[:place], other, *event.cases[place + 1 :]))

    # Events that nobody reported ------------------------------------------------------------------------------------

    def unreported(self, outcome: str = "killed") -> pd.DataFrame:
        """Scenarios: an event that was watched where the table of coverage says so, and that no watcher reported.

        They are no estimates of anything that is known to have happened, and no total holds them.

        Parameters
        ----------
        outcome : str

        Returns
        -------
        DataFrame
            One row for each different ``place, event_type, from, to`` of the table of coverage: ``watchers``, the
            ``outcome`` with the ``median, low_80, high_80`` of its documented toll if there was such an event, and the
            probabilities ``unreported_1``, ``unreported_10`` and ``unreported_100`` that an event of so many stays
            unreported.

        Examples
        --------
        >>> len(found.coverage.unreported())
        0
        """
        coverage = self._solved.coverage
        scopes = _scopes(coverage) if coverage is not None else []
        cases = [self._scenario(scope, watchers, outcome) for scope, watchers in scopes]
        events = [EventCases(case.event, True, (case,)) for case in cases]

        rows = []
        for (scope, watchers), case, found in zip(
            scopes, cases, solved_events(events, self._solved.profile), strict=True
        ):
            watch = case.about.watch
            if watch is None:
                continue
            place, event_type, start, end = scope
            chances = probability_of_silence(watch, np.array(TOLLS, dtype=float)).tolist()
            rows.append(
                {"place": place, "event_type": event_type, "from": start, "to": end, "watchers": ", ".join(watchers)}
                | {"outcome": outcome, **range_of_mass(case.grid, found.documented(0), (80,)).cells}
                | {f"unreported_{toll}": chance for toll, chance in zip(TOLLS, chances, strict=True)}
            )
        return pd.DataFrame(rows, columns=list(_SCENARIOS))

    def _scenario(self, scope: tuple[str | None, ...], watchers: Sequence[str], outcome: str) -> Case:
        """A case without any figure, of which all watchers are silent."""
        profile, coverage = self._solved.profile, self._solved.coverage
        event_type = scope[1] or DEFAULTS["event_type"]
        told = coverage is not None and coverage.sizes == "all"
        watch = Watch(FINAL, tuple(Watcher(name, False, profile.attention(name)) for name in watchers), told)
        about = About("an event that nobody reported", outcome, event_type, watch=watch)
        return case_of(about, [], profile.bin_shares, None)

    def scenario_sentences(self) -> list[str]:
        """The scenarios in words; of many only the number is told.

        Examples
        --------
        >>> found.coverage.scenario_sentences()
        []
        """
        coverage = self._solved.coverage
        if coverage is None:
            return []
        if (count := len(_scopes(coverage))) > EVENTS_TOLD:
            return [
                f"Estimates.coverage.unreported() tells what events nobody reported would be, in {count:,} scenarios"
            ]

        sentences = []
        for row in self.unreported().to_dict("records"):
            kind = str(row["event_type"] or "event").replace("_", " ")
            where = f" in {clean(row['place'])}" if row["place"] else ""
            when = "".join(f" {word} {row[name]}" for name, word in (("from", "from"), ("to", "to")) if row[name])
            chances = ", ".join(f"{percent(row[f'unreported_{toll}'])} of those with {toll} killed" for toll in TOLLS)
            sentences.append(
                f"A scenario, not an estimate: of each {kind}{where}{when} that {clean(row['watchers'])} watched, "
                f"{chances} would have stayed unreported; such an unreported one would have "
                f"{interval((row['low_80'], row['high_80']), ' to ')} killed (80% range). No total holds any."
            )
        return sentences


def _scopes(coverage: Coverage) -> list[tuple[tuple[str | None, ...], tuple[str, ...]]]:
    """What was watched, each once in the order given, and by whom all of it."""
    found: list[tuple[tuple[str | None, ...], tuple[str, ...]]] = []
    for scope in dict.fromkeys(row.scope for row in coverage.declarations):
        probe = Declaration(0, "", *scope)
        watchers = sorted({row.source for row in coverage.declarations if row.includes(probe)})
        found.append((scope, tuple(watchers)))
    return found


# Rows and sentences ---------------------------------------------------------------------------------------------------


def _found(grid: Grid, mass: Floats) -> _Found:
    below = np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])
    low, high = np.interp((0.1, 0.9), below, grid.edges - 0.5).tolist()
    return _Found(range_of_mass(grid, mass, (80,)), (max(low, 0.0), max(high, 0.0)))


def _row(asked: _Asked, way: _Way, layer: str, found: _Found, base: _Found) -> dict[str, Any]:
    watch = asked.case.about.watch
    low, high = _moves(found, base)
    return {
        "event": asked.case.event,
        "outcome": asked.case.outcome,
        "spoke": ", ".join(watch.spoke) if watch else "",
        "silent": ", ".join(watch.silent) if watch else "",
        "how": way.how,
        "layer": layer,
        **found.range.cells,
        "low_moves": low,
        "high_moves": high,
    }


def _moves(found: _Found, base: _Found) -> tuple[float, float]:
    """By which share the ends of an 80% range lie above those of another; half a person is added to each.

    They are interpolated between whole numbers, so that a small move is seen as one.
    """
    low, high = ((one + 0.5) / (other + 0.5) - 1.0 for one, other in zip(found.smooth, base.smooth, strict=True))
    return low, high


def _told(asked: _Asked, ranges: dict[str, _Found]) -> str:
    watch = asked.case.about.watch
    assert watch is not None
    who = [f"{clean(', '.join(watch.spoke))} gave a figure"] if watch.spoke else []
    who += [f"{clean(', '.join(watch.silent))} gave none"] if watch.silent else []
    less, more = (_ends(ranges[how]) for how in READY.values())
    return (
        f"{_of(asked)}: of the sources declared to watch, {' and '.join(who)}. The 80% range is "
        f"{_ends(ranges[DECLARED])}; with nobody declared {_ends(ranges[UNDECLARED])}; with sources one standard "
        f"deviation less ready to report {less}, or readier {more}"
    )


def _told_of_parties(asked: _Asked, ranges: dict[str, _Found]) -> Iterator[str]:
    """What the silence of each party on its own strike does."""
    watch = asked.case.about.watch
    for party in asked.heard.parties:
        said = f"{_of(asked)}: {clean(party.source)} {_SILENCES[party.answer]} its own strike"
        if party.answer == "denial":
            yield f"{said}; a denial is no figure and moves nothing, declared or not"
            continue

        if watch is not None and party.source in watch.silent:
            without, here = ranges[f"without {party.source}"], ranges[DECLARED]
            moved = f"from {_ends(without)} to {_ends(here)} ({_shares(here, without)})"
            yield f"{said}; its silence moves the 80% range {moved}"
        else:
            here, then = ranges[DECLARED if watch is not None else UNDECLARED], ranges[f"with {party.source}"]
            instead = f"{_ends(then)} instead of {_ends(here)} ({_shares(then, here)})"
            yield (
                f"{said}; that moves nothing, since it is not declared to have watched. If it were, the 80% range "
                f"would be {instead}"
            )


def _of(asked: _Asked) -> str:
    return f"{clean(asked.case.event)}, {asked.case.outcome}"


def _ends(found: _Found) -> str:
    return interval(found.range.intervals[80], " to ")


def _shares(found: _Found, base: _Found) -> str:
    low, high = _moves(found, base)
    return f"its ends by {100 * low:+.0f}% and {100 * high:+.0f}%"
