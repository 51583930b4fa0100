"""A report of many events: an index with totals and a timeline, a page for each event, all written or none."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from helpers.documents import Page, hostile
from helpers.markup import without_allowed_script
from helpers.small_events import small_events

from estimates.document import document as documents
from estimates.document.data import range_rows
from estimates.document.document import render_html, render_markdown, write_document
from estimates.document.index import IndexRow, TotalRow, index_view
from estimates.document.layout import ONE_FILE, Layout, is_page_name
from estimates.document.verify import verify
from estimates.errors import EstimatesError
from estimates.results.estimates import Estimates, estimate
from estimates.text import count, interval

#: Of so many events a report is one file, and of one more, were that the limit, an index with pages.
EVENTS = 6


@cache
def few() -> Estimates:
    return estimate(small_events(EVENTS))


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a report of six events that is laid out as one of many."""
    monkeypatch.setattr(documents, "EVENTS_IN_ONE_FILE", EVENTS - 1)
    folder = tmp_path / "report"
    folder.mkdir()
    write_document(few(), folder / "x.html")
    return folder


@cache
def rows() -> tuple[IndexRow, ...]:
    return index_view(few(), ONE_FILE.link).rows


# The index ------------------------------------------------------------------------------------------------------------


def test_rows_are_the_ranges() -> None:
    """Each row says what the table of ranges says of the event, with what its reports say of it."""
    ranges = few().ranges().set_index(["event", "layer"])
    assert len(rows()) == EVENTS
    for row in rows():
        documented, total = ranges.loc[row.event, "documented"], ranges.loc[row.event, "total"]
        assert row.documented == (documented["median"], (documented["low_80"], documented["high_80"]))
        assert row.total == (total["median"], (total["low_80"], total["high_80"]))
        reports = few().reports.table.query("event == @row.event")
        assert (row.place, row.date) == (reports["place"].iloc[0], reports["event_date"].iloc[0])


def test_the_data_hold_the_table_of_ranges() -> None:
    """The rows that a page and its data are made of are those of `Estimates.ranges`, cell by cell."""
    for estimates in (few(), hostile()):
        table = estimates.ranges(layers=("by_now", "documented", "total"))
        told = [
            {name: None if pd.isna(cell) else cell for name, cell in row.items()} for row in table.to_dict("records")
        ]
        assert range_rows(estimates) == told


def test_totals_are_those_of_the_method() -> None:
    """Totals of all events, by place and by month are the rows of `Estimates.total`, beside what independence claims."""
    (killed,) = index_view(few(), ONE_FILE.link).totals
    assert [view.heading for view in killed.totals] == ["All events", "By place", "By month"]
    for view, by in zip(killed.totals, (None, "place", "month"), strict=True):
        total = few().total(by=by)
        known = {str(row.iloc[0]): row for _, row in total.query("layer == 'documented'").iterrows()}
        for row in (*view.shown, *view.more):
            assert row.median == known[row.name]["median"]
        assert {row.name for row in (*view.shown, *view.more)} == set(known)

    (whole,) = killed.totals[0].shown
    assert isinstance(whole, TotalRow)
    claimed = few().total().iloc[0]
    assert whole.claimed == (claimed["independent_low_80"], claimed["independent_high_80"])
    assert count(min(whole.apart[0], whole.common[0])) in killed.sentence


def test_months_sum_the_events_that_began_in_them() -> None:
    """The total of a month is that of its events alone; an event of two months belongs to the first."""
    table = few().total(by="month").query("layer == 'documented' and accounts == 'independent'").set_index("month")
    months = few().reports.table.drop_duplicates("event")["event_date"].str[:7].value_counts()
    assert table["events"].to_dict() == months.to_dict()
    found = estimate([{"event": "a", "source": "s", "figure": "5", "event_date": "2020-01-31/2020-02-02"}])
    assert found.total(by="month")["month"].unique().tolist() == ["2020-01"]


def test_the_index_is_whole_without_its_script() -> None:
    """Every row is in the markup and shown; the form that needs the script is hidden until the script shows it."""
    html = without_allowed_script(render_html(few()))
    assert "<script>" not in html
    page = Page(html)
    (form,) = (attributes for tag, attributes in page.tags if tag == "form")
    assert "hidden" in form
    body = html[html.index('id="index-table"') :]
    body = body[: body.index("</table>")]
    assert body.count("<tr ") == EVENTS + 1
    assert " hidden" not in body


def test_groups_of_names_that_look_like_markup_stay_text() -> None:
    """Places and events of a hostile table stand in options, data and rows as text."""
    nasty = '"><script>alert(1)</script>'
    table = small_events(EVENTS).assign(place=nasty)
    table.loc[table["event"] == "event 000001", ["event", "place"]] = nasty, "Elsewhere"
    page = Page(without_allowed_script(render_html(estimate(table))))
    assert [attributes for tag, attributes in page.tags if tag == "script"] == [
        {"type": "application/json", "id": "data"}
    ]
    assert nasty in [attributes.get("value") for tag, attributes in page.tags if tag == "option"]


def test_pages_of_hostile_events_hold_no_more_than_text() -> None:
    """An event's page has no script and no link but to its index and to addresses of the web, whatever it is called."""
    for name in dict.fromkeys(case.event for case in hostile().cases):
        html = render_html(hostile().only(name), layout=Layout(index='"><script>x.html'))
        page = Page(html)
        assert [attributes for tag, attributes in page.tags if tag == "script"] == [
            {"type": "application/json", "id": "data"}
        ]
        links = {address for address in page.attributes("href") if not address.startswith("#")}
        assert {address for address in links if not address.startswith("https://")} == {"../%22%3E%3Cscript%3Ex.html"}
        assert not any(each.startswith("on") for _, attributes in page.tags for each in attributes)


def test_markdown_has_the_totals() -> None:
    """The Markdown of several events holds the same totals."""
    markdown = render_markdown(few())
    (killed,) = index_view(few(), ONE_FILE.link).totals
    for view in killed.totals:
        for row in (*view.shown, *view.more):
            assert f"| {row.median:,} | {interval(row.apart)} |" in markdown


# Files ----------------------------------------------------------------------------------------------------------------


def test_every_row_leads_to_a_page_that_says_the_same(pages: Path) -> None:
    """The links of the index are to files that are there, to an element in them, and the range is the same."""
    index = (pages / "x.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="(x_files/event-\d{5}\.html)#(event-1-killed)">', index)
    assert len(links) == EVENTS
    for (file, anchor), row in zip(links, rows(), strict=True):
        page = (pages / file).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in page
        assert row.event in page
        assert f"<td>{interval(row.documented[1])}</td>" in page.replace(' class="number"', "")
        assert 'href="../x.html"' in page
    assert sorted(path.name for path in (pages / "x_files").iterdir()) == sorted(
        file.partition("/")[2] for file, _ in links
    )


def test_the_disclosure_of_an_index_leads_to_what_is_there(pages: Path) -> None:
    """What belongs to events is pointed to in the page of the first event, where it is."""
    index = (pages / "x.html").read_text(encoding="utf-8")
    for address, element in re.findall(r'<a href="([^"#]*)#([a-z]+)">\2</a>', index):
        text = (pages / address).read_text(encoding="utf-8") if address else index
        assert f'id="{element}"' in text, element


def test_an_index_and_its_pages_verify(pages: Path) -> None:
    """Untouched all holds; a digit changed in the index or in a page, and a page taken away, are named."""
    assert verify(pages / "x.html").holds
    assert verify(pages / "x_files" / "event-00002.html").holds

    page = pages / "x_files" / "event-00002.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('<p class="lead">The number', '<p class="lead">No number', 1), encoding="utf-8")
    (pages / "x_files" / "event-00003.html").unlink()
    found = verify(pages / "x.html")
    assert [each.where.partition(",")[0] for each in found.differences] == [
        "x_files/event-00002.html",
        "x_files/event-00003.html",
    ]
    assert not verify(page).holds


def test_an_event_alone_is_what_it_was() -> None:
    """The estimates of one event alone are those of its own rows, to the last bit, with their notes and provenance."""
    event = rows()[2].event
    part = few().only(event)
    alone = estimate(few().reports.rows(few().reports.table["event"] == event))
    layers = ("by_now", "documented", "total")
    assert part.ranges(layers=layers).equals(alone.ranges(layers=layers))
    assert part.provenance == alone.provenance
    with pytest.raises(EstimatesError, match="did you mean 'event 000001'"):
        few().only("event 00001")


def test_an_older_report_is_replaced_whole(pages: Path) -> None:
    """Pages of events that are gone do not stay behind."""
    write_document(few(), pages / "x.html")
    assert len(list((pages / "x_files").iterdir())) == EVENTS
    (pages / "x_files" / "event-00099.html").write_text("old", encoding="utf-8")
    write_document(few(), pages / "x.html")
    assert len(list((pages / "x_files").iterdir())) == EVENTS
    assert sorted(path.name for path in pages.iterdir()) == ["x.html", "x_files"]


def test_a_folder_with_other_files_is_left_alone(pages: Path) -> None:
    """A file that is no page of ours would be lost: nothing is written, and the message names it."""
    (pages / "x_files" / "thesis.txt").write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in pages.rglob("*") if path.is_file()}
    with pytest.raises(EstimatesError, match=r"holds other files \(thesis.txt\)"):
        write_document(few(), pages / "x.html")
    assert {path: path.read_bytes() for path in pages.rglob("*") if path.is_file()} == before
    assert not is_page_name("thesis.txt")


@pytest.mark.parametrize("fails_at", ["a page", "the index"])
def test_nothing_is_left_half_written(pages: Path, monkeypatch: pytest.MonkeyPatch, fails_at: str) -> None:
    """Where a page or the index fails, the former report stands there again, and nothing beside it."""
    before = {path: path.read_bytes() for path in pages.rglob("*") if path.is_file()}

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    if fails_at == "a page":
        told: list[int] = []

        def progress(done: int, total: int) -> None:
            told.append(total)
            if done == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_document(few(), pages / "x.html", progress=progress)
        assert set(told) == {EVENTS}
    else:
        monkeypatch.setattr("estimates.files.write_whole", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_document(few(), pages / "x.html")

    assert {path: path.read_bytes() for path in pages.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in pages.iterdir()) == ["x.html", "x_files"]


def test_events_without_an_estimate_are_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event of which nobody was counted has a link as well; where all are such, there is one file."""
    monkeypatch.setattr(documents, "EVENTS_IN_ONE_FILE", 1)
    strikes = [{"event": name, "source": "s", "figure": "5", "outcome": "strikes"} for name in ("Raid", "Sortie")]
    write_document(estimate([*strikes, {"event": "Market", "source": "s", "figure": "5"}]), tmp_path / "x.html")
    index = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert '<a href="x_files/event-00002.html#event-1"><bdi>Raid</bdi></a>' in index
    assert 'id="event-1"' in (tmp_path / "x_files" / "event-00002.html").read_text(encoding="utf-8")

    write_document(estimate(strikes), tmp_path / "y.html")
    assert not (tmp_path / "y_files").exists()
    assert "Sortie" in (tmp_path / "y.html").read_text(encoding="utf-8")


def test_in_full_is_on_demand() -> None:
    """A page of an index shows influence only where that was asked for."""
    event = next(case.event for case in few().cases if len(case.sources) > 2)
    one = few().only(event)
    assert "Influence of each source" not in render_html(one, layout=Layout(index="x.html"))
    assert "Influence of each source" in render_html(one, layout=Layout(index="x.html", in_full=True))
