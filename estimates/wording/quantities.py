"""Numbers and vague words with the hedges around them: "at least 18", "some 21", "18 or more", "dozens"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from estimates.vocabulary import LARGEST_COUNT, VAGUE_WORDS
from estimates.wording import lexicon as known
from estimates.wording.numbers import Number, read_number
from estimates.wording.people import PEOPLE, SINGULAR
from estimates.wording.tokens import UnreadableError, word_at

#: Words that tell that a toll moves from one number to another.
_MOVING = known.RISES | {"up", "down"}
_FIRST_OF_HEDGES = {phrase[0] for phrase in (*known.HEDGES_BEFORE, *known.HEDGES_AFTER)}
#: Words with which a quantity or its hedge begins, where it does not begin with a digit.
_BEGINNINGS = (
    _FIRST_OF_HEDGES
    | known.NOTHING
    | known.NUMBER_WORDS
    | {word.split()[0] for word in VAGUE_WORDS}
    | {"a", "an", "many", "few", "several", "couple", "millions", "between", "halfdozen"}
)


@dataclass(slots=True, eq=False)
class Quantity:
    """A number or vague word with its hedges, and what the words around it say it counts.

    Attributes
    ----------
    wording : str
        The form, one of ``vocabulary.WORDINGS``, or "measure" for a number that counts nobody, such as 6.4.
    low, high : int or None
        The numbers said; None where the form leaves a side open.
    word : str or None
        The vague word.
    text : str
        The words as cut into tokens.
    follows_rise : bool
        The hedge is itself the verb of a toll: "passes 18".
    droppable : bool
        It is "no" or "nobody", which is no figure where it counts nothing known.
    label : str or None
        The outcome it counts, "other" for what is no outcome, None while unknown.
    group : str or None
        The part of those hit that it is about.
    increment : bool
        It comes on top of an earlier figure: "18 more".
    year : bool
        The number may be a year.
    toll : bool
        It is what a toll is said to stand at: "bringing the death toll to 62".
    """

    wording: str
    low: int | None = None
    high: int | None = None
    word: str | None = None
    text: str = ""
    follows_rise: bool = False
    droppable: bool = False
    label: str | None = None
    group: str | None = None
    increment: bool = False
    year: bool = False
    toll: bool = False

    @classmethod
    def of(cls, form: str, number: int) -> Quantity:
        """Turn one number and its hedge into a quantity.

        Raises
        ------
        UnreadableError
            If the number is no count, or says nothing with such a hedge.
        """
        if not 0 <= number <= LARGEST_COUNT:
            raise UnreadableError(f"a count lies between 0 and {LARGEST_COUNT:,}; write the number of people")
        if form == "exactly":
            return cls("none" if number == 0 else "exactly", number, number)
        if form == "fewer_than":
            form, number = "at_most", number - 1
        if number <= 0:
            raise UnreadableError("a hedged zero says nothing; write 'none' for nobody, or leave the row out")

        low = None if form in ("up_to", "at_most") else number
        high = None if form in ("at_least", "more_than") else number
        return cls(form, low, high)


type Item = str | Quantity


def item_at(items: Sequence[Item], index: int) -> Item:
    """Item at an index, an empty word beyond either end."""
    return items[index] if 0 <= index < len(items) else ""


def quantities(tokens: list[str]) -> list[Item]:
    """Replace every number or vague word, with its hedges, by a quantity.

    A hedge that follows the noun is moved before it in ``tokens``: "18 people or more" reads as "18 or more people".

    Raises
    ------
    UnreadableError
        If a number cannot be read without guessing.
    """
    items: list[Item] = []
    index = 0
    while index < len(tokens):
        found = _quantity(tokens, index)
        item, index = found if found else (tokens[index], index + 1)
        items.append(item)
    return items


def _quantity(tokens: list[str], start: int) -> tuple[Quantity, int] | None:
    """Read the quantity that starts here with its hedges, if one does, and where it ends."""
    if not _may_begin(tokens[start]):
        return None

    forms, index = _hedges_before(tokens, start)
    another = bool(forms) and word_at(tokens, index) == "another"
    index += another
    if word_at(tokens, index) in known.NOTHING:
        if forms:
            raise UnreadableError("a hedged nothing; write 'none' for nobody, or leave the row out")
        return Quantity("none", 0, 0, text=tokens[index], droppable=tokens[index] in ("no", "nobody")), index + 1

    # "rises from 18 to 21", "rises five to 12" and "up by 3 to 21" have no range in them
    before = word_at(tokens, start - 1)
    moved = not _MOVING.isdisjoint(tokens[:start])
    ranged = before != "by" and not (moved and (before == "from" or before in known.RISES))
    found = _vague_quantity(tokens, index, forms) or _counted_quantity(tokens, index, forms, ranged)
    if found is None:
        return None

    quantity, end = found
    _check_neighbours(quantity, word_at(tokens, start - 1), word_at(tokens, end))
    quantity.text = " ".join(tokens[start:end])
    quantity.increment = another
    quantity.follows_rise = " ".join(tokens[start:index]) in known.RISING_HEDGES
    return quantity, end


def _may_begin(token: str) -> bool:
    """Whether a quantity or a hedge can begin with a token: with another one none does."""
    return token in _BEGINNINGS or token[:1].isdigit()


def _hedges_before(tokens: Sequence[str], start: int) -> tuple[list[str], int]:
    """The forms of up to four hedges that start here, and where they end."""
    forms: list[str] = []
    index = start
    while len(forms) < 4 and (match := _match(known.HEDGES_BEFORE, tokens, index)):
        form, index = match
        forms.append(form)
    return forms, index


def _match(table: dict[tuple[str, ...], str], tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Longest phrase of a table that starts here: what it means and where it ends."""
    if word_at(tokens, start) not in _FIRST_OF_HEDGES:
        return None
    for length in range(min(known.LONGEST_HEDGE, len(tokens) - start), 0, -1):
        if meaning := table.get(tuple(tokens[start : start + length])):
            return meaning, start + length
    return None


def _check_neighbours(quantity: Quantity, before: str, after: str) -> None:
    """Refuse a quantity that the word before or after it may belong to."""
    if after[:1].isdigit() or after in known.NUMBER_WORDS or after in known.VAGUE_MULTIPLES or after in VAGUE_WORDS:
        raise UnreadableError("two numbers side by side; write thousands with a comma, or a range as 18-21")
    if "/" in (after, before):
        raise UnreadableError("a number with a slash; write a range as 18-21, and two outcomes as two rows")
    if quantity.wording == "up_to" and before in ("now", *known.TOLLS):
        raise UnreadableError("a toll 'up to' a number may have reached it; write the number, or 'as many as'")


# --- Vague words -----------------------------------------------------------------------------------------------------
def _vague_quantity(tokens: Sequence[str], start: int, forms: Sequence[str]) -> tuple[Quantity, int] | None:
    vague = _vague(tokens, start)
    if vague is None:
        return None
    word, end = vague
    if set(forms) - {"exactly", "only"}:
        raise UnreadableError(f"'{word}' with a hedge; write '{word}' alone, or the number")
    return Quantity("vague", word=word), end


def _vague(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read the vague word that starts here: the word and where it ends."""
    index = start + (word_at(tokens, start) in ("a", "many"))
    word, after, later = (word_at(tokens, index + ahead) for ahead in range(3))
    multiple = known.VAGUE_MULTIPLES.get(after)
    if word in ("few", "several") and multiple:
        return multiple, index + 2
    longer = f"{word} of {later}"
    if after == "of" and longer in VAGUE_WORDS:
        return longer, index + 3

    unknown_multiple = after == "of" and word in VAGUE_WORDS and later in (*known.VAGUE_MULTIPLES, "millions")
    if unknown_multiple or word == "millions" or (word == "couple" and multiple):
        raise UnreadableError(f"'{word} {after}' is none of the known vague words; write a number, or 'hundreds'")
    if word not in VAGUE_WORDS or (_is_incomplete(word, after, article=index > start) and len(tokens) > 1):
        return None
    return word, index + 1


def _is_incomplete(word: str, after: str, article: bool) -> bool:
    """Whether words stand for no number here: "few" without "a", "couple" without "a ... of"."""
    return (word == "few" and not article) or (word == "couple" and not (article and after == "of"))


# --- Numbers and ranges ----------------------------------------------------------------------------------------------
def _counted_quantity(tokens: list[str], start: int, forms: Sequence[str], ranged: bool) -> tuple[Quantity, int] | None:
    """Read a number or a range with the hedges before (given as forms) and after it."""
    bounds = _bounds(tokens, start, ranged)
    if bounds is None:
        return None
    low, high = bounds
    if min(low.value, high.value) < 0:
        return Quantity("measure"), high.end

    after, end = _hedge_after(tokens, high.end)
    stated = {*forms, *after} - {"only"}
    if "about" in stated and word_at(tokens, end - 1) == "+":
        stated.discard("about")  # "~10,000+": whatever the number is, there are more
    if len(stated) > 1:
        raise UnreadableError("two hedges that differ; keep one of them")
    form = stated.pop() if stated else "about" if high.dozen else "exactly"

    if low is not high:
        return _range(low, high, form), end
    quantity = Quantity.of(form, low.value)
    quantity.year = low.year and form in ("exactly", "about")
    return quantity, end


def _bounds(tokens: Sequence[str], start: int, ranged: bool) -> tuple[Number, Number] | None:
    """Read a number or a range; both ends of a lone number are itself."""
    between = word_at(tokens, start) == "between"
    low = read_number(tokens, start + between)
    if low is None:
        return None

    joints = ("and",) if between else ("-", "to", "or") if ranged else ("-", "or")
    high = read_number(tokens, low.end + 1) if word_at(tokens, low.end) in joints else None
    if high is None:
        return None if between else (low, low)
    low = _scaled_alike(tokens, low, high)
    _check_range(tokens, low, high)
    return low, high


def _scaled_alike(tokens: Sequence[str], low: Number, high: Number) -> Number:
    """The lower end of a range with the unit of the upper one, where only that has one: "13-36 million"."""
    scales = [token for token in tokens[low.end + 1 : high.end] if token in (*known.SCALES, "hundred")]
    if high.lead is None or low.lead is not None or low.value >= high.lead or len(scales) != 1:
        return low
    return replace(low, value=low.value * int(high.value / high.lead), lead=low.value)


def _check_range(tokens: Sequence[str], low: Number, high: Number) -> None:
    if low.value > high.value >= 0:
        raise UnreadableError(f"the range runs downwards; write {high.value:,}-{low.value:,}")
    if high.lead is not None and low.lead is None and low.value < high.lead:
        raise UnreadableError("both ends of the range need their own unit; write it in digits, as 200-300")
    if word_at(tokens, high.end) == "-":
        raise UnreadableError("a range of three numbers; write its two ends, as 18-21")


def _hedge_after(tokens: list[str], end: int) -> tuple[list[str], int]:
    """The form of the hedge after a number, if there is one, and where it ends; a noun between them moves behind it."""
    noun = word_at(tokens, end) in PEOPLE  # "18 people or more"
    match = _match(known.HEDGES_AFTER, tokens, end + noun)
    if match is None or read_number(tokens, match[1]) is not None:
        return [], end

    form, hedge_end = match
    following = word_at(tokens, hedge_end)
    if tokens[hedge_end - 1] == "plus" and (following in SINGULAR or following in known.ARTICLES):
        return [], end  # "4 plus the attacker"
    if noun:
        tokens[end:hedge_end] = [*tokens[end + 1 : hedge_end], tokens[end]]
    return [form], hedge_end - noun


def _range(low: Number, high: Number, form: str) -> Quantity:
    if form not in ("exactly", "about"):
        raise UnreadableError("a hedged range; write the range alone, or the number that is meant")
    if low.year and high.year:
        raise UnreadableError(f"{low.value}-{high.value} looks like years; write {low.value:,}-{high.value:,}")
    Quantity.of("exactly", high.value)  # refuses what is no count
    return Quantity("range", low.value, high.value)
