"""The range after each new report: that of an estimate as of then, in the order of time, in one table."""

from __future__ import annotations

import pandas as pd
import pytest

from estimates import EstimatesError, SourceProfile, estimate
from estimates.document.document import render_html
from estimates.inference.timeline import arrivals
from estimates.profile.profile import published_profile
from estimates.table.dates import parse_time
from estimates.table.reports import read_reports
from estimates.vocabulary import LAYERS

NAMES = ("median", "low_80", "high_80", "low_95", "high_95")


@pytest.fixture(scope="module")
def profile() -> SourceProfile:
    return published_profile(0, draws=120)


def said(source: str, figure: str, when: str | None, event: str = "one", **more: object) -> dict[str, object]:
    row = {"event": event, "event_date": "2020-01-15", "event_type": "airstrike", "outcome": "killed"}
    return {**row, "source": source, "source_type": "monitor", "figure": figure, "reported_at": when, **more}


ROWS = [
    said("c", "40", "2020-01-20"),
    said("a", "12", "2020-01-15"),
    said("b", "at least 18", "2020-01-15"),
    said("b", "no comment", "2020-01-16"),
    said("d", "about 25", "2020-01-17"),
    said("e", "five children", "2020-01-17", subset=True),
]


OTHERS = [
    said("a", "900", "2020-01-16", event="two"),
    said("b", "at least 5", "2020-01-18", event="two"),
    said("a", "70", "2020-01-16", outcome="injured"),
]


@pytest.mark.parametrize("draws", [120, 600])
@pytest.mark.parametrize("others", [[], OTHERS], ids=["alone", "among others"])
def test_each_row_is_the_estimate_as_of_then(others: list[dict[str, object]], draws: int) -> None:
    """Every row is what `estimate` says with `as_of`, on all three layers, whatever other events the table holds."""
    profile, rows_of_all = published_profile(0, draws=draws), pd.DataFrame([*ROWS, *others])
    estimates = estimate(rows_of_all, profile=profile)
    history = estimates.history(events=["one"])
    assert history["source"].tolist() == ["a", "b", "d", "e", "c"]
    assert history["words"].tolist() == ["12", "at least 18", "about 25", "five children", "40"]
    assert history["time"].tolist() == history["as_of"].tolist()
    for when in ("2020-01-15", "2020-01-17", "2020-01-20"):
        then = estimate(rows_of_all, profile=profile, as_of=when).ranges((80, 95), LAYERS)
        ranges = then.query("event == 'one' and outcome == 'killed'").set_index("layer")
        rows = history[history["as_of"] == when]
        for layer in LAYERS:
            for name in NAMES:
                assert set(rows[f"{layer}_{name}"]) == {ranges.loc[layer, name]}
    assert history["documented_median"].iloc[-1] > history["documented_median"].iloc[0]


def test_reports_of_unknown_time_come_last_with_the_range_of_today(profile: SourceProfile) -> None:
    """An undated report bears on no earlier range; the last row holds what all reports together say."""
    estimates = estimate(pd.DataFrame([*ROWS, said("f", "200", None)]), profile=profile)
    history = estimates.history()
    without = estimate(pd.DataFrame(ROWS), profile=profile).history()
    assert history["source"].tolist() == [*without["source"], "f"]
    assert pd.isna(history["time"].iloc[-1])
    assert pd.isna(history["as_of"].iloc[-1])
    today = estimates.ranges((80, 95), LAYERS).set_index("layer")
    for layer in LAYERS:
        assert [history[f"{layer}_{name}"].iloc[-1] for name in NAMES] == [today.loc[layer, n] for n in NAMES]
    # The dated rows hear nothing of the 200 that somebody said at some time.
    pd.testing.assert_frame_equal(history.iloc[:-1], without, check_exact=True, check_dtype=False)


def test_an_estimate_as_of_a_time_has_no_later_history(profile: SourceProfile) -> None:
    """Reports left out of the estimate are left out of its history."""
    history = estimate(pd.DataFrame(ROWS), profile=profile, as_of="2020-01-17").history()
    assert history["as_of"].max() == "2020-01-17"


def test_events_and_outcomes_are_chosen(profile: SourceProfile) -> None:
    """Only what was asked for is listed."""
    rows = [*ROWS, said("a", "3", "2020-01-16", event="two"), said("a", "4", "2020-01-16", outcome="injured")]
    estimates = estimate(pd.DataFrame(rows), profile=profile)
    assert set(estimates.history()["event"]) == {"one", "two"}
    assert estimates.history(events=["two"])["words"].tolist() == ["3"]
    assert estimates.history(outcome="injured")["words"].tolist() == ["4"]
    assert estimates.history(outcome="displaced").empty
    assert list(estimates.history(outcome="displaced")) == list(estimates.history(events=["two"]))
    with pytest.raises(EstimatesError, match="outcome 'dead' is not known"):
        estimates.history(outcome="dead")


def test_a_quoted_source_keeps_its_type_of_other_outcomes(profile: SourceProfile) -> None:
    """Whom a quote goes back to has the type it is given anywhere in its event, as in the estimate itself."""
    quote = said("paper", "30", "2020-01-16", quotes="ministry", source_type="local_media")
    typed = {"source": "ministry", "outcome": "injured", "source_type": "health"}
    # Where that figure has no date it is not heard then, but whose it is is known.
    for when in (None, "2020-01-16"):
        elsewhere = said(figure="no comment", when=when, **typed)
        estimates = estimate(pd.DataFrame([quote, elsewhere]), profile=profile)
        row = estimates.history(outcome="killed").iloc[0]
        today = estimates.ranges((80, 95), LAYERS).query("outcome == 'killed'").set_index("layer")
        assert [row[f"documented_{name}"] for name in NAMES] == [today.loc["documented", name] for name in NAMES]


def test_a_report_is_new_where_an_estimate_would_first_count_it() -> None:
    """Coarse times: a report of some time in January counts at the first moment that may follow it, once."""
    times = {"a": "2020-01-15T09:00", "b": "2020-01", "c": "2020-01-15", "d": None}
    reports = read_reports([said(source, "5", when, event_date=None) for source, when in times.items()]).reports
    found = [(arrival.as_of, {report.source for report in arrival.reports}) for arrival in arrivals(reports)]
    assert found == [("2020-01-15T09:00", {"a", "b", "c"}), (None, {"d"})]
    early = arrivals(reports, parse_time("2020-01-14"))
    assert [{report.source for report in arrival.reports} for arrival in early] == [{"b"}, {"d"}]


@pytest.mark.extended
def test_a_report_dated_before_its_event_counts_from_the_event_on(profile: SourceProfile) -> None:
    """A slip of a day, or an offset from UTC, takes no report out of the history, and the page can be written."""
    rows = [said("a", "12", "2020-01-14"), said("b", "18", "2020-01-15"), said("c", "40", "2020-01-20")]
    estimates = estimate(pd.DataFrame(rows), profile=profile)
    history = estimates.history()
    assert history["source"].tolist() == ["a", "b", "c"]
    assert history["time"].tolist() == ["2020-01-14", "2020-01-15", "2020-01-20"]
    assert history["as_of"].tolist() == ["2020-01-15", "2020-01-15", "2020-01-20"]
    assert "plot history" in render_html(estimates)


# The page ------------------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_the_page_shows_a_history_where_reports_came_in_over_time(profile: SourceProfile) -> None:
    """Three dated figures at two times earn a picture with a text alternative; figures of one day do not."""
    page = render_html(estimate(pd.DataFrame([*ROWS, said("<i>", "44", None)]), profile=profile))
    (picture,) = [part.split("</figure>")[0] for part in page.split("<figure") if "plot history" in part]
    for words in ("2020-01-15: documented in the end: median", "2020-01-20", "e, 2020-01-17: 5 (part of them)"):
        assert words in picture
    assert "&lt;i&gt;" not in picture  # undated: no place on the scale
    same_day = [dict(row, reported_at="2020-01-15") for row in ROWS]
    assert "plot history" not in render_html(estimate(pd.DataFrame(same_day), profile=profile))
    assert "plot history" not in render_html(estimate(pd.DataFrame(ROWS[:2]), profile=profile))
    assert "plot history" not in render_html(estimate(pd.DataFrame(ROWS), profile=profile, as_of="2020-01-15"))
