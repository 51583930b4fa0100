"""The uncertainty report: complete, honest in its words, and safe whatever stands in the table."""

from __future__ import annotations

import os
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.cli.screen import estimates_csv
from estimates.document import pictures
from estimates.document.document import render_html, render_markdown, write_document
from estimates.document.pictures import Axis, Bar, Curve, Mark, choose_axis, picture
from estimates.errors import EstimatesError
from estimates.files import write_whole
from estimates.results.estimates import Estimates, estimate
from estimates.table.reports import read_reports
from estimates.text import clean, escape_markdown, safe_url

AIRSTRIKE = {"event": "Idlib airstrikes", "event_date": "2020-01-15", "reported_at": "2020-01-15", "place": "Idlib"}
OBSERVATORY = AIRSTRIKE | {"source": "Syrian Observatory for Human Rights", "source_type": "monitor"}
HELMETS = AIRSTRIKE | {"source": "White Helmets", "source_type": "rescue"}

IDLIB: list[dict[str, Any]] = [
    OBSERVATORY | {"wording": "at_least", "low": 18, "url": "https://example.org/a?b=1&c=2"},
    OBSERVATORY | {"wording": "exactly", "low": 51, "outcome": "strikes", "note": "by Russian aircraft"},
    HELMETS | {"wording": "about", "low": 21, "provisional": "true"},
    HELMETS | {"wording": "exactly", "low": 1, "group": "members"},
    HELMETS | {"wording": "exactly", "low": 82, "outcome": "injured"},
    AIRSTRIKE | {"source": "State media", "source_type": "party", "wording": "not_confirmed"},
    AIRSTRIKE
    | {"source": "UN officials", "source_type": "un", "wording": "at_least", "low": 300_000, "outcome": "displaced"}
    | {"scope": "period", "period_start": "2020-01-01", "period_end": "2020-01-15"},
    AIRSTRIKE | {"source": "A wire", "wording": "at_least", "low": 18, "quotes": "Syrian Observatory for Human Rights"},
    {"event": "T4 air base", "event_date": "2020-01-14", "reported_at": "2020-01-15"}
    | {"source": "State media", "source_type": "party", "wording": "none"},
]

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</svg></title></style><b>",
    "]]><!-- -->",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe\u2066",
    "مستشفى إدلب",
    "a\nb|c`d`*e*_f_[g](javascript:h)#i\\",
    "&lt;script&gt;",
    "x" * 10_000,
)


@cache
def idlib() -> Estimates:
    return estimate(read_reports(IDLIB))


@cache
def hostile() -> Estimates:
    rows = [
        {"event": text, "source": text, "wording": "exactly", "low": 5 + number, "note": text, "place": text}
        | {"quotes": text + " again", "url": text, "reported_at": "2020-01-15", "event_date": "2020-01-15"}
        for number, text in enumerate(HOSTILE)
    ]
    rows += [{"event": HOSTILE[0], "source": "s", "wording": "exactly", "low": 3, "group": HOSTILE[1]}]
    rows += [{"event": HOSTILE[0], "source": "t", "wording": "exactly", "low": 3, "url": "javascript:alert(1)"}]
    rows += [{"event": HOSTILE[0], "source": "u", "wording": "exactly", "low": 3, "url": "https://e.org/'\"><script>"}]
    return estimate(read_reports(rows))


class Page(HTMLParser):
    """Tags with their attributes, balanced or not, and the text outside style sheets."""

    VOID = frozenset({"meta", "link", "br", "img", "hr", "input", "base"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def attributes(self, name: str) -> list[str]:
        return [str(attributes[name]) for _, attributes in self.tags if name in attributes]


def folded(text: str) -> str:
    return " ".join(text.split())


# Content --------------------------------------------------------------------------------------------------------------


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
    """Figures that count, floors, quotes, silence, context and periods are told apart in plain words."""
    text = folded(Page(render_html(idlib())).text)
    for words in (
        "counted as a floor",
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
    """Without each source in turn, median and 80% range stand beside those of all sources."""
    text = folded(Page(render_html(idlib())).text)
    for row in idlib().influence().to_dict("records"):
        assert f"Without {row['without']}" in text
        assert f"{row['median']:,} ({row['low_80']:,}–{row['high_80']:,})" in text


def test_events_of_many_sources_go_without_influence_and_say_so() -> None:
    """Above twelve sources influence is left out with a word on why; events with fewer keep theirs."""
    rows = [{"event": "many", "source": f"source {n}", "wording": "exactly", "low": 10 + n} for n in range(13)]
    rows += [{"event": "few", "source": f"source {n}", "wording": "exactly", "low": 10 + n} for n in range(12)]
    estimates = estimate(read_reports(rows))
    for text in (folded(Page(render_html(estimates)).text), render_markdown(estimates).replace("\\", "")):
        assert text.count("This event has 13 sources, and a report shows their influence up to 12") == 1
        assert text.lower().count("without source ") == 12


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
    assert "joined with the source's other figure" in folded(Page(render_html(estimate(read_reports(rows)))).text)


def test_provenance_is_complete() -> None:
    """Versions, seed, hashes and effective draws are printed."""
    for text in (render_html(idlib()), render_markdown(idlib())):
        for value in idlib().provenance.values():
            if isinstance(value, str):
                assert value in text.replace("\\", "")
        assert str(idlib().provenance["effective_draws"]) in text


def test_markdown_tables_have_as_many_cells_as_columns() -> None:
    """Every row of every Markdown table has the columns of its header, with hostile names too."""
    for estimates in (idlib(), hostile()):
        width = None
        for line in render_markdown(estimates).splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else None
            assert width is None or cells is None or cells == width, line
            width = cells


# Form -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimates", [idlib, hostile], ids=["plain", "hostile"])
def test_page_is_balanced_and_ids_are_unique(estimates: Any) -> None:
    """Every element closes, ids occur once, and every reference within the page has its target."""
    page = Page(render_html(estimates()))
    assert page.open == []
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    wanted = [name for value in page.attributes("aria-labelledby") for name in value.split()]
    wanted += [value[1:] for value in page.attributes("href") if value.startswith("#")]
    assert set(wanted) <= set(ids)


@pytest.mark.parametrize("estimates", [idlib, hostile], ids=["plain", "hostile"])
def test_pictures_are_well_formed_and_have_a_text_alternative(estimates: Any) -> None:
    """Each picture parses as XML, is an image with a title and a description, and has no number that is not finite."""
    pictures = re.findall(r"<svg xmlns=.*?</svg>\n<figcaption>", render_html(estimates()), re.DOTALL)
    assert len(pictures) == len(estimates())
    for text in pictures:
        assert "nan" not in re.sub(r"<(title|desc|text).*?</\1>", "", text).lower()
        root = ElementTree.fromstring(text.removesuffix("\n<figcaption>"))
        name = "{http://www.w3.org/2000/svg}"
        assert root.get("role") == "img"
        assert root.find(f"{name}title").text  # type: ignore[union-attr]
        assert "full toll: median" in root.find(f"{name}desc").text  # type: ignore[union-attr, operator]


def test_page_needs_nothing_from_elsewhere() -> None:
    """No script, style sheet, font, image or frame is loaded; links go to http addresses only and tell no referrer."""
    for estimates in (idlib(), hostile()):
        text = render_html(estimates)
        page = Page(text)
        assert {tag for tag, _ in page.tags} & {
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "image",
            "base",
        } == set()
        style = text[text.index("<style>") : text.index("</style>")]
        assert "@import" not in style
        assert "url(" not in style
        assert page.attributes("src") == []
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        for tag, attributes in page.tags:
            target = attributes.get("href")
            if target is not None and not target.startswith("#"):
                assert tag == "a"
                assert re.match(r"https?://", target)
                assert attributes["rel"] == "noopener noreferrer nofollow"


def test_tables_name_their_headers() -> None:
    """Every header cell has a scope."""
    assert all(
        attributes.get("scope") in ("col", "row") for tag, attributes in Page(render_html(idlib())).tags if tag == "th"
    )


def test_hostile_text_is_shown_as_text() -> None:
    """What looks like markup or a template arrives as the characters it is made of."""
    page = Page(render_html(hostile()))
    for text in HOSTILE[:5]:
        assert text in page.text
    assert "<b>" not in render_html(hostile())
    assert "\u202e" not in page.text


def test_hostile_text_stays_inside_markdown() -> None:
    """In Markdown no angle bracket, link or code survives from the table."""
    text = render_markdown(hostile())
    assert "<script" not in text
    assert "<img" not in text
    assert re.search(r"(?<!\\)\]\((?!<http)", text) is None
    assert re.search(r"(?<!\\)`", text) is None
    assert "\u202e" not in text


@given(st.text(max_size=60))
def test_markdown_escaping_leaves_no_live_character(text: str) -> None:
    """Any text becomes one line in which every active character is escaped."""
    escaped = escape_markdown(text)
    assert len(escaped.splitlines()) <= 1
    assert re.search(r"(?<!\\)(\\\\)*[`*_\[\]|~$]", escaped) is None
    assert "<" not in escaped
    escaped.encode("utf-8")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "//e.org",
        "file:///etc",
        "https://",
        "http://[",
        "ftp://e.org",
    ],
)
def test_only_http_addresses_become_links(address: str) -> None:
    """An address that is not http or https with a host is shown as text."""
    assert safe_url(address) is None


def test_link_shows_the_host_it_leads_to() -> None:
    """A link's text is its real host, and characters that could end an attribute or a link are encoded."""
    found = safe_url('https://bank.example@evil.example/a b"><x>')
    assert found is not None
    assert found[1] == "evil.example"
    assert re.search(r'[\s"<>]', found[0]) is None


def test_clean_keeps_the_indent_of_a_line() -> None:
    """Spaces stay, so that the lines of a message keep their indent; a tab becomes one space."""
    assert clean("  line 3:\tx\x1b[31m") == "  line 3: x[31m"


def test_clean_keeps_joiners_and_drops_direction_marks() -> None:
    """Joiners that Persian needs stay; overrides, controls and lone surrogates go; line breaks become spaces."""
    assert clean("می\u200cخواهم\u202e\x00\ud800\na\u2028b") == "می\u200cخواهم a b"


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


# Files ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["r.html", "r.HTM", "r.md", "r.markdown"])
def test_ending_chooses_the_form(tmp_path: Path, name: str) -> None:
    """HTML and Markdown are told by the ending, whatever its case, and nothing else is left in the folder."""
    written = write_document(idlib(), str(tmp_path / name))
    assert written == tmp_path / name
    render = render_html if ".h" in name.lower() else render_markdown
    assert written.read_bytes() == render(idlib()).encode("utf-8")
    assert list(tmp_path.iterdir()) == [written]


@pytest.mark.parametrize("name", ["r.pdf", "r", "r.html.txt"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """An ending that does not work is answered with those that do."""
    with pytest.raises(EstimatesError, match=r"\.html, \.htm, \.md or \.markdown"):
        write_document(idlib(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_missing_folder_and_folder_for_a_file_are_plain_errors(tmp_path: Path) -> None:
    """A folder that is not there, or a folder where the file should be, is named in the message."""
    with pytest.raises(EstimatesError, match="there is no folder"):
        write_document(idlib(), tmp_path / "none" / "r.html")
    (tmp_path / "r.html").mkdir()
    with pytest.raises(EstimatesError, match="is a folder"):
        write_document(idlib(), tmp_path / "r.html")


def test_device_is_refused() -> None:
    """A device would be replaced by a file; it is refused and stays what it is."""
    with pytest.raises(EstimatesError, match="not an ordinary file"):
        write_whole(os.devnull, b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["a\0b.md", "x" * 300 + ".md", "\ud800.md"])
def test_impossible_names_are_plain_errors(tmp_path: Path, name: str) -> None:
    """A name that no file can have ends in a message, not in a traceback."""
    with pytest.raises(EstimatesError, match="cannot be written"):
        write_whole(tmp_path / name, b"x")
    assert list(tmp_path.iterdir()) == []


def test_longest_name_can_be_written(tmp_path: Path) -> None:
    """The file beside the target has a short name, so that every name the disk takes will do."""
    target = tmp_path / ("x" * 252 + ".md")
    write_whole(target, b"x")
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_new_file_honours_the_umask_and_a_replaced_one_keeps_its_mode(tmp_path: Path, mask: int, mode: int) -> None:
    """Permissions are those any program's new file gets; a file that was closed to others stays so."""
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "new", b"1")
        write_whole(tmp_path / "old", b"1")
        (tmp_path / "old").chmod(0o640)
        write_whole(tmp_path / "old", b"2")
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == mode
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "old").read_bytes() == b"2"


def test_link_stays_a_link(tmp_path: Path) -> None:
    """Writing to a link writes the file it points at, be it there yet or not."""
    (tmp_path / "link").symlink_to("target")
    for content in (b"1", b"2"):
        write_whole(tmp_path / "link", content)
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "target").read_bytes() == content


@pytest.mark.parametrize("step", ["write", "replace"])
def test_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """An interrupt while writing or renaming leaves the old file whole and nothing beside it."""
    target = tmp_path / "r.md"
    target.write_text("old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if step == "write" else (Path, "replace")), interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(target, b"new")
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.md"]


def test_failed_write_keeps_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk is full or the folder closed, the old file stays whole and no piece of the new one is left."""
    target = tmp_path / "r.md"
    target.write_text("old")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(EstimatesError, match="permission denied"):
        write_document(idlib(), target)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.md"]


def test_event_called_nan_keeps_its_name_in_csv() -> None:
    """Only a missing value leaves a cell empty, not a name that looks like one."""
    row = {"event": "nan", "source": "s", "wording": "exactly", "low": 5}
    assert estimates_csv(estimate(read_reports([row]))).splitlines()[1].startswith("nan,killed,documented,,5,5,")


# Pictures -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_every_count_has_a_place_on_the_axis_in_order(counts: list[int]) -> None:
    """Places lie within the margins and rise with the counts, ticks are distinct and within the scale."""
    axis = choose_axis(counts)
    places = [axis.position(count) for count in sorted(counts)]
    assert places == sorted(places)
    assert pictures.MARGIN <= places[0] <= places[-1] <= 100 - pictures.MARGIN
    ticks = axis.ticks()
    assert len(ticks) == len(set(ticks)) >= 2
    gaps = np.diff([axis.position(tick) for tick in ticks])
    assert gaps.min() >= 0.9 * pictures.TICK_DISTANCE * (100 - 2 * pictures.MARGIN) / 100


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=20), st.floats(pictures.MARGIN, 100 - pictures.MARGIN))
def test_count_undoes_position(counts: list[int], place: float) -> None:
    """The count at a place has that place."""
    axis = choose_axis(counts)
    assert axis.position(axis.count(place)) == pytest.approx(place, abs=1e-6)


def test_pointer_shows_a_name_in_full() -> None:
    """A source's name, shortened in the picture, is whole in its title, also where it speaks of reports."""
    name = "The long and honourable society of reporters in the province"
    row = {"event": "e", "source": name, "wording": "at_least", "low": 5}
    page = render_html(estimate(read_reports([row])))
    assert f"<title>{name}: at least 5</title>" in page
    assert f">{name}: at least 5</text>" not in page


def test_small_spans_are_linear_and_wide_ones_logarithmic() -> None:
    """18 to 40 is linear, 3 to 3,000 logarithmic, 900 to 1,300 linear although large."""
    assert not choose_axis([18, 40]).logarithmic
    assert choose_axis([3, 3_000]).logarithmic
    assert not choose_axis([900, 1_300]).logarithmic
    assert choose_axis([3, 3_000]).ticks()[-1] == 3_000


def test_density_keeps_both_modes_and_all_probability() -> None:
    """The curve of a posterior with two humps has two humps and sums to the probability on the scale."""
    edges = np.arange(102)
    probability = np.exp(-0.5 * ((edges[:-1] - 20) / 4.0) ** 2) + np.exp(-0.5 * ((edges[:-1] - 80) / 4.0) ** 2)
    probability /= probability.sum()
    height = pictures._density(Axis(0.0, 100.5, False), Curve("documented", edges, probability))
    assert height.sum() == pytest.approx(1.0)
    middle = pictures.COLUMNS // 2
    assert height[middle] < 0.01 * min(height[:middle].max(), height[middle:].max())


@pytest.mark.parametrize("shape", ["exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"])
def test_each_shape_is_drawn_differently(shape: Any) -> None:
    """No two wordings look the same, and a label is escaped."""
    bar = Bar("full toll", "total", 5, ((4, 6), (3, 8), (2, 20)))

    def drawn(which: Any) -> str:
        mark = Mark("a <b>", "a & b", which, 4, 4 if which != "range" else 9, (4, 4) if which == "vague" else None)
        text = picture("p", "t", "d", "people", [mark], [bar])
        ElementTree.fromstring(text)
        assert "<b>" not in text
        return text

    others = {"exact", "at_least", "up_to", "about", "range", "vague", "none", "floor"} - {shape}
    assert all(drawn(shape) != drawn(other) for other in others)
