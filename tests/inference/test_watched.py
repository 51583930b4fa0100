"""Declared coverage in estimates: who spoke, who was silent, up to when, and what that does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from estimates import Estimates, SourceProfile, estimate, load_example
from estimates.document.document import render_html
from estimates.inference.watched import heard_of
from estimates.models.growth import FINAL
from estimates.models.silence import Attention, Watch, factor
from estimates.profile.profile import published_profile
from estimates.table.coverage import read_coverage
from estimates.table.reports import read_reports

EVENT = {"event": "one", "event_date": "2020-01-15", "event_type": "airstrike", "outcome": "killed"}
A, B, C = ({"source": source} for source in "abc")


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(0, draws=128)


def said(source: str, figure: str, when: str | None = "2020-01-15", **more: object) -> dict[str, object]:
    return {**EVENT, "source": source, "source_type": "monitor", "figure": figure, "reported_at": when, **more}


def watch_of(rows: list[dict[str, object]], coverage: Any, **how: Any) -> Watch | None:
    found = estimate(rows, coverage=coverage, profile=published_profile(0, draws=128), **how)
    return next(case.about.watch for case in found.cases if case.event == "one")


# Who did what ---------------------------------------------------------------------------------------------------------


def test_no_comment_not_confirmed_denied_and_none_are_four_things() -> None:
    """None is a figure; no comment and "did not confirm" are silence; a denial is neither."""
    rows = [
        said("a", "none"), said("b", "denied"), said("c", "no comment"), said("d", "did not confirm"), said("e", "7"),
        said("f", "12 injured", outcome="injured"), said("g", "3 strikes", outcome="strikes"), said("h", "9", quotes="i"),
    ]  # fmt: skip
    heard = heard_of(read_reports(rows).reports, "killed", None)
    assert heard.answers == {
        "a": "none", "b": "denial", "c": "no_comment", "d": "not_confirmed", "e": "figure", "f": "other outcome",
        "g": "other outcome", "h": "figure", "i": "figure",
    }  # fmt: skip
    watch = watch_of(rows, [{"source": source} for source in "abcdefghij"])
    assert watch is not None
    assert watch.spoke == ("a", "e", "f", "g", "h", "i")
    assert watch.silent == ("c", "d", "j")
    assert not watch.told_otherwise


def test_a_figure_counts_beside_any_silence_and_silence_in_words_beside_other_outcomes() -> None:
    """Who first did not confirm and then gave a figure spoke; who gives the displaced and not the killed did not."""
    rows = [
        said("a", "did not confirm"), said("a", "5"),
        said("b", "did not confirm"), said("b", "dozens", outcome="displaced"),
    ]  # fmt: skip
    watch = watch_of(rows, [A, B])
    assert watch is not None
    assert (watch.spoke, watch.silent) == (("a",), ("b",))


def test_an_event_that_others_told_of_is_not_conditioned_on() -> None:
    """A figure of a source that is not declared brings the event into the table."""
    for rows, told in (([said("a", "5")], False), ([said("a", "5"), said("x", "5")], True)):
        watch = watch_of(rows, [A, B])
        assert watch is not None
        assert watch.told_otherwise is told
    watch = watch_of([said("a", "5")], read_coverage([A, B], sizes="all"))
    assert watch is not None
    assert watch.told_otherwise


def test_silence_is_that_by_the_time_asked_for() -> None:
    """By then a later figure is not heard; without a time the event is listened to up to its last dated row."""
    rows = [said("a", "5"), said("b", "9", "2020-01-20")]
    early, late = watch_of(rows, [A, B], as_of="2020-01-15"), watch_of(rows, [A, B])
    assert early is not None
    assert late is not None
    assert (early.bin, early.spoke, early.silent) == (0, ("a",), ("b",))
    assert (late.bin, late.spoke) == (3, ("a", "b"))

    months, undated = watch_of(rows, [A], as_of="2020-06-01"), watch_of([said("a", "5", None)], [A])
    assert months is not None
    assert undated is not None
    assert months.bin == undated.bin == FINAL


def test_one_outcome_of_an_event_tells() -> None:
    """The killed where there are any: a source decides once whether to report."""
    rows = [said("a", "5"), said("a", "20", outcome="injured")]
    found = estimate(rows, coverage=[A, B], profile=published_profile(0, draws=128))
    assert {case.outcome: case.about.watch is not None for case in found.cases} == {"killed": True, "injured": False}


# What it does ---------------------------------------------------------------------------------------------------------


def test_the_range_is_that_of_the_prior_times_the_figures_times_the_factor(profile: SourceProfile) -> None:
    """For a figure about the end: draw by draw, the posterior of the accounts is multiplied by the factor and summed."""
    rows = [said("a", "20", "2020-03-01"), said("x", "30", "2020-03-02")]
    coverage = [A, B, C]
    base, found = estimate(rows, profile=profile), estimate(rows, profile=profile, coverage=coverage)
    (case,), (watched,) = base.cases, found.cases
    assert watched.about.watch is not None

    from estimates.inference.engine import engine_of

    (plain,) = engine_of(profile).tables([case], of_accounts=True)
    (with_factor,) = engine_of(profile).tables([watched], of_accounts=True)
    joint = plain.mass.astype(float) * factor(watched.about.watch, case.grid)[:, None]
    np.testing.assert_allclose(with_factor.mass, joint / joint.sum(axis=0), rtol=2e-5, atol=1e-9)
    logs = plain.log_marginal_likelihood + np.log(joint.sum(axis=0))
    np.testing.assert_allclose(with_factor.log_marginal_likelihood, logs, atol=1e-6)


def test_silent_watchers_lower_a_range_and_more_of_them_lower_it_more(profile: SourceProfile) -> None:
    """Where an undeclared source told of a large event."""
    rows = [said("x", "dozens", "2020-03-01")]
    tops = [
        estimate(rows, profile=profile, coverage=[{"source": f"s{i}"} for i in range(n)] or None).ranges().iloc[0]["high_80"]
        for n in (0, 1, 5, 20)
    ]  # fmt: skip
    assert tops == sorted(tops, reverse=True)
    assert tops[0] > tops[-1]


def test_an_event_that_nobody_was_declared_to_watch_stays_to_the_last_bit(profile: SourceProfile) -> None:
    """Declarations for elsewhere, another time or another type of event change nothing."""
    rows = [said("a", "5", place="Idlib"), said("b", "8", place="Idlib")]
    base = estimate(rows, profile=profile).ranges()
    for elsewhere in ({"place": "Homs"}, {"from": "2021"}, {"event_type": "shelling"}):
        found = estimate(rows, profile=profile, coverage=[{"source": "c", **elsewhere}])
        pd.testing.assert_frame_equal(found.ranges(), base)


def test_rows_in_any_order_give_the_same_range(profile: SourceProfile) -> None:
    """Of reports and of declarations."""
    rows, coverage = [said("a", "5"), said("b", "8"), said("c", "no comment")], [A, C, {"source": "z"}]
    one = estimate(rows, profile=profile, coverage=coverage)
    other = estimate(rows[::-1], profile=profile, coverage=coverage[::-1])
    pd.testing.assert_frame_equal(one.ranges(), other.ranges())


def test_history_and_influence_know_of_silence(profile: SourceProfile) -> None:
    """Each moment is the estimate as of then; a silent watcher is left out with its declaration."""
    rows = [said("a", "12"), said("b", "40", "2020-01-18")]
    found = estimate(rows, profile=profile, coverage=[A, B, C])
    history = found.history()
    for _, row in history.iterrows():
        then = estimate(rows, profile=profile, coverage=[A, B, C], as_of=row["as_of"]).ranges().iloc[0]
        assert (row["documented_low_80"], row["documented_high_80"]) == (then["low_80"], then["high_80"])

    influence = found.influence().query("layer == 'documented'").set_index("without")
    assert list(influence.index) == ["a", "b", "c"]
    without = estimate(rows, profile=profile, coverage=[A, B]).ranges().iloc[0]
    assert influence.loc["c", "high_80"] == without["high_80"]


# What is told ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def idlib() -> Estimates:
    return estimate(load_example(), coverage=[{"source": "State media"}, {"source": "White Helmets"}])


def test_the_effect_is_told_against_nobody_declared_and_swept(idlib: Estimates) -> None:
    """In a table and in the notes, with what the silence of a party on its own strike does, which is little."""
    effects = idlib.coverage.effects(["Idlib airstrikes"]).query("layer == 'documented'").set_index("how")
    ways = ["as declared", "nobody declared", "attention -1 sd", "attention +1 sd"]
    assert list(effects.index) == [*ways, "with Russian Ministry of Defence", "without State media"]
    undeclared = estimate(load_example()).ranges().iloc[0]
    assert effects.loc["nobody declared", "high_80"] == undeclared["high_80"]
    assert effects.loc["as declared", "high_80"] == idlib.ranges().iloc[0]["high_80"]
    for end in ("low_moves", "high_moves"):
        here, without = effects.loc["as declared", end], effects.loc["without State media", end]
        assert 0 < abs((1 + here) / (1 + without) - 1) < 0.05
    notes = "\n".join(idlib.notes)
    assert "State media did not confirm its own strike; its silence moves the 80% range from" in notes
    assert "Russian Ministry of Defence made no comment on its own strike; that moves nothing, since it is not" in notes
    assert "with nobody declared" in notes


def test_silence_on_an_own_strike_is_told_where_nothing_is_declared() -> None:
    """And what it would do if it were."""
    notes = "\n".join(estimate(load_example()).notes)
    assert "State media did not confirm its own strike; that moves nothing, since it is not declared to have" in notes


def test_a_denial_of_an_own_strike_moves_nothing(profile: SourceProfile) -> None:
    """Declared or not."""
    rows = [said("a", "12"), said("b", "denied", affiliation="own_strike", source_type="government")]
    base = estimate(rows, profile=profile)
    found = estimate(rows, profile=profile, coverage=[B])
    pd.testing.assert_frame_equal(found.ranges(), base.ranges())
    assert "b denied its own strike; a denial is no figure and moves nothing, declared or not" in "\n".join(found.notes)


def test_the_unreported_are_a_scenario_of_their_own(idlib: Estimates, profile: SourceProfile) -> None:
    """One row for each scope, by all who watched all of it; large events hardly stay unreported, and totals hold none."""
    rows = [said("a", "12")]
    coverage = [A, {"source": "b", "place": "Idlib"}, {"source": "c", "place": "Idlib", "from": "2020"}]
    found = estimate(rows, profile=profile, coverage=coverage)
    table = found.coverage.unreported()
    assert table["watchers"].tolist() == ["a", "a, b", "a, b, c"]
    assert (table["unreported_1"] > table["unreported_100"]).all()
    assert table["unreported_10"].is_monotonic_decreasing
    assert found.total()["events"].unique().tolist() == [1]
    assert "A scenario, not an estimate" in "\n".join(found.notes)
    assert idlib.coverage.unreported()["high_80"].iloc[0] < 30


def test_an_event_of_which_nobody_gives_a_figure_is_said_to_be_a_scenario(profile: SourceProfile) -> None:
    """The prior and silence are all there is, and silence makes it smaller."""
    rows = [said("a", "no comment", "2020-06-01"), said("b", "did not confirm", "2020-06-01")]
    base, found = estimate(rows, profile=profile), estimate(rows, profile=profile, coverage=[A, B])
    assert found.ranges().iloc[0]["high_95"] < base.ranges().iloc[0]["high_95"]
    assert any("no figure: a scenario" in note for note in found.notes)


def test_what_a_reader_must_know_of_a_table_of_coverage_is_noted(profile: SourceProfile) -> None:
    """Names that never speak, with what was probably meant; events that no declaration can be told to hold for."""
    rows = [said("White Helmets", "12", event_date=None), said("b", "12", event="two")]
    coverage = [{"source": "White Helmet", "from": "2020", "place": "Idlib"}]
    notes = "\n".join(estimate(rows, profile=profile, coverage=coverage).notes)
    assert "White Helmet is declared to watch and has no row in this table" in notes
    assert "is 'White Helmets' meant?" in notes
    assert "one: without a date (event_date) no declaration of certain times holds for them" in notes
    assert "one, two: without a place no declaration of certain places holds for them" in notes


def test_the_document_and_provenance_tell_of_coverage(idlib: Estimates) -> None:
    """Who watched, how readily each is taken to report, and what all of it does."""
    text = render_html(idlib)
    assert "Who watched is declared" in text
    assert "White Helmets 20% and 60% (prior)" in text
    assert "its silence moves the 80% range" in text
    assert idlib.provenance["coverage_hash"] == read_coverage(
        [{"source": "White Helmets"}, {"source": "State media"}]
    ).data_hash  # fmt: skip
    assert "coverage" not in estimate(load_example()).provenance


# Figures of a period --------------------------------------------------------------------------------------------------


def test_figures_of_a_period_stand_beside_the_sum_and_bear_on_nothing(profile: SourceProfile) -> None:
    """The events of that outcome, time and place; the probability is the share of joint draws that reach the figure."""
    period = {"source": "z", "figure": "at least 30", "outcome": "killed", "scope": "period", "event": "January"}
    period |= {"period_start": "2020-01-01", "period_end": "2020-01-31", "place": "Idlib"}
    rows = [
        said("a", "12", place="Idlib"),
        said("a", "20", place="Idlib", event="two"),
        said("a", "500", place="Homs", event="three"),
        said("a", "500", place="Idlib", event="four", event_date="2020-02-01", reported_at="2020-02-01"),
    ]
    found = estimate([*rows, period], profile=profile)
    pd.testing.assert_frame_equal(found.ranges(), estimate(rows, profile=profile).ranges())

    (row,) = found.periods().to_dict("records")
    sums = found.joint_draws(["one", "two"]).sum(axis=1)
    assert (row["events"], row["figure"]) == (2, 30)
    assert row["probability"] == pytest.approx((sums >= 30).mean())
    assert row["low_80"] <= row["median"] <= row["high_80"]
    assert f"P(sum >= 30) = {100 * row['probability']:.0f}%" in row["sentence"]
    assert row["sentence"] in found.notes
    assert "The 2 events of this table from 2020-01-01 to 2020-01-31 sum to" in render_html(found)


def test_a_period_without_events_says_so(profile: SourceProfile) -> None:
    """And has no probability."""
    period = {"source": "z", "figure": "30", "scope": "period", "event": "then"}
    period |= {"period_start": "2019-01-01", "period_end": "2019-12-31"}
    (row,) = estimate([said("a", "12"), period], profile=profile).periods().to_dict("records")
    assert row["events"] == 0
    assert math.isnan(row["probability"])
    assert "no event of this table" in row["sentence"]


def test_a_learned_source_is_told_from_one_of_the_prior(profile: SourceProfile) -> None:
    """A profile knows how readily a source reports by its facts."""
    found = SourceProfile("p", 0, profile.parameters, facts={"attention": '{"a": [-1.0, 0.5, 0.2, 0.1, -0.3]}'})
    assert found.attention("a") == Attention(-1.0, 0.5, 0.2, 0.1, -0.3)
    assert found.attention("b") == Attention()
