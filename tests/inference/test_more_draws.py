"""Events whose weights rest on too few draws: they go on with those that follow, and nothing is worked out twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.tables import MIXED

from estimates import read_reports
from estimates.inference import engine as engines
from estimates.inference.cases import gather
from estimates.inference.posterior import Effort, SolvedEvent, events_of, solved_events
from estimates.profile.profile import SourceProfile, published_profile


def solved(profile: SourceProfile, effort: Effort, *, by_now: bool = False) -> list[SolvedEvent]:
    cases = gather(read_reports(pd.DataFrame(MIXED)).estimated_reports, profile.bin_shares, None)
    return list(solved_events(events_of(cases, profile), profile, by_now=by_now, held=3, effort=effort))


@pytest.mark.parametrize("by_now", [False, True])
@pytest.mark.parametrize(("draws", "begun"), [(400, 100), (3_000, 1_000)])
def test_draws_that_follow_give_what_all_at_once_give(draws: int, begun: int, by_now: bool) -> None:
    """An event that takes 100, 200 and 400 draws, or 1,000 and 3,000, has the tables of all of them, to the last bit."""
    profile = published_profile(2, draws=draws)
    found = solved(profile, Effort(begun, effective=10 * draws), by_now=by_now)
    whole = profile.in_blocks([100, 200]) if begun == 100 else profile

    for event in found:
        assert event.engine.profile.draws == draws
        for table, wanted in zip(
            event.tables, engines.engine_of(whole).tables(event.cases, by_now=by_now), strict=True
        ):
            assert (table.log_marginal_likelihood == wanted.log_marginal_likelihood).all()
            assert (table.mass == wanted.mass).all()
            assert table.held.shape == (1, begun)


def test_no_draw_is_worked_out_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Events that take 100, 200 and 400 draws are worked out for 100, then the next 100, then the next 200."""
    worked_out: list[int] = []
    work_out = engines.work_out

    def counted(grid: Any, events: Any, layout: Any, vectors: Sequence[Any], *others: Any, **named: Any) -> Any:
        worked_out.append(len(vectors))
        return work_out(grid, events, layout, vectors, *others, **named)

    monkeypatch.setattr(engines, "work_out", counted)
    solved(published_profile(2, draws=400), Effort(100, effective=4_000))
    sizes, times = np.unique(worked_out, return_counts=True)
    assert sizes.tolist() == [100, 200]
    assert times[0] == 2 * times[1]


def test_an_event_takes_more_only_where_its_weights_need_it() -> None:
    """Of two events one is content with the draws it began with, whose weights bear its evidence; the other is not."""
    found = solved(published_profile(2, draws=2_000), Effort(1_000))
    content = [event for event in found if event.engine.profile.draws == 1_000]
    assert 0 < len(content) < len(found)
    assert all(event.weights.power == 1.0 for event in content)
