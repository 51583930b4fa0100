"""Names of events, sources and places that may mean one thing though they are not spelt alike."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

__all__ = ["acronym_of", "almost_alike", "may_be_one", "words_of"]

#: Of more different names than these none are compared.
NAMES_SPELT = 20_000
#: Names of more letters than this are whole stories, and not compared.
LONGEST_COMPARED = 300
#: From so many letters on a word may lack a letter, have one too many or two swapped; from the second, a wrong one.
LETTERS_OF_A_SLIP, LETTERS_OF_AN_EXCHANGE = 5, 7

_EMPTY_WORDS = frozenset("a an and at by for from in near of on the to".split())
#: Words that say nothing of who a source is.
_OF_ANY_SOURCE = frozenset("agency com news online press website".split())


@lru_cache(maxsize=2 * NAMES_SPELT)
def plain_words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, without accents and marks."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(re.findall(r"\w+", kept))


@lru_cache(maxsize=2 * NAMES_SPELT)
def words_of(name: str) -> frozenset[str]:
    """The words of a name that say something."""
    words = frozenset(plain_words(name))
    return words - _EMPTY_WORDS or words


# Two names ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=2 * NAMES_SPELT)
def may_be_one(one: str, other: str, *, of_sources: bool = False) -> bool:
    """Whether two names may be of one thing, where all else about them is the same.

    Each word of the shorter name has a word of the longer one that is the same but for a slip; what the longer one
    has besides is no number but a year, nor a single letter. Two sources have no other words besides at all, but for
    those that any source may have; or one is the initials of the other.

    Parameters
    ----------
    one, other : str
    of_sources : bool
        Whether they are names of sources, which often differ by one word ("police", "Kabul police").
    """
    if max(len(one), len(other)) > LONGEST_COMPARED:
        return False
    if of_sources and (acronym_of(one, other) or acronym_of(other, one)):
        return True
    short, long = sorted((words_of(one), words_of(other)), key=len)
    if len(short) > 1 and short.isdisjoint(long):
        return False
    if of_sources:
        short, long = short - _OF_ANY_SOURCE or short, long - _OF_ANY_SOURCE or long

    besides = _unmatched(short, long)
    if besides is None or (of_sources and besides):
        return False
    if any(len(word) == 1 or (word.isnumeric() and not re.fullmatch("[12][0-9]{3}", word)) for word in besides):
        return False
    return not besides or len(short) > 1 or of_sources


def _unmatched(short: frozenset[str], long: frozenset[str]) -> frozenset[str] | None:
    """Words of the longer name that stand for none of the shorter; None where one of the latter stands alone."""
    left = set(long - short)
    for word in sorted(short - long):
        same = next((other for other in sorted(left) if is_slip(word, other)), None)
        if same is None:
            return None
        left.discard(same)
    return frozenset(left)


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter, and are long enough for that to be a slip of the pen."""
    from rapidfuzz.distance import OSA

    shortest = min(len(one), len(other))
    if shortest < LETTERS_OF_A_SLIP or abs(len(one) - len(other)) > 1:
        return False
    is_exchanged = len(one) == len(other) and sorted(one) != sorted(other)
    if is_exchanged and shortest < LETTERS_OF_AN_EXCHANGE:
        return False
    return not _has_number(one + other) and OSA.distance(one, other, score_cutoff=1) <= 1


def _has_number(word: str) -> bool:
    return any(character.isnumeric() for character in word)


def acronym_of(short: str, name: str) -> bool:
    """Whether a name is the initials of the words of another: SOHR, Syrian Observatory for Human Rights."""
    if not short.isupper():
        return False
    words = [word for word in re.findall(r"\w+", name) if word.lower() not in _EMPTY_WORDS]
    return len(words) > 2 and short == "".join(word[0].upper() for word in words)


# Many names -----------------------------------------------------------------------------------------------------------


def almost_alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of names that differ by accents, marks, spaces or a slip in one word, but not in capitals alone.

    The time it takes grows with the number of letters; of more than :data:`NAMES_SPELT` names none are compared, nor
    are names longer than :data:`LONGEST_COMPARED`.
    """
    different = sorted(name for name in set(names) if len(name) <= LONGEST_COMPARED)
    if len(different) > NAMES_SPELT:
        return
    near: dict[str, list[str]] = defaultdict(list)
    for name in different:
        for form in _forms(name):
            near[form].append(name)

    told = set()
    for group in near.values():
        for one, other in pairwise(group):
            if (one, other) not in told and one.casefold() != other.casefold() and _differ_by_a_slip(one, other):
                told.add((one, other))
                yield one, other


def _forms(name: str) -> set[str]:
    """The name without spaces, and with each letter left out in turn of those words that a slip can be in."""
    words = plain_words(name)
    whole = "".join(words)
    forms, at = {whole}, 0
    for word in words:
        if len(word) >= LETTERS_OF_A_SLIP and not _has_number(word):
            forms.update(whole[:place] + whole[place + 1 :] for place in range(at, at + len(word)))
        at += len(word)
    return forms


def _differ_by_a_slip(one: str, other: str) -> bool:
    words, others = plain_words(one), plain_words(other)
    if "".join(words) == "".join(others):
        return True
    differing = [(a, b) for a, b in zip(words, others, strict=False) if a != b]
    return len(words) == len(others) and len(differing) == 1 and is_slip(*differing[0])
