"""Measure: the first 48 hours of the modern anchors, each left out with refits, beside the rivals of its class.

    python tests/measures/rivals.py               leave one out with the fast fit, some minutes
    python tests/measures/rivals.py --table FILE  another table of reports with ``verified``; printed and not kept

These events are famous, and some were chosen because their tolls were revised a lot.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import paired
import pandas as pd
from _common import Figure, record

from estimates import evaluate, load_example, read_reports
from estimates.evaluation.classes import CLASSES
from estimates.evaluation.comparisons import BEST_OF_ITS_CLASS
from estimates.evaluation.result import Evaluation
from estimates.evaluation.scores import SCORED_LEVELS
from estimates.table.reports import Reports

DRAWS = 600
MUST = {"violence": "<= .13", "disasters": "<= .70"}


def modern() -> Reports:
    """The reports of killed in the modern anchors."""
    reports = load_example("anchors/modern")
    return reports.rows(reports.table["outcome"] == "killed")


def left_out() -> Evaluation:
    """Scores of the modern anchors, each with a profile learned from all others and the shipped counts."""
    return evaluate(modern(), leave_one_out=True, draws=DRAWS, counts="default")


def figures_of(found: Evaluation) -> list[Figure]:
    """Errors over all and by class, calibration, and every rival."""
    calibration = found.calibration().set_index("class")
    figures: list[Figure] = []
    for name, row in calibration.iterrows():
        model = found.against_rivals().query("`class` == @name and rival == 'latest'").iloc[0]
        figures.append(Figure(f"{name}: events", int(row["events"])))
        figures.append(Figure(f"{name}: CRPS", float(model["model"]), must=MUST.get(str(name), "")))
        figures.append(Figure(f"{name}: mean PIT", float(row["pit_mean"])))
        figures += [
            Figure(
                f"{name}: held by the {level}% range (p)",
                f"{row[f'coverage_{level}']:.2f} ({row[f'p_{level}']:.2f})",
                must="p >= .02" if name == "all" else "",
            )
            for level in SCORED_LEVELS
        ]
        figures.append(Figure(f"{name}: log width of the 90% range, median", float(row["log_width"])))

    figures += [_against(row, "") for row in found.against_rivals().to_dict("records")]
    best = found.best_rivals().set_index("rival").loc[BEST_OF_ITS_CLASS]
    figures.append(Figure(f"all: CRPS over that of {BEST_OF_ITS_CLASS}", float(best["ratio"]), must="<= 1.15"))
    return figures


def _against(row: dict[object, object], must: str) -> Figure:
    error = f" ± {row['difference_se']:.3f}" if pd.notna(row["difference_se"]) else ""
    what = f"{row['class']}: model minus {row['rival']} (CRPS of the rival)"
    return Figure(what, f"{row['difference']:+.3f}{error} ({row['crps']:.3f})", must=must)


def main() -> None:
    """Print the measure and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--table", type=Path, help="other events with verified tolls, by the shipped profile")
    arguments = arguments_of.parse_args()
    if arguments.table is not None:
        print(evaluate(read_reports(arguments.table)).text())
        return

    found = left_out()
    print(found.text())
    for what in ("event_type", "sources"):
        rows = found.by(what)
        print(rows[rows["method"] == "model"].round(3).to_string(index=False))
    assert set(found.calibration()["class"]) == {"all", *CLASSES}
    record("rivals", figures_of(found), __file__)
    record("paired", paired.figures_of(found.events), __file__)


if __name__ == "__main__":
    main()
