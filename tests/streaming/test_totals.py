"""Totals of stored ranges: those of `Estimates.total`, from what was kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from helpers.small_events import small_events

from estimates import EstimatesError, estimate, estimate_to, open_ranges
from estimates.streaming import split
from estimates.streaming.adding import GroupSums
from estimates.streaming.assembled import totals_beside


@pytest.mark.extended
def test_totals_of_many_events_are_those_of_the_estimates(tmp_path: Path) -> None:
    """Of groups of so many events that both rest on kept draws, in several parts: every column, to the last digit."""
    table = small_events(860, seed=2).assign(country="one")
    stored = estimate_to(table, tmp_path / "ranges.parquet", totals=True)
    whole = estimate(table)
    for by in (None, "country"):
        pd.testing.assert_frame_equal(stored.total(by=by), whole.total(by=by))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stored ranges of a few events in several parts, with what totals are made of."""
    path = tmp_path_factory.mktemp("stored") / "ranges.parquet"
    table = small_events(30, seed=4)
    table["country"] = ["one" if int(event[-1]) % 2 else "two" for event in table["event"]]
    table.loc[0, "remark"] = "x"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "EVENTS", 7)
        estimate_to(table, path, cores=1, totals=True, draws=200)
    return path


def test_groups_are_those_of_the_table(stored: Path) -> None:
    """By place, month and columns that are not known to the package; the events of all groups are all events."""
    ranges = open_ranges(stored)
    for by, count in (("country", 2), ("place", 13), ("month", 17), ("event_type", 8)):
        found = ranges.total(by=by, levels=80)
        assert found.groupby(by)["events"].first().sum() == 30
        assert 2 <= found[by].nunique() <= max(count, 2) + 3
    everything = ranges.total(levels=(50, 80))
    assert set(everything["layer"]) == {"documented", "total"}
    assert (everything["low_80"] <= everything["median"]).all()
    assert (everything["median"] <= everything["high_80"]).all()


def test_the_parts_are_added_in_any_order(stored: Path, tmp_path: Path) -> None:
    """Sums of whole numbers: the parts in the opposite order give the same totals."""
    copy = tmp_path / "ranges.parquet"
    shutil.copy(stored, copy)
    shutil.copytree(totals_beside(stored), totals_beside(copy))
    parts = sorted(totals_beside(copy).glob("part-*"))
    assert len(parts) == 5
    for number, part in enumerate(reversed(parts)):
        part.rename(part.with_name(f"part-9{number}.parquet"))
    pd.testing.assert_frame_equal(open_ranges(copy).total(by="country"), open_ranges(stored).total(by="country"))


def test_sums_of_groups_add_up() -> None:
    """Nothing added to nothing is nothing, and counts, units and sums add."""
    one, two = GroupSums.nothing(3), GroupSums.nothing(3)
    two.events, two.informed, two.units[:] = 2, True, [1, 2, 3]
    next(iter(two.together.values()))[:] = [4, 5, 6]
    one.add(two)
    one.add(two)
    assert one.events == 4
    assert one.informed
    assert one.units.tolist() == [2, 4, 6]
    assert next(iter(one.together.values())).tolist() == [8, 10, 12]


@pytest.mark.parametrize(
    ("outcome", "by", "told"),
    [("dead", None, "dead"), ("killed", "galaxy", "totals can be by"), ("killed", "source_type", "totals can be by")],
)
def test_what_cannot_be_added_is_told(outcome: str, by: str | None, told: str, stored: Path) -> None:
    """An outcome or a column that there is not, with those that there are."""
    with pytest.raises(EstimatesError, match=told):
        open_ranges(stored).total(outcome, by)


def test_a_column_of_several_values_in_an_event_is_told(tmp_path: Path) -> None:
    """As `Estimates.total` does."""
    rows = [{"event": "a", "source": source, "figure": 3, "country": source} for source in ("s", "t")]
    ranges = estimate_to(rows, tmp_path / "ranges.parquet", cores=1, totals=True, draws=100)
    with pytest.raises(EstimatesError, match="several values of 'country'"):
        ranges.total(by="country")


def test_without_what_they_are_made_of_there_are_no_totals(tmp_path: Path) -> None:
    """It is said how to have them."""
    rows = [{"event": "a", "source": "s", "figure": 3}]
    ranges = estimate_to(rows, tmp_path / "ranges.parquet", cores=1, draws=100)
    with pytest.raises(EstimatesError, match="totals=True"):
        ranges.total()
