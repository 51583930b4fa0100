"""What the words after a quantity say: whom it counts, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from estimates.wording import lexicon as known
from estimates.wording.people import GROUPS, NATIONS, PEOPLE
from estimates.wording.quantities import Item, Quantity, item_at
from estimates.wording.tokens import GAP, word_at

#: What ends a clause; an empty word stands beyond either end of the text.
ENDS = frozenset(",;:/") | {""}
#: What words after a quantity say became of the people it counts.
FATES = {**known.PARTICIPLES, **known.FATES, **known.NOUNS}

JOINTS = frozenset({"and", "or", "/", ","})
AFTER_NOUN = ENDS | known.STOPS | known.BRIDGE | FATES.keys() | {GAP}
_BETWEEN = known.BRIDGE | known.PRESUMED | known.SEVERITIES
_OWNERS = known.POSSESSIVES | {"the"}
_FATES_AND_BRIDGE = FATES.keys() | known.BRIDGE
_PARTNERS = {**known.VERBS, **FATES}
_LONGEST_NOUN = 8
_DESCRIBING = known.MODIFIERS | known.POSSESSIVES | known.INCREMENTS
_NO_SETTING = known.EVERY_WORD - known.THINGS.keys() - known.MODIFIERS


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


def counted(items: Sequence[Item], start: int) -> Reading:
    """Read the people counted by the quantity before ``start``: where they end and whether they are a part of all."""
    index = start + (word_at(items, start) == "of")
    part_of = index > start and word_at(items, index) in _OWNERS
    end, group, people, increment = start, None, False, False

    for place in range(index, index + _LONGEST_NOUN):
        word = word_at(items, place)
        if word in known.INCREMENTS:
            increment, end = True, place + 1
        if word in PEOPLE:
            group, people, end = GROUPS.get(word, group), True, place + 1
        elif word in known.NOUNS or (word in known.THINGS and word not in known.MODIFIERS):
            end = end if people else place  # "18 doctors reported deaths": the noun is another clause's
            break
        elif word not in _DESCRIBING and (
            (people and word_at(items, place - 1) not in NATIONS) or not _describes_people(items, start, place)
        ):
            break

    if part_of and people and group is None:
        return Reading(start)  # "18 of the people" is a part of something unsaid
    return Reading(end, group, increment)


def _describes_people(items: Sequence[Item], start: int, index: int) -> bool:
    """Whether a word that is not known stands before a noun of people, as adjectives do: "coca farmers".

    After a vague word it may be a verb instead: "thousands mourn soldiers killed".
    """
    quantity = item_at(items, start - 1)
    vague = isinstance(quantity, Quantity) and quantity.wording == "vague"
    if vague and word_at(items, start - 2) not in known.VERBS:
        return False

    for place in range(index, index + 2):
        word = word_at(items, place)
        if not word.replace("-", "").isalpha() or _is_plural(word) or word in known.EVERY_WORD:
            return False
        if word_at(items, place + 1) in PEOPLE:
            return True
    return False


def after(items: Sequence[Item], start: int) -> Reading:
    """Read what the words after a quantity say became of those it counts; ``start`` is the first of them."""
    noun = counted(items, start)
    index = _verb(items, noun.end)
    word, adverbs = word_at(items, index), set(items[noun.end : index])
    if word in known.THINGS:
        return replace(noun, outcome=known.THINGS[word], outcome_at=index)

    people = counted(items, index + 1)
    if word in known.ADJECTIVES and people.end > index + 1:
        return _described(items, people, index)
    if _is_a_setting(items, noun, people, index):
        return _fate(items, noun, index, adverbs)  # "at least 24 killed bus crash"

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
    if word == "aboard" and word_at(items, index + 1) in _FATES_AND_BRIDGE:
        return _verb(items, index + 1)  # "all 54 aboard killed"
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
    return following in AFTER_NOUN


def _described(items: Sequence[Item], people: Reading, index: int) -> Reading:
    """What became of people whom the adjective at ``index`` describes, as "18 wounded soldiers"."""
    if word_at(items, people.end) in _FATES_AND_BRIDGE:
        then = after(items, people.end)
        if then.outcome == "killed":
            return replace(then, group=people.group)  # "four displaced persons killed"
    return replace(people, outcome=FATES[word_at(items, index)], outcome_at=index)


def _is_a_setting(items: Sequence[Item], noun: Reading, following: Reading, index: int) -> bool:
    """Whether what follows a bare "24 killed" can only be where it happened, since it is no person and no number."""
    fate = word_at(items, index)
    words = [word_at(items, index + ahead) for ahead in (1, 2, 3)]
    if following.end > index + 1 or PEOPLE & set(words):
        return False
    if fate == "dead" or (fate in known.PARTICIPLES and noun.group):
        return not known.EVENT_NOUNS.isdisjoint(words[:2])
    known_word = words[0] in _NO_SETTING or not words[0].isalpha() or _is_plural(words[0])
    return fate in known.PARTICIPLES and not known_word


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _fate(items: Sequence[Item], noun: Reading, index: int, adverbs: set[Item]) -> Reading:
    """Add what became of the people of a noun, as the word at ``index`` and what is joined to it say."""
    outcome, last = FATES[word_at(items, index)], index
    joint, partner = word_at(items, index + 1), word_at(items, index + 2)
    if joint in JOINTS and partner in _PARTNERS and not isinstance(item_at(items, index + 3), Quantity):
        outcome, last = joined(outcome, _PARTNERS[partner]), index + 2
    if adverbs & known.PRESUMED and outcome == "killed":
        outcome = "dead_or_missing"

    severe = adverbs & known.SEVERITIES and outcome == "injured"
    return replace(noun, group="severely injured" if severe else noun.group, outcome=outcome, outcome_at=last)


def joined(first: str, second: str) -> str:
    """Outcome of two words joined: dead or missing, killed and injured."""
    pair = {first, second}
    if len(pair) == 1:
        return first
    if pair == {"killed", "missing"}:
        return "dead_or_missing"
    return "casualties" if pair == {"killed", "injured"} else "mixed"
