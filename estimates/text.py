"""Text from outside made safe to show, and numbers in words: what the screen and every report share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    import pandas as pd

#: Longest name in a heading or a small table.
NAME_LENGTH = 60
#: The ``repr`` of an object is a line of at most so many characters.
LINE_LENGTH = 120

#: Joiners that scripts such as Persian and Hindi need, and emoji too; other invisible characters go.
_JOINERS = "\u200c\u200d"
#: Characters that are not seen and count as letters or marks; and joiners, but for those within scripts that need them.
_NOT_SEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]"
    "|(?<![\u0590-\u1fff\u2070-\U0010ffff])[\u200c\u200d]+"
    "|[\u200c\u200d]+(?![\u0590-\u1fff\u2070-\U0010ffff])"
)

#: Half of a character that needs two: no encoding of text can hold it alone.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


# Text from outside ----------------------------------------------------------------------------------------------------


def clean(text: object) -> str:
    """Text on one line, without control characters, marks that turn the direction, and letters that are not seen.

    Every break or tab becomes a space; spaces are kept, so that a line keeps its indent. Joiners stay where a script
    has them.

    Parameters
    ----------
    text : object
        Anything that `str` takes.

    Returns
    -------
    str
        Safe for a terminal and, once escaped, for HTML and Markdown; lone surrogates are gone, so that it encodes.
    """
    if isinstance(text, str) and text.isprintable():
        return text if text.isascii() else _NOT_SEEN.sub("", text)  # most text is: it has no break and no control

    spaced = "".join(" " if character.isspace() else character for character in str(text))
    seen = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c)[0] != "C")
    return _NOT_SEEN.sub("", seen)


def cleaned(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts are clean, to be shown; all else in it stays."""
    shown = table.copy(deep=False)
    for name in shown.select_dtypes(["object", "string"]):
        shown[name] = shown[name].map(lambda cell: clean(cell) if isinstance(cell, str) else cell)
    return shown


def in_notebook(html: str) -> str:
    """HTML as a notebook shows it, in which dollars within a name begin no formula."""
    return f'<div class="tex2jax_ignore mathjax_ignore">{html}</div>'


def escape_markdown(text: object) -> str:
    """Text that Markdown shows as it is, also in a cell of a table."""
    plain = clean(text).strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_\[\]#|~$!])", r"\\\1", plain)
    # What only means something at the start of a line.
    return re.sub(r"^(\d*)([-+=.)])(?=\s|$|[-=])", r"\1\\\2", escaped)


def markdown_address(address: str) -> str:
    """An address that ends neither a link in angle brackets nor a cell of a table."""
    return quote(address, safe="%/:?#@!$&'+,;=-._~")


def safe_url(text: object) -> tuple[str, str] | None:
    """Address and host of a link worth following: http and https only; None for anything else."""
    address = clean(text or "").strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~"), shortened(host)


def shortened(text: str, length: int = NAME_LENGTH) -> str:
    """Text of at most so many characters, with an ellipsis where some were cut off."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def line_of(thing: str, told: str, name: str = "") -> str:
    """An object on one line, as its ``repr`` tells it: ``<Thing name: told>``, the name shortened where it must be.

    Parameters
    ----------
    thing, told : str
        What kind of object it is, and what is told of it.
    name : str
        Text from outside, which is cleaned.
    """
    room = max(LINE_LENGTH - len(f"<{thing} : {told}>"), 1)
    called = f" {shortened(clean(name), room)}" if name else ""
    return shortened(f"<{thing}{called}: {told}", LINE_LENGTH - 1) + ">"


# Numbers in words -----------------------------------------------------------------------------------------------------


def count(value: float) -> str:
    """A number with thousands separated; below a hundred one that is not whole keeps a decimal."""
    if isinstance(value, float) and not value.is_integer() and abs(value) < 100:
        return f"{value:.1f}"
    return f"{value:,.0f}"


def interval(ends: Sequence[float], joiner: str = "–") -> str:
    """Two counts with what joins them; one where they are equal."""
    low, high = ends
    return count(low) if low == high else f"{count(low)}{joiner}{count(high)}"


def between(ends: Sequence[int]) -> str:
    """The verb and the ends of a range, for the end of "the number of people killed ..."."""
    low, high = ends
    return f"is {count(low)}" if low == high else f"lies between {count(low)} and {count(high)}"


def percent(probability: float) -> str:
    """A probability in whole per cent, never 0% or 100% for what is only nearly so."""
    if 0.0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1.0:
        return ">99%"
    return f"{100 * probability:.0f}%"


def chance(probability: float) -> str:
    """The same with a decimal near both ends, where claims lie: 0.3%, 99.6%; beyond a thousandth <0.1% and >99.9%."""
    if 0.0 < probability < 0.001:
        return "<0.1%"
    if 0.999 < probability < 1.0:
        return ">99.9%"
    is_near_an_end = 0.0 < probability < 0.095 or 0.905 < probability < 1.0
    return f"{100 * probability:.1f}%" if is_near_an_end else f"{100 * probability:.0f}%"


def times(value: float) -> str:
    """A factor of one or more in words: 1.4 times, 24 times."""
    return f"{value:.1f} times" if value < 9.95 else f"{value:,.0f} times"


def plural(number: int, noun: str) -> str:
    """A number with its noun: 1 report, 2 reports."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def factor(value: float) -> str:
    """A factor with its sign: ×1.00 changes nothing."""
    return f"×{value:.2f}"
