"""Measure: time and memory of a fast fit of 3,000, 10,000 and 100,000 small events, each in a process of its own.

The table is read before. Wall time and processor time are those of `fit(method="fast")` from the table to the profile,
compiling included; memory is the most that the process held at any time, reading included. Of a machine that others use
as well the wall time tells little, so the load is told beside it. Where the common events stand as a quadratic, "moves
accepted" is the share of the last moves that left their place and that the exact sums accepted.

``--before`` measures only what comes before a fit of the largest table, in a process of its own: the seconds of reading
it and of making its cases, and the most memory held until then. That is all that a fit could leave to parts of a table.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from typing import Any

from _common import Figure, record, seconds, small_events, verdict

from estimates import SourceProfile, fit, read_reports
from estimates.fitting.training import training_data

SIZES, MANY = (3_000, 10_000, 100_000), 100_000
#: What a fit tells whose common events stand as a quadratic.
JUDGED = {"effective_draws": "effective draws of 320", "power": "power", "rounds": "fits to a quadratic"}
MOST_MINUTES, AIM_MINUTES, MOST_GIB = 20.0, 5.0, 4.0


def measured(count: int, cores: int) -> dict[str, Any]:
    """What one fit takes, in this process."""
    table = read_reports(small_events(count))
    found: list[SourceProfile] = []
    before = os.getloadavg()[0]
    spent = seconds(lambda: found.append(fit(table, method="fast", cores=cores)))
    facts = found[0].facts
    judged = {name: facts[name] for name in ("effective_draws", "power", "rounds") if name in facts}
    return judged | {
        "wall": spent.wall, "processor": spent.processor, "memory": most_held(), "accepted": float(facts["accepted"]),
        "evaluations": int(facts["evaluations"]), "patterns": int(facts["patterns"]), "load": before, "flags": str(facts["flags"]),
    }  # fmt: skip


def most_held() -> float:
    """The most memory that this process has held so far, in gibibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 2**30


def before_a_fit(count: int) -> dict[str, Any]:
    """What comes before a fit, in this process: seconds of processors, and the most memory held after each of it."""
    frame = small_events(count)
    held, tables = [most_held()], []
    read = seconds(lambda: tables.append(read_reports(frame))).processor
    held.append(most_held())
    made = seconds(lambda: training_data(tables[0])).processor
    return {"read": read, "made": made, "held": [*held, most_held()]}


def figures_before(count: int, found: dict[str, Any]) -> list[Figure]:
    """What is kept of it."""
    whats = ("a frame of pandas", "that and the table", "that and the cases")
    return [
        Figure(f"{count:,} events, reading", found["read"], "s"),
        Figure(f"{count:,} events, making cases", found["made"], "s"),
        *(Figure(f"{count:,} events, most memory with {what}", held, "GiB") for what, held in zip(whats, found["held"], strict=True)),
    ]  # fmt: skip


def in_a_process(count: int, cores: int, what: str = "--only") -> dict[str, Any]:
    """The same, in a process of its own."""
    command = [sys.executable, __file__, what, str(count), "--cores", str(cores)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def figures_of(count: int, found: dict[str, Any]) -> list[Figure]:
    """What is kept of one size."""
    minutes, memory = found["wall"] / 60.0, found["memory"]
    held = count >= MANY
    return [
        Figure(f"{count:,} events, wall time", minutes, "minutes", f"<= {MOST_MINUTES:g} (aim {AIM_MINUTES:g}): {verdict(minutes, MOST_MINUTES)}" if held else ""),
        Figure(f"{count:,} events, processor time", found["processor"] / 60.0, "minutes"),
        Figure(f"{count:,} events, most memory", memory, "GiB", f"<= {MOST_GIB:g}: {verdict(memory, MOST_GIB)}" if held else ""),
        Figure(f"{count:,} events, patterns", int(found["patterns"])),
        Figure(f"{count:,} events, evaluations", int(found["evaluations"])),
        Figure(f"{count:,} events, moves accepted", found["accepted"]),
        Figure(f"{count:,} events, flags", found["flags"] or "none"),
        Figure(f"{count:,} events, load of the machine before", found["load"]),
        *(Figure(f"{count:,} events, {told}", found[name]) for name, told in JUDGED.items() if name in found),
    ]  # fmt: skip


def main() -> None:
    """Print the measure and keep it."""
    arguments_of = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments_of.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments_of.add_argument("--cores", type=int, default=2)
    arguments_of.add_argument("--only", type=int, help=argparse.SUPPRESS)
    arguments_of.add_argument("--before", action="store_true", help="only what comes before a fit")
    arguments_of.add_argument("--only-before", type=int, help=argparse.SUPPRESS)
    arguments = arguments_of.parse_args()
    if arguments.only:
        print(json.dumps(measured(arguments.only, arguments.cores)))
        return
    if arguments.only_before:
        print(json.dumps(before_a_fit(arguments.only_before)))
        return
    if arguments.before:
        count = max(arguments.sizes)
        record(
            "before a fast fit", figures_before(count, in_a_process(count, arguments.cores, "--only-before")), __file__
        )
        return

    figures = []
    for count in arguments.sizes:
        figures += figures_of(count, in_a_process(count, arguments.cores))
    record("fast fit of many events", figures, __file__)


if __name__ == "__main__":
    main()
