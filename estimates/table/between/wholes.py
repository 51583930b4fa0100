"""Figures that cannot both be right: parts above their whole, a list above every figure, an event of parts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from estimates.models.floor import DISJOINT_GROUPS
from estimates.models.types import Booleans, Floats, Integers
from estimates.table.between.oddities import Oddity, case_name, oddity, said
from estimates.table.between.statements import Statements, combined
from estimates.table.column import Column
from estimates.table.faults import quoted

__all__ = [
    "PARTS_ALONE",
    "lists_above_figures",
    "outcomes_above_their_sum",
    "parts_above_the_whole",
    "parts_alone",
    "sums_above_the_whole",
]

#: What is said of events that have figures of a part only.
PARTS_ALONE = "figures of a part alone"
#: Outcomes that count others together.
_TOGETHER = {"casualties": ("killed", "injured"), "dead_or_missing": ("killed", "missing")}
#: A list of names is odd where it is larger than every figure by the first factor; one that is newer, by the second.
LIST_ABOVE, NEWER_LIST_ABOVE = 1.25, 2.0


# What counts more people together -------------------------------------------------------------------------------------


def outcomes_above_their_sum(found: Statements) -> Iterator[Oddity]:
    """More killed than killed and injured together: by one source not later, or by any source on the same day."""
    for both, outcomes in _TOGETHER.items():
        outer = found.outcome.equal(both) & found.is_whole & (found.most >= 1)
        inner = found.outcome.where(outcomes.__contains__) & found.is_whole
        kept = _in_odd_cases(found, found.case, inner, outer)
        if not len(kept):
            continue

        these = found.of(kept)
        above = _above(these, inner[kept], outer[kept], these.case)
        if len(above):
            one, two = outcomes
            together = both.replace("_", " ")
            what = f"more {one} or {two} than {together}"
            mend = (
                f"{together} are the {one} and {two} together, so look which is wrong, and what {both!r} counts there"
            )
            yield oddity(these, what, mend, above, (_beside(these, pair, these.outcome) for pair in above))


def parts_above_the_whole(found: Statements) -> Iterator[Oddity]:
    """A part larger than everybody: by one source not later, or by any source on the same day."""
    if not found.is_part.any():
        return
    case = combined(found.case, found.outcome.codes)
    whole = found.is_whole & (found.most >= 1)
    kept = _in_odd_cases(found, case, found.is_part, whole)
    if not len(kept):
        return

    these = found.of(kept)
    above = _above(these, these.is_part, whole[kept], case[kept])
    if len(above):
        what = "a part is larger than the whole"
        mend = "look whether both count the same outcome of the same event"
        yield oddity(these, what, mend, above, (_beside(these, pair, these.group) for pair in above))


def sums_above_the_whole(found: Statements) -> Iterator[Oddity]:
    """Parts without a common member that one source adds up to more than its own figure of everybody that day."""
    of_family = found.group.where(frozenset.union(*DISJOINT_GROUPS).__contains__) & found.is_part
    case = combined(found.case, found.outcome.codes, found.source.codes)
    size = int(case.max(initial=-1)) + 1
    parted, whole = (np.bincount(case[marks], minlength=size) for marks in (of_family, found.is_whole))
    kept = np.flatnonzero(((parted > 1) & (whole > 0))[case] & (of_family | found.is_whole))

    parts: dict[tuple[int, float], dict[str, int]] = defaultdict(dict)
    wholes: dict[tuple[int, float], int] = {}
    days = np.nan_to_num(found.day[kept], nan=-1.0).tolist()
    for position, key, day in zip(kept.tolist(), case[kept].tolist(), days, strict=True):
        if found.is_whole[position]:
            wholes[key, day] = max(wholes.get((key, day), position), position, key=lambda at: found.most[at])
        else:
            parts[key, day][found.group[position]] = position

    cases = [
        [*summed, wholes[key]]
        for key, of_group in parts.items()
        if (summed := _sum_above(found, of_group, wholes.get(key)))
    ]
    if cases:
        what = "parts add up to more than the whole"
        mend = "look whether they count the same outcome of the same event, or whether one is written twice"
        yield oddity(found, what, mend, cases, (_sum_beside(found, each) for each in cases))


def _sum_above(found: Statements, of_group: dict[str, int], whole: int | None) -> list[int]:
    """The parts of one family that add up to more than the whole; empty where none do."""
    if whole is None:
        return []
    for family in DISJOINT_GROUPS:
        summed = [position for group, position in sorted(of_group.items()) if group in family]
        if len(summed) > 1 and sum(found.least[position] for position in summed) > found.most[whole] >= 1:
            return summed
    return []


def _sum_beside(found: Statements, positions: list[int]) -> str:
    told = " and ".join(said(found, position, found.group[position]) for position in positions)
    return f"{told} of event {quoted(found.event[positions[0]])}"


def _beside(found: Statements, pair: Integers, label: Column) -> str:
    """A pair of a figure of more people, and one that is larger though it counts fewer of them."""
    outer, inner = pair.tolist()
    both = " and ".join(said(found, position, label[position]) for position in (inner, outer))
    return f"{both} of event {quoted(found.event[outer])}"


def _in_odd_cases(found: Statements, case: Integers, inner: Booleans, outer: Booleans) -> Integers:
    """Positions of what is inner or outer in cases where some of the former is above some of the latter.

    ``case``, ``inner`` and ``outer`` have shape (statements,), the result has shape (positions,).
    """
    size = int(case.max(initial=-1)) + 1
    largest, smallest = np.full(size, -np.inf), np.full(size, np.inf)
    np.maximum.at(largest, case[inner], found.least[inner])
    np.minimum.at(smallest, case[outer], found.most[outer])
    return np.flatnonzero((largest > smallest)[case] & (inner | outer))


def _above(found: Statements, inner: Booleans, outer: Booleans, case: Integers) -> Integers:
    """Pairs of positions, shape (pairs, 2): an outer figure, and an inner one that is larger though it should not be.

    ``case`` has shape (statements,): those of one case are compared.
    """
    undated = np.isnan(found.day)
    of_source = combined(case, found.source.codes, undated.astype(np.int64))
    own = _exceeded(of_source, np.where(undated, 0.0, found.day), found, inner, outer)

    dated = np.flatnonzero(~undated)
    of_day = combined(case[dated], found.day[dated].astype(np.int64))
    on_day = dated[_exceeded(of_day, np.zeros(len(dated)), found.of(dated), inner[dated], outer[dated])]

    together = np.concatenate([own, on_day])
    _, first = np.unique(together[:, 0], return_index=True)
    return together[first]


def _exceeded(key: Integers, day: Floats, found: Statements, inner: Booleans, outer: Booleans) -> Integers:
    """For each outer figure the largest inner one of its key up to its day, where it is larger; shape (pairs, 2).

    ``key`` and ``day`` have shape (statements,).
    """
    order = np.lexsort((outer, day, key))
    keys, is_inner = key[order], inner[order]
    size = np.where(is_inner, found.least[order], -1.0)

    # A running maximum over ranks gives the figure itself. The ranks of a key lie where its rows do in the order, so
    # that those of earlier keys lie below its first row.
    by_size = np.lexsort((size, keys))
    rank = np.empty(len(order), dtype=np.int64)
    rank[by_size] = np.arange(len(order))
    first = np.searchsorted(keys, keys)
    largest = np.maximum.accumulate(np.where(is_inner, rank, -1))

    asked = np.flatnonzero(~is_inner & (largest >= first))
    inner_at = by_size[largest[asked]]
    exceeds = found.most[order[asked]] < size[inner_at]
    return np.column_stack((order[asked[exceeds]], order[inner_at[exceeds]]))


# Lists of names, and parts --------------------------------------------------------------------------------------------


def lists_above_figures(found: Statements) -> Iterator[Oddity]:
    """A list of names longer than every figure allows, and not just newer than they are."""
    if not found.is_list.any():
        return
    case = combined(found.case, found.outcome.codes)
    kept = _in_odd_cases(found, case, found.is_list, found.is_whole)
    if not len(kept):
        return

    these, of_case = found.of(kept), case[kept]
    figures = defaultdict(list)
    for position in np.flatnonzero(these.is_whole).tolist():
        figures[of_case[position]].append(position)

    cases = []
    for position in np.flatnonzero(these.is_list).tolist():
        others = figures[of_case[position]]
        if _is_above_all(these, position, others):
            cases.append([position, max(others, key=lambda other: these.most[other])])
    if cases:
        what = "a list of names or bodies is longer than every figure"
        mend = "the list is a minimum, so look whether it is of this event and outcome alone"
        yield oddity(these, what, mend, cases, (_list_beside(these, *case) for case in cases))


def _is_above_all(found: Statements, listed: int, figures: list[int]) -> bool:
    is_newer = all(found.day[listed] > found.day[figure] for figure in figures)
    factor = NEWER_LIST_ABOVE if is_newer else LIST_ABOVE
    return all(found.least[listed] >= factor * found.most[figure] for figure in figures)


def _list_beside(found: Statements, listed: int, figure: int) -> str:
    names = f"{found.least[listed]:,.0f} names (line {found.line[listed]})"
    largest = said(found, figure, found.source[figure])
    return f"{names} and at most {largest} of {case_name(found, listed)}"


def parts_alone(found: Statements) -> Iterator[Oddity]:
    """Outcomes of events of which every figure is of a part, and that nobody gives figures to add up to a whole."""
    if not found.is_part.any():
        return
    case = combined(found.case, found.outcome.codes)
    size = int(case.max()) + 1
    has_part, has_whole = (np.bincount(case[marks], minlength=size) > 0 for marks in (found.is_part, found.is_whole))
    kept = np.flatnonzero((has_part & ~has_whole)[case] & found.is_part & ~_sums_of_outcomes(found))

    these = found.of(kept)
    rows, groups = defaultdict(list), defaultdict(set)
    for position, key in enumerate(case[kept].tolist()):
        rows[key].append(position)
        groups[key, these.source.codes[position]].add(these.group[position].casefold())
    complete = {key for (key, _), names in groups.items() if any(family <= names for family in DISJOINT_GROUPS)}

    cases = [positions for key, positions in rows.items() if key not in complete]
    if cases:
        mend = "add a figure of everybody, or write all in group where nobody else was hit"
        yield oddity(these, PARTS_ALONE, mend, cases, (_parts(these, positions) for positions in cases))


def _sums_of_outcomes(found: Statements) -> Booleans:
    """Which statements are of outcomes that others of their case add up to, shape (statements,)."""
    is_sum = np.zeros(len(found), dtype=bool)
    size = int(found.case.max()) + 1
    for both, outcomes in _TOGETHER.items():
        given = [
            np.bincount(found.case[found.outcome.equal(outcome) & found.is_whole], minlength=size) > 0
            for outcome in outcomes
        ]
        is_sum |= found.outcome.equal(both) & (given[0] & given[1])[found.case]
    return is_sum


def _parts(found: Statements, positions: list[int]) -> str:
    names = dict.fromkeys(quoted(found.group[position]) for position in positions)
    return f"{', '.join(list(names)[:3])} of {case_name(found, positions[0])}"
