"""Errors of the model before "true for ordinary events" on the first 48 hours of the modern anchors; run with its code.

Prints the rows of ``former_model.csv``, one an event, each left out as ``anchors.py`` of that commit does it. From a
checkout of the commit:

    git worktree add --detach FOLDER 085f029
    PYTHONPATH=FOLDER python tests/measures/_former_model.py 085f029 > tests/measures/former_model.csv

Nothing of this checkout is imported, so that the package is the former one.
"""

from __future__ import annotations

import sys

from estimates import evaluate, load_example

DRAWS = 600


def main() -> None:
    """Print one row an event."""
    commit = sys.argv[1]
    reports = load_example("anchors/modern")
    killed = reports.rows(reports.table["outcome"] == "killed")
    events = evaluate(killed, leave_one_out=True, draws=DRAWS).events

    model = events[events["method"] == "model"]
    kept = model[["event", "event_type", "crps", "pit", "log_width"]].assign(commit=commit)
    print(kept.to_csv(index=False, float_format="%.6f", lineterminator="\n"), end="")


if __name__ == "__main__":
    main()
