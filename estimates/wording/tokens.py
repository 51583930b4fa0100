"""Cutting the words of a figure into tokens: numbers in digits, lower-case words in known spellings, and marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from estimates.wording import lexicon as known


class UnreadableError(Exception):
    """Why a text cannot be read, and what to write instead."""


#: Stands for a token that names something and counts nothing: a clock time, "18th", "18-year-old".
NAME = "<name>"
#: Stands for words that were set aside because they are beside the figure.
GAP = "<aside>"

_SYMBOLS = str.maketrans(known.SYMBOLS)
#: The longest phrase first, so that it is taken before a shorter one within it.
_REWRITE = re.compile(
    r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(known.REWRITES, key=len, reverse=True))) + r")(?![\w-])"
)
_ABBREVIATION = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, known.ABBREVIATIONS)) + r")(?!\w)")
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_TOKEN = re.compile(
    rf"(?P<clock>[0-9]{{1,2}}:[0-9]{{2}}(?![0-9]))|(?P<compound>{_NUMBER}-?[^\W\d_][\w-]*)|(?P<number>{_NUMBER})"
    r"|(?P<word>[^\W\d_]\w*(?:['-]\w+)*)|(?P<mark>\S)"
)
#: A sign before a number, or a number that begins with its point.
_SIGNED = re.compile(r"(?:^|[\s,:;(])[-+]\s?[0-9]|(?:^|[^0-9])\.[0-9]")
_SPACED_RANGE = re.compile(r"([0-9]) - ([0-9])")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)")
_MARKS = frozenset(",;:.-+/'") | known.CURRENCIES


def tokenise(text: str) -> list[str]:
    """Cut a text into known spellings: digits, lower-case words and marks.

    Raises
    ------
    UnreadableError
        If a character or a piece of the text cannot be part of a figure.
    """
    if "?" in text:
        raise UnreadableError("a question mark is no figure; leave the row out, or write the figure alone")

    text = " ".join(text.lower().translate(_SYMBOLS).split())
    text = _ABBREVIATION.sub(lambda match: known.ABBREVIATIONS[match[0]], text)
    text = _REWRITE.sub(lambda match: known.REWRITES[match[0]], text)
    text = _SPACED_RANGE.sub(r"\1-\2", text)
    if _SIGNED.search(text):
        raise UnreadableError("a sign or a point stands before a number; write a whole number such as 18")

    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        tokens += _spelt(match.lastgroup or "", match[0])
    return tokens


def _spelt(kind: str, token: str) -> list[str]:
    """Tokens of one piece of text of a kind that ``_TOKEN`` tells."""
    if any(character.isnumeric() and not character.isascii() for character in token):
        raise UnreadableError(f"the digits of {token!r}; write them as 0-9")

    match kind:
        case "clock":
            return [NAME]
        case "compound" if "-" in token or _ORDINAL.fullmatch(token):
            return [NAME]  # "18-year-old", "6.4-magnitude", "18th"
        case "compound":
            advice = "write the number in full, with a space after it"
            raise UnreadableError(f"{token!r} mixes digits and letters; {advice}")
        case "mark":
            return _mark(token)
        case "word":
            return _word(token.removesuffix("'s"))
    return [token]


def _mark(mark: str) -> list[str]:
    """A mark as a token: a full stop ends a clause as a semicolon does, a quotation mark says nothing."""
    if mark not in _MARKS:
        raise UnreadableError(f"the character {mark!r}; leave it out")
    return {".": [";"], "'": []}.get(mark, [mark])


def _word(word: str) -> list[str]:
    """A word as tokens: number words with hyphens are taken apart."""
    parts = word.split("-")
    if all(part in known.NUMBER_WORDS or part == "and" for part in parts):
        return parts
    return [word]


def word_at(items: Sequence[object], index: int) -> str:
    """Word at an index; empty beyond either end, and for an item that is no word."""
    item = items[index] if 0 <= index < len(items) else ""
    return item if isinstance(item, str) else ""
