"""The documents lead somewhere: links, pages, public names, commands and figures in them are those that there are."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import estimates
from estimates import plots
from estimates.cli.application import app

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
#: What stands in data/measured.csv, and how the README says it.
SAID = {
    ("rivals", "all: events"): ("21", "of 21 famous events"),
    ("rivals", "all: held by the 80% range (p)"): ("0.76 (0.59)", "the 80% range held 76%"),
    ("rivals", "all: held by the 90% range (p)"): ("0.90 (1.00)", "the 90% range 90%"),
    ("rivals", "violence: CRPS"): ("0.1392", ".139 against .065 in violence"),
    ("rivals", "disasters: CRPS"): ("0.6588", ".659 against .598 in disasters"),
    ("shootings", "shootings with early dead"): ("69", "(69)"),
    ("shootings", "rises expected"): ("5.633", "5.6 rises of the toll were expected"),
    ("shootings", "rises seen"): ("2", "and 2 came"),
    ("shootings", "CRPS"): ("0.009631", "against .010"),
    ("shootings", "CRPS of the early count as it stands"): ("0.006403", "CRPS .006"),
    ("attacks", "attacks of a single day"): ("65", "(65)"),
    ("attacks", "coverage of the 90% range"): ("0.8", "held only 80%"),
    ("attacks", "CRPS"): ("0.2307", "CRPS is .231"),
    ("attacks", "CRPS of maximum x ratio in class"): ("0.2349", "the best rival .235"),
    ("totals", "held by the 80% range"): ("0.71", "the 80% range held 71%"),
    ("totals", "median over summed toll"): ("1.154", "1.15 times too high"),
}


def options(command: Any) -> set[str]:
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}


def shown_commands(page: Path) -> list[list[str]]:
    """The words of every `estimates` command in the consoles of a page, one list each."""
    found = []
    for console in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in console.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|>|\|", line.removeprefix("$ ")):
                if part.strip().startswith("estimates "):
                    found.append(shlex.split(part, comments=True)[1:])
    return found


def test_the_readme_takes_five_minutes() -> None:
    """It has at most 7,000 bytes."""
    assert (ROOT / "README.md").stat().st_size <= 7000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to another file of the checkout finds it."""
    links = re.findall(
        r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    )
    targets = [link.split("#")[0] for link in links if not link.startswith(("http", "mailto:", "#"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index_and_in_the_navigation() -> None:
    """No page has to be guessed; each has its sentence in docs/index.md."""
    names = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")} - {"index.md"}
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert [name for name in names if f"]({name})" not in index] == []
    assert [name for name in names if not re.search(rf"\s{re.escape(name)}$", navigation, re.MULTILINE)] == []


def test_every_public_name_has_its_reference() -> None:
    """The reference names each of `estimates.__all__` and of `estimates.plots`, and where it is written."""
    text = "".join((DOCS / "reference" / name).read_text(encoding="utf-8") for name in ("functions.md", "objects.md"))
    places = {name: module for module, name in re.findall(r"^::: ([\w.]+)\.(\w+)$", text, re.MULTILINE)}
    assert set(places) | {"__version__"} == set(estimates.__all__)
    assert [name for name, module in places.items() if getattr(estimates, name).__module__ != module] == []

    pictures = (DOCS / "reference" / "plots.md").read_text(encoding="utf-8")
    drawn = {name: module for module, name in re.findall(r"^::: ([\w.]+)\.(\w+)$", pictures, re.MULTILINE)}
    assert set(drawn) == set(plots.__all__)
    assert [name for name, module in drawn.items() if getattr(plots, name).__module__ != module] == []


@pytest.mark.parametrize("page", [page for page in PAGES if shown_commands(page)], ids=lambda page: page.stem)
def test_commands_in_documents_exist(page: Path) -> None:
    """Each command of a console is one of the command line, and each option one that it takes."""
    from typer.main import get_command

    command_line: Any = get_command(app)
    for words in shown_commands(page):
        if words[0].startswith("-") or words[0].isupper():
            assert words[0] in options(command_line) | {"COMMAND"}, words
            continue
        command = command_line.commands[words[0]]
        unknown = [
            word for word in words[1:] if re.match(r"--?[a-z]", word) and word.split("=")[0] not in options(command)
        ]
        assert unknown == [], words


def test_the_makes_of_the_readme_are_targets() -> None:
    """`make estimate`, `make test` and `make docs` are there."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"[`$] ?make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"estimate", "test"} <= named <= targets


def test_the_figures_of_the_readme_are_the_measured_ones() -> None:
    """The five lines say what data/measured.csv holds, in as many digits as they show."""
    with (ROOT / "data" / "measured.csv").open(encoding="utf-8") as file:
        measured = {(row["measure"], row["what"]): row["value"] for row in csv.DictReader(file)}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {key: measured[key] for key in SAID} == {key: value for key, (value, _) in SAID.items()}
    assert [words for _, words in SAID.values() if words not in readme] == []
