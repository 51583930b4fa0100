"""The uncertainty report is complete and honest in its words."""

from __future__ import annotations

import re

import numpy as np
import pytest
from helpers.documents import IDLIB, Page, folded, hostile, idlib

from estimates.document.document import render_html, render_markdown
from estimates.inference.assumed import shared_error
from estimates.results.estimates import estimate
from estimates.table.reports import read_reports


def test_page_holds_every_line_of_every_outcome() -> None:
    """Each outcome shows by now, in the end and the full toll with the numbers of `ranges`."""
    names = {"by_now": "Documented by now", "documented": "Documented in the end", "total": "Full toll"}
    rows = re.findall(r"<tr><th scope=\"row\"><span class=\"key.*?</tr>", render_html(idlib()))
    shown = [re.sub(r"<[^>]*>", " ", row).split() for row in rows]
    for row in idlib().ranges(layers=tuple(names)).to_dict("records"):
        ends = [(row[f"low_{level}"], row[f"high_{level}"]) for level in (50, 80, 95)]
        intervals = [f"{low:,}" if low == high else f"{low:,}–{high:,}" for low, high in ends]
        wanted = [*names[row["layer"]].split(), f"{row['median']:,}", *intervals]
        assert any(cells[: len(wanted)] == wanted for cells in shown), wanted


def test_no_document_prints_a_mean() -> None:
    """Neither page nor Markdown has a column of means; both say why there is none."""
    for text in (render_html(idlib()), render_markdown(idlib())):
        cells = re.findall(r"<th[^>]*>([^<]*)</th>", text) + [cell.strip() for cell in re.findall(r"[^|\n]+", text)]
        assert not {"mean", "Mean"} & set(cells)
        assert "A mean is not given" in text


def test_assumptions_tell_what_ranges_rest_on() -> None:
    """The error that all sources share, with d and s of each outcome whose sources lie apart, parts, lists and ages."""
    estimates = idlib()
    text = folded(Page(render_html(estimates)).text)
    for case in estimates.cases:
        found = shared_error(case, estimates.profile)
        assert (f"(d = {found.distance[0]:.2f})" in text) or not found.apart
    wrong = np.median(estimates.profile.parameters["shared_error"])
    for words in (
        f"That they are has a probability of {100 * wrong:.0f}%",
        "This does not mend sources that agree on one wrong number",
        "a figure of a group alone, such as soldiers, may be one of everybody",
        "no layer lies below them",
        "could be of several ages",
        "is measured anew among those left",
    ):
        assert words.lower() in text.lower(), words


def test_page_says_in_words_what_the_ranges_say() -> None:
    """The sentence of an outcome quotes the 80% range and the median of both layers, people and no unit."""
    text = folded(Page(render_html(idlib())).text)
    killed = idlib().ranges().query("event == 'Idlib airstrikes' and outcome == 'killed'").to_dict("records")
    for row in killed:
        assert (
            f"between {row['low_80']:,} and {row['high_80']:,} with a probability of 80% (median {row['median']:,})"
            in text
        )
    assert "2 sources put the number of people killed at 18 to 21." in text
    assert "One source reports no people killed." in text
    assert "unit" not in text.replace("munitions", "").replace("United", "").replace("Community", "")


def test_page_shows_every_report_and_what_became_of_it() -> None:
    """Figures that count, parts, quotes, silence, context and periods are told apart in plain words."""
    text = folded(Page(render_html(idlib())).text)
    for words in (
        "left out: the source counts everybody",
        "passes on Syrian Observatory for Human Rights; not counted again",
        "did not confirm: no figure, kept apart from zero",
        "said to rise",
        "context, not estimated",
        "covers a period, not estimated",
        "for 2020-01-01 to 2020-01-15",
        "Note: by Russian aircraft",
        "Without a figure: State media did not confirm. This is not read as zero.",
    ):
        assert words in text
    assert [line for line in range(1, 10) if f"line {line}" not in text] == []


def test_page_shows_the_influence_of_each_source() -> None:
    """Without each source in turn, median and 80% range stand beside those of all; a lone source is not taken away."""
    text = folded(Page(render_html(idlib())).text)
    influence = idlib().influence()
    several = influence[influence.groupby(["event", "outcome"])["without"].transform("nunique") > 1]
    assert 0 < len(several) < len(influence)
    assert "One source is all there is" in text
    for row in several.to_dict("records"):
        assert f"Without {row['without']}" in text
        assert f"{row['median']:,} ({row['low_80']:,}–{row['high_80']:,})" in text


@pytest.mark.extended
def test_events_of_many_sources_go_without_influence_and_say_so() -> None:
    """Above twelve sources influence is left out with a word on why; events with fewer keep theirs."""
    rows = [{"event": "many", "source": f"source {n}", "wording": "exactly", "low": 10 + n} for n in range(13)]
    rows += [{"event": "few", "source": f"source {n}", "wording": "exactly", "low": 10 + n} for n in range(12)]
    estimates = estimate(read_reports(rows))
    for text in (folded(Page(render_html(estimates)).text), render_markdown(estimates).replace("\\", "")):
        assert text.count("13 sources give figures of this event, and a report shows their influence up to 12") == 1
        assert text.lower().count("without source ") == 12 + 1  # the weightiest also in the answer


def test_page_states_probabilities_of_the_numbers_said() -> None:
    """P(at least k) of every number said agrees with `Estimates.probability`."""
    text = folded(Page(render_html(idlib())).text)
    for number in (18, 21):
        chance = idlib().probability("killed", at_least=number)["Idlib airstrikes"]
        assert f"≥ {number}" in text
        assert f"{100 * chance:.0f}%" in text


def test_one_source_and_none_are_said_to_be_weak() -> None:
    """Where one source speaks, or none gives a figure, the reader is told that little but the prior remains."""
    silent = estimate(read_reports([{"event": "e", "source": "s", "wording": "no_comment"}]))
    assert "the ranges are prior only" in render_html(silent)
    assert "only the prior" in render_html(silent)
    assert "One source only" in render_html(idlib())


def test_vague_words_are_not_passed_off_as_numbers() -> None:
    """Where sources say "dozens", the sentence says "dozens"; how the word was read stands with the report."""
    row = {"event": "e", "source": "s", "wording": "vague", "figure": "dozens"}
    number = {"event": "e", "source": "t", "wording": "exactly", "low": 18}
    alone, beside = (render_html(estimate(read_reports(rows))) for rows in ([row], [row, number]))
    assert "One source puts the number of people killed at “dozens”." in alone
    assert "One source only" in alone
    assert "2 sources put the number of people killed at 18 and “dozens”." in beside
    assert all("dozens, usually 24 to 80" in page for page in (alone, beside))


def test_deaths_come_first() -> None:
    """Within an event the outcomes stand in the order of the vocabulary."""
    page = render_html(idlib())
    assert page.index(">People killed</h3>") < page.index(">People injured</h3>")


def test_replaced_and_late_reports_are_marked() -> None:
    """An older figure of the same age bin and a report after the cut-off are shown and said not to count."""
    common = {"event": "e", "event_date": "2020-01-01", "source": "s", "wording": "exactly"}
    rows = [
        common | {"low": 5, "reported_at": "2020-01-04"},
        common | {"low": 7, "reported_at": "2020-01-05"},
        common | {"low": 9, "reported_at": "2020-02-09"},
    ]
    page = folded(Page(render_html(estimate(read_reports(rows), as_of="2020-01-10"))).text)
    assert "replaced by the source's newer figure" in page
    assert "left out: later than the cut-off" in page
    assert "data up to 2020-01-10" in page
    rows[0] |= {"reported_at": "2020-01-05"}
    page = folded(Page(render_html(estimate(read_reports(rows)))).text)
    assert page.count("replaced by the source's newer figure") == 1


def test_the_page_tells_ties_in_time_by_the_rule_of_the_estimate() -> None:
    """A figure of 23:00 on the 15th in New York is of the 16th in UTC: it is newer than one of the 15th whatever the order
    of the rows, and as old as one of the 16th, so that then the last row counts."""
    late = {"event": "e", "source": "s", "wording": "exactly", "low": 7, "reported_at": "2020-01-15T23:00-05:00"}

    def replaced(day: str, *, last: bool) -> int:
        other = late | {"low": 5, "reported_at": day}
        rows = [other, late] if last else [late, other]
        page = render_html(estimate(read_reports(rows)))
        return 5 if "killed at 7" in folded(Page(page).text) else 7

    assert replaced("2020-01-15", last=True) == replaced("2020-01-15", last=False) == 5
    assert (replaced("2020-01-16", last=True), replaced("2020-01-16", last=False)) == (5, 7)


def test_provenance_is_complete() -> None:
    """Versions, seed, hashes and effective draws are printed."""
    for text in (render_html(idlib()), render_markdown(idlib())):
        for value in idlib().provenance.values():
            if isinstance(value, str):
                assert value in text.replace("\\", "")
        assert str(idlib().provenance["fewest_effective_draws"]) in text


def test_markdown_tables_have_as_many_cells_as_columns() -> None:
    """Every row of every Markdown table has the columns of its header, with hostile names too."""
    for estimates in (idlib(), hostile()):
        width = None
        for line in render_markdown(estimates).splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
            assert width is None or cells is None or cells == width, line
            width = cells


def test_pointer_shows_a_name_in_full() -> None:
    """A source's name, shortened in the picture, is whole in its title, also where it speaks of reports."""
    name = "The long and honourable society of reporters in the province"
    row = {"event": "e", "source": name, "wording": "at_least", "low": 5}
    page = render_html(estimate(read_reports([row])))
    assert f"<title>{name}: at least 5</title>" in page
    assert f">{name}: at least 5</text>" not in page


# Size and sameness ----------------------------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes() -> None:
    """Estimating and rendering afresh gives identical reports."""
    again = estimate(read_reports(IDLIB))
    assert render_html(again) == render_html(idlib())
    assert render_markdown(again) == render_markdown(idlib())


def test_report_of_the_example_is_small() -> None:
    """The page of two events stays below 150 kB."""
    assert len(render_html(idlib()).encode()) < 150_000


def test_many_reports_are_condensed_and_the_page_says_so() -> None:
    """With 300 reports of an event the picture stays small, the page says what it joins, and the table has all."""
    rows = [{"event": "e", "source": f"source {n % 5}", "wording": "exactly", "low": 10 + n % 40} for n in range(300)]
    text = render_html(estimate(read_reports(rows)))
    page = folded(Page(text).text)
    assert "300 figures: the same figures are drawn once" in page
    assert "28 other readings" in page
    assert page.count("joined with the source's other figure") == 300
    height = re.search(r'class="plot"[^>]* height="(\d+)"', text)
    assert height is not None
    assert int(height[1]) < 800


def test_events_have_an_overview_and_a_section_each() -> None:
    """Every event has its row in the overview, linked to its section."""
    rows = [{"event": f"event number {n}", "source": "s", "wording": "exactly", "low": n + 1} for n in range(12)]
    page = Page(render_html(estimate(read_reports(rows))))
    assert len([value for value in page.attributes("href") if value.startswith("#event-")]) == 12
