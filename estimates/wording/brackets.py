"""Reading what stands in brackets beside a figure: footnotes, hedges, parts and sums of it, and whom it counts.

What is understood is taken out of the text and told apart; what is not is refused where it follows a figure, since a
bracket may leave people out: "70,000 killed (US only)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from estimates.wording import lexicon as known
from estimates.wording.people import EVERYBODY, GROUPS, KEPT_FOR
from estimates.wording.quantities import Item, Quantity, quantities
from estimates.wording.tokens import NAME, UnreadableError, tokenise

_BRACKET = re.compile(r"\s*(?:\(([^()\[\]]*)\)|\[([^()\[\]]*)\])")
_FIGURE = re.compile(
    r"[0-9]|\b(?:"
    + "|".join(sorted(known.NUMBER_WORDS | known.VAGUE_MULTIPLES.keys() | {"scores", "several"}))
    + r")\b"
)
_FOOTNOTE = re.compile(
    r"(?:(?:note|nb|fn|ref)\.? ?)?(?:[0-9]{1,3}|[a-z]{1,2}|[*†‡§]+)|citation needed|updated?|sic|edited|see note"
)
_EXCLUDED = re.compile(r"\b(?:only|just|exclud\w*|excl|except\w*|without|not (?:including|counting)|minus|less)\b")
_FORMER = re.compile(
    r"(?:initially|previously|originally|earlier|(?:up|down|revised|reduced|raised) from|was)\b.*[0-9]"
)
_FROM = re.compile(r"(?:per|according to|source:?|via|by|citing)\b(?!.*[0-9])|.*\b(?:says?|said)$")
#: A list of parts after a colon is one in brackets: "31 dead: 20 civilians, 11 rebels".
_COLON_LIST = re.compile(r"\b(dead|killed|deaths|died|fatalities) ?: ?([0-9][^:;()]*)$", re.IGNORECASE)
#: A hedge behind what became of people: "18 killed at least", "600 dead, give or take".
_TRAILING = re.compile(
    r"\b(dead|killed|deaths|died|fatalities|injured|wounded|missing),? (at least|at a minimum|at the (?:very )?least|"
    r"at most|or more|(?:maybe|possibly|perhaps) more|if not more|give or take|more or less|approximately|"
    r"an? (?:rough )?estimate|minimum|maximum|estimated)(?=$|[,.;:])",
    re.IGNORECASE,
)
_INCLUDED = re.compile(r"(?:including|includes|incl|include|among them|of whom|of which|of them)\b")
_JOINTS = re.compile(r"\s*(?:[,;]\s*(?:and\s)?|\+|&|\band\b|\bplus\b)\s*")
_HEDGES = {
    "about": "est|estimate|estimated|estimates|approx|approximate|approximately|circa|ca|about|around|roughly|"
    "give or take|more or less|an estimate|a rough estimate",
    "at_least": "minimum|min|at least|or more|lower bound|low estimate|and counting|at a minimum|at the least|"
    "at the very least|maybe more|possibly more|perhaps more|if not more",
    "at_most": "maximum|max|at most|upper bound|high estimate",
}
_HEDGE = {phrase: form for form, phrases in _HEDGES.items() for phrase in phrases.split("|")}
#: Words that change nothing about a figure they stand beside, and outlets and offices it may be from.
_BESIDE = frozenset(
    "confirmed unconfirmed claimed claim claims official officially preliminary initial reported reportedly "
    "disputed final total overall both sides so far to date verified unverified documented identified according per "
    "source sources by the of figure figures count toll number video videos photo photos pictures live update "
    "updates updated watch exclusive dead deaths killed fatalities hrw sohr un ohchr ocha unhcr unicef who afp ap "
    "bbc cnn reuters xinhua tass anadolu irna sana msf icrc amnesty airwars acled ucdp vdc snhr wafa aljazeera "
    "guardian nyt wikipedia".split()
)
_OFFICES = frozenset(
    "ministry health interior defence defense red cross crescent human rights watch state media agency court inquiry "
    "commission coroner authorities".split()
)
#: Words of a bracket that take the figure back, and of an inclusion whose people may not be among those counted.
_DOUBTS = frozenset("false denies denied deny disputes expected untrue hoax".split())
_UNSURE = frozenset("presumed feared may might animals dogs".split())
_KNOWN = known.EVERY_WORD | {"including", "includes"}
_MOSTLY = frozenset("mostly mainly many most all largely predominantly chiefly".split())
_FATES = {**known.PARTICIPLES, **known.FATES, **known.NOUNS}
_OTHER_OUTCOMES = {word for word, outcome in _FATES.items() if outcome != "killed"} | {"wounding", "injuring"}


@dataclass(frozen=True, slots=True)
class Remarks:
    """A text without the brackets that were understood, and what they say of its figure.

    Attributes
    ----------
    text : str
        The text that is left.
    hedge : str or None
        The form that a bracket gives the figure: "2,000 (est.)".
    group : str or None
        The part of those hit that a bracket names: "12 (civilians)".
    parts : tuple of int
        Parts of the figure that brackets count, added up for each: "183 (13 + 170)".
    wholes : tuple of int
        What the figure must be by a bracket: the number in other words, or a sum with a plus.
    """

    text: str
    hedge: str | None = None
    group: str | None = None
    parts: tuple[int, ...] = ()
    wholes: tuple[int, ...] = ()

    def applied(self, quantity: Quantity) -> Quantity:
        """Give a quantity the hedge and the group of the brackets, and hold it against their sums.

        Raises
        ------
        UnreadableError
            If a bracket and the figure do not agree.
        """
        largest = quantity.high if quantity.high is not None else quantity.low
        if largest is not None and (any(part > largest for part in self.parts) or set(self.wholes) - {largest}):
            raise UnreadableError("the numbers in brackets do not add up to the figure; write the figure alone")
        quantity = replace(quantity, group=quantity.group or self.group)
        if self.hedge is None or quantity.wording in (self.hedge, "range", "vague"):
            return quantity
        if quantity.wording != "exactly" or quantity.low is None:
            raise UnreadableError("two hedges that differ; keep one of them")

        hedged = Quantity.of(self.hedge, quantity.low)
        return replace(quantity, wording=hedged.wording, low=hedged.low, high=hedged.high)


def read_brackets(text: str) -> Remarks:
    """Take the brackets that follow a figure out of a text.

    Raises
    ------
    UnreadableError
        If it is unclear what one of them says of the figure, or it leaves people out.
    """
    if re.fullmatch(r"\s*\[[^\]]*\]\s*", text):
        raise UnreadableError("a text in square brackets is a footnote; write the figure alone")
    colon = _COLON_LIST.search(text)
    if colon and _FIGURE.search(text[: colon.start()].lower()):
        text = f"{text[: colon.start()]}{colon[1]} ({colon[2]})"
    text = _TRAILING.sub(r"\1 (\2)", text)

    remarks, pieces, end, told = Remarks(""), [], 0, False
    for match in _BRACKET.finditer(text):
        before, end = text[end : match.start()], match.end()
        pieces.append(before)
        told = told or _FIGURE.search(before.lower()) is not None

        content = (match[1] if match[1] is not None else match[2]).strip()
        if told:
            remarks, left = _read(remarks, content, square=match[2] is not None)
            pieces.append(left)
        else:  # it stands before the figure, and is an age or a reference if it is a number
            pieces.append(" (1st) " if content.isdigit() else match[0])
    return replace(remarks, text="".join([*pieces, text[end:]]))


def _read(remarks: Remarks, content: str, square: bool) -> tuple[Remarks, str]:
    """Add what one bracket says; the second is what of it is left to be read with the text."""
    words = " ".join(content.lower().replace("\u2019", "'").split()).strip(" .:")
    if not words or (square and _FOOTNOTE.fullmatch(words)) or words in "*†‡" or _is_a_date(words):
        return remarks, ""
    if form := _hedge_of(words.replace(".", "")):
        return replace(remarks, hedge=form), ""
    if _EXCLUDED.search(words):
        raise UnreadableError(f"'({content})' leaves people out; write the figure in a row with its group")

    named = set(re.findall(r"[\w'-]+", words))
    is_of_others = bool(named & _OTHER_OUTCOMES)
    if not named.isdisjoint(_DOUBTS) or (_INCLUDED.match(words) and (is_of_others or named & _UNSURE)):
        _refuse(content)
    if named <= _BESIDE or _FROM.match(words) or (named & _OFFICES and named <= _BESIDE | _OFFICES):
        return remarks, ""
    if _FORMER.match(words) and not is_of_others:
        return remarks, ""
    if _INCLUDED.match(words):
        return _with_included(remarks, content, words), ""
    if is_of_others or named & (known.RISE | known.RISING | known.PROSPECTS):
        return remarks, f" ; {content} ; "
    return _read_parts(remarks, content, words) or _read_people(remarks, words) or _refuse(content), ""


def _with_included(remarks: Remarks, content: str, words: str) -> Remarks:
    """Add a part that the figure includes, whose number must not be larger."""
    counts = [item for item in quantities(tokenise(words)) if isinstance(item, Quantity)]
    if not _is_of_people(tokenise(words)):
        _refuse(content)
    return replace(remarks, parts=(*remarks.parts, *(item.low for item in counts if item.low is not None)))


def _is_of_people(tokens: Sequence[str]) -> bool:
    """Whether neither a thing nor a plural that is not known, such as "dogs", stands before where or how they died."""
    for token in tokens:
        if token in known.PLACING or token in ("by", "of", "under", "among"):
            return True
        if token in known.THINGS or (token.isalpha() and token.endswith("s") and token not in _KNOWN):
            return False
    return True


def _is_a_date(words: str) -> bool:
    """Whether a bracket only says when: "as of 5 May", "2014"."""
    if "+" in words:
        return False
    tokens = tokenise(re.sub(r"^(?:19|20)[0-9]{2}$", "1st", words))
    return NAME in tokens and set(tokens) <= {NAME, "as", "of", "at", "by", "on", "in", "until", "to", "updated", ","}


def _hedge_of(words: str) -> str | None:
    """The form that the words of a bracket give a figure: "est.", "rough estimate"."""
    if words in _HEDGE:
        return _HEDGE[words]
    said = [_HEDGE[word] for word in words.split() if word in _HEDGE]
    rest = {word for word in words.split() if word not in _HEDGE}
    return said[0] if len(set(said)) == 1 and rest <= _BESIDE | {"rough", "conservative"} else None


def _refuse(content: str) -> NoReturn:
    raise UnreadableError(f"it is unclear what '({content})' says of the figure; leave it out, or give it a row")


def _read_parts(remarks: Remarks, content: str, words: str) -> Remarks | None:
    """Add the parts that a bracket counts: "13 US + 170 Afghan", "5 children", "eighteen"."""
    counts: list[tuple[int, list[Item]]] = []
    for piece in _JOINTS.split(words):
        items = quantities(tokenise(piece))
        if counts and set(items) <= EVERYBODY | GROUPS.keys() | {"the", "a", "an", "one"}:
            continue  # "27 victims and the perpetrator"
        if not items or not isinstance(items[0], Quantity) or any(isinstance(item, Quantity) for item in items[1:]):
            return None
        if items[0].wording != "exactly" or items[0].low is None:
            return None
        counts.append((items[0].low, items[1:]))

    total = sum(number for number, _ in counts)
    bare = all(not rest for _, rest in counts)
    if "+" in content or "plus" in words or bare:
        return replace(remarks, wholes=(*remarks.wholes, total))
    if not all(_is_of_people([item for item in rest if isinstance(item, str)]) for _, rest in counts):
        return None
    return replace(remarks, parts=(*remarks.parts, total))


def _read_people(remarks: Remarks, words: str) -> Remarks | None:
    """Add whom a bracket says the figure is about: "civilians", "mostly women"."""
    tokens = [token for token in tokenise(words) if token not in (",", "and")]
    groups = [GROUPS.get(token) or KEPT_FOR.get(token) for token in tokens]
    known_words = known.MODIFIERS | GROUPS.keys() | KEPT_FOR.keys() | _MOSTLY | {"of", "them", "of-them"}
    if not any(groups) and not (tokens and set(tokens) <= EVERYBODY):
        return None
    if not set(tokens) <= known_words | EVERYBODY:
        return None
    if tokens[0] in _MOSTLY or not any(groups):
        return remarks
    return replace(remarks, group=next(group for group in groups if group))
