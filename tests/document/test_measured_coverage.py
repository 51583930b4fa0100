"""What a report says was measured of ranges like its own is what data/measured.csv holds, good or bad."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from estimates import load_example
from estimates.document import kept_figures as kept
from estimates.document.kept_figures import KeptFigure, kept_figures, verdict_of
from estimates.document.measured import MeasuredRow, classes_of, measured_coverage
from estimates.document.measures_shown import DECLARED_COVERAGE, FAMOUS, LISTS, MEASURED_TYPES, ORDINARY, TOTALS
from estimates.evaluation.classes import class_of
from estimates.profile.profile import published_profile
from estimates.results.estimates import Estimates, estimate
from estimates.vocabulary import EVENT_TYPES

ROOT = Path(__file__).parents[2]
GROUPS = [*(group for table in (FAMOUS, ORDINARY) for each in table.values() for group in each),
          LISTS, TOTALS, DECLARED_COVERAGE]  # fmt: skip
WANTED = [wanted for group in GROUPS for wanted in (group.headline, *group.rows)]


@cache
def rows_of_file() -> dict[tuple[str, str], dict[str, str]]:
    with (ROOT / "data" / "measured.csv").open(encoding="utf-8", newline="") as file:
        return {(row["measure"], row["what"]): row for row in csv.DictReader(file)}


@cache
def of_type(event_type: str, *more: str) -> Estimates:
    """One event with people killed; "missing", "injured" and "second" add a row each."""
    common = {"event": "a", "source": "s", "event_type": event_type, "event_date": "2020-01-01"}
    rows: list[dict[str, Any]] = [common | {"reported_at": "2020-01-01", "figure": "12"}]
    rows += [rows[0] | {"outcome": outcome} for outcome in more if outcome != "second"]
    rows += [rows[0] | {"event": "b"}] if "second" in more else []
    return estimate(rows)


def shown(estimates: Estimates) -> list[MeasuredRow]:
    return [row for group in measured_coverage(estimates).groups for row in group.rows]


def test_every_figure_wanted_is_kept() -> None:
    """Each row that a report shows, and each that it is read with, is in the file under that name today."""
    gone = []
    for wanted in WANTED:
        whats = {what for measure, what in rows_of_file() if measure == wanted.measure}
        gone += sorted({wanted.what, wanted.of, wanted.p} - {"", *whats})
        if wanted.rivals and not any(re.fullmatch(wanted.rivals, what) for what in whats):
            gone.append(wanted.rivals)
    assert gone == []


@pytest.mark.parametrize("event_type", ["airstrike", "earthquake", "unknown"])
def test_no_figure_that_is_not_in_the_file(event_type: str) -> None:
    """Each number of a row stands in a row of the file of that script and commit; counts are shares times events."""
    shares = {0.0, 1.0}
    for row in shown(of_type(event_type, "missing", "second")):
        own = [r for r in rows_of_file().values() if row.script == f"tests/measures/{r['script']}"]
        assert any(r["commit"] == row.commit for r in own)
        numbers = {float(n) for r in own for n in re.findall(r"[-+]?\d*\.?\d+", r["value"])} | shares

        held = re.match(r"(\d+) of (\d+)", row.measured)
        if held:
            count, events = map(int, held.groups())
            assert float(events) in numbers
            assert float(count) in numbers or any(abs(count / events - share) <= 0.005 for share in numbers)
        rest = row.measured[held.end() :] if held else row.measured
        assert {float(n) for n in re.findall(r"(?<![\w])[-+]?\d*\.?\d+", rest)} <= numbers


def test_violence_is_told_by_its_own_rows() -> None:
    """Ordinary attacks come first, then famous ones; disasters are not among them, and what was missed is told."""
    found = measured_coverage(of_type("shooting"))
    assert [group.name for group in found.groups] == ["Ordinary attacks and shootings", "Famous attacks"]
    ordinary, famous = found.groups

    share, events = (rows_of_file()["attacks", what]["value"] for what in (
        "coverage of the 90% range", "attacks of a single day"))  # fmt: skip
    held = round(float(share) * int(events))
    assert ordinary.sentence.startswith(f"Of the 90% ranges of {events} ordinary attacks, ")
    assert f", {held} held " in ordinary.sentence
    p = float(rows_of_file()["attacks", "p of that coverage"]["value"])
    assert ordinary.sentence.endswith(": fewer than promised.") == (p < 0.02)
    assert ordinary.rows[0].verdict == ("missed" if p < 0.02 else "met")

    row, events = rows_of_file()["rivals", "violence: held by the 80% range (p)"], "violence: events"
    n = int(rows_of_file()["rivals", events]["value"])
    held = round(float(row["value"].split()[0]) * n)
    assert famous.sentence == (
        f"Of the 80% ranges of {n} famous attacks, made from the figures of the first 48 hours, {held} held the toll "
        "that was established later."
    )


def test_disasters_are_told_by_their_own_rows() -> None:
    """Famous and historical disasters, and that no ordinary one was measured."""
    found = measured_coverage(of_type("earthquake"))
    assert [group.name.split(" (")[0] for group in found.groups] == ["Famous disasters", "Historical disasters"]
    row = rows_of_file()["historical", "middle of the adjudicated range inside the 80% range"]
    assert found.groups[1].rows[0].measured == f"{row['value']} of {rows_of_file()['historical', 'disasters']['value']}"
    assert any("No ordinary disaster" in note for note in found.notes)


def test_the_best_rule_is_told_where_it_is_better() -> None:
    """Beside the error stands that of the best of the rules, by the file's own differences, and it may be smaller."""
    row = next(
        row for row in shown(of_type("attack")) if "beside the best" in row.what and " by maximum" in row.measured
    )
    famous = next(r for r in shown(of_type("attack")) if r.what == "the same beside the best of the simple rules")
    rivals = {what: each["value"] for (measure, what), each in rows_of_file().items()
              if measure == "rivals" and what.startswith("violence: model minus") and "as not chosen" not in what}  # fmt: skip
    worst = max(rivals, key=lambda what: float(rivals[what].split()[0]))  # the rule that beats the model by most
    assert famous.measured.endswith(f" by {worst.split('minus ')[1].split(' (CRPS')[0]}")
    assert (famous.verdict == "missed") == (float(rivals[worst].split()[0]) > 0.0)
    assert row.verdict in ("met", "missed")


def test_what_else_the_report_does_brings_its_own_rows() -> None:
    """Lists of the missing, totals over events and declared coverage are told where they are used, and only there."""
    names = [group.name for group in measured_coverage(of_type("ship", "missing", "second")).groups]
    assert names[-2:] == ["Numbers of people missing", "Totals over events"]
    assert not {"Numbers of people missing", "Totals over events"} & {
        group.name for group in measured_coverage(of_type("ship")).groups
    }
    rows = [{"event": "a", "source": "s", "figure": "12", "place": "Idlib", "event_date": "2020-01-01"}]
    watched = estimate(rows, coverage=[{"source": "s", "place": "Idlib", "from": "2020-01-01", "to": "2020-02-01"}])
    declared = measured_coverage(watched).groups[-1]
    assert declared.name.startswith("Declared coverage")
    verdicts = {row.what: row.verdict for row in declared.rows}
    assert {"met", "missed"} == set(verdicts.values())


def test_what_was_never_measured_is_said() -> None:
    """Campaigns, types of event, outcomes and profiles of which nothing was measured are named in a note."""
    campaign = measured_coverage(of_type("campaign"))
    assert campaign.groups == ()
    assert "No total of a war, siege or season" in " ".join(campaign.notes)
    assert "No event of type airstrike" in " ".join(measured_coverage(of_type("airstrike")).notes)
    assert "No event of type" not in " ".join(measured_coverage(of_type("flood")).notes)
    assert "Nothing was measured of people injured." in " ".join(measured_coverage(of_type("fire", "injured")).notes)
    assert "uses another one" not in " ".join(measured_coverage(of_type("fire")).notes)
    other = estimate([{"event": "a", "source": "s", "figure": "12"}], profile=published_profile(draws=200))
    assert "uses another one" in " ".join(measured_coverage(other).notes)


def test_classes_are_those_of_the_evaluation() -> None:
    """Each type that tells its class is in the class it is scored in; the two that do not tell are in both."""
    for kind in EVENT_TYPES:
        wanted = {"campaign": (), "other": ("violence", "disasters"), "unknown": ("violence", "disasters")}
        assert classes_of([kind]) == wanted.get(kind, (class_of(kind),))
    assert classes_of(["flood", "attack"]) == ("violence", "disasters")


def test_types_that_were_measured() -> None:
    """They are those of the modern anchors with a report of the first week, of the historical ones and the counts."""
    modern = load_example("anchors/modern").table.query("outcome == 'killed' and age_high <= 7")
    historical = load_example("anchors/historical").table
    with (ROOT / "data" / "anchors" / "ordinary.csv").open(encoding="utf-8", newline="") as file:
        ordinary = {row["event_type"] for row in csv.DictReader(file)}
    found = {*modern["event_type"], *historical["event_type"], *ordinary}
    assert found == MEASURED_TYPES


@pytest.mark.parametrize(
    ("value", "must", "verdict"),
    [
        ("0.139", "<= .13", "missed"),
        ("0.13", "<= .13", "met"),
        ("9", ">= 8", "met"),
        ("0.4615", ".43 to .57", "met"),
        ("0.3611", ".43 to .57", "missed"),
        ("17.17", "7.7 to 23.5, the 95% Poisson range of those seen", "met"),
        ("0.76 (0.59)", "p >= .02", "met"),
        ("0.53 (1.00), 0.79 (0.01), 0.95 (1.00)", "p >= .02", "missed"),
        ("0.8", "p of the binomial test >= .02", ""),
        ("1.00 to 1.28", "holds 1", "met"),
        ("1.02 to 1.33", "holds 1", "missed"),
        ("-0.024 ± 0.024 (0.411, 0.436; 21 events, 14 better)", "below 0 by one standard error", "met"),
        ("-0.020 ± 0.044", "below 0 by one standard error", "missed"),
        ("0.91", "at least .86: kept", "met"),
        ("0.84", "at least .86: MISSED", "missed"),
        ("0.25", "not worse than without the list", ""),
        ("5", "", ""),
    ],
)
def test_verdicts(value: str, must: str, verdict: str) -> None:
    """Met or missed follows from the words of the measures; where these say something else, nothing is claimed."""
    assert verdict_of(value, must) == verdict


def test_a_missed_figure_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the file says that ranges held too few tolls, so do the sentence and the row; a figure gone is left out."""
    bad = dict(kept_figures())
    key = ("rivals", "violence: held by the 80% range (p)")
    bad[key] = replace(bad[key], value="0.20 (0.00)")
    del bad["ages", "24 h, violence: held by the 90% range (p)"]
    monkeypatch.setattr("estimates.document.measured.kept_figures", lambda: bad)
    famous = measured_coverage(of_type("attack")).groups[1]
    assert ", 2 held the toll that was established later: fewer than promised." in famous.sentence
    assert [row.verdict for row in famous.rows if row.what.startswith("80%")] == ["missed"]
    assert not any("first day" in row.what for row in famous.rows)


def test_the_file_ships_with_the_package() -> None:
    """Every row of the file is read, as text."""
    assert set(kept_figures()) == set(rows_of_file())
    for key, figure in kept_figures().items():
        assert isinstance(figure, KeptFigure)
        assert figure.value == rows_of_file()[key]["value"]
    assert kept.LEAST_P == 0.02
