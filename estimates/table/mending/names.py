"""Mends of names that are spelt in several ways: the spelling that most rows have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from estimates.table.between.names import almost_alike
from estimates.table.cells import Cells
from estimates.table.checks import result_of
from estimates.table.faults import Wrong, quoted
from estimates.table.mending.proposal import Proposal
from estimates.text import plural

__all__ = ["name_proposals"]

#: Of a name with more spellings than these none are compared.
SPELLINGS = 20


def name_proposals(cells: Cells) -> Iterator[Proposal]:
    """The most frequent spelling of names that differ in capitals, accents, spaces or one letter.

    Parameters
    ----------
    cells : Cells
        With dates in ISO 8601: events of different dates are not of one name.
    """
    for column in ("event", "source", "place"):
        names = [_name(column, cell) for cell in cells.known.get(column, ())]
        counts = Counter(name for name in names if name)
        better = _better(column, counts, _dates(cells, names) if column == "event" else {})
        for row, name in enumerate(names):
            if name is not None and name in better:
                yield Proposal(row, column, better[name], _why(name, better[name], counts))
        if column == "source":
            yield from _quotes(cells, counts, better)


def _name(column: str, cell: str | Wrong) -> str | None:
    value = result_of(column, cell)
    return None if isinstance(value, Wrong) else value


def _better(column: str, counts: Mapping[str, int], dates: Mapping[str, set[str]]) -> dict[str, str]:
    """Of each name that is spelt less often than another of the same, that other one; the first where both are."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        alike[name.casefold()].append(name)
    pairs = [pair for names in alike.values() for pair in combinations(names[:SPELLINGS], 2)]
    pairs += almost_alike(counts)

    order = {name: (-number, place) for place, (name, number) in enumerate(counts.items())}
    better: dict[str, str] = {}
    for pair in pairs:
        best, other = sorted(pair, key=order.__getitem__)
        differ = dates.get(best) and dates.get(other) and dates[best].isdisjoint(dates[other])
        if not differ and (other not in better or order[best] < order[better[other]]):
            better[other] = best
    return {name: better.get(best, best) for name, best in better.items()}


def _dates(cells: Cells, names: list[str | None]) -> dict[str, set[str]]:
    """The dates of each event, as far as they can be read."""
    dates: dict[str, set[str]] = defaultdict(set)
    for name, cell in zip(names, cells.column("event_date"), strict=True):
        date = result_of("event_date", cell)
        if name and isinstance(date, str):
            dates[name].add(date)
    return dates


def _why(name: str, best: str, counts: Mapping[str, int]) -> str:
    return f"{plural(counts[best], 'row')} {'have' if counts[best] > 1 else 'has'} {quoted(best)} for {quoted(name)}"


def _quotes(cells: Cells, counts: Mapping[str, int], better: Mapping[str, str]) -> Iterator[Proposal]:
    """Sources that are quoted under another spelling than that of their own rows."""
    quoted_names = [_name("quotes", cell) for cell in cells.known.get("quotes", ())]
    strangers = {name for name in quoted_names if name and name not in counts}
    meant = {name: better[name] for name in quoted_names if name and name in better}
    folded = {name.casefold(): name for name in sorted(counts, key=lambda name: counts[name])}
    meant |= {name: folded[name.casefold()] for name in strangers if name.casefold() in folded}
    for pair in almost_alike([*counts, *strangers]):
        for one, other in (pair, pair[::-1]):
            if one in strangers and other in counts:
                meant.setdefault(one, better.get(other, other))

    for row, name in enumerate(quoted_names):
        if name is not None and name in meant:
            yield Proposal(row, "quotes", meant[name], _why(name, meant[name], counts))
