"""How far a long piece of work is: what functions of the library tell, and nothing of how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

__all__ = ["Progress", "part_of", "steps", "told"]

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
    step = steps(total, progress)
    for part in parts:
        yield part
        step(1)


def steps(total: int, progress: Progress | None) -> Callable[[int], None]:
    """What to call with a number of parts whenever so many more are done, where no loop goes through all of them."""
    if progress is None:
        return lambda parts: None
    tell, done = progress, 0

    def step(parts: int) -> None:
        nonlocal done
        done += parts
        tell(done, total)

    step(0)
    return step


def part_of(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """What a part of some work is told to, the first with number 0, where all parts take about as long."""
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(number * total + done, parts * total)
