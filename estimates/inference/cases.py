"""From the rows of the table to what the models need: which figures count, whose they are, and in which age bin.

A *question* is one outcome of one event. Its rows become statements (figures that enter the likelihood), floors,
provenance (quotes of a source that speaks for itself) and silence (no comment, denials), by fixed rules:

- a quote counts for the quoted source (the last of a chain), and for nothing where that source gives a figure itself;
- within one age bin the newest figure of a source replaces its older ones; figures at the same time become the range
  they span ("none" beside a number is left out of it), and a warning that the number will rise stays;
- figures whose age is unknown or coarse share one unknown rank of age, so each assignment of bins is one alternative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isnan
from typing import Any

import pandas as pd

from estimates.models import floor as floors
from estimates.models.event import Floor, Observations, Statement
from estimates.models.growth import BINS, FINAL, STEPS, age_bin
from estimates.models.wording import NUMERIC_WORDINGS, VAGUE_WORDS, Words
from estimates.profile.effects import SourceKey
from estimates.table.dates import Time, ages, parse_time
from estimates.vocabulary import OUTCOMES


@dataclass(frozen=True)
class Row:
    """One report of one outcome of one event, as far as the models need it."""

    key: SourceKey
    words: Words | None
    first_bin: int
    last_bin: int
    reported: Time | None
    floor_group: str | None
    is_named: bool
    provisional: bool

    @property
    def dated(self) -> bool:
        """Whether the figure's age bin is known."""
        return self.first_bin == self.last_bin


@dataclass(frozen=True)
class Case:
    """One outcome of one event, with everything said about it.

    Attributes
    ----------
    event, outcome, event_type : str
    rows : tuple of Row
        Figures that count, the newest of each source and bin.
    alternatives : tuple of (share, Observations)
        One where every age is known; source numbers in the evidence index ``keys``.
    keys : tuple of SourceKey
    floor : int or None
        The number verified.
    reported_low, reported_high : int or None
        Smallest and largest number said about the whole event; vague words say none.
    """

    event: str
    outcome: str
    event_type: str
    rows: tuple[Row, ...]
    alternatives: tuple[tuple[float, Observations], ...]
    keys: tuple[SourceKey, ...]
    floor: int | None
    reported_low: int | None
    reported_high: int | None

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources whose figures or floors count."""
        return tuple(sorted({row.key.source for row in self.rows}))

    @property
    def has_figure(self) -> bool:
        """Whether anything but the prior bears on the answer."""
        return bool(self.rows)

    @property
    def has_statement(self) -> bool:
        """Whether any source spoke of the whole event, and not of a part of it only."""
        return any(not row.floor_group for row in self.rows)

    @property
    def lowest_said(self) -> int | None:
        """The smallest number but zero that is said of the whole event or meant by a vague word, or the floor."""
        said = [n for row in self.rows if not row.floor_group for n in _numbers_said(row.words) if n > 0]
        return min(said, default=self.floor)

    @property
    def vague_words(self) -> tuple[str, ...]:
        """Words such as "dozens" said of the whole event."""
        return tuple(sorted({row.words.word for row in self.rows if row.words and not row.floor_group} - {""}))

    @property
    def reported(self) -> str:
        """What was said of the whole event: its numbers and its vague words."""
        low, high = self.reported_low, self.reported_high
        parts = [] if low is None or high is None else [f"{low:,}" if low == high else f"{low:,} to {high:,}"]
        parts += [f"“{word}”" for word in self.vague_words]
        return " and ".join(parts) or "no figure"

    def without(self, source: str, bin_shares: Sequence[float], as_of_bin: int | None) -> Case:
        """The same question with one source's rows left out."""
        kept = [row for row in self.rows if row.key.source != source]
        return ask(self.event, self.outcome, self.event_type, kept, bin_shares, as_of_bin)


@dataclass(frozen=True)
class Cases:
    """All questions of a call, in a fixed order, and what was noted on the way."""

    cases: tuple[Case, ...]
    as_of_bins: tuple[int | None, ...]
    notes: tuple[str, ...]


def gather(estimated: pd.DataFrame, bin_shares: Sequence[float], as_of: Time | None) -> Cases:
    """Questions of a table's estimated rows, by event, and outcomes in the order of the vocabulary.

    Parameters
    ----------
    estimated : DataFrame
        ``Reports.estimated``.
    bin_shares : sequence of float
        Shares of ages for figures of unknown age.
    as_of : Time, optional
        Reports made later are left out.
    """
    notes: list[str] = []
    rows_of_table = estimated.to_dict("records")
    records: list[dict[str, Any]] = [{str(name): cell for name, cell in row.items()} for row in rows_of_table]
    types: dict[str, str] = {}
    for record in sorted(records, key=lambda record: str(record["source_type"])):
        if record["source_type"] != "unknown":
            types.setdefault(record["source"], record["source_type"])
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    later = 0
    for record in records:
        reported, happened = _time(record["reported_at"]), _time(record["event_date"])
        if as_of is not None and happened is not None and happened.start >= as_of.end:
            later += 1
            continue
        group = grouped[record["event"], record["outcome"]]
        if as_of is not None and reported is not None and reported.start >= as_of.end:
            later += 1
            continue
        group.append(record)
    if later:
        notes.append(f"{later} report{'s' if later > 1 else ''} later than the date asked for left out")
    event_dates = {record["event"]: record["event_date"] for record in records if record["event_date"]}
    event_types: dict[str, str] = {}
    for record in records:
        if record["event_type"] != "unknown" or record["event"] not in event_types:
            event_types[record["event"]] = record["event_type"]
    cases, as_of_bins = [], []
    for (event, outcome), group in sorted(grouped.items(), key=lambda item: (item[0][0], OUTCOMES.index(item[0][1]))):
        rows = _rows(event, outcome, group, types, notes)
        as_of_bin = _as_of_bin(as_of, event_dates.get(event))
        cases.append(ask(event, outcome, event_types[event], rows, bin_shares, as_of_bin))
        as_of_bins.append(as_of_bin)
    return Cases(tuple(cases), tuple(as_of_bins), tuple(notes))


def ask(
    event: str, outcome: str, event_type: str, rows: Iterable[Row], bin_shares: Sequence[float], as_of_bin: int | None
) -> Case:
    """Question made of rows that count; the order of the rows does not matter."""
    rows = _newest(list(rows))
    keys = tuple(sorted({row.key for row in rows}))
    alternatives = tuple(
        (share, _observations(rows, bins, keys, as_of_bin))
        for share, bins in _alternatives(rows, bin_shares, as_of_bin)
    )
    floor_numbers = [(row.floor_group, row.words.low) for row in rows if row.floor_group and row.words]
    said = [
        number
        for row in rows
        if row.words and not row.floor_group and row.words.wording != "vague"
        for number in (row.words.low, row.words.high)
    ]
    return Case(
        event,
        outcome,
        event_type,
        tuple(rows),
        alternatives,
        keys,
        floors.combine(floor_numbers) or None,
        min(said, default=None),
        max(said, default=None),
    )


def _as_of_bin(as_of: Time | None, event_date: object) -> int | None:
    happened = _time(event_date)
    if as_of is None or happened is None:
        return None
    span = ages(as_of, happened)
    return None if span is None else age_bin(span[1])


def _time(text: object) -> Time | None:
    return parse_time(text) if isinstance(text, str) and text else None


def _rows(
    event: str, outcome: str, records: list[dict[str, Any]], types: dict[str, str], notes: list[str]
) -> list[Row]:
    speaking = {record["source"] for record in records if not record["quotes"] and _speaks_of_all(record)}
    quotes = {record["source"]: record["quotes"] for record in records if record["quotes"]}
    own_types = {record["source"]: record["source_type"] for record in reversed(records)}
    for source in own_types:
        several = {r["source_type"] for r in records if r["source"] == source} - {"unknown"}
        own_types[source] = min(several, default="unknown")
    rows = []
    for record in records:
        source = str(record["source"])
        source_type = own_types[source]
        if record["quotes"]:
            quoted = _end_of_chain(str(record["quotes"]), quotes, speaking)
            if quoted in speaking:
                continue
            notes.append(f"{event}, {outcome}: {source} quotes {quoted}, who gives no figure; counted as {quoted}'s")
            source, source_type = quoted, own_types.get(quoted) or types.get(quoted, "unknown")
        words = to_words(record)
        is_floor = _is_floor(record)
        if words is None or (is_floor and not words.low):
            continue
        low, high = float(record["age_low"]), float(record["age_high"])
        known = not (isnan(low) or isnan(high))
        rows.append(
            Row(
                SourceKey(source, source_type, str(record["affiliation"])),
                words,
                age_bin(low) if known else 0,
                age_bin(high) if known else FINAL,
                _time(record["reported_at"]),
                str(record["group"]) if is_floor else None,
                record["wording"] == "named",
                bool(record["provisional"]),
            )
        )
    return rows


def _is_floor(record: dict[str, Any]) -> bool:
    return record["wording"] == "named" or bool(record["subset"])


def _speaks_of_all(record: dict[str, Any]) -> bool:
    return not _is_floor(record) and to_words(record) is not None


def _end_of_chain(source: str, quotes: dict[str, str], speaking: set[str]) -> str:
    """Whom a quote goes back to: A quotes B, who quotes C."""
    seen = {source}
    while source not in speaking and source in quotes and quotes[source] not in seen:
        source = quotes[source]
        seen.add(source)
    return source


def to_words(record: dict[str, Any]) -> Words | None:
    """The words of a row as the likelihood knows them; None where they bear on no number."""
    wording = str(record["wording"])
    low, high = _integer(record["low"]), _integer(record["high"])
    if wording == "vague":
        return Words("vague", word=str(record["word"]))
    if wording == "none":
        return Words("none")
    if wording == "named":
        return Words("named", low, low) if low else None
    if wording not in NUMERIC_WORDINGS:
        return None
    if wording == "range":
        if low == high:
            return Words("exactly", low, high) if low else Words("none")
        return Words("range", low, high)
    number = max(low, high)
    if number == 0:
        # "At least none" says nothing; "more than none" is at least one; the others are none.
        return {"at_least": None, "more_than": Words("at_least", 1, 1)}.get(wording, Words("none"))
    return Words(wording, number, number)


def _integer(value: Any) -> int:
    if value is None or value is pd.NA or (isinstance(value, float) and isnan(value)):
        return 0
    return int(value)


def _numbers_said(words: Words | None) -> list[int]:
    """The numbers a figure stands for; a vague word for the ends of its usual meaning, "none" for zero."""
    if words is None:
        return []
    if words.wording == "vague":
        _, low, high, _ = VAGUE_WORDS[words.word]
        return [low, high]
    return [words.low, words.high]


def _newest(rows: list[Row]) -> list[Row]:
    """One figure a source and bin: the newest, or the range of those at the same time. Floors all stay."""
    floor_rows = [row for row in rows if row.floor_group]
    grouped: dict[tuple[SourceKey, int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if not row.floor_group:
            grouped[row.key, row.first_bin, row.last_bin].append(row)
    kept = [
        replace(_span(_latest(group)), provisional=any(row.provisional for row in group)) for group in grouped.values()
    ]
    return sorted([*kept, *set(floor_rows)], key=_canonical)


def _latest(rows: list[Row]) -> list[Row]:
    moment = _moment(rows)
    newest = max(moment(row) for row in rows)
    return [row for row in rows if moment(row) == newest]


def _moment(rows: list[Row]) -> Callable[[Row], tuple[int, int]]:
    """Order in time; on a day on which any figure lacks a clock time, all figures of the day are tied."""
    unclocked = {row.reported.start.date() for row in rows if row.reported and not row.reported.has_clock}

    def moment(row: Row) -> tuple[int, int]:
        if row.reported is None:
            return (0, 0)
        day = row.reported.start.date()
        minute = 0 if day in unclocked else row.reported.start.hour * 60 + row.reported.start.minute
        return (day.toordinal(), minute)

    return moment


def _span(rows: list[Row]) -> Row:
    numbers = [row for row in rows if row.words and row.words.wording != "none"]
    rows = numbers or rows
    first = min(rows, key=_canonical)
    words = {row.words for row in rows}
    if len(words) > 1:
        said = [number for row in rows for number in _numbers_said(row.words)]
        low, high = max(1, min(said)), max(said)
        spanned = Words("range", low, high) if low < high else Words("exactly", high, high)
    else:
        spanned = first.words  # type: ignore[assignment]
    return replace(first, words=spanned)


def _canonical(row: Row) -> tuple[object, ...]:
    time = row.reported
    when = (time.start.isoformat(), time.end.isoformat()) if time else ("", "")
    return (row.key, row.first_bin, row.last_bin, when, row.words, row.floor_group or "", row.provisional)


def _alternatives(
    rows: Sequence[Row], bin_shares: Sequence[float], as_of_bin: int | None
) -> list[tuple[float, tuple[int, ...]]]:
    """Assignments of bins with their shares: one unknown rank of age, shared by all figures of unknown age."""
    last_allowed = FINAL if as_of_bin is None else as_of_bin
    laws = []
    for row in rows:
        last = max(row.first_bin, min(row.last_bin, last_allowed))
        shares = [bin_shares[b] if row.first_bin <= b <= last else 0.0 for b in range(BINS)]
        total = sum(shares)
        cumulative, running = [], 0.0
        for share in shares:
            running += share / total
            cumulative.append(running)
        cumulative[last] = 1.0
        laws.append(cumulative)
    cuts = sorted({0.0, 1.0, *(round(value, 12) for law in laws for value in law if value < 1.0)})
    result = []
    for low, high in pairwise(cuts):
        middle = (low + high) / 2
        bins = tuple(next(b for b, value in enumerate(law) if value >= middle) for law in laws)
        result.append((high - low, bins))
    return result


def _observations(
    rows: Sequence[Row], bins: Sequence[int], keys: Sequence[SourceKey], as_of_bin: int | None
) -> Observations:
    latest = max(bins, default=-1)
    rising = any(row.provisional for row, b in zip(rows, bins, strict=True) if b == latest)
    speaking = [(row, b) for row, b in zip(rows, bins, strict=True) if not row.floor_group]
    places = _places(speaking)
    number = {key: index for index, key in enumerate(keys)}
    # A source heard in one bin with a known and an unknown age has two figures there: the dated one counts.
    statements: dict[tuple[SourceKey, int], Statement] = {}
    for (row, b), place in sorted(zip(speaking, places, strict=True), key=lambda item: (not item[0][0].dated, item[1])):
        if row.words is not None:
            statements.setdefault((row.key, b), Statement(b, place, number[row.key], row.words))
    return Observations(
        tuple(sorted(statements.values())),
        _floors(rows, bins),
        latest if rising else STEPS,
        as_of_bin if as_of_bin is not None and as_of_bin >= latest else max(latest, 0),
    )


def _places(speaking: Sequence[tuple[Row, int]]) -> list[int]:
    """Rank in time within the bins; figures of unknown age come last in their bin, tied."""
    moment = _moment([row for row, _ in speaking])
    keys = [(b, not row.dated, moment(row) if row.dated else (0, 0)) for row, b in speaking]
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    return [ranks[key] for key in keys]


def _floors(rows: Sequence[Row], bins: Sequence[int]) -> tuple[Floor, ...]:
    """At each bin the floor of all that is known by then, once by names alone and once with subsets, where it rises."""
    known = [(b, row) for row, b in zip(rows, bins, strict=True) if row.floor_group and row.words]
    result: list[Floor] = []
    highest = 0
    for latest in sorted({b for b, _ in known}):
        for only_named, error in ((True, floors.NAMED_ERROR), (False, floors.SUBSET_ERROR)):
            number = floors.combine(
                (row.floor_group, row.words.low)
                for b, row in known
                if b <= latest and row.floor_group and row.words and (row.is_named or not only_named)
            )
            if number > highest:
                result.append(Floor(latest, number, error))
                highest = number
    return tuple(result)
