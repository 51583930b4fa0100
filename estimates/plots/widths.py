"""How wide a text is, before anything draws it: estimated from its characters, rather too wide than too narrow."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Widths of characters in ems, by the widest of the fonts that pages and pictures are set in (DejaVu Sans).
_NARROW, _THIN, _PLAIN, _CAPITAL, _WIDE, _OTHER = 0.34, 0.44, 0.645, 0.79, 1.0, 1.08
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


def wrapped(text: str, room: float) -> str:
    """The text in lines of at most so many ems, broken at spaces; a longer word has a line of its own."""
    lines: list[str] = []
    for line in text.split("\n"):
        start = len(lines)
        for word in line.split(" "):
            if len(lines) > start and ems(f"{lines[-1]} {word}") <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
    return "\n".join(lines)


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if character.isascii():
        return _CAPITAL if character.isupper() else _PLAIN
    if unicodedata.combining(character):
        return 0.0

    plain = unicodedata.normalize("NFD", character)[0]
    return _width(plain) if plain.isascii() else _OTHER
