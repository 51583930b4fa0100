"""What docs/importing.md tells of the importers is what they do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from estimates.importers.databases import DATABASES, Database
from estimates.importers.importer import IMPORTERS
from estimates.table.header import normal

TEXT = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
#: Columns that stand many times over, once for each group or actor, and are told by their first and last.
MANY = re.compile(r"(?:actor[1-6]\w*|certain[2-5]|\w+_(?:killed|injured)_(?:min|max))")


def section(database: Database) -> str:
    """The part of the page on one database."""
    return next(part for part in TEXT.split("\n## ") if part.splitlines()[0].endswith(f"`{database.name}`"))


@pytest.mark.parametrize("database", DATABASES, ids=lambda database: database.title)
def test_every_column_is_told(database: Database) -> None:
    """The page says of every column of a codebook what becomes of it."""
    told = {normal(word) for word in re.findall(r"[\w ]+", section(database))}
    silent = sorted(column for column in database.known if not MANY.fullmatch(column) and column not in told)
    assert silent == []


def test_every_importer_has_its_part_and_its_codebook() -> None:
    """There is a part for each importer, with the codebook, what a row is, and what is missing."""
    for name in IMPORTERS:
        (part,) = (part for part in TEXT.split("\n## ") if part.splitlines()[0].endswith(f"`{name}`"))
        for told in (
            "**Codebook**: ",
            "**A row** is ",
            "Needed: " if name != "maverick" else "are needed",
            "**Missing**: ",
        ):
            assert told in part, (name, told)
