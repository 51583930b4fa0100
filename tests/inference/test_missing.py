"""People missing are a statement about the dead not yet counted, and no toll of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.tables import exactly

from estimates import Estimates, estimate
from estimates.errors import ReportsError
from estimates.inference.cases import Case
from estimates.inference.engine import engine_of
from estimates.models.grid import make_grid
from estimates.models.missing import PeopleMissing, likelihood
from estimates.models.wording import Words
from estimates.profile.profile import published_profile
from estimates.table.reports import read_reports
from estimates.vocabulary import LAYERS

DAYS = {"event_date": "2020-01-15", "reported_at": "2020-01-16"}


def dead(number: int, source: str = "press", **more: Any) -> dict[str, object]:
    return exactly(source, number, **{**DAYS, "event_type": "flood", **more})


def lost(number: int, source: str = "press", outcome: str = "missing", **more: Any) -> dict[str, object]:
    return dead(number, source, **{"outcome": outcome, **more})


def found(*rows: dict[str, object], **more: Any) -> Estimates:
    return estimate(pd.DataFrame(rows), **more)


def lists(*rows: dict[str, object]) -> tuple[PeopleMissing, ...]:
    """The lists that count, of a case whose ages are known."""
    ((_, observations),) = found(*rows).cases[0].alternatives
    return observations.missing


def end(estimates: Estimates, layer: str = "documented") -> dict[str, Any]:
    return estimates.ranges(layers=(layer,)).iloc[0].to_dict()


# What they say --------------------------------------------------------------------------------------------------------


def test_the_missing_raise_the_toll_of_the_end_and_not_that_by_now() -> None:
    """5 bodies and 439 of a passenger list: hundreds in the end; what is documented by now stays."""
    ship = {"event_type": "ship"}
    bare, listed = found(dead(5, **ship)), found(dead(5, **ship), lost(439, **ship))
    assert [case.outcome for case in listed.cases] == ["killed"]
    assert end(listed)["low_80"] > 200 > end(bare)["median"]
    assert end(listed)["missing"].startswith("of the 439 missing, ")
    columns = ["median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95"]
    assert [end(listed, "by_now")[name] for name in columns] == [end(bare, "by_now")[name] for name in columns]


def test_nobody_missing_lowers_the_toll_of_the_end() -> None:
    """Nobody is missing any more: the toll of the end lies nearer to the dead that were counted."""
    assert end(found(dead(30), lost(0)))["high_80"] < end(found(dead(30)))["high_80"]


def test_the_posterior_is_that_of_the_counts_times_the_law_for_every_draw() -> None:
    """An independent route: tables without the list, multiplied cell by cell by the law written in plain Python."""
    profile = published_profile(3).first(40)
    bare, listed = (_case(*rows) for rows in ((dead(9),), (dead(9), lost(60))))
    grid = listed.grid
    said = listed.alternatives[0][1].missing[0]
    law = profile.list_law(said.law, said.is_violence)
    factor = likelihood(said, grid.middle.tolist(), law)

    engine = engine_of(profile)
    without = next(engine.tables([_with(listed, bare)], of_accounts=True))
    table = next(engine.tables([listed], of_accounts=True))
    product = without.mass.astype(float) * factor
    np.testing.assert_allclose(table.mass, product / product.sum(axis=0), rtol=2e-5, atol=1e-9)
    np.testing.assert_allclose(
        table.log_marginal_likelihood, without.log_marginal_likelihood + np.log(product.sum(axis=0)), rtol=1e-6
    )


def _case(*rows: dict[str, object]) -> Case:
    return found(*rows).cases[0]


def _with(listed: Case, bare: Case) -> Case:
    """A case on the grid of another one."""
    from dataclasses import replace

    result = replace(bare)
    result.__dict__["grid"] = listed.grid
    return result


def test_sums_over_every_integer_say_the_same() -> None:
    """On a grid of every integer to 3,000 no probability of a cell below moves by more than a thousandth."""
    profile = published_profile(3).first(40)
    listed = _case(dead(9), lost(160))
    fine = _with(listed, listed)
    fine.__dict__["grid"] = make_grid(listed.alternatives[0][1].jumps(), largest_single=3_000)
    engine = engine_of(profile)
    coarse, every = (next(engine.tables([case])) for case in (listed, fine))
    np.testing.assert_allclose(coarse.log_marginal_likelihood, every.log_marginal_likelihood, atol=1e-3)

    below = np.cumsum(every.mass.mean(axis=1))
    places = np.searchsorted(fine.grid.edges[1:], listed.grid.edges[1:][listed.grid.edges[1:] <= 3_000])
    np.testing.assert_allclose(np.cumsum(coarse.mass.mean(axis=1))[: len(places)], below[places], atol=1e-3)


def test_several_sources_count_as_the_mean_of_their_logarithms() -> None:
    """Two sources with one number say what one of them says; the order of their rows does not matter."""
    one = found(dead(9, "a"), dead(9, "b"), lost(60, "a"))
    two = found(dead(9, "a"), dead(9, "b"), lost(60, "a"), lost(60, "b"))
    turned = found(lost(60, "b"), dead(9, "b"), lost(60, "a"), dead(9, "a"))
    columns = ["median", "low_80", "high_80", "low_95", "high_95"]
    assert one.ranges()[columns].equals(two.ranges()[columns])
    np.testing.assert_allclose(
        two.mass("one", "killed")["probability"], turned.mass("one", "killed")["probability"], rtol=1e-12
    )


# Which count, and how -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "law"),
    [
        ({"event_type": "ship"}, "manifest"),
        ({"event_type": "flood"}, "reports"),
        ({"event_type": "flood", "missing_basis": "manifest"}, "manifest"),
        ({"event_type": "ship", "missing_basis": "reports"}, "reports"),
        ({"event_type": "flood", "group": "girls of one camp"}, "part"),
        ({"event_type": "ship", "outcome": "dead_or_missing"}, "dead_or_missing_manifest"),
        ({"event_type": "flood", "outcome": "dead_or_missing"}, "dead_or_missing_reports"),
    ],
)
def test_where_a_number_comes_from(more: dict[str, Any], law: str) -> None:
    """As the table says it; else a manifest for closed places, a part for groups, and reports for all others."""
    (said,) = lists(dead(5, event_type=more["event_type"]), lost(40, **more))
    assert said.law == law
    assert said.counted == (0 if "dead" in law else 5)


def test_one_list_counts_that_of_the_latest_age_bin() -> None:
    """176 missing on the second day are overtaken by 30 on the fourth; the dead are its source's own by then."""
    later = {"reported_at": "2020-01-19"}
    (said,) = lists(lost(176, "a"), dead(14, "a"), dead(20, "b", **later), lost(30, "a", **later))
    assert (said.words, said.counted) == (Words("exactly", 30, 30), 14)


def test_a_source_without_dead_takes_the_median_of_the_others() -> None:
    """Who lists the missing and counts no dead is read beside the middle of what the others count."""
    (said,) = lists(dead(10, "a"), dead(14, "b"), dead(30, "c"), lost(30, "police"))
    assert said.counted == 14


def test_the_counted_may_be_on_the_list_after_violence_alone() -> None:
    """The dead of an attack are struck off late; those of a flood are not."""
    attack = {"event_type": "bombing"}
    assert lists(dead(22, **attack), lost(12, **attack))[0].is_violence
    assert not lists(dead(22), lost(12))[0].is_violence


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"event_type": "epidemic"}, "say nothing of the dead of a epidemic"),
        ({"event_type": "campaign"}, "say nothing of the dead of a campaign"),
        ({"reported_at": "2020-03-15"}, "thirty days after the event"),
    ],
)
def test_lists_that_say_nothing_are_told(more: dict[str, Any], why: str) -> None:
    """No list is read of epidemics, campaigns, or thirty days later; a note says why."""
    told = found(dead(50, **more), lost(400, **more))
    bare = found(dead(50, **more))
    assert end(told)["high_95"] == end(bare)["high_95"]
    assert any(why in note for note in told.notes)


def test_survivors_of_a_known_number_are_a_manifest() -> None:
    """60 aboard and 48 saved leave 12; without the number aboard the saved say nothing, and a note says so."""
    ship = {"event_type": "ship"}
    (said,) = lists(dead(3, **ship), lost(48, outcome="survivors", at_risk=60, **ship))
    assert (said.law, said.words) == ("dead_or_missing_manifest", Words("exactly", 12, 12))

    unknown = found(dead(3, **ship), lost(48, outcome="survivors", **ship))
    assert any("without at_risk" in note for note in unknown.notes)
    assert end(unknown)["high_95"] == end(found(dead(3, **ship)))["high_95"]


def test_a_list_alone_makes_a_case_of_the_killed() -> None:
    """Where no body is found yet the missing are all there is; as of the day before there is nothing."""
    ship = {"event_type": "ship"}
    alone = found(lost(40, **ship))
    assert end(alone)["median"] > 20
    assert any("only numbers of people missing" in note for note in alone.notes)
    assert (
        end(found(dead(2, **ship), lost(40, **ship, reported_at="2020-01-18"), as_of="2020-01-16"))["missing"] is None
    )


def test_influence_knows_lists() -> None:
    """Without the source of the list the toll of the end falls."""
    table = found(dead(5, "a"), dead(5, "b"), lost(400, "police", missing_basis="manifest")).influence()
    shift = table.query("layer == 'documented'").set_index("without")["shift"]
    assert shift["police"] < 0.5 < shift["a"]


# What is told ---------------------------------------------------------------------------------------------------------


def test_both_readings_are_told_where_they_differ() -> None:
    """The assumption is printed, and what the other reading would give."""
    notes = " ".join(found(dead(5), lost(439)).notes)
    assert "the list is read as reports of people not heard of" in notes
    assert "the other reading of the missing, as a manifest" in notes
    assert "missing_basis" in notes


def test_a_basis_belongs_to_people_missing() -> None:
    """A basis beside people killed is a fault that says what to do, and an unknown one too."""
    with pytest.raises(ReportsError, match="missing_basis") as refused:
        read_reports(pd.DataFrame([dead(5, missing_basis="manifest"), lost(7, missing_basis="list")]))
    assert len(refused.value.faults) == 2


def test_every_layer_has_the_sentence() -> None:
    """The share of the missing who are likely dead stands in every row of ranges, and no other outcome has it."""
    rows = found(dead(5), lost(40), dead(30, outcome="injured")).ranges(layers=LAYERS)
    assert rows.query("outcome == 'killed'")["missing"].str.contains("of the 40 missing").all()
    assert rows.query("outcome == 'injured'")["missing"].isna().all()


# Nobody injured -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "read"), [("0", False), ("no injured", True)])
def test_zero_injured_beside_dead_is_asked_about(words: str, read: bool) -> None:
    """A bare 0 in the column of the injured, beside dead of the same source, may mean "not mentioned"; words are read."""
    injured = {**dead(0), "outcome": "injured", "figure": words, "wording": None, "low": None, "high": None}
    told = found(dead(5), injured)
    assert ("injured" in {case.outcome for case in told.cases}) == read
    assert any("0 injured beside dead" in note for note in told.notes) != read


def test_zero_injured_by_a_source_without_dead_is_read() -> None:
    """Who counts no dead at all may well say that nobody was injured."""
    injured = {**dead(0, "b"), "outcome": "injured", "figure": "0", "wording": None, "low": None, "high": None}
    assert "injured" in {case.outcome for case in found(dead(5, "a"), injured).cases}
