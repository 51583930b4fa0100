"""What is odd when several rows are read together, each beside a near miss that is not odd."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.table.between.names import acronym_of, almost_alike, may_be_one
from estimates.table.between.notes import between_notes, oddities
from estimates.table.between.statements import combined
from estimates.table.example import load_example
from estimates.table.reports import read_reports


def row(source: str, figure: object, day: int | None = 15, **more: object) -> dict[str, object]:
    """One row of an air strike of 15 January, by default of its day."""
    given: dict[str, object] = {
        "event": "Strike",
        "event_date": "2020-01-15",
        "event_type": "airstrike",
        "source": source,
        "figure": figure,
        "reported_at": None if day is None else f"2020-01-{day:02}",
    }
    return given | more


def notes_of(*rows: dict[str, object]) -> list[str]:
    """The notes between the rows; their lines are their places from one on."""
    return between_notes(read_reports(list(rows)).table)


def casualties(source: str, figure: object, day: int | None = 15, **more: object) -> dict[str, object]:
    return row(source, figure, day, outcome="casualties", **more)


# What counts more people together -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        (row("A", 40), casualties("A", 30)),
        (row("A", 40), casualties("A", 30, 17)),  # casualties only rise
        (row("A", 40, None), casualties("A", 30, None)),
        (row("A", 40), casualties("B", 30)),
        (row("A", "at least 40"), casualties("A", "about 30")),
        (row("A", "hundreds"), casualties("A", 30)),
        (row("A", 40, outcome="injured"), casualties("A", 30)),
        (row("A", 40), row("A", 30, outcome="dead_or_missing")),
    ],
)
def test_more_killed_than_casualties(rows: tuple[dict[str, object], ...]) -> None:
    """A source's killed are no more than its casualties of that day or later, nor anybody's of the same day."""
    (note,) = notes_of(*rows)
    assert note.startswith("lines 1, 2: more killed or ")
    assert "together, so look which is wrong" in note


@pytest.mark.parametrize(
    "rows",
    [
        (row("A", 30), casualties("A", 30)),
        (row("A", 40, 17), casualties("A", 30)),  # more have died since
        (row("A", 40, 17), casualties("B", 30, 16)),
        (row("A", 40, None), casualties("A", 30)),  # nobody knows which came first
        (row("A", 40), casualties("A", "at least 30")),
        (row("A", "up to 40"), casualties("A", 30)),
        (row("A", "about 33"), casualties("A", 30)),
        (row("A", 40), casualties("A", "no casualties")),  # said before anybody was counted
        (row("A", 40), casualties("A", 30, event="Other")),
        (row("A", 40, affiliation="enemy"), casualties("A", 30, affiliation="own")),
        (row("A", 40), casualties("A", 30, withdrawn="yes")),
        (row("A", 40), casualties("A", 30, population="residents")),
    ],
)
def test_as_many_killed_as_casualties_is_nothing_odd(rows: tuple[dict[str, object], ...]) -> None:
    """Equal numbers, later ones, open ones and those of others are no contradiction."""
    assert not [note for note in notes_of(*rows) if "together" in note]


def test_a_part_above_its_whole() -> None:
    """Thirty children among eighteen dead are told; of a later day, or up to the whole, they are not."""
    (note,) = notes_of(row("A", 18), row("A", 30, group="children"))
    assert note.startswith(
        "lines 1, 2: a part is larger than the whole: '30' (children, line 2) and '18' (all, line 1)"
    )
    assert notes_of(row("A", 18), row("B", 30, group="children"))
    assert not notes_of(row("A", 18), row("A", 18, group="children"))
    assert not notes_of(row("A", 18), row("A", 30, 16, group="children"))
    assert not notes_of(row("A", 18), row("B", 30, 16, group="children"))
    assert not notes_of(
        row("A", 18), row("A", 30, group="children", outcome="injured"), row("A", 40, outcome="injured")
    )


def test_parts_that_add_up_to_more_than_the_whole() -> None:
    """Seventy civilians and forty-five combatants of a hundred are told; of 115, of two sources or days they are not."""
    civilians, combatants = row("A", 70, group="civilians"), row("A", 45, group="combatants")
    (note,) = notes_of(civilians, combatants, row("A", 100))
    assert note.startswith(
        "lines 1, 2, 3: parts add up to more than the whole: '70' (civilians, line 1) and '45' (comb"
    )
    assert not notes_of(civilians, combatants, row("A", 115))
    assert not notes_of(civilians, combatants | {"source": "B"}, row("A", 100))
    assert not notes_of(civilians, combatants | {"reported_at": "2020-01-17"}, row("A", 100))
    assert not notes_of(civilians, row("A", 45, group="women"), row("A", 100))
    assert not notes_of(civilians, combatants, row("A", "at least 100"))


# Lists and parts ------------------------------------------------------------------------------------------------------


def test_a_list_above_every_figure() -> None:
    """Forty names against 18 and 19 are told, and name the largest; twenty, or one open figure, are not."""
    names = {"wording": "named", "low": 40, "figure": None}
    (note,) = notes_of(row("A", 18), row("B", 19), row("list", None) | names)
    assert note.startswith("lines 2, 3: a list of names or bodies is longer than every figure: 40 names (line 3)")
    assert "'19' (B, line 2)" in note
    assert not notes_of(row("A", 18), row("B", 19), row("list", None) | names | {"low": 20})
    assert not notes_of(row("A", 18), row("B", "at least 19"), row("list", None) | names)
    assert not notes_of(row("A", 18), row("list", None) | names | {"outcome": "injured"})


def test_a_newer_list_may_be_longer() -> None:
    """Names are found later: a list of another day is told from twice every figure on."""
    names = {"wording": "named", "figure": None}
    assert not notes_of(row("A", 18), row("list", None, 25) | names | {"low": 30})
    assert notes_of(row("A", 18), row("list", None, 25) | names | {"low": 36})


def test_parts_alone() -> None:
    """An outcome with figures of a part only is told, unless groups of one source divide everybody."""
    soldiers, civilians = row("A", 21, group="soldiers"), row("A", 9, group="civilians")
    (note,) = notes_of(soldiers)
    assert note.startswith("line 1: figures of a part alone: 'soldiers' of the killed of event 'Strike'")
    assert "write all in group where nobody else was hit" in note
    assert not notes_of(soldiers, row("B", 30))
    assert not notes_of(soldiers, civilians)
    assert notes_of(soldiers, civilians | {"source": "B"})


def test_casualties_of_a_part_are_no_part_alone_beside_killed_and_injured() -> None:
    """3,167 civilian casualties beside 1,232 killed and 1,935 injured are all of them."""
    killed, injured = row("UN", "1,232 killed"), row("UN", "1,935 injured", outcome="injured")
    parts = casualties("UN", "3,167 civilian casualties")
    assert not notes_of(killed, injured, parts)
    assert any("a part alone" in note for note in notes_of(killed, parts))


# What a source says one day after another -----------------------------------------------------------------------------


def test_a_source_that_lowers_its_own_figure() -> None:
    """From 802 to 452 is told with both lines; other words, others' figures and what was taken back are not."""
    (note,) = notes_of(row("A", 802), row("A", 452, 16))
    assert note.startswith("lines 1, 2: a source lowers its own figure: '802' (line 1), then '452' (line 2) by A")
    assert "withdrawn=yes" in note
    assert not notes_of(row("A", 802), row("B", 452, 16))
    assert not notes_of(row("A", 802), row("A", 790, 16))  # corrected
    assert not notes_of(row("A", 2), row("A", 1, 16))
    war = {"event_type": "campaign"}
    assert notes_of(row("A", 802, **war), row("A", 790, 16, **war))
    assert not notes_of(row("A", 802), row("A", "at least 452", 16))
    assert not notes_of(row("A", "up to 802"), row("A", 452, 16))
    assert not notes_of(row("A", "about 480"), row("A", 452, 16))
    assert not notes_of(row("A", 802, withdrawn="yes"), row("A", 452, 16))
    assert not notes_of(row("A", 802), row("A", 452, 16, quotes="B"), row("B", 452, 16))
    assert not notes_of(row("A", 802), row("A", 452))  # of one day nobody knows which came first


def test_a_figure_that_jumps_tenfold() -> None:
    """From 18 to 180 in a day is told; fivefold, from one, or in the first days of an earthquake is not."""
    (note,) = notes_of(row("A", 18), row("A", 180, 16))
    assert note.startswith("lines 1, 2: a source's figure jumps tenfold: '18' (line 1), then '180' (line 2) by A")
    assert notes_of(row("A", 18), row("A", 180))
    assert notes_of(row("A", 18, None), row("A", 180, None))
    assert not notes_of(row("A", 18), row("A", 90, 16))
    assert not notes_of(row("A", 1), row("A", 12, 16))
    assert not notes_of(row("A", "at least 18"), row("A", 180, 16))
    quake = {"event_type": "earthquake"}
    assert not notes_of(row("A", 18, **quake), row("A", 180, 16, **quake))
    assert notes_of(row("A", 18, 19, **quake), row("A", 180, 20, **quake))


def test_increments_that_stand_as_totals() -> None:
    """Numbers that go up and down are told as increments, once; a total that rises, or is corrected once, is not."""
    war = {"event_type": "campaign"}
    series = [232, 138, 190, 340, 200, 317]
    (note,) = notes_of(*(row("A", number, 15 + day, **war) for day, number in enumerate(series)))
    assert note.startswith("lines 1, 2, 3, 4, 5, 6: figures of one source go up and down like increments")
    assert "scope=period" in note
    assert not notes_of(*(row("A", number, 15 + day, **war) for day, number in enumerate(np.cumsum(series).tolist())))
    once = notes_of(*(row("A", number, 15 + day, **war) for day, number in enumerate([232, 370, 360, 560, 900])))
    assert [note for note in once if "lowers" in note] == once


def test_an_increment_among_totals() -> None:
    """20, 5, 25: the five came on top, and that is told in place of a fall; 20, 5, 26 is a fall."""
    (note,) = notes_of(row("A", 20), row("A", 5, 16), row("A", 25, 17))
    assert note.startswith("lines 1, 2, 3: a figure looks like an increment")
    (note,) = notes_of(row("A", 20), row("A", 5, 16), row("A", 26, 17))
    assert "lowers its own figure" in note
    (note,) = notes_of(row("A", 20), row("A", 5, 16), row("B", 25, 17), row("B", 26, 18))
    assert "lowers its own figure" in note


def period(number: int, first: int, last: int) -> dict[str, object]:
    span = {"period_start": f"2020-01-{first:02}", "period_end": f"2020-01-{last:02}"}
    return {"event": "War", "source": "A", "figure": number, "scope": "period", **span}


def test_totals_that_stand_as_figures_of_periods() -> None:
    """Figures of five days that only rise are told; such that fall once, or of periods that overlap, are not."""
    rising = [10, 14, 25, 31, 40]
    (note,) = notes_of(*(period(number, 1 + day, 1 + day) for day, number in enumerate(rising)))
    assert note.startswith("lines 1, 2, 3, 4, 5: figures of periods only rise, like a running total: 10, 14, 25, 31, …")
    assert not notes_of(*(period(number, 1 + day, 1 + day) for day, number in enumerate([10, 14, 13, 31, 40])))
    assert not notes_of(*(period(number, 1, 1 + day) for day, number in enumerate(rising)))
    assert not notes_of(*(period(number, 1 + day, 1 + day) for day, number in enumerate(rising[:4])))


def test_a_figure_in_thousands() -> None:
    """12 beside 12,400 within days is told, by whomever; 12 beside 1,240, or months later, is not."""
    (note,) = notes_of(row("A", 12), row("B", "12,400", 16))
    assert note.startswith(
        "lines 1, 2: one figure may be another in thousands: '12' (A, line 1) and '12,400' (B, line 2)"
    )
    (note,) = notes_of(row("A", 12), row("A", "12,400", 16))
    assert "thousands" in note
    assert not notes_of(row("A", 12), row("B", "1,240", 16))
    assert not notes_of(row("A", 12), row("B", "12,400", None, reported_at="2020-03-01"))
    assert not notes_of(row("A", 12), row("B", "12,400", outcome="displaced"))


# Rows far apart -------------------------------------------------------------------------------------------------------


def test_reports_of_an_event_without_a_date_far_apart_in_time() -> None:
    """Two months and more between reports of an undated event are told; of a dated one or a campaign they are not."""
    undated = {"event_date": None, "reported_at": "2020-06-01"}
    (note,) = notes_of(row("A", 18, event_date=None), row("B", 20) | undated)
    assert note.startswith("lines 1, 2: reports of one event without a date lie far apart in time: 2020-01-15 (line 1)")
    assert not notes_of(row("A", 18), row("B", 20, reported_at="2020-06-01"))
    assert not notes_of(row("A", 18, event_date=None), row("B", 20, 30, event_date=None))
    war = {"event_type": "campaign"}
    assert not notes_of(row("A", 18, event_date=None) | war, row("B", 20) | undated | war)


def test_rows_of_an_event_at_two_places() -> None:
    """Places without a common word are told, and those far apart on the map; a finer name or a large event is not."""
    (note,) = notes_of(row("A", 18, place="Idlib"), row("B", 20, place="Homs"))
    assert note.startswith("lines 1, 2: rows of one event name different places: 'Idlib' (line 1) and 'Homs' (line 2)")
    assert not notes_of(row("A", 18, place="Idlib"), row("B", 20, place="Ariha, Idlib"))
    assert not notes_of(row("A", 18, place="Idlib"), row("B", 20))
    assert not notes_of(*(row("A", 18, place=place, event_type="flood") for place in ("Idlib", "Homs")))

    here, there = {"latitude": 35.9, "longitude": 36.6}, {"latitude": 34.7, "longitude": 36.7}
    assert not notes_of(row("A", 18, **here), row("B", 20, **there))
    (note,) = notes_of(row("A", 18, **here), row("B", 20, latitude=35.9, longitude=46.6))
    assert "lie more than 300 km apart" in note


# Duplicates and names -------------------------------------------------------------------------------------------------


def test_one_report_under_two_names_of_its_event() -> None:
    """The same source, day and figure on "Idlib air strikes" and "Idlib air strike, January" is told."""
    one, two = row("A", 7, event="Idlib air strikes"), row("A", 7, event="Idlib market air strikes")
    (note,) = notes_of(one, two)
    assert note.startswith("lines 1, 2: one report may stand under two names of its event")
    assert not notes_of(one, two | {"figure": 8})
    assert not notes_of(one, two | {"figure": "7-9"})
    assert not notes_of(one, two | {"source": "B"})
    assert not notes_of(one, two | {"event_date": "2020-01-14"})
    assert not notes_of(one, two | {"event": "Shelling of Homs"})
    assert not notes_of(one | {"event": "Clash 1"}, two | {"event": "Clash 2"})
    assert not notes_of(one | {"event": "Clash in Homs"}, two | {"event": "Clash in Homs 2"})


def test_a_telling_number_at_one_place() -> None:
    """Thirty-seven by one source at one place on one day is told whatever the events are called; seven is not."""
    one = row("A", 37, event="Market bombing", place="Idlib")
    assert notes_of(one, one | {"event": "Strike on Ariha"})
    assert not notes_of(one, one | {"event": "Strike on Ariha", "place": "Homs"})
    assert not notes_of(one | {"figure": 7}, one | {"figure": 7, "event": "Strike on Ariha"})


def test_one_report_under_two_names_of_its_source() -> None:
    """Initials and the words every agency has are told; two sources that agree, and one that quotes, are not."""
    observatory = row("Syrian Observatory for Human Rights", 18)
    (note,) = notes_of(observatory, row("SOHR", 18))
    assert note.startswith("lines 1, 2: one report may stand under two names of its source")
    assert notes_of(row("Reuters", 18), row("Reuters news agency", 18))
    assert not notes_of(row("Police", 18), row("Kabul police", 18))
    assert not notes_of(row("Reuters", 18), row("AFP", 18))
    assert not notes_of(observatory, row("SOHR", 19))
    assert not notes_of(row("Reuters", 18), row("Reuters news agency", 18, quotes="Reuters"))


def test_names_spelt_almost_alike() -> None:
    """A letter, an accent or a space is told, with the first line of either; numbers and short words are not."""
    (note,) = notes_of(row("White Helmets", 18), row("White Helmet", 19, 16))
    assert note.startswith("lines 1, 2: names of sources are spelt almost alike and count as different")
    assert notes_of(row("A", 18, event="Yabroud strike"), row("A", 19, event="Yabrud strike"))
    assert not notes_of(
        row("A", 18, event="Yabroud strike"), row("A", 19, event="Yabrud strike", event_date="2020-01-09")
    )


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("White Helmets", "WhiteHelmets", True),
        ("Médecins Sans Frontières", "Medecins sans Frontieres", True),
        ("The Nation (All Africa)", "The Nation/All Africa", True),
        ("Ministry of Helath", "Ministry of Health", True),
        ("Reuters", "reuters", False),  # told already
        ("Iran army", "Iraq army", False),
        ("Hospital 1", "Hospital 2", False),
        ("Source A", "Source B", False),
        ("Eastern Ghouta", "Western Ghouta", False),
        ("Zambia police", "Gambia police", False),
    ],
)
def test_which_names_are_almost_alike(one: str, other: str, alike: bool) -> None:
    """One slip in one longer word is; another country, number or direction is none."""
    assert list(almost_alike([one, other])) == ([tuple(sorted((one, other)))] if alike else [])
    assert list(almost_alike([other, one])) == list(almost_alike([one, other]))


def test_names_that_may_be_one() -> None:
    """Years may be left out, other numbers tell events apart; initials are those of three words or more."""
    assert may_be_one("Bali bombings 2002", "Bali bombings")
    assert not may_be_one("Clash in Homs 3", "Clash in Homs")
    assert not may_be_one("Homs", "Homs clash")
    assert acronym_of("SOHR", "Syrian Observatory for Human Rights")
    assert not acronym_of("SO", "Syrian Observatory")
    assert not acronym_of("Sohr", "Syrian Observatory for Human Rights")


# All together ---------------------------------------------------------------------------------------------------------


def test_ten_thousand_odd_rows_make_one_note() -> None:
    """One note a kind names ten lines and three cases and counts the others."""
    rows = [row("A", number, day, event=f"E{index}") for index in range(5_000) for number, day in ((40, 15), (30, 16))]
    (note,) = notes_of(*rows)
    assert note.startswith("lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 9,990 more: a source lowers its own figure: ")
    assert note.count(" by A on ") == 3
    assert "; and 4,997 more; " in note


def test_tables_that_are_right_have_no_notes() -> None:
    """The Idlib table has no note between its rows; of the anchors only figures that a source did lower are told."""
    assert between_notes(load_example().table) == []
    for name in ("anchors/modern", "anchors/historical"):
        (note,) = between_notes(load_example(name).table)
        assert "a source lowers its own figure" in note
        assert note.count("then") == 2


def test_notes_follow_the_order_of_lines_and_not_that_of_rows() -> None:
    """Shuffled rows that keep their days give the same notes but for the numbers of lines."""
    rows = [row("A", 802), row("A", 452, 16), row("A", 40, 17, event="b"), casualties("A", 30, 17, event="b")]
    plain = [re.sub(r"lines? [0-9, ]+", "", note) for note in notes_of(*rows)]
    assert sorted(plain) == sorted(re.sub(r"lines? [0-9, ]+", "", note) for note in notes_of(*rows[::-1]))


@given(st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=1, max_size=30))
def test_numbers_for_several_columns_are_equal_where_the_columns_are(rows: list[tuple[int, int, int]]) -> None:
    """Rows have one number exactly where all their values are the same, and numbers have no gaps."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    found = combined(*columns).tolist()
    assert len(set(zip(found, rows, strict=True))) == len(set(found)) == len(set(rows))
    assert set(found) == set(range(len(set(rows))))


def test_numbers_of_many_wide_columns_do_not_overflow() -> None:
    """Columns whose values together exceed 64 bits still tell their rows apart."""
    wide = np.array([0, 2**40, 2**40, 0], dtype=np.int64)
    assert len(set(combined(wide, wide[::-1], wide, np.array([0, 0, 1, 2**40])).tolist())) == 4


type Small = tuple[str, str, int | None, int]

SMALL = st.tuples(
    st.sampled_from("ab"), st.sampled_from(["killed", "casualties"]), st.sampled_from([None, 15, 16, 17]),
    st.integers(1, 5),
)  # fmt: skip


def found_in(rows: list[Small]) -> dict[str, int]:
    """How many cases of each oddity there are in a small table."""
    given_rows = [row(source, number, day, outcome=outcome) for source, outcome, day, number in rows]
    return {each.what: each.cases for each in oddities(read_reports(given_rows).table)}


@settings(max_examples=50)
@given(st.lists(SMALL, min_size=1, max_size=9))
def test_casualties_below_killed_are_those_that_comparing_all_pairs_finds(rows: list[Small]) -> None:
    """Each figure of casualties is told exactly where some figure of killed contradicts it."""

    def contradicts(killed: Small, both: Small) -> bool:
        (source, _, day, number), (other, _, other_day, other_number) = killed, both
        at_once = day is not None and day == other_day
        before = source == other and (day is None) == (other_day is None) and (day or 0) <= (other_day or 0)
        return number > other_number and (at_once or before)

    killed = [each for each in rows if each[1] == "killed"]
    expected = sum(any(contradicts(each, both) for each in killed) for both in rows if both[1] == "casualties")
    assert found_in(rows).get("more killed or injured than casualties", 0) == expected


@settings(max_examples=50)
@given(st.lists(SMALL, min_size=1, max_size=9))
def test_falls_are_those_that_comparing_days_finds(rows: list[Small]) -> None:
    """A fall is a day of a source all of whose figures lie below all of those of its day before; but for increments."""
    expected = increments = 0
    for source, outcome in {each[:2] for each in rows}:
        days: dict[int, list[int]] = {}
        for *about, day, number in rows:
            if about == [source, outcome] and day is not None:
                days.setdefault(day, []).append(number)
        numbers = [days[day] for day in sorted(days)]
        falls = [place for place in range(len(numbers) - 1) if max(numbers[place + 1]) < min(numbers[place])]
        deep = [place for place in falls if min(numbers[place]) - max(numbers[place + 1]) > 1]
        expected += len(deep)
        increments += sum(
            len({*numbers[place]}) == len({*numbers[place + 1]}) == len({*numbers[place + 2]}) == 1
            and numbers[place][0] + numbers[place + 1][0] == numbers[place + 2][0]
            for place in deep
            if place + 2 < len(numbers)
        )

    found = found_in(rows)
    increment = next((cases for what, cases in found.items() if what.startswith("a figure looks like")), 0)
    assert (found.get("a source lowers its own figure", 0), increment) == (expected - increments, increments)


@settings(max_examples=50)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "event": st.sampled_from(["A", "Air strike on Homs", "Air strikes on Homs", "War"]),
                "source": st.sampled_from(["a", "White Helmets", "White Helmet"]),
                "figure": st.sampled_from(
                    [1, 20, 20_000, "none", "about 12", "up to 90", "dozens", "no comment", "5 children", "10-30"]
                ),
                "outcome": st.sampled_from(["killed", "injured", "casualties", "missing"]),
                "reported_at": st.sampled_from([None, "2020", "2020-01-15", "2020-01-15T10:30", "2021-06-01"]),
                "event_type": st.sampled_from(["campaign", "airstrike"]),
                "place": st.sampled_from([None, "Homs", "Idlib"]),
                "withdrawn": st.booleans(),
                "affiliation": st.sampled_from([None, "own", "enemy"]),
            }
        ),
        min_size=1,
        max_size=12,
    )
)
def test_any_table_has_notes_and_no_errors(rows: list[dict[str, object]]) -> None:
    """Whatever is put together, the checks end without an error or a warning, and say a kind of oddity once."""
    types = {row["event"]: row["event_type"] for row in rows}
    table = read_reports([{**row, "event_type": types[row["event"]]} for row in rows]).table
    told = [each.what for each in oddities(table)]
    assert len(told) == len(set(told))


def test_a_table_without_figures_is_looked_at_too() -> None:
    """Rows without a number, or over a period alone, are no trouble."""
    assert notes_of(row("A", "no comment")) == []
    assert notes_of(period(3, 1, 2)) == []
    assert between_notes(pd.DataFrame(read_reports([row("A", 5, outcome="strikes")]).table)) == []
