"""The command that holds a page against its own data: verify."""

from __future__ import annotations

from typing import Annotated

import typer

from estimates.cli.options import PROFILE, chosen_profile
from estimates.cli.progress import shown
from estimates.cli.streams import note
from estimates.errors import EstimatesError

#: So many differences are named; a row that was changed moves most numbers of its event.
MOST_TOLD = 40
VERIFIED = Annotated[str, typer.Argument(metavar="PAGE", help="A page that `estimates report` wrote.")]


def verify(page: VERIFIED, profile: PROFILE = None) -> None:
    """Make the ranges of a page again from the data in it, and name every number that differs.

    Of an index the pages beside it are compared too.
    """
    from estimates.document.verify import verify as verified
    from estimates.text import clean, plural

    with shown("verifying") as progress:
        verdict = verified(page, profile=chosen_profile(profile, seed=0), progress=progress)
    for remark in verdict.remarks:
        note(f"{remark}: only the ends of ranges were compared, to 1%")
    if not verdict.holds:
        found = [f"  {each}" for each in verdict.differences[:MOST_TOLD]]
        more = len(verdict.differences) - MOST_TOLD
        if more > 0:
            found.append(f"  and {more:,} more")
        raise EstimatesError(f"{page}: {plural(len(verdict.differences), 'difference')}", *found)

    what = "texts and places" if verdict.same else "ends of ranges"
    print(clean(f"{page}: all {verdict.compared:,} {what} are those that its own data give"))
