"""Telling what each quantity of a text counts, by the words around it, and setting aside what is beside the figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from estimates.wording import lexicon as known
from estimates.wording.tokens import GAP, Item, Quantity, UnreadableError, item_at, word_at

ENDS = frozenset(",;:/") | {""}
_CLAUSES = ENDS | {"and", "but", "with", "as", GAP}
_LASTING = frozenset({"and", "still", "is", "are", "keeps"})
_JOINTS = frozenset({"and", "or", "/", ","})
_AFTER = {**known.PARTICIPLES, **known.FATES, **known.NOUNS}
_AFTER_NOUN = ENDS | known.STOPS | known.BRIDGE | _AFTER.keys() | {GAP}
_BETWEEN = known.BRIDGE | known.PRESUMED | known.SEVERITIES
_LONGEST_NOUN = 8
_REACH = 20  # words; bounds every look back, so that time stays linear


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words after a quantity say: where its noun ends, who it is about and what became of them."""

    end: int
    group: str | None = None
    increment: bool = False
    outcome: str | None = None
    outcome_at: int = -1
    agent: bool = False  # "three gunmen kill ...": they are not the ones hit


def counted(items: Sequence[Item], start: int) -> Reading:
    """Read the people counted by the quantity before ``start``: where they end and whether they are a part of all."""
    index = end = start
    partitive = known.POSSESSIVES | {"the"}
    part_of = word_at(items, index) == "of" and word_at(items, index + 1) in partitive
    index += word_at(items, index) == "of"
    group, people, increment = None, False, False
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


def _verb(items: Sequence[Item], start: int) -> int:
    """Index of the first word after a noun that is neither an auxiliary nor an adverb."""
    index = start
    while (word := word_at(items, index)) and (word == GAP or word in _BETWEEN):
        index += 1
    while word_at(items, index) in known.THINGS and word_at(items, index + 1) in known.THINGS:
        index += 1  # "drone strikes": the last noun is the unit
    return index


def _after(items: Sequence[Item], start: int) -> Reading:
    """Read what the words after a quantity say became of those it counts."""
    noun = counted(items, start)
    index = _verb(items, noun.end)
    word, adverbs = word_at(items, index), set(items[noun.end : index])
    if word in known.THINGS:
        return replace(noun, outcome=known.THINGS[word], outcome_at=index)
    if word in known.ADJECTIVES and (people := counted(items, index + 1)).end > index + 1:
        return replace(people, outcome=_AFTER[word], outcome_at=index)  # "18 wounded soldiers"
    if word in known.NOUNS and adverbs and not adverbs & known.SUFFERED:
        return noun  # "18 doctors reported deaths"
    presumed = bool(adverbs & known.PRESUMED)
    needs_end = word in known.NOUNS or word in known.ADJECTIVES or word in known.PARTICIPLES
    if presumed or (word in known.PARTICIPLES and adverbs & known.PASSIVE):
        needs_end = False
    if (needs_end and not _stands_alone(items, index + 1)) or (word in known.VERBS and word not in known.PARTICIPLES):
        return replace(noun, agent=word in known.VERBS and noun.end > start)
    if word not in _AFTER:
        return noun
    outcome, last = _AFTER[word], index
    joint, partner = word_at(items, index + 1), word_at(items, index + 2)
    if joint in _JOINTS and partner in _AFTER and not isinstance(item_at(items, index + 3), Quantity):
        outcome, last = _joined(outcome, _AFTER[partner]), index + 2
    if presumed and outcome == "killed":
        outcome = "dead_or_missing"
    severe = adverbs & known.SEVERITIES and outcome == "injured"
    return replace(noun, group="severely injured" if severe else noun.group, outcome=outcome, outcome_at=last)


def _stands_alone(items: Sequence[Item], index: int) -> bool:
    """Whether a bare "killed" has no object after it: "18 killed in ..." against "18 gunmen killed ..."."""
    following = item_at(items, index)
    if isinstance(following, Quantity):  # "18 killed 82 injured" against "three gunmen killed 18"
        word = word_at(items, _verb(items, counted(items, index + 1).end))
        return word in _AFTER or word in known.THINGS
    return following in _AFTER_NOUN


def _joined(first: str, second: str) -> str:
    """Outcome of two words joined: dead or missing, killed and injured."""
    pair = {first, second}
    if len(pair) == 1:
        return first
    if pair == {"killed", "missing"}:
        return "dead_or_missing"
    return "casualties" if pair == {"killed", "injured"} else "mixed"


def _before(items: Sequence[Item], index: int, claimed: frozenset[int]) -> tuple[str, str | None] | None:
    """Read what the words before a quantity say it counts: the outcome, and the group a toll is kept for."""
    last = index - 1
    while word_at(items, last) in ("the", "a", "an", "another", "reportedly", "all", "also"):
        last -= 1
    word, earlier = word_at(items, last), word_at(items, last - 1)
    if word in known.VERBS and last not in claimed and earlier not in known.AUXILIARIES:
        sooner = word_at(items, last - 2)
        if earlier in known.HYPOTHETICAL or (sooner in known.HYPOTHETICAL and earlier not in ENDS):
            return "hypothetical", None
        if earlier in _JOINTS and (partner := known.VERBS.get(word_at(items, last - 2))):
            return _joined(partner, known.VERBS[word]), None
        return known.VERBS[word], None
    if word == ":" and earlier in known.PARTICIPLES and last - 1 not in claimed:
        return known.PARTICIPLES[earlier], None
    return _toll(items, index, last, claimed)


def _toll(items: Sequence[Item], index: int, last: int, claimed: frozenset[int]) -> tuple[str, str | None] | None:
    """Read "death toll ... rises to": the toll may stand some words before its verb."""
    quantity = items[index]
    rises, doubtful = isinstance(quantity, Quantity) and quantity.follows_rise, False
    for _ in range(_REACH):
        word = word_at(items, last)
        if isinstance(item_at(items, last), Quantity) and word_at(items, last - 1) in ("from", "by"):
            last -= 2  # "rises by 3 to 21", "rises from 18 to 21"
            continue
        if not (word in known.CONNECTIVES or word in known.RISES or word in known.PROSPECTS):
            break
        rises, doubtful = rises or word in known.RISES, doubtful or word in known.PROSPECTS
        last -= 1
    group, crossed = None, False
    for place in range(last, last - (_REACH if rises else 1), -1):
        word, kind = word_at(items, place), word_at(items, place - 1)
        if word in ("", ";") or word in known.LOOK_BACK_BARS or place in claimed:
            return None
        crossed = crossed or word == ","
        group = group or known.GROUPS.get(word)
        person = known.GROUPS.get(word_at(items, place - 2)) or known.GROUPS.get(kind)
        if doubtful and word in known.SUBJECTS:
            return "hypothetical", None
        if word == "toll" or (word in known.TOLLS and not crossed):
            outcome = known.NOUNS.get(kind, "killed") if word == "toll" else known.TOLLS[word]
        elif word in known.PARTICIPLES and (kind in known.COUNTED or kind in known.PEOPLE) and not crossed:
            outcome = known.PARTICIPLES[word]  # "the number killed in the blast rises to 18"
        else:
            continue
        added = word_at(items, index - 1) == "by"
        return "increment" if added else outcome, group or person
    return None


def label(items: Sequence[Item]) -> None:
    """Write on every quantity what it counts, from the words after it and then from those before it."""
    readings = {index: _after(items, index + 1) for index, item in enumerate(items) if isinstance(item, Quantity)}
    for index, reading in readings.items():
        if word_at(items, index - 1) == ":" and word_at(items, index - 2) in known.TOLLS | known.PARTICIPLES:
            readings[index] = replace(reading, outcome=None, outcome_at=-1)  # "killed: 18 wounded: 82"
    claimed = frozenset(reading.outcome_at for reading in readings.values())
    for index, reading in readings.items():
        quantity = items[index]
        assert isinstance(quantity, Quantity)
        quantity.group, quantity.label = reading.group, reading.outcome
        quantity.increment |= reading.increment or word_at(items, index - 1) == "another"
        if _is_named(items, index):
            quantity.label = "other"
        elif found := _before(items, index, claimed):
            if quantity.label is not None and word_at(items, index - 1) not in known.VERBS:
                found = quantity.label, None  # the words after a number are nearer to it than a toll before it
            elif quantity.label not in (None, found[0], *known.THINGS.values()):
                raise UnreadableError(f"'{quantity.text}' stands between two outcomes; put a comma after it")
            quantity.label, quantity.group = found[0], quantity.group or found[1]
        elif quantity.label is None and (word_at(items, index - 1) == "by" or reading.agent):
            quantity.label = "other"
        _narrow(items, quantity, reading.outcome_at)
        if quantity.label != "other":
            _check_context(items, index)
            _check_unit(items, quantity, reading.end, verb_before=quantity.label != reading.outcome)


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
    quantity, before, after = items[index], word_at(items, index - 1), word_at(items, index + 1)
    assert isinstance(quantity, Quantity)
    pronoun = quantity.text == "one" and after == "of" and counted(items, index + 1).end == index + 1
    named = before in known.IDENTIFIERS or before in known.CURRENCIES or before == "from"
    return named or pronoun or before in known.MONTHS or after in known.MONTHS


def _check_unit(items: Sequence[Item], quantity: Quantity, end: int, verb_before: bool) -> None:
    """Refuse an unknown noun after a number: "kills 18 chickens"."""
    if quantity.wording == "measure" and quantity.label not in known.THINGS.values():
        raise UnreadableError("it is not a whole number of people; write the count as the source said it")
    unit = item_at(items, end)
    if not verb_before or isinstance(unit, Quantity):
        return
    if not (unit in _AFTER_NOUN or unit in known.VERBS or unit in known.PEOPLE):
        raise UnreadableError(f"it is not known whether {unit!r} are people; write '{quantity.text}' alone if they are")


def _check_context(items: Sequence[Item], index: int) -> None:
    """Refuse fractions, parts of another number, negations and doubts around a number."""
    quantity = items[index]
    assert isinstance(quantity, Quantity)
    for place in range(index - 1, max(index - 5, -1), -1):
        word = word_at(items, place)
        if word in ENDS or word == GAP:
            break
        if word in known.NEGATIONS or word.endswith("n't"):
            raise UnreadableError(f"{word!r} before '{quantity.text}' takes it back or doubts it; write what is said")
    ends = {word_at(items, index + ahead) for ahead in ((2, 3) if word_at(items, index + 1) == "and" else ())}
    if word_at(items, index - 1) in known.FRACTIONS or "half" in ends:
        raise UnreadableError("a fraction of a number; write the number in digits, as 500,000")
    before = index - 1 - (word_at(items, index - 1) in ("the", "all"))
    whole = word_at(items, before - 1)
    ahead = index + 2 + (word_at(items, index + 2) in ("the", "all"))
    if word_at(items, index + 1) in ("of", "out") and isinstance(item_at(items, ahead), Quantity):
        raise UnreadableError("a part of a number, such as 3 of 7; write the number of those hit alone")
    if word_at(items, index + 1) == "of" and counted(items, index + 1).end == index + 1:
        raise UnreadableError("it is unclear of whom; write the number of those hit alone")
    if word_at(items, before) in ("of", "out") and whole not in ENDS and whole not in known.WHOLES:
        raise UnreadableError(f"a part of '{quantity.text}'; write the number of those hit alone")
    if word_at(items, before) == "in" and isinstance(item_at(items, before - 1), Quantity) and quantity.label is None:
        raise UnreadableError("a share such as one in five; write the number of those hit")


# --- Asides: parts of a figure, and tolls that will rise -------------------------------------------------------------
def set_aside(items: list[Item], spans: Sequence[tuple[int, int]]) -> list[Item]:
    """Replace spans by a mark, with the commas beside them."""
    kept: list[Item] = []
    index = 0
    for start, end in sorted(spans):
        if start < index:
            continue
        kept += items[index:start]
        while kept and kept[-1] == ",":
            kept.pop()
        kept.append(GAP)
        index = end + (word_at(items, end) == ",")
    return kept + items[index:]


def parts(items: list[Item]) -> list[tuple[int, int]]:
    """Find what tells of a part of a figure: "including 5 children", "5 of them women", "mostly civilians"."""
    spans: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if spans and index < spans[-1][1]:
            continue
        if isinstance(item, Quantity):
            start, end = index, _part_end(items, index)
            if word_at(items, index - 1) in known.PART_CUES:
                start = index - 1
                end = end or counted(items, index + 1).end
            while end and word_at(items, end) in ("and", ",") and isinstance(item_at(items, end + 1), Quantity):
                also = _after(items, end + 2)
                if also.group is None or also.outcome or also.agent:
                    break
                end = also.end
            if end:
                spans.append((start, end))
        elif item in known.ASIDES:
            end = index + 1
            while word_at(items, end) in known.ASIDE_WORDS or word_at(items, end) in known.PEOPLE:
                end += 1
            if end > index + 1 and not isinstance(item_at(items, end), Quantity):
                spans.append((index, end))
    return spans


def _part_end(items: list[Item], index: int) -> int:
    """End of a part that starts with its number, 0 if none does: "5 of them children", "5 children among 17"."""
    noun = counted(items, index + 1)
    after = word_at(items, noun.end)
    if after == "among" and noun.group:
        return noun.end + 1 + (word_at(items, noun.end + 1) in ("the", "those"))
    if after == "of-them" or (after in known.AUXILIARIES and noun.end == index + 1):
        end = noun.end + 1
        while word_at(items, end) in known.BRIDGE or word_at(items, end) in known.SEVERITIES:
            end += 1
        people = counted(items, end)
        ended = item_at(items, people.end) in ("", ",", ";", "and")
        if after == "of-them":
            return people.end + (word_at(items, people.end) in _AFTER)
        return people.end if people.group and ended else 0
    return 0


def prospects(items: list[Item]) -> list[tuple[int, int]]:
    """Find statements that the number will rise: "and counting", "the toll is expected to rise further".

    An empty span stands for a number it may rise to, which stays and is told as one that is not reported.
    """
    spans: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if (item not in known.RISE and item not in known.RISING) or (spans and index < spans[-1][1]):
            continue
        earliest, start = index - _REACH, index - 1
        while start > earliest and word_at(items, start) in known.PROSPECT_WORDS | known.PROSPECTS:
            start -= 1
        between = {word_at(items, place) for place in range(start + 1, index)}
        subject = start
        while subject > earliest and word_at(items, subject) not in _CLAUSES:
            subject -= 1
        said = {word_at(items, place) for place in range(subject + 1, start + 1)}
        after = item_at(items, index + 1)
        onwards = isinstance(after, Quantity) or after in known.ONWARDS
        about_toll = bool(said & known.SUBJECTS)
        if item in known.RISING:
            found = not onwards and (about_toll or bool(_LASTING & {*between, word_at(items, start)}))
        else:
            found = bool(known.PROSPECTS & between) and (about_toll or not said)
        if not found or "not" in between or "not" in said:
            continue
        end = begin = index
        if not onwards:
            begin = subject + 1 - (word_at(items, subject) in ("and", "but", "with"))
            while word_at(items, end) not in ENDS and not isinstance(item_at(items, end), Quantity):
                end += 1
        spans.append((min(begin, index), end))
    return spans
