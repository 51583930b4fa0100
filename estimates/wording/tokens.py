"""Cutting the words of a figure into tokens: numbers in digits, lower-case words in known spellings, and marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from estimates.wording import lexicon as known
from estimates.wording import spellings


class UnreadableError(Exception):
    """Why a text cannot be read, and what to write instead."""


#: Stands for a token that names something and counts nothing: a clock time, "18th", "18-year-old".
NAME = "<name>"
#: Stands for words that were set aside because they are beside the figure.
GAP = "<aside>"

_SYMBOLS = str.maketrans(spellings.SYMBOLS)
#: What agencies put before a headline, and the mark of a word that readers look for.
_TAG = re.compile(
    r"^(?:[0-9](?:st|nd|rd|th) L[Dd][,:]? (?:[Ww]ritethru[:,]? )?"
    r"|(?:UPDATE|WRAPUP|FOCUS|RECAST|CORRECTED|REFILE|EXCLUSIVE|URGENT|ROUNDUP|LEAD|FEATURE|FACTBOX|TOP ?NEWS|BREAKING)"
    r"(?: ?[0-9]+)?[-:] ?(?=\w))|#(?=[A-Za-z])"
)
#: A dash glued to what became of people: "20 killed-officials".
_GLUED = re.compile(r"\b(killed|dead|injured|wounded|hurt)-(?=[A-Z])")
#: Letters that multiply the digits before them; a small "m" may be metres.
_SUFFIX = re.compile(r"(?<![\w.,])([0-9]+(?:[.,][0-9]+)*)\s?(?:([kK])|(M|mn|mln|mil)|(bn))\b(?![-'])")
_SUFFIXES = ("thousand", "million", "billion")
#: Thousands set apart by spaces of any kind: "1 200".
_SPACED_THOUSANDS = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})((?:[ \u00a0\u2009\u202f][0-9]{3})+)(?![0-9.,])")
#: A dash between words sets words apart as commas do; between digits it is a range.
_DASH = re.compile(r"(?<![0-9]) [-\u2013\u2014]+ | [-\u2013\u2014]+ (?![0-9])")
#: A slash between two statements: "18 killed / 82 wounded".
_SLASH = re.compile(r"(?<=[^\W\d_])\s*/\s*(?=[0-9])")
#: The longest phrase first, so that it is taken before a shorter one within it.
_REWRITE = re.compile(
    r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(spellings.REWRITES, key=len, reverse=True))) + r")(?![\w-])"
)
_ABBREVIATION = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, spellings.ABBREVIATIONS)) + r")(?!\w)")
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_TOKEN = re.compile(
    rf"(?P<clock>[0-9]{{1,2}}:[0-9]{{2}}(?![0-9]))|(?P<compound>{_NUMBER}-?[^\W\d_][\w-]*)|(?P<number>{_NUMBER})"
    r"|(?P<word>[^\W\d_]\w*(?:['-]\w+)*)|(?P<mark>\S)"
)
#: A sign before a number, or a number that begins with its point.
_SIGNED = re.compile(r"(?:^|[\s,:;(])[-+]\s?[0-9]|(?:^|[^0-9])\.[0-9]")
#: Marks of footnotes, and a plus between counts of people.
_MARKED = re.compile(r"(?<=\w)[*\u2020\u2021\u00a7\u00b6]+")
_ADDED = re.compile(r"(?<=[^\W\d_]) \+ (?=[0-9])")
#: Characters without width, within a number.
_HIDDEN = re.compile(r"[0-9][\u00ad\u200b-\u200f\u2060\ufeff]+[0-9]")
_SPACED_RANGE = re.compile(r"([0-9]) - ([0-9])")
_MONTHS = "|".join(sorted(known.MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)[0-9]{2}"
#: Dates, which count nobody, stand as one name: "Jan. 30", "15 January 2020", "in 1994", "2020-01-15".
_DATES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (rf"\b{_YEAR}-[0-9]{{2}}-[0-9]{{2}}\b|\b[0-9]{{1,2}}/[0-9]{{1,2}}/(?:[0-9]{{2}}|{_YEAR})\b", "1st"),
        (
            rf"\b(on|of|by|until|since|before|after) may [0-9]{{1,2}}\b(?:,? {_YEAR}\b)?"
            rf"|\bmay [0-9]{{1,2}},? {_YEAR}\b",
            r"\1 1st",
        ),
        (rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)? may\b(?: {_YEAR}\b|(?! (?:have|be|die|rise|still|also)))", "1st"),
        (rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b(?:,? {_YEAR}\b)?", "1st"),
        (rf"\b(?:{_MONTHS}) [0-9]{{1,2}}(?:st|nd|rd|th)?\b(?![,.]?[0-9])(?:,? {_YEAR}\b)?", "1st"),
        (rf"\b(?:{_MONTHS}),? {_YEAR}\b", "1st"),
        (rf"\b(in|since|during|until|before|after|from) (?:(?:early|mid|late) )?{_YEAR}\b", r"\1 1st"),
    )
)
#: What stands in every date: a slash, the century of its year, or the beginning of its month.
_SIGNS_OF_DATES = ("/", "19", "20", *sorted({month[:3] for month in known.MONTHS} | {"may"}))
_PATTERNS = tuple((re.compile(pattern), replacement) for pattern, replacement in spellings.PATTERNS)
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

    if _HIDDEN.search(text):
        raise UnreadableError("an invisible character stands within a number; write the number again")
    text = _GLUED.sub(r"\1 ; ", _TAG.sub("", text))
    text = _MARKED.sub("", text.replace(">=", "\u2265").replace("<=", "\u2264"))
    text = _SUFFIX.sub(_scaled, _ADDED.sub(" and ", text))
    text = _SPACED_THOUSANDS.sub(_joined, text)
    text = _SLASH.sub(" ; ", _DASH.sub(" , ", text))
    text = " ".join(text.lower().translate(_SYMBOLS).split())
    text = _ABBREVIATION.sub(lambda match: spellings.ABBREVIATIONS[match[0]], text)

    dates = _DATES if any(sign in text for sign in _SIGNS_OF_DATES) else ()
    for pattern, known_words in dates + _PATTERNS:
        text = pattern.sub(known_words, text)
    text = _REWRITE.sub(lambda match: spellings.REWRITES[match[0]], text)
    text = _SPACED_RANGE.sub(r"\1-\2", text)
    if _SIGNED.search(text):
        raise UnreadableError("a sign or a point stands before a number; write a whole number such as 18")

    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        tokens += _spelt(match.lastgroup or "", match[0])
    return tokens


def _scaled(match: re.Match[str]) -> str:
    """Digits with a suffix, as a number and a scale word: "3k", "1.2M"."""
    scale = next(word for word, letters in zip(_SUFFIXES, match.groups()[1:], strict=True) if letters)
    return f"{match[1]} {scale}"


def _joined(match: re.Match[str]) -> str:
    return match[1] + re.sub(r"\D", ",", match[2])


def _spelt(kind: str, token: str) -> list[str]:
    """Tokens of one piece of text of a kind that ``_TOKEN`` tells."""
    if not token.isascii() and any(character.isnumeric() and not character.isascii() for character in token):
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
    if "-" not in word:
        return [word]
    parts = word.split("-")
    if all(part in known.NUMBER_WORDS or part == "and" for part in parts):
        return parts
    return [word]


def word_at(items: Sequence[object], index: int) -> str:
    """Word at an index; empty beyond either end, and for an item that is no word."""
    if not 0 <= index < len(items):
        return ""
    item = items[index]
    return item if isinstance(item, str) else ""
