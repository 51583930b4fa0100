"""Which processes there are, from the system's own list."""

from __future__ import annotations

import subprocess


def children_of(parent: int, name: str = "") -> list[int]:
    """Processes that another started and that run (no zombies), whose command holds a name."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 3) for line in listed.stdout.splitlines()]
    return [
        int(pid)
        for pid, above, state, *command in rows
        if int(above) == parent and not state.startswith("Z") and name in " ".join(command)
    ]


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and was not yet asked for does not."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    state = listed.stdout.strip()
    return bool(state) and not state.startswith("Z")
