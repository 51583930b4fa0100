"""What a list of people missing costs: one event with it against the same event without, everything compiled.

python tests/measures/missing_time.py
"""

from __future__ import annotations

import statistics
from typing import Any

from _common import Figure, record, seconds

from estimates import read_reports
from estimates.inference.cases import Case, gather
from estimates.inference.engine import engine_of
from estimates.profile.profile import DRAWS, named_profile

REPEATED = 15
_EVENT = {"event": "one", "event_type": "flood", "event_date": "2020-01-01", "reported_at": "2020-01-02"}


def case(figures: int, *, with_list: bool) -> Case:
    """An event that so many sources count, one of which lists the missing as well."""
    rows: list[dict[str, Any]] = [
        {**_EVENT, "source": f"source {index}", "figure": str(5 + index)} for index in range(figures)
    ]
    if with_list:
        rows.append({**_EVENT, "source": "source 0", "figure": "40", "outcome": "missing"})
    return gather(read_reports(rows).estimated_reports, named_profile("default").bin_shares, None).cases[0]


def main() -> None:
    """Time both in turn, and keep the ratio of the medians."""
    engine = engine_of(named_profile("default").first(DRAWS))
    figures = []
    for count in (2, 10):
        pair = case(count, with_list=False), case(count, with_list=True)
        spent: list[list[float]] = [[], []]
        for _ in range(REPEATED + 1):
            for which, each in enumerate(pair):
                spent[which].append(seconds(lambda each=each: list(engine.tables([each]))).processor)  # type: ignore[misc]
        bare, listed = (statistics.median(times[1:]) for times in spent)
        figures.append(Figure(f"an event of {count} figures, with a list over without", listed / bare, must="<= 1.5"))
    record("missing_time", figures, __file__)


if __name__ == "__main__":
    main()
