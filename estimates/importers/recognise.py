"""Which database a file is from, by its header."""

from __future__ import annotations

from collections.abc import Sequence

from estimates.importers.databases import DATABASES, Database
from estimates.table.header import normal

__all__ = ["database_of", "recognised"]


def recognised(header: Sequence[str]) -> str | None:
    """Give the name of the importer that reads files with such a header.

    Parameters
    ----------
    header : sequence of str
        The names of the columns as the file writes them.

    Returns
    -------
    str or None
        What `estimates import` calls it, such as "ucdp"; None where the header is of none of the databases.
    """
    found = database_of(header)
    return None if found is None else found.name


def database_of(header: Sequence[str]) -> Database | None:
    """Give the layout that a header is of, where it is one of those known."""
    names = {normal(name) for name in header}
    for database in DATABASES:
        here = {database.canonical(name) for name in names}
        if any(mark <= here for mark in database.marks):
            return database
    return None
