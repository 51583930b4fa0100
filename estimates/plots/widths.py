"""How wide a text is, before anything draws it: estimated from its characters, rather too wide than too narrow."""

from __future__ import annotations

import unicodedata

#: Widths of characters in ems, by the widest of the fonts that pages and pictures are set in (DejaVu Sans).
_NARROW, _THIN, _PLAIN, _CAPITAL, _WIDE, _OTHER = 0.34, 0.44, 0.645, 0.79, 1.0, 0.8
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'!| ·’‘", _NARROW),
    **dict.fromkeys('tfrJ()[]/\\-"“”*', _THIN + 0.03),
    **dict.fromkeys("mMWwOQG@%…—&×←→<>=+#~^±≥≤", _WIDE),
}


def ems(text: str) -> float:
    """Width of a text in ems, that is in multiples of its size."""
    return sum(_width(character) for character in text)


def fitted(text: str, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than so many ems."""
    if ems(text) <= room:
        return text

    left = room - ems("…")
    kept = 0
    for character in text:
        left -= _width(character)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def _width(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if character.isascii():
        return _CAPITAL if character.isupper() else _PLAIN
    if unicodedata.combining(character):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(character) in "WF" else _OTHER
