"""What figures say together: that nobody was hit or somebody was, a number that fell, how far they lie apart."""

from __future__ import annotations

import math
import statistics

import pytest
from helpers.gathered import case_of_rows, day, observed
from helpers.tables import exactly, report
from hypothesis import given
from hypothesis import strategies as st

from estimates.models import wording as forms
from estimates.models.event import Statement

# Nobody or somebody ---------------------------------------------------------------------------------------------------


def bare(source: str, number: int, **more: object) -> dict[str, object]:
    """One row whose figure is a number without words."""
    return {**report(source, "exactly"), "wording": None, "figure": str(number), **more}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (report("a", "none"), "stated"),
        ({**bare("a", 0), "figure": "no deaths"}, "stated"),
        (bare("a", 0), "coded"),
        ({**bare("a", 0), "figure": None, "low": 0, "high": 0}, "coded"),
        (bare("a", 0, source_type="government"), "party"),
        (report("a", "none", source_type="armed_group"), "party"),
        (report("a", "none", source_type="health"), "stated"),
    ],
)
def test_none_is_of_three_kinds(row: dict[str, object], kind: str) -> None:
    """Of a party or state, however it is said; of others in words, or as a zero in a column of numbers."""
    (statement,) = observed([row]).statements
    assert statement.words == forms.none(kind)
    assert forms.kind_of_none(statement.words)[0] == forms.NONE_KINDS.index(kind)


@pytest.mark.parametrize(
    ("later", "early"),
    [
        (exactly("a", 3, reported_at=day(4)), True),
        (exactly("a", 3, reported_at=day(4), group="civilians"), True),
        (report("a", "vague", figure="dozens", reported_at=day(4)), True),
        (exactly("b", 3, reported_at=day(4)), False),
        (report("a", "none", reported_at=day(4)), False),
        (exactly("a", 3, reported_at=day(4), withdrawn=True), False),
    ],
)
def test_none_was_too_early_where_its_source_gives_a_number_later(later: dict[str, object], early: bool) -> None:
    """A number of a later age bin, be it of a part; those of other sources and withdrawn ones do not show it."""
    first: Statement = observed([report("a", "none"), later]).statements[0]
    assert first.words == forms.none(too_early=early)


def test_a_number_that_came_first_does_not_make_a_none_too_early() -> None:
    """Five, then nobody: the none is the source's latest word."""
    found = observed([exactly("a", 5), report("a", "none", reported_at=day(4))])
    assert found.statements[1].words == forms.none()
    assert found.numbers_given == (0, 0, 1)
    assert found.falling == ()


def test_sources_that_give_a_number_are_counted_once_by_kind() -> None:
    """Parties, others in words and others in bare numbers; the latest figure tells, parts and withdrawn ones do not."""
    rows = [
        exactly("army", 4, source_type="security"),
        bare("ministry", 4, source_type="government"),
        bare("paper", 4),
        report("paper", "at_least", 5, reported_at=day(4), figure="at least 5"),
        bare("wire", 9),
        bare("wire", 9, reported_at=day(2)),
        {**report("monitor", "vague"), "figure": "dozens"},
        report("silent", "none"),
        report("hospital", "named", 4),
        exactly("chief", 4, group="police"),
        bare("hasty", 90, withdrawn=True),
    ]
    assert observed(rows).numbers_given == (2, 2, 1)


def test_a_range_from_zero_says_of_nobody_that_somebody_died() -> None:
    """ "0 to 5" is no number given; "1 to 5" is one."""
    assert observed([report("a", "range", 0, 5)]).numbers_given == (0, 0, 0)
    assert sum(observed([report("a", "range", 1, 5)]).numbers_given) == 1


# A number that fell ---------------------------------------------------------------------------------------------------

_AGES = (0, 1, 2, 4, 10, 40)


def over_ages(*figures: tuple[int, object]) -> list[dict[str, object]]:
    """Rows of one source at ages that lie in the bins named; each figure a number or a row's columns."""
    rows = []
    for heard, said in figures:
        row = exactly("a", said) if isinstance(said, int) else {**report("a", "exactly"), **said}  # type: ignore[dict-item]
        rows.append({**row, "reported_at": _date(_AGES[heard])})
    return rows


def _date(age: int) -> str:
    return day(age) if age < 15 else "2020-02-24"


@pytest.mark.parametrize(
    ("figures", "falling"),
    [
        ([(1, 708), (2, 723), (3, 452)], (2,)),
        ([(0, 100), (4, 50)], (0, 1, 2, 3)),
        ([(0, 100), (1, 80), (2, 90), (3, 70)], (0, 2)),
        ([(0, 50), (3, 50)], ()),
        ([(0, 50), (3, {"wording": "range", "low": 30, "high": 60})], (0, 1, 2)),
        ([(0, 50), (3, {"wording": "range", "low": 40, "high": 70})], ()),
        ([(0, 50), (3, {"wording": "none"})], ()),
        ([(0, 500), (3, {"wording": "vague", "figure": "dozens"})], ()),
        ([(0, 500), (1, {"wording": "vague", "figure": "dozens"}), (2, 400)], (0, 1)),
        ([(0, {"wording": "up_to", "high": 50}), (3, 40)], ()),
        ([(0, {"wording": "up_to", "high": 50}), (3, {"wording": "up_to", "high": 40})], (0, 1, 2)),
        ([(0, 50), (3, {"wording": "at_least", "low": 40})], ()),
        ([(0, {"wording": "at_least", "low": 50}), (3, 40)], (0, 1, 2)),
    ],
)
def test_steps_over_which_a_source_lowers_its_figure_fall(figures: list[tuple[int, object]], falling: object) -> None:
    """From the bin of the higher number to that of the next and lower one; bounds from another side lower nothing."""
    assert observed(over_ages(*figures)).falling == falling


def test_other_sources_lower_figures_do_not_make_a_count_fall() -> None:
    """One source says 100 and another 50 later: they disagree, and nobody took anything back."""
    assert observed([exactly("a", 100), exactly("b", 50, reported_at=day(4))]).falling == ()
    taken_back = [exactly("a", 100, withdrawn=True), exactly("a", 50, reported_at=day(4))]
    assert observed(taken_back).falling == ()


# How far figures lie apart --------------------------------------------------------------------------------------------


@pytest.mark.extended
@given(st.lists(st.integers(1, 3_000), min_size=2, max_size=7))
def test_the_distance_is_the_mean_absolute_deviation_from_the_median(numbers: list[int]) -> None:
    """Of the logarithms of one number a source, with a cap of a half; the order of the sources does not matter."""
    logs = [math.log(number) for number in numbers]
    middle = statistics.median(logs)
    expected = min(0.5, statistics.fmean(abs(log - middle) for log in logs))
    rows = [exactly(f"s{index}", number) for index, number in enumerate(numbers)]
    assert observed(rows).distance == pytest.approx(expected, rel=1e-12, abs=1e-15)
    assert observed(rows[::-1]).distance == observed(rows).distance


def test_a_range_counts_by_its_geometric_middle() -> None:
    """10 to 40 beside 20 lies no distance apart, and lies log 2 above 10."""
    span = report("a", "range", 10, 40)
    assert observed([span, exactly("b", 20)]).distance == pytest.approx(0.0, abs=1e-15)
    assert observed([span, exactly("b", 10)]).distance == pytest.approx(math.log(2) / 2)


@pytest.mark.parametrize(
    "other",
    [
        report("c", "none"),
        {**report("c", "vague"), "figure": "dozens"},
        exactly("c", 90, group="soldiers"),
        exactly("c", 90, withdrawn=True),
        report("c", "named", 9),
        exactly("c", 90, quotes="a"),
        exactly("b", 90, reported_at=day(0, "T08:00")),
        report("c", "no_comment"),
    ],
)
def test_what_gives_no_number_of_its_own_adds_no_distance(other: dict[str, object]) -> None:
    """Nobody, vague words, parts, withdrawn figures, names, quotes and a source's older figure are left out."""
    rows = [
        exactly("a", 18, reported_at=day(0, "T09:00")),
        exactly("b", 21, reported_at=day(0, "T09:00")),
    ]
    expected = (math.log(21) - math.log(18)) / 2
    assert observed(rows).distance == pytest.approx(expected)
    assert observed([*rows, other]).distance == pytest.approx(expected)


def test_the_latest_bin_with_two_sources_tells_unless_an_authority_stands_alone_after_it() -> None:
    """A lone paper's figure of a later day does not make others agree; a lone ministry's does."""
    early = [exactly("a", 10), exactly("b", 15)]
    middle = [exactly("a", 12, reported_at=day(1)), exactly("b", 15, reported_at=day(1))]
    apart = math.log(15 / 12) / 2
    assert observed([*early, *middle]).distance == pytest.approx(apart)

    for kind in ("monitor", "local_media", "unknown", "party"):
        late = exactly("c", 15, source_type=kind, reported_at=day(4))
        assert observed([*early, *middle, late]).distance == pytest.approx(apart)
    for kind in ("government", "health", "rescue", "security", "un"):
        late = exactly("c", 15, source_type=kind, reported_at=day(4))
        assert observed([*early, *middle, late]).distance == 0.0

    assert observed([exactly("a", 10), exactly("b", 15, reported_at=day(1))]).distance == 0.0


def test_each_alternative_of_unknown_ages_has_its_distance() -> None:
    """An undated 40 beside 10 and 12 of the first day lies apart from them where it is of that day, alone later."""
    case = case_of_rows([exactly("a", 10), exactly("b", 12), exactly("c", 40, reported_at=None)])
    close, far = math.log(12 / 10) / 2, math.log(40 / 10) / 3
    found = [observations.distance for _, observations in case.alternatives]
    assert found == pytest.approx([far, *[close] * 5])
    assert case.undated == 1
