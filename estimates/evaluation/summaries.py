"""Scores of single events summed up: a table of methods, the same by kind of event, and forms for eye and JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd

from estimates.errors import EstimatesError
from estimates.evaluation import scores
from estimates.evaluation.baselines import BASELINES
from estimates.evaluation.classes import CLASSES, class_of
from estimates.evaluation.rivals import RIVALS
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.models.growth import age_bin
from estimates.models.types import Floats

MODEL = "model"
#: The model as if nothing said that events were chosen.
AS_ORDINARY = "model, as not chosen"
METHODS = (MODEL, AS_ORDINARY, *BASELINES, *RIVALS)

_AGES = ("day 0 to 1", "day 1 to 2", "day 2 to 3", "day 3 to 7", "day 7 to 30", "day 30 and later")
_SIZES = ((10, "below 10"), (100, "10 to 99"), (1_000, "100 to 999"), (np.inf, "1,000 and more"))
_SOURCES = ((2, "1"), (3, "2"), (5, "3 to 4"), (np.inf, "5 and more"))


def summed_up(events: pd.DataFrame, against: bool = True) -> pd.DataFrame:
    """One row per method, the model first; its columns are told in ``Evaluation.table``.

    Errors are compared on the events that a method and the model both have, unless ``against`` is false.
    """
    model = events[events["method"] == MODEL].set_index("event")["crps"]
    found = set(events["method"])
    rows = [
        _row(method, events[events["method"] == method].set_index("event"), model if against else None)
        for method in METHODS
        if method in found
    ]
    return pd.DataFrame(rows).astype({"ruled_out": "Int64"})


def _row(method: str, own: pd.DataFrame, model: pd.Series[float] | None) -> dict[str, Any]:
    pits = own["pit"].dropna().to_numpy()
    gaps = np.empty(0) if model is None or method == MODEL else (own["crps"] - model.loc[own.index]).to_numpy()

    return {
        "method": method,
        "events": len(own),
        **_coverage(pits),
        "pit_mean": pits.mean() if len(pits) else nan,
        "crps": own["crps"].mean(),
        "crps_difference": gaps.mean() if len(gaps) else nan,
        "crps_difference_se": gaps.std(ddof=1) / sqrt(len(gaps)) if len(gaps) > 1 else nan,
        **{name: own[name].mean() for name in ("wis", "wis_count", "log_score")},
        "ruled_out": int(np.isneginf(own["log_score"]).sum()) if len(pits) else None,
        "log_width": own["log_width"].median(),
    }


def _coverage(pits: Floats) -> dict[str, float]:
    """Share of tolls in each central range and its p-value, from transforms of shape (events,)."""
    found: dict[str, float] = {}
    for level in SCORED_LEVELS:
        hits = scores.covered(pits, level)
        found[f"coverage_{level}"] = hits / len(pits) if len(pits) else nan
        found[f"p_{level}"] = scores.coverage_p_value(hits, len(pits), level) if len(pits) else nan
    return found


# Groups of events -----------------------------------------------------------------------------------------------------


def _classes(limits: Sequence[tuple[float, str]], values: pd.Series[Any]) -> pd.Series[Any]:
    """The name of the first class whose upper limit a value lies below."""
    return values.map(lambda value: next(name for limit, name in limits if value < limit))


_GROUPS: dict[str, Callable[[pd.DataFrame], pd.Series[Any]]] = {
    "class": lambda events: events["event_type"].map(class_of),
    "event_type": lambda events: events["event_type"],
    "size": lambda events: _classes(_SIZES, events["largest"]),
    "age": lambda events: events["age"].map(lambda age: _AGES[age_bin(age)]),
    "sources": lambda events: _classes(_SOURCES, events["sources"]),
}
_ORDER: dict[str, Sequence[str]] = {
    "class": CLASSES,
    "size": [name for _, name in _SIZES],
    "age": _AGES,
    "sources": [name for _, name in _SOURCES],
}


def summed_up_by(events: pd.DataFrame, what: str) -> pd.DataFrame:
    """The rows of :func:`summed_up` for each group of events, with the group's name in the column ``what``.

    Raises
    ------
    EstimatesError
        If events are not grouped by that.
    """
    if what not in _GROUPS:
        raise EstimatesError(f"scores can be by {', '.join(_GROUPS)}; {what!r} is none of these")
    groups = _GROUPS[what](events)
    found = set(groups)
    order = [name for name in _ORDER.get(what, sorted(found)) if name in found]

    tables = [summed_up(events[groups == name]) for name in order]
    for name, table in zip(order, tables, strict=True):
        table.insert(0, what, name)
    return pd.concat(tables, ignore_index=True)


# Forms ----------------------------------------------------------------------------------------------------------------


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """A table of :func:`summed_up` in few columns, numbers as text."""
    shown = pd.DataFrame({"method": table["method"], "events": table["events"].astype(str)})
    for level in SCORED_LEVELS:
        pairs = zip(table[f"coverage_{level}"], table[f"p_{level}"], strict=True)
        shown[f"{level}% (p)"] = ["" if pd.isna(share) else f"{share:.2f} ({p_value(p)})" for share, p in pairs]

    shown["mean PIT"] = _numbers(table["pit_mean"], 2)
    shown["CRPS"] = _numbers(table["crps"])
    differences = zip(table["crps_difference"], table["crps_difference_se"], strict=True)
    shown["difference"] = ["" if pd.isna(gap) else f"{gap:+.3f} ± {error:.3f}" for gap, error in differences]
    for title, column in (("WIS", "wis"), ("log score", "log_score"), ("log width 90%", "log_width")):
        shown[title] = _numbers(table[column])
    return shown


def _numbers(values: pd.Series[float], digits: int = 3) -> list[str]:
    return ["" if pd.isna(value) else f"{value:.{digits}f}" for value in values]


def p_value(p: float) -> str:
    """A p-value in two digits."""
    return f"{p:.2f}" if p >= 0.005 else "<.01"


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain objects for JSON; what is missing or infinite is None."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
