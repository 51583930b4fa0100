"""The model beside its rivals, over all events and in each class; and whether its ranges hold what they promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import nan, sqrt
from typing import Any

import pandas as pd

from estimates.evaluation.classes import CLASSES, class_of
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.evaluation.summaries import METHODS, MODEL, p_value, summed_up

#: The name of all events together among the classes.
ALL = "all"
#: The best rival of each class, event by event of that class.
BEST_OF_ITS_CLASS = "the best of its class"
#: Beside the model in a text: so many rivals of each class, the best first.
_RIVALS_TOLD = 3


def groups(events: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """All events, and those of each class that has some; one row per event and method."""
    classes = events["event_type"].map(class_of)
    yield ALL, events
    for name in CLASSES:
        if (classes == name).any():
            yield name, events[classes == name]


def against_rivals(events: pd.DataFrame) -> pd.DataFrame:
    """One row per class and rival, the best rival first; its columns are told in ``Evaluation.against_rivals``."""
    rows: list[dict[str, Any]] = []
    for name, members in groups(events):
        model = members[members["method"] == MODEL].set_index("event")["crps"]
        found = [
            {"class": name, "rival": method, **paired(model, own.set_index("event")["crps"])}
            for method in METHODS
            if method != MODEL and len(own := members[members["method"] == method])
        ]
        rows += sorted(found, key=lambda row: -row["ratio"])
    return pd.DataFrame(rows)


def paired(model: pd.Series[float], rival: pd.Series[float]) -> dict[str, float]:
    """Mean errors of the model and of a rival on the events that the rival has, and the paired difference.

    Parameters
    ----------
    model, rival : Series
        CRPS by event.
    """
    mine = model.loc[rival.index]
    gaps = mine - rival
    return {
        "events": len(gaps),
        "model": mine.mean(),
        "crps": rival.mean(),
        "difference": gaps.mean(),
        "difference_se": gaps.std(ddof=1) / sqrt(len(gaps)) if len(gaps) > 1 else nan,
        "ratio": mine.mean() / rival.mean() if rival.mean() > 0 else nan if mine.mean() == 0 else float("inf"),
    }


def best_rivals(events: pd.DataFrame) -> pd.DataFrame:
    """The best rival of each class and over all; then that of its class for every event, as one rival.

    The best is that with the largest ratio of the model's error to its own, each on the events that it predicts; a
    rival that could not predict half of a class is no candidate in it.
    """
    every = against_rivals(events)
    sizes = {name: int((members["method"] == MODEL).sum()) for name, members in groups(events)}
    best = every[2 * every["events"] >= every["class"].map(sizes)].groupby("class", sort=False).head(1)

    chosen = [
        members[members["method"] == rival].set_index("event")["crps"]
        for (name, members), rival in zip(groups(events), best["rival"], strict=True)
        if name != ALL
    ]
    model = events[events["method"] == MODEL].set_index("event")["crps"]
    together = {"class": ALL, "rival": BEST_OF_ITS_CLASS, **paired(model, pd.concat(chosen))}
    return pd.concat([best, pd.DataFrame([together])], ignore_index=True)


def calibration(events: pd.DataFrame, method: str = MODEL) -> pd.DataFrame:
    """One row for all events and for each class; its columns are told in ``Evaluation.calibration``."""
    rows = []
    for name, members in groups(events[events["method"] == method]):
        row = summed_up(members, against=False).iloc[0]
        levels = [f"{what}_{level}" for level in SCORED_LEVELS for what in ("coverage", "p")]
        rows.append({"class": name, **{part: row[part] for part in ("events", "pit_mean", *levels, "log_width")}})
    return pd.DataFrame(rows)


# Forms ----------------------------------------------------------------------------------------------------------------


def told(events: pd.DataFrame) -> str:
    """Both as a few lines of text: calibration by class, and the best rivals with those next to them."""
    return "\n".join([*_calibration_told(events), "", *_rivals_told(events)])


def _calibration_told(events: pd.DataFrame) -> list[str]:
    lines = ["the model's ranges, share of tolls in them (p): mean PIT is .5 where they lie right"]
    for row in calibration(events).to_dict("records"):
        shares = [f"{level}% {row[f'coverage_{level}']:.2f} ({p_value(row[f'p_{level}'])})" for level in SCORED_LEVELS]
        head = f"  {row['class']:9s} {row['events']:4d} events"
        lines.append(f"{head}  {'  '.join(shares)}  mean PIT {row['pit_mean']:.2f}  log width {row['log_width']:.2f}")
    return lines


def _rivals_told(events: pd.DataFrame) -> list[str]:
    lines = ["CRPS of the model minus a rival's (± standard error), the hardest rivals: below 0 the model is better"]
    every, best = against_rivals(events), best_rivals(events).iloc[-1]
    for name, _ in groups(events):
        hardest = every[every["class"] == name].head(_RIVALS_TOLD)
        lines += [_rival_told(row) for row in hardest.to_dict("records")]
    return [*lines, _rival_told(best.to_dict())]


def _rival_told(row: Mapping[Any, Any]) -> str:
    error = "" if pd.isna(row["difference_se"]) else f" ± {row['difference_se']:.3f}"
    scores = f"{row['model']:.3f} for {row['crps']:.3f}"
    return f"  {row['class']:9s} {row['rival']:29s} {row['difference']:+.3f}{error}  ({scores}, {row['events']} events)"
