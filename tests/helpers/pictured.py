"""Estimates for tests of pictures: two small events, one of them dated, with a floor and with figures that do not count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from estimates.inference.cases import Case
from estimates.results.estimates import Estimates, estimate
from estimates.table.reports import Reports, read_reports

BRIDGE, MARKET = "Bridge collapse", "Market fire"
_BRIDGE = {"event": BRIDGE, "event_date": "2020-03-01", "place": "Riverside", "event_type": "building_collapse"}
_MARKET = {"event": MARKET, "event_date": "2020-03-02", "place": "Hilltown", "event_type": "fire"}

ROWS: list[dict[str, Any]] = [
    _BRIDGE | {"source": "Police", "source_type": "security", "figure": "at least 12", "reported_at": "2020-03-01"},
    _BRIDGE | {"source": "Hospital", "source_type": "health", "figure": "21", "reported_at": "2020-03-02"},
    _BRIDGE | {"source": "Daily", "source_type": "local_media", "figure": "about 30", "reported_at": "2020-03-02"},
    _BRIDGE | {"source": "Hospital", "source_type": "health", "figure": "24", "reported_at": "2020-03-04"},
    _BRIDGE | {"source": "Hospital", "source_type": "health", "figure": "70", "outcome": "injured"},
    _BRIDGE | {"source": "Registry", "source_type": "ngo", "wording": "named", "low": 3, "reported_at": "2020-03-04"},
    _MARKET | {"source": "Police", "source_type": "security", "figure": "3", "reported_at": "2020-03-02"},
    _MARKET | {"source": "Daily", "source_type": "local_media", "figure": "dozens", "reported_at": "2020-03-02"},
]


@cache
def estimated() -> Estimates:
    return estimate(read_reports(ROWS))


@cache
def pictured() -> Told:
    """The estimates, with the tables that take long worked out once."""
    estimates = estimated()
    return Told(estimates, {"history": estimates.history([BRIDGE]), "total": estimates.total(by="place")})


@dataclass(frozen=True)
class Told:
    """What estimates tell pictures, with some of the tables replaced by those of a test."""

    estimates: Estimates
    tables: Mapping[str, pd.DataFrame]

    @property
    def reports(self) -> Reports:
        return self.estimates.reports

    @property
    def as_of(self) -> str | None:
        return self.estimates.as_of

    @property
    def cases(self) -> tuple[Case, ...]:
        return self.estimates.cases

    def __getattr__(self, name: str) -> Any:
        if name in self.tables:
            return lambda *_, **__: self.tables[name]
        return getattr(self.estimates, name)


@dataclass(frozen=True)
class Scored:
    """The events of an evaluation."""

    events: pd.DataFrame
