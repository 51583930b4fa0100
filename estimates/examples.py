"""Tables of reports that come with the package."""

from __future__ import annotations

from dataclasses import replace

from estimates.errors import EstimatesError
from estimates.reports import Reports, read_reports

__all__ = ["load_example"]


def load_example(name: str = "idlib_2020") -> Reports:
    """Load a table of reports that comes with the package.

    Parameters
    ----------
    name : str
        The table's name. "idlib_2020" holds every statement of one news article on air strikes in Idlib province.

    Returns
    -------
    Reports
        The table; ``data/README.md`` says where each figure is from and how it was coded.

    Raises
    ------
    EstimatesError
        If there is no such table; the message lists those there are.
    """
    from importlib import resources  # only who asks for an example waits for it

    tables = {
        file.name.removesuffix(".csv"): file
        for file in resources.files("estimates.data").iterdir()
        if file.name.endswith(".csv")
    }
    if name not in tables:
        raise EstimatesError(f"there is no example {name!r}; choose from {', '.join(sorted(tables))}")
    with tables[name].open("rb") as file:
        return replace(read_reports(file), name=name)
