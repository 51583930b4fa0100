"""What was worked out as arrays and back, to the last bit: probabilities of layers, and how draws were weighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estimates.errors import EstimatesError
from estimates.inference.cases import Case
from estimates.inference.posterior import Answer, EventEvidence, Solution
from estimates.inference.solved import Solved
from estimates.models.types import Floats
from estimates.results.packing import as_bytes, from_bytes

#: Attributes of the evidence of an event, and the type that each is stored with.
_EVIDENCE = {
    "known": np.int8, "draws": np.int64, "power": np.float64, "effective_draws": np.float64,
    "pareto_shape": np.float64, "whole_effective_draws": np.float64,
}  # fmt: skip


def arrays_of(solved: Solved) -> dict[str, NDArray[Any]]:
    """Probabilities of the cells of all cases one after another, counts of the accounts, and weights.

    Returns
    -------
    dict of str to array
        Of layers in shape (cells of all cases,), of counts and weights in shape (cases or events, draws).
    """
    answers, events = solved.solution.answers, list(solved.solution.events.values())
    names = [[case.event, case.outcome] for case in solved.cases.cases]
    of_cells: dict[str, list[NDArray[Any]]] = {
        "start": [answer.case.grid.start for answer in answers],
        "documented": [answer.documented for answer in answers],
        "total": [answer.total for answer in answers],
        "by_now": [solved.mass(position, "by_now") for position in range(len(answers))],
    }

    result: dict[str, NDArray[Any]] = {
        "cases": as_bytes(names),
        "events": as_bytes([each.name for each in events]),
    }
    result["cells"] = np.array([len(answer.documented) for answer in answers], dtype=np.int64)
    result |= {name: _joined(arrays) for name, arrays in of_cells.items()}
    for name in ("held", "alternative"):
        result[name] = np.stack([getattr(answer, name) for answer in answers]) if answers else np.empty((0, 0))
    logs = [event.log_marginal_likelihood for event in events]
    result["log_marginal_likelihood"] = np.stack(logs) if logs else np.empty((0, 0))
    for name, kind in _EVIDENCE.items():
        result[name] = np.array([getattr(event, name) for event in events], dtype=kind)
    return result


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    """Arrays one after another, shape (cells,)."""
    return np.concatenate(arrays) if arrays else np.empty(0)


def solution_of(content: Mapping[str, NDArray[Any]], cases: Sequence[Case]) -> tuple[Solution, list[Floats]]:
    """The solution of some cases, and what is documented by now of each, shape (cells,).

    Parameters
    ----------
    content : mapping of str to arrays, shape (any,)
        What :func:`arrays_of` gives.
    cases : sequence of Case

    Raises
    ------
    EstimatesError
        If these are not the cases that were worked out.
    """
    parts = _parts(content, cases)
    solution = Solution(tuple(_answers(content, cases, parts)), _evidence(content, cases))
    return solution, [content["by_now"][part] for part in parts]


def _parts(content: Mapping[str, NDArray[Any]], cases: Sequence[Case]) -> list[slice]:
    """Where the cells of each case stand, once it is known that they are those of the cases."""
    ends = np.cumsum(content["cells"]).tolist()
    parts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
    names = [[case.event, case.outcome] for case in cases]
    same = from_bytes(content["cases"]) == names and all(
        np.array_equal(case.grid.start, content["start"][part]) for case, part in zip(cases, parts, strict=True)
    )
    if not same:
        raise EstimatesError("this version makes other cases of the same table; estimate again")
    return parts


def _answers(content: Mapping[str, NDArray[Any]], cases: Sequence[Case], parts: list[slice]) -> list[Answer]:
    answers = []
    for position, (case, part) in enumerate(zip(cases, parts, strict=True)):
        arrays = [content["documented"][part], content["total"][part]]
        arrays += [content[name][position] for name in ("held", "alternative")]
        for array in arrays:
            array.setflags(write=False)
        answers.append(Answer(case, *arrays))
    return answers


def _evidence(content: Mapping[str, NDArray[Any]], cases: Sequence[Case]) -> dict[str, EventEvidence]:
    positions: dict[str, list[int]] = {}
    for position, case in enumerate(cases):
        positions.setdefault(case.event, []).append(position)

    result = {}
    for place, name in enumerate(from_bytes(content["events"])):
        told = {each: content[each][place].item() for each in _EVIDENCE}
        told["known"] = bool(told["known"])
        logs = content["log_marginal_likelihood"][place]
        result[name] = EventEvidence(name, log_marginal_likelihood=logs, positions=tuple(positions[name]), **told)
    return result
