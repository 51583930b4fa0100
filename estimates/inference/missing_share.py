"""Which numbers of people missing bear on a case, and how many of them are likely dead, in words."""

from __future__ import annotations

from estimates.inference.cases import Case
from estimates.inference.figures import CountedFigure
from estimates.models.missing import WITH_THE_DEAD
from estimates.text import interval


def counted_lists(case: Case) -> list[CountedFigure]:
    """The figures of people missing that bear on a case, under any way in which the ages can lie."""
    used = {(missing.law, missing.words) for _, observations in case.alternatives for missing in observations.missing}
    return [figure for figure in case.missing_figures if (figure.of_missing, figure.words) in used]


def share_of_missing(case: Case, ends: tuple[int, int]) -> str | None:
    """How many of the missing are likely dead, in words: "of the 439 missing, 300 to 530 are likely dead".

    Parameters
    ----------
    case : Case
    ends : (int, int)
        Of the 80% range of what is documented in the end.

    Returns
    -------
    str or None
        None where no list bears on the case.
    """
    if not counted_lists(case):
        return None
    _, observations = max(case.alternatives, key=lambda alternative: alternative[0])
    lists = observations.missing or next(other.missing for _, other in case.alternatives if other.missing)
    counted = round(sum(each.counted for each in lists) / len(lists))
    low, high = (max(0, end - counted) for end in ends)
    said = numbers_missing(case)
    what = "dead or missing" if lists[0].law in WITH_THE_DEAD else "missing"
    return f"of the {f'{said} ' if said else ''}{what}, {interval((low, high), ' to ')} are likely dead (80%)"


def numbers_missing(case: Case) -> str:
    """The numbers of people missing that bear on a case, in words: "439", "20 to 40", or the vague words."""
    figures = counted_lists(case)
    numbers = sorted({n for figure in figures if not figure.words.word for n in (figure.words.low, figure.words.high)})
    vague = sorted({figure.words.word for figure in figures if figure.words.wording == "vague"})
    spans = (
        [interval((numbers[0], numbers[-1]), " to ") if numbers[0] < numbers[-1] else f"{numbers[0]:,}"]
        if numbers
        else []
    )
    return " and ".join([*spans, *(f"“{word}”" for word in vague)])
