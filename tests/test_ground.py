"""What the package stands on: light imports, few names, one version, files that say nothing about a machine."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import estimates

ROOT = Path(__file__).resolve().parent.parent

PUBLIC_NAMES = [
    "Estimates",
    "EstimatesError",
    "Figure",
    "Reports",
    "SourceProfile",
    "StoredRanges",
    "UndocumentedLayer",
    "__version__",
    "capture",
    "estimate",
    "estimate_to",
    "evaluate",
    "fit",
    "load_estimates",
    "load_example",
    "load_profile",
    "open_ranges",
    "parse_figure",
    "read_reports",
    "simulate",
]

#: Slow to import or not needed to read a table: loaded when first used. (PyArrow is not here: pandas itself loads it.)
HEAVY = ("scipy", "pymc", "pytensor", "arviz", "xarray", "matplotlib", "typer", "jinja2", "dask", "numba")


def python(code: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a Python of its own, in ``folder``."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def modules() -> list[str]:
    """Names of all modules of the package, those of models/ and data/ included."""
    found = pkgutil.walk_packages(estimates.__path__, "estimates.")
    return ["estimates", *(module.name for module in found)]


def committed_files() -> list[Path]:
    """Files git tracks or would track; the test is skipped where there is no git to ask."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


# Imports


def test_importing_the_package_is_light() -> None:
    """`import estimates` loads NumPy and pandas and nothing heavier."""
    done = python("import sys, estimates; print(*{name.partition('.')[0] for name in sys.modules})")
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert {"numpy", "pandas"} <= loaded
    assert loaded.isdisjoint(HEAVY), f"loaded by `import estimates`: {sorted(loaded.intersection(HEAVY))}"


def test_top_level_models_is_refused_with_the_mend() -> None:
    """`import models` from the checkout is refused, and the message says what to write instead."""
    done = python("import models")
    assert done.returncode != 0
    assert "ImportError" in done.stderr
    assert "from estimates import models" in done.stderr


def test_models_and_data_are_parts_of_the_package() -> None:
    """models/ and data/ are imported as estimates.models and estimates.data, from any folder."""
    done = python("from estimates import data, models; print(models.__name__, data.__name__)", folder=Path("/"))
    assert done.stdout.split() == ["estimates.models", "estimates.data"], done.stderr


# Public names


def test_public_names_are_few_and_these() -> None:
    """The package has these public names, at most twenty, and each of them exists."""
    assert sorted(estimates.__all__) == PUBLIC_NAMES
    assert len(estimates.__all__) <= 20
    assert [name for name in estimates.__all__ if not hasattr(estimates, name)] == []


def test_no_module_bears_the_name_of_a_public_name() -> None:
    """No module is called like a public function, since importing it would put the module in the function's place."""
    top_level = {name.split(".")[1] for name in modules() if name.count(".") == 1}
    assert top_level.isdisjoint(estimates.__all__)


def test_importing_every_module_leaves_the_public_names_alone() -> None:
    """After every module has been imported, each public name is what it was and none is a module."""
    before = {name: getattr(estimates, name) for name in estimates.__all__}
    for name in modules():
        if not name.startswith("estimates.data.") and not name.endswith(".__main__"):
            importlib.import_module(name)
    after = {name: getattr(estimates, name) for name in estimates.__all__}
    assert after == before
    assert [name for name, value in after.items() if isinstance(value, ModuleType)] == []


#: Arguments of a call, made when the test runs.
ARGUMENTS: dict[str, Callable[[], tuple[object, ...]]] = {
    "parse_figure": lambda: ("at least 18",),
    "read_reports": lambda: ([{"event": "a", "source": "b", "figure": "at least 18"}],),
    "load_example": tuple,
    "estimate": lambda: (estimates.load_example(),),
    "simulate": lambda: (2,),
    "evaluate": lambda: (
        [
            {
                "event": "a",
                "source": "b",
                "figure": 18,
                "event_date": "2020-01-15",
                "reported_at": "2020-01-15",
                "verified": 21,
            }
        ],
    ),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_public_functions_can_be_called_twice(name: str) -> None:
    """A public function is still there after its own first call, which may import modules as it goes."""
    first = getattr(estimates, name)(*ARGUMENTS[name]())
    second = getattr(estimates, name)(*ARGUMENTS[name]())
    assert first is not None
    assert type(second) is type(first)


def test_public_things_are_documented() -> None:
    """Every public function and class has a docstring."""
    things = {name: getattr(estimates, name) for name in estimates.__all__ if not name.startswith("__")}
    assert [name for name, thing in things.items() if not inspect.getdoc(thing)] == []


# Files


def test_one_version_everywhere() -> None:
    """The package, its metadata, the citation and the change log tell the same version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert citation is not None
    assert project["version"] == estimates.__version__ == citation[1].strip("\"'")
    assert re.search(rf"\b{re.escape(estimates.__version__)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


def test_the_command_is_installed_by_its_name() -> None:
    """The `estimates` command is the `main` of `estimates.cli.application`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["estimates"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("folder", ["estimates", "models", "data", "tests"])
def test_every_module_says_what_it_is_for(folder: str) -> None:
    """Every module has a docstring."""
    files = [path for path in (ROOT / folder).rglob("*.py") if ".ipynb_checkpoints" not in path.parts]
    assert files
    without = [path.relative_to(ROOT) for path in files if not ast.get_docstring(ast.parse(path.read_bytes()))]
    assert without == []


def test_every_test_states_its_claim() -> None:
    """Every test has a docstring that is a sentence."""
    mute = [
        f"{path.name}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").partition("\n\n")[0].rstrip().endswith((".", "?", "!"))
    ]
    assert mute == []


#: A package index or its files, by host. In brackets, so that this line is not found by itself.
REGISTRY = re.compile(
    r"(?i)\b(?:[p]ypi\.org|[p]ythonhosted\.org|[a]naconda\.(?:org|com)|[n]pmjs\.(?:org|com)|[c]rates\.io)"
)
#: The beginning of a path on somebody's machine; a shebang's /usr/bin is nobody's.
MACHINE_PATH = re.compile(r"(?<![\w.~:/*$})-])/(?:home|root|Users|work|tmp|opt|mnt|srv|private|var/folders)/\w")


def found_in_files(pattern: re.Pattern[str]) -> list[str]:
    """``file:line`` of everything in the repository's text files that the pattern matches."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in committed_files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_the_patterns_find_what_they_are_for() -> None:
    """The two patterns find addresses and paths, and leave ordinary web addresses and relative paths alone."""
    assert REGISTRY.search("https://" + "pypi" + ".org/simple")
    assert REGISTRY.search("files.python" + "hosted.org")
    assert MACHINE_PATH.search('File "' + "/home" + '/ana/x.py"')
    assert MACHINE_PATH.search("see " + "/work" + "/main")
    assert not MACHINE_PATH.search(
        "https://example.org/home/ana and ../work/main and $HOME/tmp/x and #!/usr/bin/env bash"
    )
    assert not REGISTRY.search("https://docs.python.org and the crates of the library")


def test_no_file_names_a_package_registry() -> None:
    """No file holds the address of a package registry: where packages come from is the user's own setting."""
    assert found_in_files(REGISTRY) == []


def test_no_file_names_a_path_of_a_machine() -> None:
    """No file, notebooks' outputs included, holds an absolute path of the machine it was made on."""
    assert found_in_files(MACHINE_PATH) == []
