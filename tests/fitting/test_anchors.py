"""Anchors learned from beside a table: which there are, what they are taken for, and which of two tables counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.fits import FEW, FakeSampler, quick, report

from estimates import estimate, fit, load_example, load_profile, read_reports
from estimates.cli.application import main
from estimates.errors import FitError, ReportsError
from estimates.fitting.anchors import anchors_beside, shipped_anchors, shipped_marks
from estimates.fitting.training import TrainingData, training_data
from estimates.profile.effects import Effect
from estimates.table.marks import event_marks
from estimates.table.reports import Reports

#: A table of the user's: two sources that the anchors know, one of them under another type, and a toll.
MINE = [
    report("Idlib", "BBC", 18, source_type="unknown"),
    report("Idlib", "monitor", 21, source_type="monitor"),
    report("Aleppo", "monitor", 7, source_type="monitor", verified=9),
]
#: Anchors of the user's own.
OTHERS = [
    report("old one", "monitor", 40, verified=40),
    report("old one", "wire", 90, verified=40),
    report("older", "wire", 400, verified=300),
    report("Aleppo", "wire", 900, verified=10),
]


def mine(*more: dict[str, object]) -> Reports:
    return read_reports([*MINE, *more])


def joint(table: Reports, anchors: Any = "default", **options: Any) -> TrainingData:
    return training_data(table, anchors=anchors_beside(table, anchors).reports, **options)


def selected(training: TrainingData) -> dict[str, int]:
    return {name: event.selected_from for name, event in zip(training.called, training.events, strict=True)}


# Those that are shipped -----------------------------------------------------------------------------------------------


def test_the_shipped_anchors_are_settled_tolls_of_whole_events() -> None:
    """35 events of the two tables with a verified toll of the killed, none a part of another, none wider than threefold."""
    reports = shipped_anchors()
    table = reports.table
    assert table["event"].nunique() == 35
    assert set(table["outcome"]) == {"killed"}
    assert table["verified_low"].notna().all()
    assert not {"Norway attacks 2011", "Paris attacks 2015", "Haiti earthquake 2010"} & set(table["event"])
    assert {"Bataclan shooting 2015", "Steamer Washoe 1864", "Derna floods 2023"} <= set(table["event"])

    shipped = pd.concat([load_example(f"anchors/{name}").table for name in ("modern", "historical")])
    written = shipped[shipped["event"].isin(table["event"]) & (shipped["outcome"] == "killed")]
    columns = ["event", "source", "words", "reported_at", "verified"]
    assert table[columns].to_numpy().tolist() == written[columns].to_numpy().tolist()
    assert set(shipped_marks()) == set(table["event"])


# What they are taken for ----------------------------------------------------------------------------------------------


def test_anchors_and_the_table_are_numbered_together() -> None:
    """Cases, sources and laws are those of one table of both; a source of both is one, with the type most often given."""
    table, anchors = mine(), shipped_anchors()
    found = joint(table)
    columns = [column for column in anchors.table.columns if column in table.table.columns]
    whole = training_data(read_reports(pd.concat([anchors.table[columns], table.table[columns]], ignore_index=True)))
    assert (found.called, found.sources, found.size_laws) == (whole.called, whole.sources, whole.size_laws)
    assert (found.learned, found.marks) == (whole.learned, whole.marks)
    assert tuple(replace(event, selected_from=0) for event in found.events) == whole.events

    (bbc,) = {key for key in found.sources if key.source == "BBC"}
    assert bbc.source_type == "international_media"
    assert found.learned["BBC"].events > 1
    assert found.anchors == set(anchors.table["event"])
    assert found.names == found.anchors | {"Idlib", "Aleppo"}


def test_single_events_are_chosen_for_their_size_or_not() -> None:
    """Anchors count from their smallest toll, the table's own events in full; chosen, they count from their own smallest."""
    as_it_is, chosen = selected(joint(mine(), OTHERS)), selected(joint(mine(), OTHERS, chosen_for_size=True))
    assert as_it_is == {"Aleppo": 0, "Idlib": 0, "old one": 40, "older": 40}
    assert chosen == {"Aleppo": 9, "Idlib": 0, "old one": 40, "older": 40}
    assert min(size for event, size in selected(joint(mine())).items() if event not in ("Idlib", "Aleppo")) > 0


def test_without_anchors_nothing_is_joined() -> None:
    """None is what the table alone gives."""
    found = training_data(mine())
    assert found.anchors == frozenset()
    assert set(found.called) == {"Idlib", "Aleppo"}


def test_notes_speak_of_the_table_and_not_of_the_anchors() -> None:
    """Odd anchors are not the reader's concern; that no toll is verified is no longer said."""
    odd = [report("old one", "wire", 900, verified=7), report("old one", "paper", 800, quotes="agency", verified=7)]
    rows = [row for row in MINE if "verified" not in row]
    assert "no toll is verified" in "\n".join(training_data(read_reports(rows)).notes)
    assert joint(read_reports(rows), odd).notes == ()
    assert "more than five times the verified toll 7" in "\n".join(training_data(read_reports(odd)).notes)


# Which of two tables counts -------------------------------------------------------------------------------------------


def test_an_event_of_the_table_replaces_the_anchor_of_its_name() -> None:
    """The table's rows count, the anchor's do not, and the notes name it; its mark is not claimed to be known."""
    found = anchors_beside(mine(), OTHERS)
    assert found.left_out == ("Aleppo",)
    assert set(found.reports.table["event"]) == {"old one", "older"}
    assert found.facts["anchors"] == 2
    assert "left out, since the table has reports of its own about them: Aleppo" in "\n".join(found.notes)
    assert event_marks(read_reports(OTHERS).reports)["Aleppo"] not in found.marks

    training = training_data(mine(), anchors=found.reports)
    (event,) = (event for name, event in zip(training.called, training.events, strict=True) if name == "Aleppo")
    assert event.toll == (9, 9)


def test_anchors_that_are_the_table_itself_are_all_left_out() -> None:
    """A fit to the shipped anchors with the shipped anchors joins those alone that the table has not; ten are named."""
    found = anchors_beside(load_example("anchors/modern"), "default")
    assert found.facts["anchors"] == shipped_anchors().table["event"].nunique() - len(found.left_out)
    assert 0 < found.facts["anchors"] <= 11
    assert f"and {len(found.left_out) - 10} more" in found.notes[1]


# The fit --------------------------------------------------------------------------------------------------------------


@pytest.mark.extended
def test_a_fit_knows_the_events_of_both_tables(sampler: FakeSampler) -> None:
    """Facts and notes say how many anchors were joined; both tables' events are known, effects of both sources learned."""
    profile = quick(mine(), anchors=OTHERS)
    assert (profile.facts["anchors"], profile.facts["events"]) == (2, 4)
    assert profile.facts["anchors_hash"] == read_reports(OTHERS[:3]).data_hash
    assert profile.facts["data_hash"] == mine().data_hash
    assert "learned together with 2 anchors" in str(profile.facts["notes"])
    assert "anchors left out" in str(profile.facts["notes"])

    marks = event_marks(mine().reports) | event_marks(read_reports(OTHERS[:3]).reports)
    assert profile.learned_from == set(marks.values())
    assert set(profile.sources) == {"BBC", "monitor", "wire"}
    assert Effect("wire", "error") in profile.effects


@pytest.mark.extended
def test_a_fit_with_the_shipped_anchors_knows_them_as_they_are_shipped(sampler: FakeSampler) -> None:
    """An estimate of a shipped table finds every anchor known, with all outcomes that its table has."""
    profile = quick(mine(), anchors="default")
    assert profile.facts["anchors"] == 35
    shipped = event_marks(load_example("anchors/historical").reports)
    assert all(profile.knows(event, shipped[event]) for event in shipped if event in shipped_marks())
    assert profile.knows("Idlib", event_marks(mine().reports)["Idlib"])
    assert {"BBC", "AP", "monitor"} <= set(profile.sources)


@pytest.mark.extended
def test_a_fit_without_anchors_says_nothing_of_them(sampler: FakeSampler) -> None:
    """Neither facts nor notes mention anchors that were not asked for."""
    facts = quick(mine()).facts
    assert "anchors" not in facts
    assert "learned together" not in str(facts["notes"])


@pytest.mark.extended
def test_chains_of_a_fit_with_other_anchors_are_left_alone(sampler: FakeSampler, tmp_path: Path) -> None:
    """A checkpoint belongs to its anchors: with others, or with none, all chains are sampled again."""
    quick(mine(), anchors=OTHERS, checkpoint=tmp_path)
    assert quick(mine(), anchors=OTHERS[::-1], checkpoint=tmp_path).facts["resumed_chains"] == 4
    assert quick(mine(), anchors=OTHERS[:2], checkpoint=tmp_path).facts["resumed_chains"] == 0
    assert quick(mine(), checkpoint=tmp_path).facts["resumed_chains"] == 0


def test_anchors_alone_are_nothing_to_learn() -> None:
    """A table without a figure is refused, however much the anchors say; faults of the anchors are told as such."""
    with pytest.raises(FitError, match="nothing to learn"):
        fit([{"event": "one", "source": "a", "figure": "no comment"}], anchors="default")
    with pytest.raises(ReportsError, match="line 1"):
        fit(MINE, anchors=[{"event": "one", "source": "a", "figure": "many many"}])


@pytest.mark.extended
def test_anchors_inform_the_events_of_a_table() -> None:
    """What anchors say of a source moves it in the table's profile: one that doubled every toll is read down."""
    doubled = [
        report(f"old {toll}", source, number, source_type="monitor", verified=toll)
        for toll in (12, 25, 31, 44, 58, 73, 90, 120)
        for source, number in (("monitor", 2 * toll + 1), ("wire", toll))
    ]
    rows = [report("Idlib", "monitor", 41, source_type="monitor"), report("Homs", "wire", 12)]
    options: dict[str, Any] = {"method": "fast", "draws": 400}
    alone, together = fit(rows, **options), fit(rows, anchors=doubled, **options)
    assert alone.facts["events"] == 2
    biases = [profile.reporting("monitor", "monitor", "neutral").bias.mean() for profile in (alone, together)]
    assert biases[1] > biases[0] + 0.3

    new = [report("Hama", "monitor", 61, source_type="monitor")]
    medians = [estimate(new, profile=profile).ranges().iloc[0]["median"] for profile in (alone, together)]
    assert medians[1] < 0.8 * medians[0]


# The command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Run ``estimates fit`` from a folder with a table and one of anchors."""
    monkeypatch.chdir(tmp_path)
    FEW.table.to_csv("corpus.csv", index=False)
    pd.DataFrame(OTHERS).to_csv("anchors.csv", index=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["estimates", "fit", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert isinstance(ended.value.code, int)
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.mark.extended
@pytest.mark.parametrize(("anchors", "count"), [("default", 35), ("anchors.csv", 3)])
def test_the_command_joins_anchors(
    command: Callable[..., tuple[int, str, str]], sampler: FakeSampler, tmp_path: Path, anchors: str, count: int
) -> None:
    """By the name of those that are shipped or by a file; a note on standard error says how many."""
    status, _, err = command("corpus.csv", "-o", "profile.nc", "--anchors", anchors)
    assert status == 0
    assert f"note: learned together with {count} anchors" in err
    assert load_profile(tmp_path / "profile.nc").facts["anchors"] == count


def test_anchors_that_are_not_there_are_told(command: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    """A name that is none is taken for a file, which is named in the message; nothing is written."""
    status, out, err = command("corpus.csv", "-o", "profile.nc", "--anchors", "modern")
    assert (status, out) == (1, "")
    assert "modern" in err
    assert not (tmp_path / "profile.nc").exists()
