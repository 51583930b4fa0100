"""Measure: the modern anchors after 6 hours, 24 hours, 48 hours and 7 days, each event left out with refits.

At each age the model beside the best rival of that age, over all events and in each class. Ages are what a report is
younger than for certain: most of the anchors have dates without a time, so that the first hours hold few or none. These events are famous, and
some were chosen because their tolls were revised a lot.
"""

from __future__ import annotations

from _common import Figure, record
from rivals import DRAWS, modern

from estimates.evaluation.ages import evaluations_by_age, table_by_age

NAMES = {0.25: "6 h", 1.0: "24 h", 2.0: "48 h", 7.0: "7 d"}


def main() -> None:
    """Print the measure and keep it."""
    evaluations = evaluations_by_age(modern(), leave_one_out=True, draws=DRAWS, counts="default")
    table = table_by_age(evaluations)
    print(table.round(3).to_string(index=False))

    figures = [Figure(f"{name}, all: events", 0) for age, name in NAMES.items() if age not in evaluations]
    for row in table.to_dict("records"):
        name = f"{NAMES[row['within_days']]}, {row['class']}"
        figures.append(Figure(f"{name}: events", row["events"]))
        figures.append(Figure(f"{name}: CRPS", float(row["model"])))
        figures.append(Figure(f"{name}: best rival", f"{row['rival']} {row['crps']:.3f}"))
        figures.append(Figure(f"{name}: model minus it", f"{row['difference']:+.3f} ± {row['difference_se']:.3f}"))
        figures.append(Figure(f"{name}: mean PIT", float(row["pit_mean"])))
        figures.append(Figure(f"{name}: held by the 90% range (p)", f"{row['coverage_90']:.2f} ({row['p_90']:.2f})"))
    record("ages", figures, __file__)


if __name__ == "__main__":
    main()
