"""Counting people that are named: enumerations ("18 children, three adults killed") and a single "soldier killed".

An enumeration that names somebody without a number is refused, since its numbers leave people out.
"""

from __future__ import annotations

from collections.abc import Sequence

from estimates.wording import lexicon as known
from estimates.wording.following import AFTER_NOUN, ENDS, FATES, after, counted
from estimates.wording.people import PEOPLE, SINGULAR
from estimates.wording.quantities import Item, Quantity, item_at
from estimates.wording.tokens import GAP, NAME, UnreadableError, word_at

_AFTER_PERSON = ENDS | FATES.keys() | {"and", "in", "at", "on", "near", "during", "after", "by", "from", "as", GAP}
#: Nouns of which others may be a part: "18 people, 12 children".
_GENERIC = frozenset("people persons victims individuals lives souls residents villagers inhabitants others".split())
_BEFORE_NUMBER = known.ARTICLES | {"all"}
_NO_NAME = known.EVERY_WORD - known.MODIFIERS - known.ARTICLES
_LONGEST_NAME = 5
#: An enumeration has fewer members, so that the time stays linear in the length of the text.
_LONGEST_CHAIN = 12
#: Words beside which one person named is not all of them.
_NOT_ONE = known.INCREMENTS | frozenset(
    "injured wounded every each second third fourth fellow no not who whose and of years himself herself".split()
)


def add_up(items: list[Item]) -> list[Item]:
    """Replace each enumeration of people with one fate by a single quantity, their sum.

    Raises
    ------
    UnreadableError
        If it is unclear whether a number counts people among those of another, or the numbers cannot be added.
    """
    summed: list[Item] = []
    index = 0
    while index < len(items):
        chain = _chain(items, index)
        if len(chain) > 1:
            last = chain[-1]
            summed.append(_sum(items, chain))
            index = counted(items, last + 1).end
        else:
            summed.append(items[index])
            index += 1
    return summed


def _chain(items: Sequence[Item], start: int) -> list[int]:
    """Indices of the quantities of people that are joined from here on and share one fate."""
    chain: list[int] = []
    index: int | None = start
    while index is not None and len(chain) < _LONGEST_CHAIN and _is_people(items, index):
        chain.append(index)
        if after(items, index + 1).outcome is not None:
            break
        index = _joined_to(items, index)

    last_fate = after(items, chain[-1] + 1).outcome if chain else None
    verb = word_at(items, start - 1) in known.VERBS
    bare = start == 0 and bool(chain) and counted(items, chain[-1] + 1).end == len(items)
    shared = (last_fate == "killed" and not verb) or (last_fate is None and (verb or bare))
    return chain if shared else chain[:1]


def _is_people(items: Sequence[Item], index: int) -> bool:
    return isinstance(items[index], Quantity) and counted(items, index + 1).end > index + 1


def _joined_to(items: Sequence[Item], index: int) -> int | None:
    """Index of the quantity of people that "and" or a comma joins to the one here."""
    place = counted(items, index + 1).end
    if word_at(items, place) not in (",", "and", "+", "plus"):
        return None
    place += 1 + (word_at(items, place) == "," and word_at(items, place + 1) == "and")
    return place if place < len(items) and _is_people(items, place) else None


def _sum(items: Sequence[Item], chain: Sequence[int]) -> Quantity:
    quantities = [item for item in (items[index] for index in chain) if isinstance(item, Quantity)]
    text = " and ".join(quantity.text for quantity in quantities)
    noun = word_at(items, counted(items, chain[0] + 1).end - 1)
    joint = word_at(items, counted(items, chain[0] + 1).end)
    if noun in _GENERIC and joint == ",":
        raise UnreadableError(f"it is unclear whether one of '{text}' is part of the other; write the whole number")

    forms = {quantity.wording for quantity in quantities} - {"exactly"}
    numbers = [quantity.low for quantity in quantities if quantity.low is not None]
    if len(forms) > 1 or not forms <= {"at_least", "about"} or len(numbers) < len(quantities):
        raise UnreadableError(f"'{text}' cannot be added up; write the whole number as the source said it")

    total = Quantity.of(forms.pop() if forms else "exactly", sum(numbers))
    total.text = text
    return total


def check_uncounted(items: Sequence[Item], quantity: Quantity) -> None:
    """Refuse a figure beside which somebody is named without a number: "3 women and a child", "mother and 3 children".

    Raises
    ------
    UnreadableError
        If the figure leaves somebody out.
    """
    index = next(place for place, item in enumerate(items) if item is quantity)
    if not quantity.toll and any(_is_one_dead(items, place) for place in range(len(items))):
        raise UnreadableError(f"somebody dead is named beside '{quantity.text}'; write the whole number")
    if _named_before(items, index) or _named_after(items, counted(items, index + 1).end):
        raise UnreadableError(f"somebody is named beside '{quantity.text}' and not counted; write the whole number")


def _is_one_dead(items: Sequence[Item], index: int) -> bool:
    """Whether a person is named here who died and has no number: "bomber dies, kills 3"."""
    if items[index] not in SINGULAR or isinstance(item_at(items, index - 1), Quantity):
        return False
    fate, following = word_at(items, index + 1), item_at(items, index + 2)
    dead = fate in ("dies", "died", "dead", "shot-dead") or (
        fate == "killed" and following in AFTER_NOUN and following != ""
    )
    return dead and not any(isinstance(item, Quantity) for item in items[max(0, index - 4) : index])


def _named_before(items: Sequence[Item], index: int) -> bool:
    """Whether a person stands before the number, joined by "and" or, as headlines do, by a comma."""
    if word_at(items, index - 1) == "," and word_at(items, index - 2) in SINGULAR:
        return after(items, index + 1).outcome is not None
    place = index - 1
    while word_at(items, place) in _BEFORE_NUMBER:
        place -= 1
    if word_at(items, place) != "and":
        return False
    before = item_at(items, place - 1)
    if isinstance(before, Quantity) or before == "" or before in ENDS or before == GAP:
        return False
    return before in PEOPLE or before not in known.EVERY_WORD


def _named_after(items: Sequence[Item], end: int) -> bool:
    """Whether a person follows that "and" or a comma joins: ", U.S. soldier", "and a child"."""
    if word_at(items, end) not in (",", "and"):
        return False
    start = end + 1 + (word_at(items, end) == "," and word_at(items, end + 1) == "and")
    for place in range(start, start + _LONGEST_NAME):
        word = word_at(items, place)
        if word in PEOPLE:
            following = word_at(items, place + 1)
            if following in PEOPLE:
                continue
            plural_joined = word not in SINGULAR and word_at(items, start - 1) == "and"
            return (word in SINGULAR or plural_joined) and following in _AFTER_PERSON
        if not word.isalpha() or word in _NO_NAME:
            return False
    return False


def count_one(items: list[Item]) -> list[Item]:
    """Count the one person of a text without numbers, "British soldier killed": a one is put before the noun.

    Nothing is done where several persons are named, or somebody's age or rank among others ("another soldier").
    """
    places = [index for index, item in enumerate(items) if item in SINGULAR]
    if len(places) != 1 or not (_NOT_ONE | {NAME}).isdisjoint(map(str, items)):
        return items
    one = Quantity("exactly", 1, 1, text=f"one {items[places[0]]}")
    return [*items[: places[0]], one, *items[places[0] :]]
