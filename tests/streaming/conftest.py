"""What tests of work in parts share."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from helpers.small_events import small_events

from estimates.streaming import split

#: Events of a table, and how many of them make a part here.
EVENTS, IN_A_PART = 40, 8


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of few events have several parts."""
    monkeypatch.setattr(split, "EVENTS", IN_A_PART)


@pytest.fixture
def table() -> pd.DataFrame:
    """Small events whose rows lie in disorder."""
    return small_events(EVENTS, seed=4).sample(frac=1.0, random_state=1).reset_index(drop=True)


@pytest.fixture
def parquet(table: pd.DataFrame, tmp_path: Path) -> Path:
    """The same table as a file."""
    path = tmp_path / "reports.parquet"
    table.to_parquet(path, row_group_size=17)
    return path
