"""Figures of a group: parts, sums of parts, groups that exclude each other, and populations."""

from __future__ import annotations

import pytest
from helpers.gathered import case_of_rows, day, observed
from helpers.tables import exactly, report

from estimates import load_example, read_reports
from estimates.inference.cases import gather
from estimates.models.event import Part
from estimates.models.wording import Words
from estimates.profile.priors import BIN_SHARES

type Spoken = list[tuple[str, int, int]]


def spoken(rows: list[dict[str, object]], part: Part, *, others: bool = False) -> Spoken:
    """Who speaks of a part, in which age bin and with which number."""
    keys = case_of_rows(rows).keys
    statements = part.others if others else part.statements
    return [(keys[each.source].source, each.bin, each.words.low) for each in statements]


# Parts ----------------------------------------------------------------------------------------------------------------


def test_figures_of_a_group_are_one_part_of_the_event() -> None:
    """21 soldiers by two sources are one factor of no floor, in the latest age bin that has one, whatever the words."""
    rows = [
        report("police", "", figure="kills 21 Iraqi troops"),
        report("wire", "", figure="21 soldiers killed"),
        exactly("wire", 22, group="Soldiers", reported_at=day(4)),
        exactly("paper", 30, reported_at=day(8)),
    ]
    found = observed(rows)
    (part,) = found.parts
    assert spoken(rows, part) == [("police", 0, 21), ("wire", 3, 22)]
    assert (part.bin, part.is_certain, part.others, found.floors) == (3, False, (), ())
    assert [each.words.low for each in found.statements] == [30]
    assert case_of_rows(rows).reported == "30"


@pytest.mark.parametrize(
    "words",
    [{"wording": "at_least", "low": 5}, {"wording": "range", "low": 0, "high": 5}, {"wording": "about", "low": 5}],
)
def test_a_part_may_be_said_in_any_words(words: dict[str, object]) -> None:
    """Bounds, ranges and vague words of a group are parts too; that it has no dead says nothing."""
    (part,) = observed([{**report("a", "exactly", group="police"), **words}]).parts
    assert part.statements[0].words.wording == words["wording"]
    (vague,) = observed([{**report("a", "vague", group="police"), "figure": "dozens"}]).parts
    assert vague.statements[0].words == Words("vague", word="dozens")
    assert observed([report("a", "none", group="police"), exactly("b", 5)]).parts == ()


def test_a_source_that_gives_a_whole_has_no_part() -> None:
    """Its parts say nothing beside it, in whichever age bin; those of others stand, and "none" is no whole."""
    rows = [exactly("a", 5, group="police"), exactly("a", 9, reported_at=day(4)), exactly("b", 6, group="police")]
    (part,) = observed(rows).parts
    assert spoken(rows, part) == [("b", 0, 6)]
    assert len(observed([exactly("a", 5, group="police"), report("a", "none")]).parts) == 1
    assert len(observed([exactly("a", 5, group="police"), exactly("a", 9, withdrawn=True)]).parts) == 1


@pytest.mark.parametrize(
    ("figures", "certain"),
    [
        (["5 of the dead were police", "6 police"], False),
        (["5 of the dead were police"], True),
        (["6 police"], False),
    ],
)
def test_a_part_is_certain_where_all_its_words_say_so(figures: list[str], certain: bool) -> None:
    """One source that may have meant everybody leaves it open."""
    numbers = [int(words[0]) for words in figures]
    rows = [
        exactly(f"s{index}", number, group="police", figure=words)
        for index, (words, number) in enumerate(zip(figures, numbers, strict=True))
    ]
    (part,) = observed(rows).parts
    assert part.is_certain is certain


def test_a_withdrawn_part_is_no_evidence() -> None:
    """It keeps its place beside others of its group, and makes no part alone."""
    wrong = exactly("a", 90, group="police", withdrawn=True, reported_at=day(8))
    assert observed([wrong, exactly("b", 9)]).parts == ()
    (part,) = observed([wrong, exactly("b", 9, group="police")]).parts
    assert [(each.words.low, each.withdrawn) for each in part.statements] == [(9, False), (90, True)]
    assert part.bin == 0


# Parts that divide everybody ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("groups", "total"),
    [
        ({"civilians": 70, "combatants": 45}, 115),
        ({"civilians": 9, "soldiers": 21}, 30),
        ({"men": 4, "women": 3}, 7),
        ({"men": 4, "women": 3, "children": 2}, 9),
        ({"adults": 8, "children": 2}, 10),
        ({"male": 8, "female": 2}, 10),
        ({"civilians": 70, "combatants": 0}, 70),
        ({"civilians": 70, "combatants": 45, "children": 12}, 115),
        ({"civilians": 70, "combatants": 45, "soldiers": 40}, 115),
    ],
)
def test_parts_of_one_source_that_divide_everybody_add_up(groups: dict[str, int], total: int) -> None:
    """Seventy civilians and forty-five combatants of one monitor are its figure of 115, and no part stays."""
    rows = [exactly("m", number, group=group) if number else report("m", "none", group=group)
            for group, number in groups.items()]  # fmt: skip
    for table in (rows, rows[::-1]):
        found = observed(table)
        assert [each.words for each in found.statements] == [Words("exactly", total, total)]
        assert found.parts == ()
        assert case_of_rows(table).reported == str(total)


@pytest.mark.parametrize(
    "rows",
    [
        [exactly("m", 7, group="civilians"), exactly("n", 5, group="combatants")],
        [exactly("m", 7, group="civilians"), exactly("m", 5, group="combatants", reported_at=day(4))],
        [exactly("m", 7, group="women"), exactly("m", 5, group="children")],
        [exactly("m", 7, group="civilians"), exactly("m", 5, group="police")],
        [exactly("m", 7, group="civilians"), exactly("m", 5, group="combatants", withdrawn=True)],
        [exactly("m", 7, group="civilians"), {**report("m", "vague", group="combatants"), "figure": "dozens"}],
        [exactly("m", 7, group="civilians"), report("m", "named", 5, group="combatants")],
    ],
)
def test_other_parts_do_not_add_up(rows: list[dict[str, object]]) -> None:
    """Those of several sources or days, of groups that may overlap or are not all, withdrawn, vague ones, and names."""
    assert observed(rows).statements == ()
    assert observed(rows).parts != ()


def test_a_whole_of_the_same_time_stands_before_a_sum() -> None:
    """Who says 120, 70 civilians and 45 combatants has said 120; what it divides later is its newer figure."""
    parts = [exactly("m", 70, group="civilians"), exactly("m", 45, group="combatants")]
    assert [each.words.low for each in observed([*parts, exactly("m", 120)]).statements] == [120]
    later = [{**row, "reported_at": day(4)} for row in parts]
    found = observed([exactly("m", 120), *later])
    assert [(each.bin, each.words.low) for each in found.statements] == [(0, 120), (3, 115)]
    assert found.falling == (0, 1, 2)


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        (("at_least", 70, None), ("at_least", 45, None), Words("at_least", 115, 115)),
        (("at_least", 70, None), ("exactly", 45, 45), Words("exactly", 115, 115)),
        (("range", 70, 80), ("exactly", 45, 45), Words("range", 115, 125)),
        (("none", 0, 0), ("none", 0, 0), Words("none")),
    ],
)
def test_a_sum_is_worded_as_its_terms_are(
    one: tuple[str, int, int | None], two: tuple[str, int, int | None], words: Words
) -> None:
    """At least 70 and at least 45 are at least 115; terms of different wording give a plain number or a range."""
    rows = [report("m", *one, group="civilians"), report("m", *two, group="combatants")]
    (figure,) = case_of_rows(rows).whole_figures
    assert figure.words == words
    assert figure.sum_of == ("civilians", "combatants")


def test_casualties_of_a_source_are_its_killed_and_injured() -> None:
    """3,167 civilian casualties, 1,232 killed and 1,935 injured of one office are 3,167 casualties in all."""
    rows = [
        exactly("office", 1_232),
        exactly("office", 1_935, outcome="injured"),
        exactly("office", 3_167, outcome="casualties", group="civilians"),
        exactly("other", 900),
        exactly("late", 700),
        exactly("late", 800, outcome="injured", reported_at=day(4)),
    ]
    found = observed(rows, outcome="casualties")
    assert [each.words.low for each in found.statements] == [3_167]
    assert found.parts == ()
    own = [*rows, exactly("office", 3_000, outcome="casualties")]
    assert [each.words.low for each in observed(own, outcome="casualties").statements] == [3_000]

    # Nobody asked for casualties: there is no such case.
    asked = gather(read_reports(rows[:2]).estimated_reports, BIN_SHARES, None)
    assert [case.outcome for case in asked.cases] == ["killed", "injured"]


# Groups that exclude each other ---------------------------------------------------------------------------------------


def test_groups_that_exclude_each_other_are_one_part() -> None:
    """21 soldiers by one source and 9 civilians by another, in the later of their bins."""
    rows = [exactly("a", 21, group="soldiers"), exactly("b", 9, group="civilians", reported_at=day(4))]
    (part,) = observed(rows).parts
    assert spoken(rows, part) == [("b", 3, 9)]
    assert spoken(rows, part, others=True) == [("a", 0, 21)]
    assert part.bin == 3
    assert not part.is_certain


def test_groups_that_may_overlap_are_two_parts() -> None:
    """Police and civilians, women and soldiers: nothing says that nobody is both."""
    rows = [exactly("a", 21, group="soldiers"), exactly("b", 9, group="women")]
    assert [part.others for part in observed(rows).parts] == [(), ()]
    assert not any(part.is_certain for part in observed(rows).parts)


def test_a_third_group_that_excludes_others_is_not_everybody() -> None:
    """Of men, women and children by three sources two are one part, and the third is a part for certain."""
    rows = [exactly("a", 4, group="men"), exactly("b", 3, group="women"), exactly("c", 2, group="children")]
    joint, single = observed(rows).parts
    assert joint.others
    assert not single.others
    assert single.is_certain
    assert observed(rows[::-1]).parts == (joint, single)


def test_a_part_of_unknown_age_has_its_bin_in_each_alternative() -> None:
    """The undated figure of a group moves the part with it."""
    case = case_of_rows([exactly("a", 5, group="police", reported_at=None), exactly("b", 6, group="police")])
    bins = [observations.parts[0].bin for _, observations in case.alternatives]
    assert bins == list(range(6))
    assert case.undated == 1


# Populations ----------------------------------------------------------------------------------------------------------


def test_a_population_is_a_part_where_others_count_everybody() -> None:
    """12 residents beside 20 in all are a part; where every figure counts residents, they are whom the case is about."""
    mixed = observed([exactly("a", 12, population="residents"), exactly("b", 20)])
    assert [each.words.low for each in mixed.statements] == [20]
    assert [part.statements[0].words.low for part in mixed.parts] == [12]
    alike = observed([exactly("a", 12, population="residents"), exactly("b", 20, population="residents")])
    assert [each.words.low for each in alike.statements] == [12, 20]
    assert alike.parts == ()


# What is handed on ----------------------------------------------------------------------------------------------------


def test_what_the_table_says_of_an_event_is_handed_on() -> None:
    """Chosen, people at risk and copies taken out stand in the case and in what is observed of it."""
    case = case_of_rows([exactly("a", 12, chosen=True, at_risk=80, copies_removed=True)])
    assert (case.chosen, case.at_risk, case.growth_key) == (True, 80, ("airstrike", True))
    ((_, found),) = case.alternatives
    assert (found.at_risk, found.independent) == (80, True)

    plain = case_of_rows([exactly("a", 12)])
    assert (plain.chosen, plain.at_risk, plain.growth_key) == (False, None, ("airstrike", False))
    assert not plain.alternatives[0][1].independent


def test_the_example_has_parts_and_names() -> None:
    """The cases of the example can be made, and none of their parts is by a source that gives a whole."""
    for case in gather(load_example().estimated_reports, BIN_SHARES, None).cases:
        speaking = {figure.key.source for figure in case.whole_figures if figure.gives_number}
        assert not speaking & {figure.key.source for figure in case.part_figures}
