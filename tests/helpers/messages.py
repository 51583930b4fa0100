"""What a message to people must be: printable, of a length that can be read, saying what, where and how to mend it."""

from __future__ import annotations

from estimates.errors import EstimatesError, Fault, ReportsError

#: Scripts such as Persian need them; every other character that cannot be seen is out of place.
_JOINERS = "\u200c\u200d"
#: Fifty faults, each of which lists what is allowed.
LONGEST = 20_000


def unprintable(text: str) -> set[str]:
    """Characters that could steer a terminal or cannot be seen, but for the ends of lines."""
    return {character for character in text if not (character.isprintable() or character in "\n" + _JOINERS)}


def assert_readable(text: str) -> None:
    """It can be printed anywhere, and read."""
    assert text.strip()
    assert not unprintable(text), ascii(unprintable(text))
    assert len(text) <= LONGEST, f"{len(text)} characters"


def assert_told(error: EstimatesError) -> None:
    """An error tells what is wrong, where, and how to mend it."""
    text = str(error)
    assert_readable(text)
    if not isinstance(error, ReportsError):
        assert "; " in text or "give" in text, text
        return

    assert error.faults
    first, *lines = text.split("\n")
    assert first.endswith(("fault", "faults"))
    assert lines
    assert all(line.startswith("  ") for line in lines)
    for fault in error.faults:
        _assert_mended(fault)


def _assert_mended(fault: Fault) -> None:
    assert fault.what.strip()
    assert fault.mend.strip() or "; " in fault.what, fault  # what a figure's words lack is told with their mend
    assert fault.line is None or fault.line >= 1
