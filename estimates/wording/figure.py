"""Reading figures as sources word them: "at least 18", "some 21", "dozens", "Airstrikes kill 18, wound 82".

The text is cut into tokens; numbers and vague words become *quantities* together with their hedges; every quantity is
told apart by the words around it (killed, injured, children among them, houses, a date ...). A figure is returned only
where exactly one quantity speaks of the outcome asked for and all others are accounted for. Everything else is an error
that says what to write instead: a figure that was guessed is worse than one that is missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral, Real

from estimates.errors import FigureError
from estimates.text import clean, line_of
from estimates.vocabulary import CONTEXT_OUTCOMES, OUTCOMES
from estimates.wording import lexicon as known
from estimates.wording.asides import parts, prospects, set_aside
from estimates.wording.brackets import read_brackets
from estimates.wording.context import label
from estimates.wording.enumerations import add_up, check_uncounted, count_one
from estimates.wording.following import ENDS, counted
from estimates.wording.people import NATIONS
from estimates.wording.periods import covers_a_period, leaves_the_toll_open
from estimates.wording.quantities import Item, Quantity, quantities
from estimates.wording.reservations import reservation
from estimates.wording.tokens import GAP, UnreadableError, tokenise, word_at

__all__ = ["NO_FIGURE_ADVICE", "Figure", "parse_figure", "says_nothing"]


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """What the words of a figure say.

    Attributes
    ----------
    wording : str
        The form, one of ``vocabulary.WORDINGS`` (never ``named``).
    low, high : int or None
        The smallest and the largest number said; None where there is none ("at least" has no largest number).
    word : str or None
        The vague word, a key of ``VAGUE_WORDS``.
    provisional : bool
        The source says that the number will rise.
    subset : bool
        The figure is about part of those hit ("18 civilians") and acts as a floor.
    group : str
        The part's name, ``"all"`` where there is none.
    words : str
        The words as given.
    """

    wording: str
    low: int | None = None
    high: int | None = None
    word: str | None = None
    provisional: bool = False
    subset: bool = False
    group: str = "all"
    words: str = ""

    @property
    def approximate(self) -> bool:
        """Whether the number is said to be an approximate one ("about 18", "a dozen")."""
        return self.wording == "about"

    @property
    def flags(self) -> tuple[str, ...]:
        """Those of ``provisional``, ``approximate`` and ``subset`` that hold."""
        return tuple(name for name in ("provisional", "approximate", "subset") if getattr(self, name))

    @property
    def value(self) -> int | None:
        """The number said, where there is exactly one."""
        if self.low is not None and self.high is not None:
            return self.low if self.low == self.high else None
        return self.low if self.low is not None else self.high

    def __repr__(self) -> str:
        given = [f"{name} {value}" for name in ("low", "high", "word") if (value := getattr(self, name)) is not None]
        told = [self.wording, *given, *self.flags, "" if self.group == "all" else f"group {clean(self.group)}"]
        return line_of("Figure", ", ".join(filter(None, told)), self.words)


def parse_figure(words: str | int | float, outcome: str = "killed", *, scope: str = "event") -> Figure:
    """Read a figure as a source worded it: a count, a phrase or a whole headline.

    Parameters
    ----------
    words : str, int or float
        The words; a number is exactly that count.
    outcome : str
        Which outcome to read out of words that may tell of several.
    scope : str
        What the figure is about: "event"; "campaign", whose running totals ("since January") are read too; or
        "period", where words such as "in the past 24 hours" are read as well.

    Returns
    -------
    Figure
        The form, the numbers said, and what else the words say about them.

    Raises
    ------
    FigureError
        The words cannot be read without guessing; the message says why and what to write instead.

    Examples
    --------
    >>> parse_figure("at least 18").wording
    'at_least'
    >>> parse_figure("Airstrikes kill 18, wound 82", outcome="injured").value
    82
    """
    if outcome not in OUTCOMES:
        raise FigureError(f"unknown outcome {outcome!r}; write one of {', '.join(OUTCOMES)}")

    try:
        return _read_text(words, outcome, scope) if isinstance(words, str) else _read_count(words)
    except UnreadableError as unreadable:
        short = words if not isinstance(words, str) or len(words) <= 80 else f"{words[:77]}..."
        raise FigureError(f"cannot read {short!r}: {unreadable}") from None


def says_nothing(words: str) -> bool:
    """Whether words say that no figure was given: empty, unknown, n/a, a dash or a question mark."""
    return " ".join(words.lower().split()) in _NOT_GIVEN


def _read_count(count: object) -> Figure:
    """Read a number that is not text."""
    if isinstance(count, bool) or not isinstance(count, Real) or not math.isfinite(count):
        raise UnreadableError("it is not a count; write a whole number or leave the row out")

    number = int(float(count)) if not isinstance(count, Integral) else int(count)
    if number != count:
        raise UnreadableError("it is not a whole number; write the count as the source said it")
    return _figure(Quantity.of("exactly", number), str(count))


# --- Texts to figures ------------------------------------------------------------------------------------------------
def _read_text(text: str, outcome: str, scope: str) -> Figure:
    """Read a text: the one quantity that speaks of the outcome, or a form without a number."""
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"it has {len(text):,} characters; write the few words that give the figure")
    if text.strip() and says_nothing(text):
        raise UnreadableError(f"it says that no figure was given; {NO_FIGURE_ADVICE}")
    remarks = read_brackets(text)
    tokens = tokenise(remarks.text)
    if not tokens:
        raise UnreadableError("there are no words; leave the row out, or write what the source said")

    statement = _statement(tokens)
    items, rising = _labelled(tokens, alone=statement is None)
    found = [item for item in items if isinstance(item, Quantity) and not (item.droppable and item.label is None)]
    if statement and not found:
        return Figure(statement, words=text)
    if statement and any(quantity.label != "other" for quantity in found):
        raise UnreadableError("a figure together with a denial or a refusal to confirm; write two rows")
    if not found:
        raise UnreadableError(f"there is no figure; {_ADVICE_RISING if rising else _ADVICE}")

    quantity = _chosen(items, found, outcome)
    if quantity.wording != "none" and outcome not in CONTEXT_OUTCOMES:
        check_uncounted(items, quantity)
    if scope != "period" and covers_a_period(text, campaign=scope == "campaign"):
        raise UnreadableError("it counts over a period, not in one event; write 'period' in the column scope")

    if (reason := reservation(text)) is not None:
        raise UnreadableError(reason)
    if leaves_the_toll_open(text):
        raise UnreadableError("it speaks of a toll beside the number, which may be another; write the toll itself")

    quantity = remarks.applied(quantity)
    group = _part(quantity, outcome)
    if quantity.wording == "none" and group is None and not NATIONS.isdisjoint(tokens):
        group = "people of one nation or faith"
    if quantity.wording == "none" and group is not None:
        raise UnreadableError(f"it says none of the {group}, which leaves the others open; leave the row out")
    return _figure(quantity, text, provisional=rising, group=group)


#: What says that no figure was given.
_NOT_GIVEN = frozenset(
    "unknown|not known|not available|n/a|n.a.|n.d.|na|tbd|-|--|---|\u2010|\u2011|\u2013|\u2014|?|??".split("|")
) | {""}
#: Said once for all cells of a table that give no figure. Whoever gives none has not said that nobody was hit.
NO_FIGURE_ADVICE = (
    "where the source gave none, leave the row out, or write 'no comment' if the source gave no figure when asked; "
    "a cell that is empty, unknown, n/a, - or ? is never zero"
)
#: A longer text is an article and no figure.
LONGEST_TEXT = 2_000
#: Labels beside which a bare "confirmed" number is one of the dead.
MISSING_LABELS = {"missing", "missing_presumed_dead", "dead_or_missing"}
_ADVICE = "write a number, a range or a word such as 'dozens', or leave the row out where the source gives none"
_ADVICE_RISING = "write 'provisional' in its column, in the row with the figure"


def _labelled(tokens: list[str], alone: bool) -> tuple[list[Item], bool]:
    """Find the quantities and what each counts, once asides are gone; say whether the number is said to rise.

    A text that stands alone, without a denial, may name a single person instead of a number.
    """
    items = quantities(tokens)
    if alone and not any(isinstance(item, Quantity) for item in items):
        items = count_one(items)
    rising = prospects(items)
    items = set_aside(items, [(start, end) for start, end in rising if start < end])
    items = add_up(set_aside(items, parts(items)))
    label(items)
    return items, bool(rising)


def _part(quantity: Quantity, outcome: str) -> str | None:
    """The part of those hit that a quantity is about; strikes have none, and some groups are all of the displaced."""
    if outcome in CONTEXT_OUTCOMES or (outcome == "displaced" and quantity.group in known.DISPLACED_ALL):
        return None
    return quantity.group


def _chosen(items: Sequence[Item], found: Sequence[Quantity], outcome: str) -> Quantity:
    """Choose the quantity that speaks of an outcome, where exactly one can."""
    matches = [quantity for quantity in found if _speaks_of(quantity, outcome)]
    unknown = [quantity for quantity in found if quantity.label is None]
    if outcome == "killed" and len(unknown) == 1 and not matches and _are_confirmed(items, unknown[0], found):
        return _whole(unknown[0], found)
    for quantity in unknown:
        check_uncounted(items, quantity)  # "5 soldiers and a civilian" is six, and never five alone
    if len(found) == 1 and unknown:
        _check_bare(items, unknown[0], outcome)
        return _whole(unknown[0], found)

    if unknown:
        raise UnreadableError(f"it is unclear what '{unknown[0].text}' counts; write the figure for {outcome} alone")
    if len(matches) > 1 and sum(not quantity.increment for quantity in matches) == 1:
        matches = [quantity for quantity in matches if quantity.toll and not quantity.increment] or matches
    if len(matches) > 1:
        raise UnreadableError(f"two figures for {outcome}; write two rows, or the one that is meant")
    if not matches:
        labels = sorted({quantity.label for quantity in found if quantity.label})
        raise UnreadableError(f"there is no figure for {outcome}; {_advice(labels)}")
    return _whole(matches[0], found)


def _are_confirmed(items: Sequence[Item], quantity: Quantity, found: Sequence[Quantity]) -> bool:
    """Whether a number is one of dead by contrast: "270 confirmed; 11 missing"."""
    others = {other.label for other in found if other is not quantity}
    index = next(place for place, item in enumerate(items) if item is quantity)
    return others <= MISSING_LABELS and word_at(items, index + 1) in ("confirmed", "identified")


def _whole(quantity: Quantity, found: Sequence[Quantity]) -> Quantity:
    """Refuse a quantity that comes on top of an earlier figure, unless "more" tells it from another outcome's."""
    others = {other.label for other in found} - {quantity.label, "other", None}
    if quantity.increment and not others:
        raise UnreadableError("it counts people on top of an earlier figure; write the whole number")
    return quantity


def _speaks_of(quantity: Quantity, outcome: str) -> bool:
    """Whether a quantity tells of an outcome; "no casualties" is nobody killed and nobody injured."""
    nobody = quantity.wording == "none" and quantity.label == "casualties" and outcome in ("killed", "injured")
    presumed = quantity.label == "missing_presumed_dead" and outcome in ("missing", "dead_or_missing")
    return quantity.wording != "measure" and (quantity.label == outcome or nobody or presumed)


def _advice(labels: Sequence[str]) -> str:
    """What to do with figures for something else."""
    named = [label for label in labels if label in OUTCOMES]
    named += ["missing"] * ("missing_presumed_dead" in labels)
    if named:
        return f"the words count {' and '.join(named)}: write outcome={named[0]} for them"
    if "mixed" in labels:
        return "the words add up several outcomes: write a row for each"
    if {"hypothetical", "increment"} & set(labels):
        return "the words tell of what may come or was added, not of a toll: write the whole number reported"
    return "its numbers count something else: write the number of people"


def _check_bare(items: Sequence[Item], quantity: Quantity, outcome: str) -> None:
    """Refuse a lone quantity whose outcome only its column tells, if another word could change what it means."""
    index = next(place for place, item in enumerate(items) if item is quantity)
    end = counted(items, index + 1).end
    for place, word in enumerate(items):
        inside = index <= place < end
        if not inside and word != GAP and word not in ENDS and word not in known.HARMLESS:
            raise UnreadableError(f"it is unclear what '{quantity.text}' counts beside {word!r}; write it alone")

    if quantity.wording == "measure" or quantity.text == "no":
        raise UnreadableError("it is not a whole number of people; write the count as the source said it")
    if outcome in CONTEXT_OUTCOMES and end > index + 1:
        raise UnreadableError(f"people are no {outcome}; write the number alone")
    if any(word in ("victims", "victim") for word in items):
        raise UnreadableError("'victims' may be dead or injured; write the number alone, in the row of its outcome")


def _figure(quantity: Quantity, words: str, *, provisional: bool = False, group: str | None = None) -> Figure:
    return Figure(
        wording=quantity.wording,
        low=quantity.low,
        high=quantity.high,
        word=quantity.word,
        provisional=provisional,
        subset=group is not None,
        group=group or "all",
        words=words,
    )


def _statement(tokens: Sequence[str]) -> str | None:
    """Read a denial, a refusal to comment or a failure to confirm."""
    present = set(tokens)
    denied = bool(present & known.DENIALS) or bool(present & known.REJECTIONS and present & known.CLAIMS)
    silent = _refused(tokens, known.COMMENTS)
    unsure = _is_unsure(tokens)

    if unsure and denied and not silent and present & {"nor", "or"}:
        denied = False  # "neither confirmed nor denied"
    if denied and _refused(tokens, known.DENIALS, reach=3):
        raise UnreadableError("a denial that is itself denied; leave the row out, or write the figure")
    if denied + unsure + silent > 1:
        raise UnreadableError("two answers at once; write 'denied', 'no comment' or 'not confirmed'")
    return "denial" if denied else "no_comment" if silent else "not_confirmed" if unsure else None


def _is_unsure(tokens: Sequence[str]) -> bool:
    """Whether nothing is confirmed: "could not be verified", "no immediate reports"."""
    present = set(tokens)
    if present & {"unconfirmed", "unverified"} or _refused(tokens, known.CONFIRMATIONS):
        return True
    return bool(present & known.INFORMATION) and _refused(tokens, {"immediate", "immediately"}, reach=3)


def _refused(tokens: Sequence[str], said: frozenset[str] | set[str], reach: int = 6) -> bool:
    """Whether one of the words stands shortly after a refusal."""
    return any(
        word in known.REFUSALS or word.endswith("n't")
        for index, token in enumerate(tokens)
        if token in said
        for word in tokens[max(0, index - reach) : index]
    )
