"""Simulated tables: reproducible, readable, as asked for, and refused where they cannot be made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers.simulations import EVERYTHING, MIXED, known, words_said

from estimates import EstimatesError, Reports, read_reports, simulate
from estimates.evaluation.worlds import WORLDS
from estimates.inference.cases import gather
from estimates.models.growth import BINS, age_bin
from estimates.profile.profile import published_profile
from estimates.table.between.notes import between_notes


def test_the_same_seed_gives_the_same_tables() -> None:
    """All of a simulation follows from its seed, and another seed gives another."""
    first, again, other = (simulate(20, seed=seed, anchors=0.5, named_lists=0.5) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first.table, again.table)
    pd.testing.assert_frame_equal(first.truth, again.truth)
    assert first.parameters == again.parameters
    assert first.effects == again.effects
    assert not first.table.equals(other.table)
    assert first.parameters != other.parameters


def test_times_and_tolls_do_not_depend_on_words_and_worlds() -> None:
    """Worlds of one seed are about the same events, so that they can be compared pair by pair."""
    plain = simulate(30, seed=5)
    for other in (simulate(30, seed=5, wordings={"at_least": 1}), simulate(30, seed=5, world="copying")):
        counts = ["accounts", *(column for column in plain.truth if column.startswith("by_day"))]
        pd.testing.assert_frame_equal(plain.truth[counts], other.truth[counts])
        pd.testing.assert_series_equal(plain.table["reported_at"], other.table["reported_at"])


@pytest.mark.parametrize("world", WORLDS)
def test_tables_are_read_without_a_fault_or_a_note(world: str) -> None:
    """Every world's table is what `read_reports` expects, with the ages that were meant and no truth in it."""
    simulation = simulate(60, seed=2, world=world, wordings=MIXED, event_type=("airstrike", "flood"))
    reports = simulation.reports
    assert isinstance(reports, Reports)
    assert list(reports.notes) == between_notes(reports.table)  # errors make rows odd, and nothing else is
    assert reports.table["verified"].isna().all()
    assert len(read_reports(reports.table)) == len(simulation.table)
    table = words_said(simulation)
    assert (table["bin"] == [age_bin(age) for age in table["age_high"]]).all()
    assert not table.duplicated(["event", "reported_at"]).any()
    assert not table.duplicated(["event", "source", "bin"]).any()
    assert simulation.truth["event"].tolist() == list(dict.fromkeys(table["event"]))


def test_figures_are_read_as_they_were_meant() -> None:
    """Each report becomes one statement in its own place of time: none is merged, dropped or tied."""
    simulation = simulate(80, seed=6, wordings=MIXED, wording_of="report")
    cases = gather(simulation.reports.estimated_reports, simulation.drawn_from.bin_shares, None).cases
    statements = [observations.statements for case in cases for _, observations in case.alternatives]
    assert len(statements) == 80
    assert sum(map(len, statements)) == len(simulation.table)
    assert all(len({statement.place for statement in event}) == len(event) for event in statements)


def test_reports_and_times_come_in_the_shares_asked_for() -> None:
    """The mean number of reports and the shares of their ages are those asked for."""
    simulation = simulate(600, 6, seed=1, reports_per_event=2.5, times=(0.5, 0.0, 0.3, 0.0, 0.0, 0.2))
    assert len(simulation.table) / 600 == pytest.approx(2.5, abs=4 * np.sqrt(1.5 / 600))
    shares = words_said(simulation)["bin"].value_counts(normalize=True).reindex(range(BINS), fill_value=0.0)
    # A source speaks once in a bin, which takes little from the largest share.
    assert shares.to_numpy() == pytest.approx([0.5, 0, 0.3, 0, 0, 0.2], abs=0.06)


def test_anchors_hold_the_truth_and_others_do_not() -> None:
    """About the share of events asked for has its documented toll in the table."""
    simulation = simulate(200, seed=1, anchors=0.25)
    verified = simulation.reports.table.groupby("event")["verified"].first().dropna()
    truth = simulation.truth.set_index("event")["documented"]
    assert 0 < len(verified) < 100
    assert (truth[verified.index] == verified.astype(int)).all()
    assert simulate(20, seed=1, anchors=1.0).reports.table["verified"].notna().all()


def test_lists_of_names_are_floors() -> None:
    """A verified list of names stands below every toll from its time on, whether its length is settled or not."""
    for again in ("never", "event"):
        simulation = simulate(300, seed=1, named_lists=1.0, again=again)  # type: ignore[arg-type]
        names = simulation.reports.table.query("wording == 'named'").set_index("event")["low"].astype(int)
        truth = simulation.truth.set_index("event").loc[names.index]
        assert len(names) > 100
        assert names.max() > 5
        for layer in ("by_now", "documented", "total", "accounts"):
            assert (names <= truth[layer]).all()


def test_nobody_is_hit_who_was_not_at_risk() -> None:
    """The number of people at risk stands above every toll, whether it is settled beforehand or not."""
    for again in ("never", "event"):
        simulation = simulate(300, seed=1, at_risk=1.0, again=again, event_type="flood")  # type: ignore[arg-type]
        limit = simulation.reports.table.groupby("event")["at_risk"].first()[simulation.truth["event"]].to_numpy()
        for layer in ("by_now", "documented", "total", "accounts"):
            assert (simulation.truth[layer] <= limit).all()
        assert (simulation.truth["total"] > 0.8 * limit).any()


@pytest.mark.extended
def test_everything_that_is_told_is_read_without_a_note() -> None:
    """A table with all that can be told beside figures of everybody is read as it was meant, case by case."""
    simulation = simulate(
        300, 5, seed=3, again="event", wordings=MIXED, event_type=("airstrike", "flood"), **EVERYTHING
    )
    assert list(simulation.reports.notes) == between_notes(simulation.reports.table)
    cases = gather(simulation.reports.estimated_reports, simulation.drawn_from.bin_shares, None)
    assert cases.notes == ()
    heard = [observations for case in cases.cases for _, observations in case.alternatives]
    assert any(each.falling for each in heard)
    assert any(len(part.others) for each in heard for part in each.parts)
    assert any(part.is_certain for each in heard for part in each.parts)
    assert any(statement.withdrawn for each in heard for statement in each.statements)
    assert any(len(case.alternatives) > 1 for case in cases.cases)
    for flag in ("floor", "at_risk", "independent", "distance"):
        assert {bool(getattr(each, flag)) for each in heard} == {True, False}
    assert {case.chosen for case in cases.cases} == {True, False}
    assert (np.sum([each.numbers_given for each in heard], axis=0) > 0).all()


@pytest.mark.extended
def test_figures_fall_where_it_was_settled_and_nowhere_else() -> None:
    """Where events are drawn again a source lowers its figure in the events that were flagged, and in no other one."""
    options: dict[str, object] = {"again": "event", "reports_per_event": 4.0, "event_type": "flood"}
    for share in (0.0, 1.0):
        simulation = simulate(150, 3, seed=2, falling=share, **options)  # type: ignore[arg-type]
        cases = gather(simulation.reports.estimated_reports, simulation.drawn_from.bin_shares, None).cases
        falls = [bool(observations.falling) for case in cases for _, observations in case.alternatives]
        twice = simulation.table.groupby("event")["source"].apply(lambda names: names.duplicated().any())
        assert sum(falls) == share * twice.sum()


def test_tables_are_drawn_again_with_their_parameters() -> None:
    """A table that is drawn again as a whole comes from another draw of the profile; events by themselves do not."""
    options: dict[str, object] = {"named_lists": 0.5, "seed": 3}
    alone, whole = (simulate(6, again=again, **options) for again in ("event", "table"))  # type: ignore[arg-type]
    assert alone.draw == simulate(6, **options).draw  # type: ignore[arg-type]
    assert whole.draw != alone.draw


def test_watchers_speak_the_likelier_the_larger_the_toll() -> None:
    """As often as their law says of the counts of the accounts; events of nobody stand in the table with a word of it."""
    found = simulate(1_500, 3, seed=4, watchers=2, reports_per_event=1.5, copies_removed=1.0)
    known, counts = found.known_profile(), found.truth["accounts"].to_numpy()
    table = found.reports.table
    figures = table[table["wording"] != "no_comment"]
    for source in ("source 1", "source 2"):
        spoke = found.truth["event"].isin(figures.loc[figures["source"] == source, "event"]).to_numpy()
        attention = known.attention(source)
        expected = 1 / (1 + np.exp(-attention.intercept - attention.slope * np.log1p(counts)))
        noise = np.sqrt((expected * (1 - expected)).sum())
        assert abs((spoke - expected).sum()) < 4 * noise

    reported = found.truth["event"].isin(figures["event"]).to_numpy()
    np.testing.assert_array_equal(found.truth["reported"].to_numpy(), reported)
    assert set(table["event"]) == set(found.truth["event"])
    assert found.coverage is not None
    assert found.coverage["source"].tolist() == ["source 1", "source 2"]
    assert simulate(5, 2, seed=4).coverage is None


def test_an_inquiry_finds_more_or_less_than_the_accounts_hold() -> None:
    """Adjudicated tolls are what the accounts hold where accounts are right, and lie around it where they are wrong."""
    right, wrong = (simulate(300, seed=4, profile=known({"shared_error": share})).truth for share in (0.0, 1.0))
    assert (right["documented"] == right["accounts"]).all()
    pd.testing.assert_series_equal(right["accounts"], wrong["accounts"])
    large = wrong[wrong["accounts"] > 10]
    assert (large["documented"] != large["accounts"]).mean() > 0.3
    assert ((wrong["documented"] == 0) == (wrong["accounts"] == 0)).all()
    assert (wrong["total"] >= wrong["documented"]).all()


def test_known_parameters_are_those_drawn_from() -> None:
    """What is told of the parameters is one draw of the profile, and a profile of it counts sources as they counted."""
    profile = published_profile(7)
    simulation = simulate(5, 3, seed=1, profile=profile, draw=12)
    assert simulation.parameters["kappa"] == profile.kappa[12]
    truth = simulation.known_profile(4)
    assert truth.draws == 4
    for row in simulation.sources.itertuples():
        law = truth.reporting(row.source, row.source_type, row.affiliation)
        drawn = profile.reporting(row.source, row.source_type, row.affiliation)
        for name in ("bias", "exactness", "scale", "copying", "none_stated", "none_fall"):
            assert np.ptp(getattr(law, name)) == 0
            assert getattr(law, name)[0] == pytest.approx(getattr(drawn, name)[12])
            assert getattr(law, name)[0] == pytest.approx(getattr(row, name))


# What cannot be simulated


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"events": 0}, "events 0: write a whole number of 1 or more"),
        ({"sources": 2.5}, "sources 2.5"),
        ({"seed": -1}, "seed -1"),
        ({"world": "moon"}, "world 'moon' is not known; write one of model, copying"),
        ({"outcome": "strikes"}, "outcome 'strikes' is not known"),
        ({"event_type": "picnic"}, "event_type 'picnic' is not known"),
        ({"event_type": ()}, "event_type is empty"),
        ({"draw": 1_000}, "draw 1000: the profile has 1,000 draws; the last is 999"),
        ({"reports_per_event": 0.5}, "reports_per_event 0.5: write a number from 1 to 24"),
        ({"reports_per_event": float("nan")}, "reports_per_event nan"),
        ({"wordings": {"mumbled": 1}}, "wording 'mumbled' is not known"),
        ({"wordings": {"exactly": 0}}, "wordings: write shares of zero or more"),
        ({"wordings": {}}, "wordings: write shares"),
        ({"wording_of": "day"}, "wording_of 'day' is not known"),
        ({"times": (1, 2)}, "times has 2 shares; write 6"),
        ({"times": (1, 0, 0, 0, 0, -1)}, "times: write shares"),
        ({"anchors": 1.5}, "anchors 1.5: write a share"),
        ({"named_lists": -0.1}, "named_lists -0.1: write a share"),
        ({"at_risk": 2}, "at_risk 2: write a share"),
        ({"again": "sometimes"}, "again 'sometimes' is not known"),
        ({"falling": 0.1}, 'write again="event" as well'),
        ({"source_types": ()}, "source_types is empty"),
        ({"watchers": 9}, "watchers 9: write a number up to that of the sources, 4"),
        ({"source_types": ("a friend",)}, "source_type 'a friend' is not known"),
        ({"world": "sparse", "remedy": True}, "only copying, shared_hospital, inflating have one"),
    ],
)
def test_arguments_that_cannot_be_used_are_refused_with_the_mend(arguments: dict[str, object], message: str) -> None:
    """What cannot be simulated is refused, with what to write instead."""
    with pytest.raises(EstimatesError) as caught:
        simulate(**arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)
