"""Hostile inputs: what no careful person would give as a table of reports, made anew from a seed.

Each says whether it must be refused, must be read, or may be either; nothing else may happen to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from helpers.hostile_cells import cells
from helpers.hostile_databases import databases
from helpers.hostile_input import Hostile
from helpers.hostile_layouts import layouts
from helpers.hostile_objects import objects
from helpers.hostile_text import texts
from helpers.hostile_workbooks import workbooks

__all__ = ["FILES", "HOSTILE", "IMPORTED", "counts"]


def _all() -> Iterator[Hostile]:
    yield from texts()
    yield from workbooks()
    yield from objects()
    yield from cells()
    yield from layouts()


#: All tables of reports; those that are files and are read as they stand; and files for the importers of databases.
HOSTILE = list(_all())
FILES = [hostile for hostile in HOSTILE if hostile.is_file and not hostile.options]
IMPORTED = list(databases())


def counts() -> Counter[str]:
    """How many there are of each kind."""
    return Counter(hostile.kind for hostile in HOSTILE + IMPORTED)
