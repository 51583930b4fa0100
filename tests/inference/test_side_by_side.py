"""Tasks on several threads give what they give one after the other, in the same order, and are not all taken up at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from estimates.inference.side_by_side import side_by_side


@pytest.mark.parametrize("cores", [1, 2, 5, None])
def test_results_come_in_the_order_of_tasks(cores: int | None) -> None:
    """However many threads work; of no task there is no result."""
    assert list(side_by_side(lambda number: number**2, range(40), cores)) == [number**2 for number in range(40)]
    assert list(side_by_side(lambda number: number, [], cores)) == []


def test_the_first_task_runs_alone_in_the_thread_that_calls() -> None:
    """It prepares the compiled loops; the others run elsewhere."""
    threads = list(side_by_side(lambda _: threading.current_thread(), range(6), 2))
    assert threads[0] is threading.current_thread()
    assert threading.current_thread() not in threads[1:]


def test_tasks_are_taken_up_a_few_ahead() -> None:
    """Not all of them are in memory together."""
    asked = list[int]()

    def tasks() -> Iterator[int]:
        for number in range(100):
            asked.append(number)
            yield number

    for done, _ in enumerate(side_by_side(lambda number: number, tasks(), 2), start=1):
        assert len(asked) <= done + 5


def test_an_error_of_a_task_is_raised() -> None:
    """The caller sees it where the result would have been."""
    found = side_by_side(lambda number: 1 // (3 - number), range(9), 2)
    assert [next(found) for _ in range(3)] == [0, 0, 1]
    with pytest.raises(ZeroDivisionError):
        next(found)
