"""Measure: the errors of the model less those of the model before it, event by event.

The first 48 hours of the modern anchors, each event left out. What the former model gave stands in ``former_model.csv``
(``_former_model.py`` says how it was made).

    python tests/measures/paired.py   leave one out with the fast fit, some minutes; so do anchors.py and rivals.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from _common import Figure, record

from estimates.evaluation.classes import CLASSES, class_of
from estimates.evaluation.summaries import AS_ORDINARY, MODEL

FORMER = Path(__file__).with_name("former_model.csv")
MUST = "below 0 by one standard error"


def differences(events: pd.DataFrame, method: str = MODEL) -> pd.DataFrame:
    """One row an event: its class, the errors of a method and of the former model, and the first less the second.

    Parameters
    ----------
    events : DataFrame
        As in ``Evaluation.events``.
    method : str
        Whose errors.
    """
    former = pd.read_csv(FORMER).set_index("event")
    model = events[events["method"] == method].set_index("event")
    if set(model.index) != set(former.index):
        raise SystemExit(f"the events are not those of {FORMER.name}: {set(model.index) ^ set(former.index)}")

    found = pd.DataFrame({"class": model["event_type"].map(class_of), "crps": model["crps"], "former": former["crps"]})
    return found.assign(difference=found["crps"] - found["former"])


def figures_of(events: pd.DataFrame) -> list[Figure]:
    """Mean differences with their standard errors, over all events and by class."""
    figures: list[Figure] = []
    for method, title in ((MODEL, "the model"), (AS_ORDINARY, "the model, as not chosen,")):
        found = differences(events, method)
        for name in ("all", *CLASSES):
            rows = found if name == "all" else found[found["class"] == name]
            must = MUST if (method, name) == (MODEL, "all") else ""
            figures.append(Figure(f"{name}: CRPS of {title} less that of the former model", _told(rows), must=must))
    return figures


def _told(rows: pd.DataFrame) -> str:
    """Mean difference, its standard error, and the two means."""
    differences = rows["difference"].to_numpy(dtype=float)
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    means = f"{rows['crps'].mean():.3f}, {rows['former'].mean():.3f}; {len(rows)} events"
    return f"{differences.mean():+.4f} ± {error:.4f} ({means}, {(differences < 0).sum()} better)"


def main() -> None:
    """Print the measure, event by event and in the mean, and keep it."""
    from rivals import left_out

    events = left_out().events
    print(differences(events).sort_values("difference").round(3).to_string())
    record("paired", figures_of(events), __file__)


if __name__ == "__main__":
    main()
