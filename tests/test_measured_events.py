"""Which events measures take from published data, and what they count in them, on small tables by hand."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from measures._halves import halves, in_halves, poisson_range
from scipy import stats

from estimates.profile.profile import published_profile

MEASURES = Path(__file__).resolve().parent / "measures"


def test_the_range_of_a_poisson_mean_is_exact() -> None:
    """At the lower end two or more are seen with 2.5%, at the upper end two or fewer; of none seen the range starts at 0."""
    low, high = poisson_range(2)
    assert stats.poisson(low).sf(1) == pytest.approx(0.025)
    assert stats.poisson(high).cdf(2) == pytest.approx(0.025)
    assert poisson_range(0) == (0.0, pytest.approx(stats.expon.ppf(0.975)))


def test_halves_part_the_events() -> None:
    """Both halves together are all events, none is in both, and the order of the names does not matter."""
    names = [f"event {number}" for number in range(9)]
    one, other = halves(names)
    assert (len(one), len(other), one & other, one | other) == (5, 4, set(), set(names))
    assert halves(names[::-1]) == (one, other)


def test_each_half_gets_the_profile_made_of_the_other() -> None:
    """The profile of a half is asked for with the rows of the other half alone, and rises are counted over all events."""
    same = {"source": "Wire", "event_type": "shooting", "event_date": "2020-01-01", "reported_at": "2020-01-02"}
    table = pd.DataFrame(
        [same | {"event": f"event {n}", "figure": str(n + 2), "verified": str(n + 2 + (n == 3))} for n in range(6)]
    )
    seen: list[set[str]] = []

    def profile_for(half: int, others: pd.DataFrame) -> object:
        seen.append(set(others["event"]))
        return published_profile(0, draws=50)

    found = in_halves(table, profile_for, 1_000.0)  # type: ignore[arg-type]
    assert tuple(seen) == halves(sorted(table["event"]))[::-1]
    assert (len(found.of()), found.seen) == (6, 1)
    assert 0.0 < found.expected < 6.0


def test_late_reports_stand_for_the_tolls_of_maverick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events whose last report is of day 3 to 399 have it for a toll; early reports are shown; long events can be left out."""
    monkeypatch.syspath_prepend(str(MEASURES))
    rows = [
        ("A", "Wire", "2010-01-01", 2, "2010-01-01"), ("A", "Paper", "2010-01-02", 3, "2010-01-01"),
        ("A", "Group", "2010-03-01", 5, "2010-01-01"), ("A", "Group", "2010-03-02", 0, "2010-01-01"),
        ("Long", "Wire", "2010-01-03", 9, "2010-01-04"), ("Long", "Group", "2010-02-01", 8, "2010-01-04"),
        ("Early", "Wire", "2010-01-01", 4, "2010-01-01"), ("Early", "Paper", "2010-01-02", 4, "2010-01-01"),
        ("Late", "Wire", "2010-01-01", 4, "2010-01-01"), ("Late", "Paper", "2012-01-02", 6, "2010-01-01"),
    ]  # fmt: skip
    table = pd.DataFrame(
        [
            {"event_id": event, "source": source, "date": "2010-01-01", "date_end": end, "reported_at": day}
            | {"value": said, "value_low": said, "value_high": said, "quantity": "killed", "country": "Kenya"}
            | {"source_type": "National news media"}
            for event, source, day, said, end in rows
        ]
    )
    table.to_csv(tmp_path / "rows.csv", index=False)

    read = import_module("_maverick_tolls").read
    both = read(tmp_path / "rows.csv", days=3, only_single_days=False)
    assert both[["event", "low", "verified"]].to_numpy().tolist() == [["A", 2, 5], ["A", 3, 5], ["Long", 9, 8]]
    assert set(read(tmp_path / "rows.csv", days=2, only_single_days=True)["event"]) == {"A"}
