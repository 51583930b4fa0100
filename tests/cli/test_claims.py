"""The command claim: what it prints, which event it is about, and what it cannot put."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.commands import HEAD, IDLIB, ONE, Command, write

from estimates import estimate, load_example


def test_a_claim_is_printed_as_python_has_it(command: Command) -> None:
    """The text on standard output is that of `Estimates.claim`; notes of the table go to standard error."""
    status, out, err = command("claim", IDLIB, "500 killed", "--event", "Idlib airstrikes")
    assert status == 0
    assert out == f"{estimate(load_example()).claim('Idlib airstrikes', '500 killed')}\n"
    assert "500 above the 95% range" in out
    assert all(line.startswith("note: ") for line in err.splitlines())


def test_json_of_a_claim(tmp_path: Path, command: Command) -> None:
    """JSON is all there is on standard output, and has the layers, needs and sentences of the claim."""
    table = write(tmp_path / "one.csv", ONE)
    status, out, _ = command("claim", table, "at least 30", "--format", "json", "--profile", "published", "--seed", "3")
    found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert status == 0
    assert (found["event"], found["outcome"], found["reading"], found["low"]) == ("Idlib", "killed", "30 or more", 30)
    assert found == estimate(table, profile="published", seed=3).claim("Idlib", "at least 30").to_dict()
    assert out.isascii()


def test_the_event_may_be_left_out_where_there_is_one(tmp_path: Path, command: Command) -> None:
    """Of several events with the outcome one must be named, and the message lists them; of one outcome there may be one."""
    status, _, err = command("claim", IDLIB, "500 killed")
    assert status == 1
    assert err.endswith("say with --event which one is meant: 'Idlib airstrikes', 'T4 air base'\n")
    status, out, _ = command("claim", IDLIB, "85 wounded", "--outcome", "injured")
    assert status == 0
    assert out.startswith("Idlib airstrikes, injured")

    many = write(tmp_path / "many.csv", HEAD + "".join(f"event {number},Monitor,{number}\n" for number in range(1, 40)))
    _, _, err = command("claim", many, "500 killed")
    assert "39 events" in err
    assert "19 others" in err
    status, out, err = command("claim", many, "500 killed", "--event", "evnt 7")
    assert (status, out) == (1, "")
    assert "did you mean 'event 7'" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [("no civilians killed", "leaves the others open"), ("no comment", "no number"), ("5 children", "everybody")],
)
def test_what_is_no_claim_is_told_before_anything_is_estimated(
    words: str, told: str, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that cannot be put end in one sentence and status 1, without an estimate."""
    from estimates.results import estimates as results

    monkeypatch.setattr(results, "estimate", lambda *_, **__: pytest.fail("estimated in vain"))
    status, out, err = command("claim", IDLIB, words, "--event", "Idlib airstrikes")
    assert (status, out) == (1, "")
    assert told in err
    assert len(err.splitlines()) == 1


def test_outcomes_without_reports_are_told(tmp_path: Path, command: Command) -> None:
    """An outcome that no row counts, or that is not estimated, is a sentence; so is one that does not exist."""
    table = write(tmp_path / "one.csv", ONE)
    for outcome, told in (("injured", "no report of the table"), ("missing", "no report"), ("hurt", "unknown outcome")):
        status, out, err = command("claim", table, "5", "--outcome", outcome)
        assert (status, out) == (1, "")
        assert told in err


def test_names_of_events_steer_no_terminal(tmp_path: Path, command: Command) -> None:
    """Escapes and marks of direction in the name of an event or in the claim do not reach the terminal."""
    table = write(tmp_path / "odd.csv", HEAD + "I\x1b[31mdl\u202eib,Monitor,18\n")
    status, out, _ = command("claim", table, "about 20")
    assert status == 0
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_claims_of_a_table_on_standard_input(command: Command) -> None:
    """A table may come through a pipe."""
    status, out, _ = command("claim", "-", "20 killed", stdin=ONE.encode())
    assert status == 0
    assert out.startswith("Idlib, killed: “20 killed”, read as 20")
