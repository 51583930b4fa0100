"""Telling what each quantity of a text counts, by the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from estimates.wording import lexicon as known
from estimates.wording.following import AFTER_NOUN, ENDS, FATES, JOINTS, Reading, after, counted, joined
from estimates.wording.people import GROUPS, KEPT_FOR, PEOPLE, SINGULAR
from estimates.wording.quantities import Item, Quantity, item_at
from estimates.wording.tokens import GAP, UnreadableError, word_at

#: Who says things, so that "police: 18 dead" is what the police say.
_SPEAKERS = frozenset(
    {"police", "officials", "ministers", "mayors", "governors", "medics", "doctors", "rescuers", "leaders"}
)
_TOLLS_AND_FATES = known.TOLLS.keys() | known.PARTICIPLES.keys()
_VERBS_AND_TOLLS = known.VERBS.keys() | known.TOLLS.keys()
_AFTER_UNIT = ENDS | known.STOPS | FATES.keys()
_LONGEST_LABEL = 3
#: What may stand between what became of people first and what did then.
_MEANWHILE = frozenset({",", "have", "has", "had", "found", "later", "since", "then", "also", "were", "are", "now"})
#: What stands before a number that came on top of an earlier one.
_ADDING = known.RISES - known.LEVELS | {"by", "up", "down"}
#: How many words a look back may take, so that the time stays linear in the length of the text.
REACH = 20


# --- The words before a quantity -------------------------------------------------------------------------------------
def _before(items: Sequence[Item], index: int, claimed: frozenset[int]) -> tuple[str, str | None] | None:
    """Read what the words before a quantity say it counts: the outcome, and the group a toll is kept for.

    Words at the indices ``claimed`` tell what another quantity counts.
    """
    last = index - 1
    while word_at(items, last) in ("the", "a", "an", "another", "reportedly", "all", "also"):
        last -= 1
    word, earlier, sooner = (word_at(items, last - back) for back in range(3))

    if word in known.VERBS and last not in claimed and earlier not in known.AUXILIARIES:
        if earlier in known.HYPOTHETICAL or (sooner in known.HYPOTHETICAL and earlier not in ENDS):
            return "hypothetical", None
        if earlier in JOINTS and (partner := known.VERBS.get(sooner)):
            return joined(partner, known.VERBS[word]), None
        return known.VERBS[word], None

    if word == ":" and earlier in known.PARTICIPLES and last - 1 not in claimed:
        return known.PARTICIPLES[earlier], None
    return _toll(items, index, last, claimed)


def _toll(items: Sequence[Item], index: int, last: int, claimed: frozenset[int]) -> tuple[str, str | None] | None:
    """Read "death toll ... rises to": the toll may stand some words before its verb, which ends at ``last``."""
    last, rises, doubtful = _verb_of_toll(items, index, last)
    group, crossed = None, any(word_at(items, place) == "," for place in range(last + 1, index))
    for place in range(last, last - (REACH if rises else 1), -1):
        word, kind = word_at(items, place), word_at(items, place - 1)
        if word in ("", ";") or word in known.LOOK_BACK_BARS or place in claimed:
            return None
        crossed = crossed or word == ","
        group = group or GROUPS.get(word)
        if doubtful and word in known.SUBJECTS:
            return "hypothetical", None

        if outcome := _toll_of(word, kind, crossed):
            whose = (word_at(items, place - 2), kind)
            person = next((part[name] for name in whose for part in (GROUPS, KEPT_FOR) if name in part), None)
            added = word_at(items, index - 1) in _ADDING and not _quantity_at(items, index).follows_rise
            return "increment" if added else outcome, group or person
    return None


def _verb_of_toll(items: Sequence[Item], index: int, last: int) -> tuple[int, bool, bool]:
    """Go back over "rises to" or "could rise to": the word before it, and whether a toll rises or only may."""
    quantity = items[index]
    rises, doubtful = isinstance(quantity, Quantity) and quantity.follows_rise, False
    for _ in range(REACH):
        word = word_at(items, last)
        if isinstance(item_at(items, last), Quantity) and word_at(items, last - 1) in ("from", "by"):
            last -= 2  # "rises by 3 to 21", "rises from 18 to 21"
        elif word in known.CONNECTIVES or word in known.RISES or word in known.PROSPECTS:
            rises, doubtful = rises or word in known.RISES, doubtful or word in known.PROSPECTS
            last -= 1
        else:
            break
    return last, rises, doubtful


def _toll_of(word: str, kind: str, crossed: bool) -> str | None:
    """The outcome that a toll counts, if the word is one; beyond a comma only "toll" itself is."""
    if word == "toll":
        return known.NOUNS.get(kind, "killed")
    if crossed:
        return None
    if word in known.TOLLS:
        return known.TOLLS[word]
    if kind in known.COUNTED or kind in PEOPLE:
        return known.PARTICIPLES.get(word)  # "the number killed in the blast rises to 18"
    return None


# --- Both together ---------------------------------------------------------------------------------------------------
def label(items: Sequence[Item]) -> None:
    """Write on every quantity what it counts, from the words after it and then from those before it.

    Raises
    ------
    UnreadableError
        If it is unclear what a quantity counts, or the words around it take it back.
    """
    readings = _readings(items)
    claimed = frozenset(reading.outcome_at for reading in readings.values())
    for index, reading in readings.items():
        quantity = _quantity_at(items, index)
        quantity.group, quantity.label = reading.group, reading.outcome
        quantity.increment |= reading.increment or word_at(items, index - 1) == "another"

        _settle(items, index, reading, claimed)
        _settle_doubts(items, index, reading)
        _settle_speaker(items, index)
        _check_second_fate(items, quantity, reading)
        _narrow(items, quantity, reading.outcome_at)
        if quantity.label != "other":
            _check_negations(items, index)
            _check_shares(items, index)
            _check_unit(items, quantity, reading.end, verb_before=quantity.label != reading.outcome)


def _quantity_at(items: Sequence[Item], index: int) -> Quantity:
    quantity = items[index]
    assert isinstance(quantity, Quantity)
    return quantity


def _readings(items: Sequence[Item]) -> dict[int, Reading]:
    """What the words after each quantity say, by its index."""
    readings = {index: after(items, index + 1) for index, item in enumerate(items) if isinstance(item, Quantity)}
    for index, reading in readings.items():
        if word_at(items, index - 1) == ":" and word_at(items, index - 2) in _TOLLS_AND_FATES:
            readings[index] = replace(reading, outcome=None, outcome_at=-1)  # "killed: 18 wounded: 82"
    return readings


def _settle(items: Sequence[Item], index: int, reading: Reading, claimed: frozenset[int]) -> None:
    """Settle what a quantity counts where the words before it have a say."""
    quantity, before = _quantity_at(items, index), word_at(items, index - 1)
    if _is_named(items, index):
        quantity.label = "other"
        return
    found = _before(items, index, claimed)
    if found is None:
        if quantity.label is None and (before == "by" or reading.agent or _is_beside(items, index, reading)):
            quantity.label = "other"
        return

    if quantity.label is not None and before not in known.VERBS:
        return  # the words after a number are nearer to it than a toll before it
    outcome, group = found
    quantity.toll = before not in known.VERBS
    if quantity.label not in (None, outcome, *known.THINGS.values()):
        raise UnreadableError(f"'{quantity.text}' stands between two outcomes; put a comma after it")
    quantity.label, quantity.group = outcome, quantity.group or group


def _is_beside(items: Sequence[Item], index: int, reading: Reading) -> bool:
    """Whether a number counts something else by the word before it: "at two banks", "freeing dozens of prisoners"."""
    place = index - 1 - (word_at(items, index - 1) == "the")
    before, following = word_at(items, place), item_at(items, index + 1)
    if before in ("", ";", ":") and reading.end == index + 1 and _are_things(items, index + 1):
        return True
    if before in known.ACTS or (before.endswith("ing") and before not in known.EVERY_WORD):
        return True
    a_thing = isinstance(following, str) and following.isalpha() and following not in _AFTER_UNIT
    return before in known.PLACING and reading.end == index + 1 and a_thing


def _are_things(items: Sequence[Item], index: int) -> bool:
    """Whether a plural that is not known is counted beside another number: "two trains collide, killing 49"."""
    word = word_at(items, index)
    others = islice((item for item in items if isinstance(item, Quantity)), 2)
    joined_on = word_at(items, index + 1) in (",", "and") and isinstance(item_at(items, index + 2), Quantity)
    a_plural = word.isalpha() and word.endswith("s") and (word not in known.EVERY_WORD or word in known.THINGS)
    return a_plural and not joined_on and sum(1 for _ in others) > 1


def _settle_doubts(items: Sequence[Item], index: int, reading: Reading) -> None:
    """Tell the dead from those feared to be dead, and a count from a year."""
    quantity = _quantity_at(items, index)
    place = index - 1
    while word_at(items, place) in ("of", "for", "that", "up", "to", "the"):
        place -= 1
    if word_at(items, place) in known.FEARS and quantity.label in ("killed", None):
        quantity.label = "dead_or_missing" if quantity.label else "other"
    if quantity.year and reading.outcome is None and word_at(items, index - 1) in _VERBS_AND_TOLLS:
        raise UnreadableError(
            f"'{quantity.text}' looks like a year; write {quantity.low:,} for a count, or leave it out"
        )
    if quantity.year and reading.outcome is None and sum(isinstance(item, Quantity) for item in items) > 1:
        quantity.label = "other"


def _check_second_fate(items: Sequence[Item], quantity: Quantity, reading: Reading) -> None:
    """Refuse words that say two things of the same people: "12 missing found alive", "12 injured later died"."""
    if reading.outcome_at < 0 or quantity.label in (None, "other", "casualties", "mixed", *known.THINGS.values()):
        return
    place = reading.outcome_at + 1
    while word_at(items, place) in _MEANWHILE or (word_at(items, place) in PEOPLE and place == reading.outcome_at + 1):
        place += 1
    fate = FATES.get(word_at(items, place))
    if fate not in (None, quantity.label) and not isinstance(item_at(items, place + 1), Quantity):
        raise UnreadableError(f"it says two things of '{quantity.text}'; write a row for what became of them")


def _settle_speaker(items: Sequence[Item], index: int) -> None:
    """Note whose figure stands behind a colon: "soldiers: 18"; who may be the source instead is none."""
    quantity = _quantity_at(items, index)
    place = index - 1
    while word_at(items, place) in ("deaths", "dead", "killed", "fatalities", "no", "toll"):
        place -= 1
    if word_at(items, place) not in (":", ",") or (word_at(items, place) == "," and place > _LONGEST_LABEL):
        return

    whose = word_at(items, place - 1)
    group = GROUPS.get(whose) or KEPT_FOR.get(whose)
    if (group and quantity.wording == "none") or (whose in GROUPS and group not in _SPEAKERS):
        quantity.group = quantity.group or group


def _narrow(items: Sequence[Item], quantity: Quantity, last: int) -> None:
    """Note that a figure is about a part: "18 deaths among children", "no casualties in its ranks"."""
    joint, following = word_at(items, last + 1), word_at(items, last + 2)
    if last >= 0 and (joint == "among" or (joint == "in" and following in known.POSSESSIVES)):
        people = counted(items, last + 2)
        quantity.group = quantity.group or people.group
        if quantity.wording == "none" and people.group is None:
            raise UnreadableError("it says none of some, which leaves the others open; leave the row out")


def _is_named(items: Sequence[Item], index: int) -> bool:
    """Whether a number is part of a name, a date, a sum of money or "one of the deadliest attacks"."""
    before, following = word_at(items, index - 1), word_at(items, index + 1)
    if before in known.IDENTIFIERS or before in known.CURRENCIES:
        return True
    if before == following == "," and word_at(items, index - 2) in SINGULAR:
        return True  # "gunman, 18, kills 19"
    if before == "from" and _quantity_at(items, index).wording != "range":
        return True
    if before in known.MONTHS or following in known.MONTHS:
        return True
    is_one_of = _quantity_at(items, index).text == "one" and following == "of"
    return is_one_of and counted(items, index + 1).end == index + 1


def _check_unit(items: Sequence[Item], quantity: Quantity, end: int, verb_before: bool) -> None:
    """Refuse an unknown noun after a number: "kills 18 chickens"."""
    if quantity.wording == "measure" and quantity.label not in known.THINGS.values():
        raise UnreadableError("it is not a whole number of people; write the count as the source said it")

    unit = item_at(items, end)
    if not verb_before or isinstance(unit, Quantity):
        return
    owned = unit == "of" and isinstance(item_at(items, end - 1), str)  # "four employees of a firm"
    if not (unit in AFTER_NOUN or unit in known.VERBS or unit in PEOPLE or owned):
        raise UnreadableError(f"it is not known whether {unit!r} are people; write '{quantity.text}' alone if they are")


def _check_negations(items: Sequence[Item], index: int) -> None:
    """Refuse negations and doubts before a number: "not 18 killed", "possibly 18"."""
    for place in range(index - 1, max(index - 5, -1), -1):
        word = word_at(items, place)
        if word in ENDS or word == GAP:
            return
        if word in known.NEGATIONS or word.endswith("n't"):
            text = _quantity_at(items, index).text
            raise UnreadableError(f"{word!r} before '{text}' takes it back or doubts it; write what is said")


def _check_shares(items: Sequence[Item], index: int) -> None:
    """Refuse fractions and parts of another number: "half of 18", "3 of 7", "one in five"."""
    quantity, following = _quantity_at(items, index), word_at(items, index + 1)
    and_a_half = following == "and" and "half" in (word_at(items, index + 2), word_at(items, index + 3))
    if word_at(items, index - 1) in known.FRACTIONS or and_a_half:
        raise UnreadableError("a fraction of a number; write the number in digits, as 500,000")

    ahead = index + 2 + (word_at(items, index + 2) in ("the", "all"))
    if following in ("of", "out") and isinstance(item_at(items, ahead), Quantity):
        raise UnreadableError("a part of a number, such as 3 of 7; write the number of those hit alone")
    if following == "of" and counted(items, index + 1).end == index + 1:
        raise UnreadableError("it is unclear of whom; write the number of those hit alone")

    before = index - 1 - (word_at(items, index - 1) in ("the", "all"))
    word, whole = word_at(items, before), word_at(items, before - 1)
    if word in ("of", "out") and whole not in ENDS and whole not in known.WHOLES:
        raise UnreadableError(f"a part of '{quantity.text}'; write the number of those hit alone")
    if word == "in" and isinstance(item_at(items, before - 1), Quantity) and quantity.label is None:
        raise UnreadableError("a share such as one in five; write the number of those hit")
