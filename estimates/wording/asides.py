"""Setting aside what is beside the figure: parts of it, and statements that it will rise."""

from __future__ import annotations

from collections.abc import Sequence

from estimates.wording import lexicon as known
from estimates.wording.context import REACH
from estimates.wording.following import ENDS, FATES, after, counted
from estimates.wording.people import PEOPLE
from estimates.wording.quantities import Item, Quantity, item_at
from estimates.wording.tokens import GAP, word_at

_CLAUSES = ENDS | {"and", "but", "with", "as", GAP}
_WORDS_OF_PROSPECTS = known.PROSPECT_WORDS | known.PROSPECTS
_LASTING = frozenset({"and", "still", "is", "are", "keeps"})


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


# --- Parts of a figure -----------------------------------------------------------------------------------------------
def parts(items: list[Item]) -> list[tuple[int, int]]:
    """Find what tells of a part of a figure: "including 5 children", "5 of them women", "mostly civilians"."""
    spans: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if spans and index < spans[-1][1]:
            continue
        if (among := _among(items, index)) is not None:
            spans.append(among)
            continue
        if isinstance(item, Quantity):
            span = _counted_part(items, index)
        else:
            span = _listed_part(items, index) or _uncounted_part(items, index)
        if span is not None:
            spans.append(span)
    return spans


def _among(items: list[Item], index: int) -> tuple[int, int] | None:
    """What stands before "among 14 killed" in its clause, from the quantity here on: "two men among eight killed"."""
    if not isinstance(items[index], Quantity):
        return None
    for place in range(index + 1, min(index + REACH, len(items))):
        word = word_at(items, place)
        if word in (";", ":") or word in FATES or word in known.VERBS:
            return None
        if word == "among":
            following = place + 1 + (word_at(items, place + 1) in ("the", "those"))
            return (index, place + 1) if isinstance(item_at(items, following), Quantity) else None
    return None


def _counted_part(items: list[Item], index: int) -> tuple[int, int] | None:
    """The part that the quantity here counts, with the parts joined to it: "including 5 children and 3 women"."""
    start, end = index, _part_end(items, index)
    if word_at(items, index - 1) in known.PART_CUES:
        start, end = index - 1, end or counted(items, index + 1).end

    while end and word_at(items, end) in ("and", ",") and isinstance(item_at(items, end + 1), Quantity):
        also = after(items, end + 2)
        if also.group is None or also.outcome or also.agent:
            break
        end = also.end
    return (start, end) if end else None


def _listed_part(items: list[Item], index: int) -> tuple[int, int] | None:
    """A part that begins with somebody who is not counted: "including a soldier and two children"."""
    if items[index] not in known.PART_CUES or isinstance(item_at(items, index + 1), Quantity):
        return None
    end, place = index, index + 1
    while (member := _member_end(items, place)) > place:
        end = place = member
        if word_at(items, place) not in ("and", ","):
            break
        place += 1 + (word_at(items, place) == "," and word_at(items, place + 1) == "and")
    return (index, end) if end > index else None


def _member_end(items: list[Item], start: int) -> int:
    """End of one member of a list of people, with or without a number; ``start`` where none begins there."""
    if isinstance(item_at(items, start), Quantity):
        following = after(items, start + 1)
        return start if following.outcome or following.agent else max(following.end, start)
    end = start
    for place in range(start, start + REACH // 2):
        word = word_at(items, place)
        if word in PEOPLE:
            end = place + 1
        elif end > start or not word or word in _CLAUSES | FATES.keys():
            break
    if word_at(items, end) == "named" and end > start:
        while word_at(items, end) and word_at(items, end) not in _CLAUSES:
            end += 1
    return end


def _part_end(items: list[Item], index: int) -> int:
    """End of a part that starts with its number, 0 if none does: "5 of them children", "5 children among 17"."""
    noun = counted(items, index + 1)
    following = word_at(items, noun.end)
    if following in known.SEVERELY and item_at(items, noun.end + 1) in _CLAUSES and index:
        return noun.end + 1  # "82 injured, five critically"
    if following == "among" and noun.group:
        return noun.end + 1 + (word_at(items, noun.end + 1) in ("the", "those"))
    if following != "of-them" and not (following in known.AUXILIARIES and noun.end == index + 1):
        return 0

    end = noun.end + 1
    while word_at(items, end) in known.BRIDGE or word_at(items, end) in known.SEVERITIES:
        end += 1
    people = counted(items, end)
    if following == "of-them":
        return people.end + (word_at(items, people.end) in FATES)
    return people.end if people.group and item_at(items, people.end) in ("", ",", ";", "and") else 0


def _uncounted_part(items: list[Item], index: int) -> tuple[int, int] | None:
    """A part without a number: "mostly women and children"."""
    if items[index] not in known.ASIDES:
        return None
    end = index + 1
    while word_at(items, end) in known.ASIDE_WORDS or word_at(items, end) in PEOPLE:
        end += 1
    return (index, end) if end > index + 1 and not isinstance(item_at(items, end), Quantity) else None


# --- Tolls that will rise --------------------------------------------------------------------------------------------
def prospects(items: list[Item]) -> list[tuple[int, int]]:
    """Find statements that the number will rise: "and counting", "the toll is expected to rise further".

    An empty span stands for a number it may rise to, which stays and is told as one that is not reported.
    """
    spans: list[tuple[int, int]] = []
    for index, item in enumerate(items):
        if spans and index < spans[-1][1]:
            continue
        if item == "more":
            span = _more_to_come(items, index)
        elif item in known.RISE or item in known.RISING:
            span = _prospect(items, index)
        else:
            continue
        if span is not None:
            spans.append(span)
    return spans


def _prospect(items: list[Item], index: int) -> tuple[int, int] | None:
    """The statement that ends with the word "rise" or "rising" here, if it speaks of the number and of what will come.

    Before the word stand its auxiliaries ("is expected to"), and before them its subject ("the toll").
    """
    earliest, start = index - REACH, index - 1
    while start > earliest and word_at(items, start) in _WORDS_OF_PROSPECTS:
        start -= 1
    subject = start
    while subject > earliest and word_at(items, subject) not in _CLAUSES:
        subject -= 1

    auxiliaries = {word_at(items, place) for place in range(start + 1, index)}
    said = {word_at(items, place) for place in range(subject + 1, start + 1)}
    onwards = _goes_to_a_number(items, index)
    if items[index] in known.RISING:
        lasts = bool(_LASTING & {*auxiliaries, word_at(items, start)})
        found = not onwards and (lasts or bool(said & known.SUBJECTS))
    else:
        found = bool(known.PROSPECTS & auxiliaries) and (not said or bool(said & known.SUBJECTS))
    if not found or "not" in auxiliaries | said:
        return None

    if onwards:
        return index, index
    begin = subject + 1 - (word_at(items, subject) in ("and", "but", "with"))
    return min(begin, index), _clause_end(items, index)


def _more_to_come(items: list[Item], index: int) -> tuple[int, int] | None:
    """The statement that more will be found: ", more bodies expected", "with more deaths feared"."""
    if isinstance(item_at(items, index - 1), Quantity):
        return None  # "scores more feared dead" counts them
    end = index + 1
    while word_at(items, end) in known.MORE_OF and end < index + 4:
        end += 1
    if word_at(items, end) not in known.TO_COME:
        return None

    fears = word_at(items, index - 1) in known.FEARS
    begin = index - (fears or word_at(items, index - 1) in ("and", "with", "but", "as"))
    return begin, end + 1 + (word_at(items, end + 1) in ("dead", "trapped", "killed", "missing"))


def _goes_to_a_number(items: list[Item], index: int) -> bool:
    """Whether a number to rise to, or a word that announces one, follows."""
    following = item_at(items, index + 1)
    return isinstance(following, Quantity) or following in known.ONWARDS


def _clause_end(items: list[Item], index: int) -> int:
    end = index
    while word_at(items, end) not in ENDS and not isinstance(item_at(items, end), Quantity):
        end += 1
    return end
