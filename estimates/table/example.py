"""Tables of reports that come with the package."""

from __future__ import annotations

from dataclasses import replace

from estimates.errors import EstimatesError
from estimates.table.reports import Reports, read_reports

__all__ = ["load_example"]

_NAMES = ("idlib_2020", "anchors/modern", "anchors/historical")


def load_example(name: str = "idlib_2020") -> Reports:
    """Load a table of reports that comes with the package.

    Parameters
    ----------
    name : str
        The table's name. "idlib_2020" holds every statement of one news article on air strikes in Idlib province;
        "anchors/modern" and "anchors/historical" hold reports on events whose toll was verified later.

    Returns
    -------
    Reports
        The table; ``data/README.md`` says where each figure is from and how it was coded.

    Raises
    ------
    EstimatesError
        If there is no such table; the message lists those there are.

    Examples
    --------
    >>> load_example()
    <Reports idlib_2020: 15 reports, 2 events, 5 sources, 2 notes>
    """
    from importlib import resources  # only who asks for an example waits for it

    if name not in _NAMES:
        raise EstimatesError(f"there is no example {name!r}; choose from {', '.join(_NAMES)}")
    with resources.files("estimates.data").joinpath(f"{name}.csv").open("rb") as file:
        return replace(read_reports(file), name=name)
