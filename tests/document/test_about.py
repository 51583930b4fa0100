"""What the author says of a report: read from a file, refused with advice, and never live on the page."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from helpers.documents import HOSTILE, idlib
from hypothesis import given
from hypothesis import strategies as st

from estimates.document.about import LABELS, LARGEST_FILE, About, about_of
from estimates.document.document import write_document
from estimates.document.title import title_of
from estimates.errors import EstimatesError
from estimates.results.estimates import estimate
from estimates.text import clean

EXAMPLE = Path(__file__).parents[2] / "docs" / "about.example.toml"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "about.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def refusal(given: Any) -> str:
    with pytest.raises(EstimatesError) as caught:
        about_of(given)
    return str(caught.value)


def test_every_key_has_a_label_and_is_in_the_example() -> None:
    """The keys, the labels readers see and the lines of the example file, commented ones among them, are the same."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    shown = [line.removeprefix("# ").split(" = ")[0] for line in lines if " = " in line]
    assert sorted(shown) == sorted(LABELS) == sorted(About.__dataclass_fields__)
    about = about_of(EXAMPLE)
    assert (about.date_published, about.licence, about.notes) == ("2020-01-23", "CC BY 4.0", "")
    assert [entry.key for entry in about.entries] == [key for key in LABELS if getattr(about, key)]


def test_a_file_a_mapping_and_itself_say_the_same(tmp_path: Path) -> None:
    """The three ways to give it agree; an author who gives nothing says nothing."""
    path = written(tmp_path, '\ufeffauthor = "A. Recorder"\r\nnotes = """two\nlines"""\r\n')
    about = About(author="A. Recorder", notes="two lines")
    assert about_of(path) == about_of(str(path)) == about_of(about) == about
    assert about_of({"author": "A. Recorder", "notes": "two\tlines "}) == about
    assert about_of(None) == about_of({}) == about_of({"author": " "}) == About()
    assert About().entries == ()


def test_dates_as_toml_has_them_and_as_text(tmp_path: Path) -> None:
    """A date, a moment and a date in quotes are the day they name."""
    for text in ("2026-11-27", "2026-11-27T10:00:00Z", '"2026-11-27"', "'20261127'"):
        assert about_of(written(tmp_path, f"date_published = {text}\n")).date_published == "2026-11-27"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("author = A. Recorder", ["not TOML", "line 1", "texts in quotes"]),
        ('author = "a"\nauthor = "b"', ["not TOML"]),
        ('author = "a', ["not TOML"]),
        ("notes = " + "[" * 50_000, ["not TOML"]),
        ("notes = 1" + "0" * 5_000, ["not TOML"]),
        (b'author = "\xff"', ["line 1", "UTF-8"]),
        (b"\n\nx = \xff", ["line 3", "UTF-8"]),
        (b"#" * (LARGEST_FILE + 1), ["100 kB"]),
        ('\nlicense = "CC0"', ["line 2", "'license' is no key", "write licence"]),
        ('Author = "a"', ["'Author' is no key", "write author"]),
        ('whatever = "a"', ["'whatever' is no key", "keys are title, author"]),
        ('"<script>" = "a"', ["line 1", "is no key"]),
        ("title = 5", ["line 1, title", "5 is a number", 'title = "..."']),
        ("title = true", ["True is yes or no"]),
        ('author = ["a", "b"]', ["is a list", 'author = "..."']),
        ('\n[contact]\nmail = "a"', ["line 2, contact", "is a table"]),
        ("contact.mail = 'a'", ["line 1, contact", "is a table"]),
        ("author = 2026-11-27", ["is no text"]),
        ('date_published = "today"', ["'today' is no date", "2026-11-27"]),
        ("date_published = 2026", ["2026 is a number"]),
        ('url = "javascript:alert(1)"', ["no address of a page", "https://"]),
        ('url = "https://e.org and more"', ["no address of a page"]),
    ],
)
def test_refusals_say_what_where_and_how_to_mend(tmp_path: Path, text: str | bytes, says: list[str]) -> None:
    """A file that cannot be used is named with the line, what is wrong and what to write."""
    message = refusal(written(tmp_path, text))
    assert message.startswith(str(tmp_path / "about.toml"))
    for part in says:
        assert part in message


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every key and value that cannot be used is told, each on its line."""
    message = refusal(written(tmp_path, 'title = 5\nauthor = "a"\nfunder = "b"\nurl = "x"\n'))
    assert [part in message for part in ("line 1, title", "line 3: 'funder'", "line 4, url")] == [True] * 3
    assert "author:" not in message
    assert len(message.splitlines()) == 4


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """A missing file, a folder, a name that no file can have and what is no path at all end in a sentence."""
    for path, says in ((tmp_path / "none.toml", "no such file"), (tmp_path, "directory"), ("a\0b", "cannot be read")):
        assert says in refusal(path)
    assert "give the path of a TOML file" in refusal(5)
    assert "'Who' is no key" in refusal({"Who": "a"})
    assert "'title'" not in refusal({5: "a"})


@given(st.text(max_size=40))
def test_whatever_is_said_is_clean_and_on_one_line(text: str) -> None:
    """No break, no control character and no mark that turns the direction is left, and nothing else is lost."""
    about = about_of({"author": text})
    assert about.author == clean(about.author) == " ".join(about.author.split())
    assert about.author.split() == clean(text).split()


@given(st.binary(max_size=60))
def test_no_bytes_are_a_traceback(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Any file is read, or refused with an error of the package."""
    path = written(tmp_path_factory.getbasetemp(), content)
    with contextlib.suppress(EstimatesError):
        about_of(path)


def test_only_addresses_are_links() -> None:
    """A text that is an address of the web and nothing else may be followed; scripts, mail and sentences may not."""
    said = {
        "code": "https://e.org/a?b='\"><script>",
        "contact": "mailto:a@e.org",
        "funding": "see https://e.org",
        "notes": "javascript:alert(1)",
        "purpose": "https://e.org and more",
    }
    links = {entry.key: entry.link for entry in about_of(said).entries}
    assert {key for key, link in links.items() if link} == {"code"}
    assert links["code"] is not None
    assert not set('"<>') & set(links["code"][0])


def test_hostile_texts_stay_texts() -> None:
    """Markup, schemes and direction marks in every key at once are kept as text and carry no link."""
    for text in HOSTILE:
        about = about_of({key: text for key in LABELS if key not in ("url", "date_published")})
        assert {entry.text for entry in about.entries} == {" ".join(clean(text).split())}
        assert {entry.link for entry in about.entries} == {None}
        assert not {"\u202e", "\u2066", "\n", "\x1b"} & set(about.author)


def test_an_error_leaves_no_document(tmp_path: Path) -> None:
    """What the author says is checked before anything is written."""
    with pytest.raises(EstimatesError, match="is no key"):
        write_document(idlib(), tmp_path / "page.html", {"autor": "a"})
    with pytest.raises(EstimatesError, match="no such file"):
        idlib().document(tmp_path / "page.html", about=tmp_path / "none.toml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "renderer"), [("page.html", "render_html"), ("page.md", "render_markdown")])
def test_a_document_is_given_what_the_author_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, renderer: str
) -> None:
    """Both forms are made with it, whether it comes as a file or as nothing."""
    given: list[About] = []
    monkeypatch.setattr(
        f"estimates.document.document.{renderer}", lambda _, about, layout: given.append(about) or "text"
    )
    assert idlib().document(tmp_path / name, about=EXAMPLE).read_text() == "text"
    idlib().document(tmp_path / name)
    assert given == [about_of(EXAMPLE), About()]


def test_titles() -> None:
    """That of the author; else the event with those counted, or how many events."""
    assert title_of(idlib(), About(title="Mine")) == "Mine"
    assert title_of(idlib(), About()) == "People killed and injured in 2 events"
    one = estimate([{"event": "Harbour\u202e fire", "source": "a", "figure": "5"}])
    assert title_of(one, About()) == "Harbour fire: people killed"
    context = estimate([{"event": "Raid", "source": "a", "figure": "5", "outcome": "strikes"}])
    assert title_of(context, About()) == "Raid"
