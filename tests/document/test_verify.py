"""A page can be verified: its data make it again, and what was changed by hand is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.documents import HOSTILE, IDLIB, hostile, idlib
from helpers.markup import without_allowed_script

from estimates.document.about import about_of
from estimates.document.data import data_in, data_of, written
from estimates.document.document import render_html
from estimates.document.verify import verify
from estimates.errors import EstimatesError
from estimates.results.estimates import estimate
from estimates.table.reports import read_reports


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The page of the plain table."""
    path = tmp_path / "report.html"
    idlib().document(path)
    return path


def changed(page: Path, old: str, new: str) -> Path:
    """The same page with one text changed by hand."""
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")
    return page


def test_an_untouched_page_holds(page: Path) -> None:
    """Made again from its own data, every text and every place in its pictures is the same."""
    verdict = verify(page)
    assert verdict.holds
    assert verdict.same
    assert verdict.compared > 500


def test_a_forged_number_is_named(page: Path) -> None:
    """One digit of one cell, and one of the sentence, are named with where they stand and what they should be."""
    row = idlib().ranges(layers=("documented",)).query("event == 'Idlib airstrikes' and outcome == 'killed'").iloc[0]
    sentence = f"lies between {row.low_80} and {row.high_80}"
    verdict = verify(changed(page, sentence, f"lies between {row.low_80} and {row.high_80 + 1}"))
    assert not verdict.holds
    (difference,) = verdict.differences
    assert str(row.high_80 + 1) in difference.page
    assert str(row.high_80) in difference.again
    assert difference.where == "People killed"


def test_a_bar_that_was_moved_is_named(page: Path) -> None:
    """Pictures are compared too: a place that differs is told."""
    text = page.read_text(encoding="utf-8")
    start = text.index("<svg")
    place = text.index(' d="', start) + 4
    end = text.index('"', place)
    page.write_text(text[:place] + "M0 0" + text[end:], encoding="utf-8")
    assert any("path d" in difference.where for difference in verify(page).differences)


def test_forged_data_do_not_make_the_page_true(page: Path) -> None:
    """A report changed in the data alone leaves a page that no longer follows from them."""
    verdict = verify(changed(page, '"low":18', '"low":28'))
    assert not verdict.holds


def test_another_version_compares_ends_to_one_per_cent(page: Path) -> None:
    """A page of another version is told to be one; its ranges are compared, and an end beyond 1% is named."""
    data = data_in(page.read_text(encoding="utf-8"), "page")
    text = page.read_text(encoding="utf-8").replace(
        written(data), written(data | {"asked": data["asked"] | {"estimates": "0.0"}})
    )
    page.write_text(text, encoding="utf-8")
    verdict = verify(page)
    assert verdict.holds
    assert not verdict.same
    assert "another version" in verdict.remarks[0]

    ranges = [row | {"high_95": 2 * row["high_95"]} for row in data["ranges"]]
    other = data | {"asked": data["asked"] | {"estimates": "0.0"}, "ranges": ranges}
    page.write_text(f'<script type="application/json" id="data">{written(other)}</script>', encoding="utf-8")
    assert len(verify(page).differences) == len(ranges)


@pytest.mark.parametrize("text", ["", "<p>nothing</p>", '<script type="application/json" id="data">{</script>'])
def test_what_is_no_page_is_refused(tmp_path: Path, text: str) -> None:
    """A file without data, or with damaged data, is refused in one sentence."""
    path = tmp_path / "x.html"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EstimatesError, match=r"no data|damaged"):
        verify(path)


def test_lines_notes_and_coverage_come_back(tmp_path: Path) -> None:
    """A table read from a file with blank lines and a declared coverage makes the same page again."""
    table = tmp_path / "reports.csv"
    table.write_text("event,source,figure,mood\n\nA,x,18,calm\n\nA,y,about 21,\n", encoding="utf-8")
    reports = read_reports(table, coverage=[{"source": "z"}])
    path = tmp_path / "report.html"
    estimate(reports, seed=3, profile="published").document(path, about={"author": "A. Author", "contact": "a@b.org"})
    assert verify(path).holds


def test_data_cannot_leave_their_element() -> None:
    """Whatever stands in the table, the data are one element: no less-than sign is in them, and they parse as given."""
    text = written(data_of(hostile(), about_of({"author": HOSTILE[0]})))
    assert not set("<>&") & set(text)
    assert json.loads(text)["about"]["author"]
    page = render_html(hostile())
    assert without_allowed_script(page).count("<script") == 1
    assert data_in(page, "page")["reports"][0]["event"] in {
        row["event"] for row in hostile().reports.table.to_dict("records")
    }
    assert IDLIB
