"""Cutting the words of a figure into tokens, and finding the numbers and vague words in them with their hedges."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from estimates.vocabulary import LARGEST_COUNT, VAGUE_WORDS
from estimates.wording import lexicon as known


class UnreadableError(Exception):
    """Why a text cannot be read, and what to write instead."""


# --- Text to tokens --------------------------------------------------------------------------------------------------
_SYMBOLS = str.maketrans(known.SYMBOLS)
_REWRITE = re.compile(
    r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(known.REWRITES, key=len, reverse=True))) + r")(?![\w-])"
)
_ABBREVIATION = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, known.ABBREVIATIONS)) + r")(?!\w)")
_NUMBER = r"[0-9]+(?:[.,][0-9]+)*"
_TOKEN = re.compile(
    rf"(?P<clock>[0-9]{{1,2}}:[0-9]{{2}}(?![0-9]))|(?P<compound>{_NUMBER}-?[^\W\d_][\w-]*)|(?P<number>{_NUMBER})"
    r"|(?P<word>[^\W\d_]\w*(?:['-]\w+)*)|(?P<mark>\S)"
)
_SIGNED = re.compile(r"(?:^|[\s,:;(])[-+]\s?[0-9]|(?:^|[^0-9])\.[0-9]")
_SPACED_RANGE = re.compile(r"([0-9]) - ([0-9])")
_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)")
_MARKS = frozenset(",;:.-+/'") | known.CURRENCIES
NAME = "<name>"
GAP = "<aside>"


def tokenise(text: str) -> list[str]:
    """Cut a text into known spellings: digits, lower-case words and marks."""
    if "?" in text:
        raise UnreadableError("a question mark is no figure; leave the row out, or write the figure alone")
    text = " ".join(text.lower().translate(_SYMBOLS).split())
    text = _ABBREVIATION.sub(lambda match: known.ABBREVIATIONS[match[0]], text)
    text = _SPACED_RANGE.sub(r"\1-\2", _REWRITE.sub(lambda match: known.REWRITES[match[0]], text))
    if _SIGNED.search(text):
        raise UnreadableError("a sign or a point stands before a number; write a whole number such as 18")
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        tokens += _spelt(match.lastgroup or "", match[0])
    return tokens


def _spelt(kind: str, token: str) -> list[str]:
    """Tokens of one piece of text, number words with hyphens taken apart."""
    if any(character.isnumeric() and not character.isascii() for character in token):
        raise UnreadableError(f"the digits of {token!r}; write them as 0-9")
    if kind == "clock":
        return [NAME]
    if kind == "compound":
        if "-" in token or _ORDINAL.fullmatch(token):
            return [NAME]  # "18-year-old", "6.4-magnitude", "18th"
        raise UnreadableError(f"{token!r} mixes digits and letters; write the number in full, with a space after it")
    if kind == "mark" and token not in _MARKS:
        raise UnreadableError(f"the character {token!r}; leave it out")
    if kind == "mark":
        return [";" if token == "." else token] if token != "'" else []
    if kind == "word":
        token = token.removesuffix("'s")
        parts = token.split("-")
        if len(parts) > 1 and all(part in known.NUMBER_WORDS or part == "and" for part in parts):
            return parts
    return [token]


# --- Tokens to quantities --------------------------------------------------------------------------------------------
@dataclass(slots=True, eq=False)
class Quantity:
    """A number or vague word with its hedges, and what the words around it say it counts."""

    wording: str
    low: int | None = None
    high: int | None = None
    word: str | None = None
    text: str = ""
    follows_rise: bool = False  # "passes 18": the hedge is itself the verb of a toll
    droppable: bool = False  # "no" before an unknown word is no figure
    label: str | None = None  # the outcome, "other" for what is not one, None while unknown
    group: str | None = None
    increment: bool = False  # "18 more": on top of an earlier figure

    @classmethod
    def of(cls, form: str, number: int) -> Quantity:
        """Turn one number and its hedge into a quantity."""
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


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as written: ``lead`` is what stands before its scale word (the 2 of "2 million"), or None."""

    value: int
    end: int
    dozen: bool = False
    lead: int | None = None
    year: bool = False


type Item = str | Quantity


def item_at(items: Sequence[Item], index: int) -> Item:
    """Item at an index, an empty word beyond either end."""
    return items[index] if 0 <= index < len(items) else ""


def word_at(items: Sequence[Item], index: int) -> str:
    """Word at an index; empty for a quantity."""
    item = item_at(items, index)
    return item if isinstance(item, str) else ""


def _match(table: dict[tuple[str, ...], str], tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Longest phrase of a table that starts here: what it means and where it ends."""
    for length in range(min(known.LONGEST_HEDGE, len(tokens) - start), 0, -1):
        if meaning := table.get(tuple(tokens[start : start + length])):
            return meaning, start + length
    return None


def _digits(token: str, scaled: bool) -> Fraction | None:
    """Value of a number in digits; None for a measure such as 6.4, which counts nobody."""
    if len(token) > 16:
        raise UnreadableError(f"{token[:16]}... is too long for a count; write the number of people")
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*", token):
        return Fraction(token.replace(",", ""))
    if re.fullmatch(r"[0-9]+\.[0-9]{3}", token):
        raise UnreadableError(
            f"{token!r} may mean thousands or a fraction; write {token.replace('.', ',')} for thousands"
        )
    if not re.fullmatch(r"(?:0|[1-9][0-9]*)\.[0-9]+", token):
        raise UnreadableError(f"{token!r} is not written as a count; write 18 or 1,200")
    value = Fraction(token)
    return value if scaled or value.denominator == 1 else None


def _number(tokens: Sequence[str], start: int) -> _Number | None:
    """Read the number that starts here, in digits or in words."""
    token = word_at(tokens, start)
    if token == "halfdozen":
        return _Number(6, start + 1, dozen=True)
    if token[:1].isdigit():
        scale = {**known.SCALES, "hundred": 100, "dozen": 12}.get(word_at(tokens, start + 1))
        value = _digits(token, scaled=scale is not None)
        if value is None:
            return _Number(-1, start + 1)
        lead, end = None, start + 1
        if scale is not None:
            lead, value, end = int(value), value * scale, end + 1
        if value.denominator != 1:
            raise UnreadableError(f"{token} {tokens[start + 1]} is not a whole number; write it out in digits")
        year = scale is None and bool(re.fullmatch(r"19[0-9]{2}|20[0-9]{2}", token))
        return _Number(int(value), end, scale == 12, lead, year)
    if token in ("a", "an") and word_at(tokens, start + 1) in ("dozen", "hundred", "thousand", "million", "billion"):
        return _number_words(tokens, start + 1, lead=1)
    return _number_words(tokens, start, lead=0) if token in known.NUMBER_WORDS else None


def _number_words(tokens: Sequence[str], start: int, lead: int) -> _Number:
    """Add up a number in words; each word must fit the ones before it."""
    total, current, room, first, index = 0, lead, 1_000, 0, start
    limit = 10**12  # scales must fall: thousand after million, never before
    while True:
        word = word_at(tokens, index)
        after = word_at(tokens, index + 1)
        if word == "and" and index > start and tokens[index - 1] in ("hundred", *known.SCALES):
            if not (after in known.UNITS or after in known.TENS) or after == "zero":
                break
            index += 1
            continue
        value = known.UNITS.get(word) or known.TENS.get(word)
        if word == "zero" and index == start:
            return _Number(0, index + 1)
        if value is not None and value < room:
            current += value
            room = 10 if value >= 20 else 0
        elif word == "hundred" and 0 < current < 100:
            first = max(first, current)
            current, room = current * 100, 100
        elif word in known.SCALES and current > 0 and known.SCALES[word] < limit:
            first = max(first, current)
            limit = known.SCALES[word]
            total, current, room = total + current * limit, 0, 1_000
        elif word == "dozen" and total == 0 and (current > 0 or index == start):
            return _Number(12 * (current or 1), index + 1, dozen=True, lead=current or 1)
        else:
            break
        index += 1
    if index == start:
        raise UnreadableError(f"{tokens[start]!r} without a number before it; write 100, 'a hundred' or 'hundreds'")
    return _Number(total + current, index, lead=first or None)


def _vague(tokens: Sequence[str], start: int) -> tuple[str, int] | None:
    """Read the vague word that starts here: the word and where it ends."""
    index = start + (word_at(tokens, start) in ("a", "many"))
    article, alone = index > start, len(tokens) == 1
    word, after, later = (word_at(tokens, index + ahead) for ahead in range(3))
    multiple = known.VAGUE_MULTIPLES.get(after)
    if word in ("few", "several") and multiple:
        return multiple, index + 2
    longer = f"{word} of {later}"
    if after == "of" and longer in VAGUE_WORDS:
        return longer, index + 3
    heap = word in VAGUE_WORDS and after == "of" and (later in known.VAGUE_MULTIPLES or later == "millions")
    if heap or word == "millions" or (word == "couple" and multiple):
        raise UnreadableError(f"'{word} {after}' is none of the known vague words; write a number, or 'hundreds'")
    if word not in VAGUE_WORDS:
        return None
    incomplete = (word == "few" and not article) or (word == "couple" and not (article and after == "of"))
    return None if incomplete and not alone else (word, index + 1)


def quantities(tokens: list[str]) -> list[Item]:
    """Replace every number or vague word, with its hedges, by a quantity."""
    items: list[Item] = []
    index = 0
    while index < len(tokens):
        found = _quantity(tokens, index)
        item, index = found if found else (tokens[index], index + 1)
        items.append(item)
    return items


def _quantity(tokens: list[str], start: int) -> tuple[Quantity, int] | None:
    """Read the quantity that starts here with its hedges, if one does."""
    forms: list[str] = []
    index = start
    while len(forms) < 4 and (match := _match(known.HEDGES_BEFORE, tokens, index)):
        forms.append(match[0])
        index = match[1]
    another = bool(forms) and word_at(tokens, index) == "another"
    index += another
    if word_at(tokens, index) in known.NOTHING:
        if forms:
            raise UnreadableError("a hedged nothing; write 'none' for nobody, or leave the row out")
        return Quantity("none", 0, 0, text=tokens[index], droppable=tokens[index] in ("no", "nobody")), index + 1
    if vague := _vague(tokens, index):
        quantity, end = Quantity("vague", word=vague[0]), vague[1]
        if set(forms) - {"exactly", "only"}:
            raise UnreadableError(f"'{vague[0]}' with a hedge; write '{vague[0]}' alone, or the number")
    else:
        bounds = _bounds(tokens, index, ranged=word_at(tokens, start - 1) not in ("from", "by"))
        if bounds is None:
            return None
        quantity, end = _hedged(tokens, bounds, forms)
    after = word_at(tokens, end)
    if after[:1].isdigit() or after in known.NUMBER_WORDS or after in known.VAGUE_MULTIPLES or after in VAGUE_WORDS:
        raise UnreadableError("two numbers side by side; write thousands with a comma, or a range as 18-21")
    if "/" in (after, word_at(tokens, start - 1)):
        raise UnreadableError("a number with a slash; write a range as 18-21, and two outcomes as two rows")
    if quantity.wording == "up_to" and word_at(tokens, start - 1) in ("toll", "now"):
        raise UnreadableError("a toll 'up to' a number may have reached it; write the number, or 'as many as'")
    quantity.text = " ".join(tokens[start:end])
    quantity.increment = another
    quantity.follows_rise = " ".join(tokens[start:index]) in known.RISING_HEDGES
    return quantity, end


def _bounds(tokens: Sequence[str], start: int, ranged: bool) -> tuple[_Number, _Number] | None:
    """Read a number or a range; both ends of a lone number are itself."""
    between = word_at(tokens, start) == "between"
    low = _number(tokens, start + between)
    if low is None:
        return None
    joined = word_at(tokens, low.end)
    if joined in (("and",) if between else ("-", "to", "or") if ranged else ("-", "or")):
        high = _number(tokens, low.end + 1)
        if high is not None:
            _check_range(tokens, low, high)
            return low, high
    return None if between else (low, low)


def _check_range(tokens: Sequence[str], low: _Number, high: _Number) -> None:
    if low.value > high.value >= 0:
        raise UnreadableError(f"the range runs downwards; write {high.value:,}-{low.value:,}")
    if high.lead is not None and low.lead is None and low.value < high.lead:
        raise UnreadableError("both ends of the range need their own unit; write it in digits, as 200-300")
    if word_at(tokens, high.end) == "-":
        raise UnreadableError("a range of three numbers; write its two ends, as 18-21")


def _hedged(tokens: list[str], bounds: tuple[_Number, _Number], forms: list[str]) -> tuple[Quantity, int]:
    """Join a number with the hedges before and after it."""
    low, high = bounds
    end = high.end
    if min(low.value, high.value) < 0:
        return Quantity("measure"), end
    noun = word_at(tokens, end) in known.PEOPLE  # "18 people or more": the hedge follows the noun
    match = _match(known.HEDGES_AFTER, tokens, end + noun)
    if match and _number(tokens, match[1]) is None:
        if noun:
            tokens[end : match[1]] = [*tokens[end + 1 : match[1]], tokens[end]]
        forms, end = [*forms, match[0]], match[1] - noun
    stated = set(forms) - {"only"}
    if len(stated) > 1:
        raise UnreadableError("two hedges that differ; keep one of them")
    form = stated.pop() if stated else "about" if high.dozen else "exactly"
    if low is not high:
        if form not in ("exactly", "about"):
            raise UnreadableError("a hedged range; write the range alone, or the number that is meant")
        if low.year and high.year:
            raise UnreadableError(f"{low.value}-{high.value} looks like years; write {low.value:,}-{high.value:,}")
        Quantity.of("exactly", high.value)
        return Quantity("range", low.value, high.value), end
    if low.year and form in ("exactly", "about"):
        raise UnreadableError(f"{low.value} looks like a year; write {low.value:,} for a count, or leave the year out")
    return Quantity.of(form, low.value), end
