"""How far a long piece of work is: what functions of the library tell, and nothing of how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

__all__ = ["Progress", "told"]

#: Takes how many parts of the work are done, and how many there are.
type Progress = Callable[[int, int], None]


def told[Part](parts: Iterable[Part], total: int, progress: Progress | None) -> Iterator[Part]:
    """Give the parts of a piece of work one after the other, and tell how many are done whenever one is asked for.

    Parameters
    ----------
    parts : iterable
        What is worked on, or worked out as it is asked for.
    total : int
        How many there are.
    progress : callable, optional
        Told how many are done and how many there are; nobody is told by default.
    """
    if progress is None:
        yield from parts
        return

    progress(0, total)
    for done, part in enumerate(parts, start=1):
        yield part
        progress(done, total)
