"""What a fit learns from a table: how sources and events are numbered, and what the table cannot teach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from estimates import read_reports
from estimates.errors import ReportsError
from estimates.fitting import training as trainings
from estimates.fitting.training import TrainingData, size_law, training_data
from estimates.profile.effects import GrowthLaw, SourceKey


def report(event: str, source: str, figure: object, **more: object) -> dict[str, object]:
    return {"event": event, "source": source, "figure": figure, "event_type": "airstrike", **more}


def training(*rows: dict[str, object], **options: Any) -> TrainingData:
    return training_data(read_reports(list(rows)), **options)


def said(found: TrainingData) -> str:
    return "\n".join(found.notes)


def test_sources_are_numbered_by_name_type_and_whose_losses() -> None:
    """A source that speaks of its own and of the enemy's losses is two numbers and one source."""
    found = training(
        report("one", "army", 5, source_type="government", affiliation="own"),
        report("two", "army", 50, source_type="government", affiliation="enemy"),
        report("two", "wire", 30, source_type="international_media"),
    )
    assert found.sources == (
        SourceKey("army", "government", "enemy"),
        SourceKey("army", "government", "own"),
        SourceKey("wire", "international_media", "neutral"),
    )
    assert (found.learned["army"].events, found.learned["army"].reports) == (2, 2)
    assert found.names == {"one", "two"}
    assert len(set(found.marks.values())) == 2
    numbers = {event.sources for event in found.events}
    assert numbers == {(1,), (0, 2)}


def test_a_source_is_pooled_with_the_type_it_is_most_often_given() -> None:
    """One type for each source in all events; "unknown" only where nothing else is given."""
    found = training(
        report("one", "a", 5, source_type="rescue"),
        report("two", "a", 6),
        report("three", "a", 6),
        report("three", "b", 6),
    )
    assert {key.source: key.source_type for key in found.sources} == {"a": "rescue", "b": "unknown"}


def test_events_have_the_laws_of_their_kind_and_their_verified_toll() -> None:
    """Sizes by outcome and class, documentation by type of event, and the toll's ends, -1 where it has no highest."""
    found = training(
        report("one", "a", 5, verified=7),
        report("two", "a", 6, event_type="flood", verified="51-103"),
        report("three", "a", 6, event_type="flood", verified="at least 90"),
        report("four", "a", 6, event_type="shelling"),
    )
    assert found.size_laws == ("size.killed.attack", "size.killed.disaster")
    assert found.growth_laws == (
        GrowthLaw("airstrike", "ordinary", False),
        GrowthLaw("flood", "disasters", False),
        GrowthLaw("shelling", "ordinary", False),
    )
    seen = {
        (found.size_laws[e.size_law], found.growth_laws[law].event_type, e.toll)
        for e in found.events
        for law, _ in e.growth
    }
    assert seen == {
        ("size.killed.attack", "airstrike", (7, 7)),
        ("size.killed.disaster", "flood", (51, 103)),
        ("size.killed.disaster", "flood", (90, -1)),
        ("size.killed.attack", "shelling", None),
    }
    assert size_law("missing", "flood") == "size.missing.any"
    assert all(event.selected_from == 0 for event in found.events)


def test_events_chosen_for_their_size_count_from_the_smallest_toll_of_their_law() -> None:
    """Only anchors are taken to be chosen, each from the smallest verified toll under its law."""
    found = training(
        report("one", "a", 5, verified=40),
        report("two", "a", 6, verified=25),
        report("three", "a", 6),
        report("four", "a", 6, event_type="flood", verified=900),
        chosen_for_size=True,
    )
    assert sorted((event.toll or (0, 0))[0] for event in found.events) == [0, 25, 40, 900]
    assert {event.toll: event.selected_from for event in found.events} == {
        (40, 40): 25,
        (25, 25): 25,
        None: 0,
        (900, 900): 900,
    }


def test_very_many_sources_share_a_stand_in_of_their_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ones heard most are learned one by one, all others as one of each type; the notes say so."""
    monkeypatch.setattr(trainings, "MOST_SOURCES", 2)
    rows = [report(f"event {i}", f"source {i}", 5 + i, source_type=("rescue", "un")[i % 2]) for i in range(6)]
    rows += [report("event 0", "source 5", 3, source_type="un"), report("event 1", "source 4", 3, source_type="rescue")]
    found = training(*rows)
    assert sorted(found.learned) == ["source 4", "source 5"]
    assert {key.source for key in found.sources} == {"source 4", "source 5", "any other rescue", "any other un"}
    assert "6 sources: the 2 heard most are learned one by one" in said(found)


def test_a_rich_table_has_no_limits() -> None:
    """Nothing is noted where sources disagree about several events and some tolls are verified."""
    found = training(
        report("one", "a", 5, verified=7),
        report("one", "b", 8),
        report("two", "a", 12),
        report("two", "b", 15),
    )
    limits = [note for note in found.notes if "prior" in note or "learned" in note or "verified" in note]
    assert limits == []


LIMITS: list[tuple[str, Sequence[dict[str, object]], str]] = [
    ("no anchor", [report("one", "a", 5), report("one", "b", 6), report("two", "a", 7)], "no toll is verified"),
    ("one source", [report("one", "a", 5), report("two", "a", 6)], "there is one source only"),
    ("no overlap", [report("one", "a", 5), report("two", "b", 6)], "no event is reported by two sources"),
    ("one event", [report("one", "a", 5), report("one", "b", 6)], "there is one event only"),
    (
        "all equal",
        [report(event, source, 9) for event in ("one", "two") for source in ("a", "b")],
        "exactness and copying explain this equally well",
    ),
    (
        "floor above the toll",
        [
            report("one", "a", 5, verified=7),
            {"event": "one", "source": "list", "wording": "named", "low": 30, "event_type": "airstrike", "verified": 7},
        ],
        "the verified toll 7 lies below the 30 known by name",
    ),
    (
        "far above the toll",
        [report("one", "a", 500, verified=7), report("one", "b", 450, verified=7)],
        "every figure is more than five times the verified toll 7",
    ),
]


@pytest.mark.parametrize(("rows", "limit"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS])
def test_what_a_table_cannot_teach_is_said(rows: Sequence[dict[str, object]], limit: str) -> None:
    """Each poor table has a note that says in plain words what stays prior or which figures cannot both be right."""
    assert limit in said(training(*rows))


def test_two_verified_tolls_of_one_event_are_a_fault_of_the_table() -> None:
    """Anchors that contradict each other are refused before anything is learned."""
    with pytest.raises(ReportsError, match="verified"):
        training(report("one", "a", 5, verified=7), report("one", "b", 6, verified=9))


def test_events_without_a_figure_teach_nothing() -> None:
    """An event of which nothing is said but "no comment" is left out."""
    found = training(report("one", "a", 5), report("one", "b", 6), report("two", "a", "no comment"))
    assert found.names == {"one"}
