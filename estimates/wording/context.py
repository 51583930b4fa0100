"""Telling what each quantity of a text counts, by the words around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from estimates.wording import lexicon as known
from estimates.wording.quantities import Item, Quantity, item_at
from estimates.wording.tokens import GAP, UnreadableError, word_at

#: What ends a clause; an empty word stands beyond either end of the text.
ENDS = frozenset(",;:/") | {""}
#: How many words a look back may take, so that the time stays linear in the length of the text.
REACH = 20
#: What words after a quantity say became of the people it counts.
FATES = {**known.PARTICIPLES, **known.FATES, **known.NOUNS}

_JOINTS = frozenset({"and", "or", "/", ","})
_AFTER_NOUN = ENDS | known.STOPS | known.BRIDGE | FATES.keys() | {GAP}
_BETWEEN = known.BRIDGE | known.PRESUMED | known.SEVERITIES
_LONGEST_NOUN = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words after a quantity say.

    Attributes
    ----------
    end : int
        Index of the word after its noun.
    group : str or None
        The part of those hit that the noun names.
    increment : bool
        The noun says that they come on top of an earlier figure.
    outcome : str or None
        What became of them.
    outcome_at : int
        Index of the last word that says so, -1 where there is none.
    agent : bool
        They did it and are not the ones hit: "three gunmen kill ...".
    """

    end: int
    group: str | None = None
    increment: bool = False
    outcome: str | None = None
    outcome_at: int = -1
    agent: bool = False


# --- The words after a quantity --------------------------------------------------------------------------------------
def counted(items: Sequence[Item], start: int) -> Reading:
    """Read the people counted by the quantity before ``start``: where they end and whether they are a part of all."""
    index = start + (word_at(items, start) == "of")
    part_of = index > start and word_at(items, index) in known.POSSESSIVES | {"the"}
    end, group, people, increment = start, None, False, False

    for place in range(index, index + _LONGEST_NOUN):
        word = word_at(items, place)
        if word in known.INCREMENTS:
            increment, end = True, place + 1
        if word in known.PEOPLE:
            group, people, end = known.GROUPS.get(word, group), True, place + 1
        elif word in known.NOUNS or (word in known.THINGS and word not in known.MODIFIERS):
            end = end if people else place  # "18 doctors reported deaths": the noun is another clause's
            break
        elif not (word in known.MODIFIERS or word in known.POSSESSIVES or word in known.INCREMENTS):
            break

    if part_of and people and group is None:
        return Reading(start)  # "18 of the people" is a part of something unsaid
    return Reading(end, group, increment)


def after(items: Sequence[Item], start: int) -> Reading:
    """Read what the words after a quantity say became of those it counts; ``start`` is the first of them."""
    noun = counted(items, start)
    index = _verb(items, noun.end)
    word, adverbs = word_at(items, index), set(items[noun.end : index])
    if word in known.THINGS:
        return replace(noun, outcome=known.THINGS[word], outcome_at=index)

    people = counted(items, index + 1)
    if word in known.ADJECTIVES and people.end > index + 1:
        return replace(people, outcome=FATES[word], outcome_at=index)  # "18 wounded soldiers"
    if word in known.NOUNS and adverbs and not adverbs & known.SUFFERED:
        return noun  # "18 doctors reported deaths"
    if _begins_a_clause(items, index, adverbs):
        return replace(noun, agent=word in known.VERBS and noun.end > start)
    return _fate(items, noun, index, adverbs) if word in FATES else noun


def _verb(items: Sequence[Item], start: int) -> int:
    """Index of the first word after a noun that is neither an auxiliary nor an adverb."""
    index = start
    while (word := word_at(items, index)) and (word == GAP or word in _BETWEEN):
        index += 1
    while word_at(items, index) in known.THINGS and word_at(items, index + 1) in known.THINGS:
        index += 1  # "drone strikes": the last noun is the unit
    return index


def _begins_a_clause(items: Sequence[Item], index: int, adverbs: set[Item]) -> bool:
    """Whether the word after a noun goes on with another noun: "18 gunmen killed villagers", "18 death threats"."""
    word = word_at(items, index)
    if word in known.VERBS and word not in known.PARTICIPLES:
        return True
    if adverbs & known.PRESUMED or (word in known.PARTICIPLES and adverbs & known.PASSIVE):
        return False

    may_go_on = word in known.NOUNS or word in known.ADJECTIVES or word in known.PARTICIPLES
    return may_go_on and not _stands_alone(items, index + 1)


def _stands_alone(items: Sequence[Item], index: int) -> bool:
    """Whether a bare "killed" has no object after it: "18 killed in ..." against "18 gunmen killed ..."."""
    following = item_at(items, index)
    if isinstance(following, Quantity):  # "18 killed 82 injured" against "three gunmen killed 18"
        word = word_at(items, _verb(items, counted(items, index + 1).end))
        return word in FATES or word in known.THINGS
    return following in _AFTER_NOUN


def _fate(items: Sequence[Item], noun: Reading, index: int, adverbs: set[Item]) -> Reading:
    """Add what became of the people of a noun, as the word at ``index`` and what is joined to it say."""
    outcome, last = FATES[word_at(items, index)], index
    joint, partner = word_at(items, index + 1), word_at(items, index + 2)
    if joint in _JOINTS and partner in FATES and not isinstance(item_at(items, index + 3), Quantity):
        outcome, last = _joined(outcome, FATES[partner]), index + 2
    if adverbs & known.PRESUMED and outcome == "killed":
        outcome = "dead_or_missing"

    severe = adverbs & known.SEVERITIES and outcome == "injured"
    return replace(noun, group="severely injured" if severe else noun.group, outcome=outcome, outcome_at=last)


def _joined(first: str, second: str) -> str:
    """Outcome of two words joined: dead or missing, killed and injured."""
    pair = {first, second}
    if len(pair) == 1:
        return first
    if pair == {"killed", "missing"}:
        return "dead_or_missing"
    return "casualties" if pair == {"killed", "injured"} else "mixed"


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
        if earlier in _JOINTS and (partner := known.VERBS.get(sooner)):
            return _joined(partner, known.VERBS[word]), None
        return known.VERBS[word], None

    if word == ":" and earlier in known.PARTICIPLES and last - 1 not in claimed:
        return known.PARTICIPLES[earlier], None
    return _toll(items, index, last, claimed)


def _toll(items: Sequence[Item], index: int, last: int, claimed: frozenset[int]) -> tuple[str, str | None] | None:
    """Read "death toll ... rises to": the toll may stand some words before its verb, which ends at ``last``."""
    last, rises, doubtful = _verb_of_toll(items, index, last)
    group, crossed = None, False
    for place in range(last, last - (REACH if rises else 1), -1):
        word, kind = word_at(items, place), word_at(items, place - 1)
        if word in ("", ";") or word in known.LOOK_BACK_BARS or place in claimed:
            return None
        crossed = crossed or word == ","
        group = group or known.GROUPS.get(word)
        if doubtful and word in known.SUBJECTS:
            return "hypothetical", None

        if outcome := _toll_of(word, kind, crossed):
            person = known.GROUPS.get(word_at(items, place - 2)) or known.GROUPS.get(kind)
            added = word_at(items, index - 1) == "by"
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
    if kind in known.COUNTED or kind in known.PEOPLE:
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
        if word_at(items, index - 1) == ":" and word_at(items, index - 2) in known.TOLLS | known.PARTICIPLES:
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
        if quantity.label is None and (before == "by" or reading.agent):
            quantity.label = "other"
        return

    if quantity.label is not None and before not in known.VERBS:
        return  # the words after a number are nearer to it than a toll before it
    outcome, group = found
    if quantity.label not in (None, outcome, *known.THINGS.values()):
        raise UnreadableError(f"'{quantity.text}' stands between two outcomes; put a comma after it")
    quantity.label, quantity.group = outcome, quantity.group or group


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
    if before in known.IDENTIFIERS or before in known.CURRENCIES or before == "from":
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
    if not (unit in _AFTER_NOUN or unit in known.VERBS or unit in known.PEOPLE):
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
