"""From words and codes to figures: what each row says, read from its codes where it has any, else from its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from estimates.errors import FigureError
from estimates.models.types import Integers
from estimates.models.wording import VAGUE_WORDS, WORDINGS
from estimates.table.column import Column, together
from estimates.table.counts import bare_count, count_or_none
from estimates.table.faults import Faults, Wrong, quoted
from estimates.wording.figure import NO_FIGURE_ADVICE, Figure, parse_figure, says_nothing

__all__ = ["Reading", "Values", "read_figures"]

#: Checked values by column; None where there is nothing.
type Values = dict[str, Column]

#: How a zero reads that was coded as a number.
BARE_ZERO = "0"
_FIGURE_COLUMNS = ("figure", "wording", "low", "high", "outcome")


@dataclass(frozen=True, slots=True)
class Reading:
    """One row's figure; whether it was coded, and whether the words beside the codes say something else."""

    figure: Figure
    coded: bool = False
    disagrees: bool = False


def read_figures(values: Values, faults: Faults) -> Column:
    """Read each different figure once; rows that have a fault in it already are passed over.

    Parameters
    ----------
    values : dict of Column
        The checked columns.
    faults : Faults
        Figures that cannot be read are added.

    Returns
    -------
    Column
        The reading of each row; None where it has a fault in its figure.
    """
    sound = np.flatnonzero(~faults.marks(*_FIGURE_COLUMNS))
    columns = [*(values[column] for column in _FIGURE_COLUMNS), _scopes(values)]
    read = together(*(column.of(sound) for column in columns)).changed(lambda key: _reading_or_wrong(*key))
    _add_faults(read, sound, faults)

    readings = [None, *(None if isinstance(result, Wrong) else result for result in read.different)]
    codes = np.zeros(len(faults.lines), dtype=np.int64)
    codes[sound] = read.codes + 1
    return Column(codes, readings)


def _add_faults(read: Column, rows: Integers, faults: Faults) -> None:
    """Add the figures that cannot be read; ``rows`` has shape (rows read,)."""
    silent: list[tuple[int, NoFigure]] = []
    for place in np.flatnonzero(read.where(lambda result: isinstance(result, Wrong))).tolist():
        row, wrong = int(rows[place]), read[place]
        if isinstance(wrong, NoFigure):
            silent.append((row, wrong))
        else:
            faults.add(row, "figure", wrong)

    for row, wrong in silent:  # they mean one thing, and are told once what to do
        first = silent[0][0]
        mend = NO_FIGURE_ADVICE if row == first else f"as on line {faults.lines[first]}"
        faults.add(row, "figure", Wrong(wrong.what, mend))


class NoFigure(Wrong):
    """A cell that says that no figure is given."""


def _scopes(values: Values) -> Column:
    """What the words of each row may count: one event, a campaign, which has running totals, or a period."""
    events, scopes = values["event"], values["scope"]
    of_campaigns = events.codes[values["event_type"].equal("campaign")]
    is_campaign = np.isin(events.codes, of_campaigns) & scopes.equal("event")
    named = Column(scopes.codes, [*scopes.different, "campaign"])
    rows = np.flatnonzero(is_campaign)
    return named.with_codes(rows, np.full(len(rows), len(scopes.different)))


def _reading_or_wrong(
    words: str, wording: str | None, low: int | None, high: int | None, outcome: str, scope: str
) -> Reading | Wrong:
    try:
        if wording is None and low is None and high is None:
            return Reading(_figure_of_words(words, outcome, scope))
        return _reading_of_codes(words, wording, low, high, _parsed_or_none(words, outcome, scope))
    except Wrong as wrong:
        return wrong


# ---------------------------------------------------------------------------------------------------------- from words


def _figure_of_words(words: str, outcome: str, scope: str) -> Figure:
    if says_nothing(words):
        raise NoFigure("there is no figure" + (f" ({quoted(words)})" if words else ""))
    try:
        return _parsed(words, outcome, scope)
    except FigureError as error:
        raise Wrong(str(error), column="figure") from None


def _parsed(words: str, outcome: str, scope: str) -> Figure:
    """The figure of a cell: a number in digits is one, whatever else such digits can mean; words are read as such."""
    if found := bare_count(words):
        number, spelt = found
        return Figure("exactly" if number else "none", number, number, words=spelt)
    return parse_figure(words, outcome, scope=scope)


def _parsed_or_none(words: str, outcome: str, scope: str) -> Figure | None:
    try:
        return _parsed(words, outcome, scope) if words else None
    except (FigureError, Wrong):
        return None


# ---------------------------------------------------------------------------------------------------------- from codes


def _reading_of_codes(
    words: str, wording: str | None, low: int | None, high: int | None, said: Figure | None
) -> Reading:
    """Read the codes; the words beside them fill what the codes leave open, and say which part the figure is about."""
    if low is not None and high is not None and low > high:
        raise Wrong(f"low {low:,} is above high {high:,}", "swap them", "low")

    wording = wording or _implied_wording(said, low, high)
    low, high = _numbers(wording, said, low, high)
    counted_zero = (wording, high) == ("exactly", 0)  # a number like the others of its column, no word of nobody
    if 0 in (low, high):
        wording, low, high = _with_zero(wording, low, high)
    word = _vague_word(words, said) if wording == "vague" else None

    numbers = (f"{number:,}" for number in (low, high) if number is not None)
    words = words or (BARE_ZERO if counted_zero else WORDINGS[wording].said.format(*numbers))
    besides = said or Figure(wording)  # what the words say besides the number
    figure = replace(besides, wording=wording, low=low, high=high, word=word, words=words)
    return Reading(figure, coded=True, disagrees=said is not None and _disagree(said, figure))


def _disagree(said: Figure, coded: Figure) -> bool:
    """Whether words say something else than the codes; a bare number beside a code for how it was said does not."""
    if said.wording == "exactly" and said.low in (coded.low, coded.high) and count_or_none(coded.words) is not None:
        return False
    return (coded.wording, coded.low, coded.high, coded.word) != (said.wording, said.low, said.high, said.word)


def _implied_wording(said: Figure | None, low: int | None, high: int | None) -> str:
    """The wording of numbers without one: what the words say of the same numbers, else a count or a range."""
    if said is not None and {said.low, said.high} - {None} == {low, high} - {None}:
        return said.wording
    if low is not None and high is not None:
        return "exactly" if low == high else "range"

    given, fitting = (
        ("high", "up_to, at_most or exactly") if low is None else ("low", "at_least, more_than, about or exactly")
    )
    raise Wrong(f"only {given} is given, which can mean several things", f"write {fitting} in wording", "wording")


def _numbers(wording: str, said: Figure | None, low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """Give low and high as the wording keeps them; the number may stand in the words."""
    is_zero = said is not None and wording == "exactly" and count_or_none(said.words) == 0
    if low is None and high is None and said is not None and (is_zero or said.wording in (wording, "exactly")):
        low, high = said.low, said.high
    given = sorted({number for number in (low, high) if number is not None})

    if wording == "none":
        if any(given):
            raise Wrong(f"wording none and the number {given[-1]:,} contradict each other", "clear one", "wording")
        return 0, 0
    if not WORDINGS[wording].keeps:
        if given:
            raise Wrong(f"wording {wording} takes no number, and {given[0]:,} is given", "clear one", "wording")
        return None, None

    if wording != "range":
        return _one_number(wording, given)
    if low is None or high is None:
        raise Wrong("wording range needs both low and high", "give both, or another wording", "wording")
    return low, high


def _one_number(wording: str, given: list[int]) -> tuple[int | None, int | None]:
    """Low and high of a wording with one number; None on the side that the wording leaves open."""
    if not given:
        raise Wrong(f"wording {wording} needs a number", "write it in low", "wording")
    if len(given) > 1:
        raise Wrong(f"wording {wording} takes one number, not two", "clear one, or write range", "wording")

    number, keeps = given[0], WORDINGS[wording].keeps
    return number if "low" in keeps else None, number if "high" in keeps else None


def _with_zero(wording: str, low: int | None, high: int | None) -> tuple[str, int | None, int | None]:
    """Give a figure with a zero in it: nobody, a range from nobody, more than nobody, or nothing at all."""
    if high == 0 and wording in ("exactly", "range", "at_most", "none"):
        return "none", 0, 0
    if wording in ("range", "more_than"):
        return wording, low, high
    raise Wrong(f"wording {wording} with the number 0 says nothing", "write none, or the number said", "wording")


def _vague_word(words: str, said: Figure | None) -> str:
    if said is not None and said.word is not None:
        return said.word
    allowed = ", ".join(VAGUE_WORDS)
    what = f"wording vague needs its word, and {quoted(words)} has none" if words else "wording vague needs its word"
    raise Wrong(what, f"write it in figure: {allowed}", "figure")
