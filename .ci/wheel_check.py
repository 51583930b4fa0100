"""Build the sdist and the wheel, install the wheel in an environment of its own and do the main job with it.

Nothing is fetched: the build uses the setuptools of this environment, and the new environment borrows this one's
packages through a .pth file. Such a file adds a folder to the path without reading that folder's own .pth files, so
the editable installation here stays out of reach; the check proves that each module comes from the wheel.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Of the checkout, what a build has no need of or could be led astray by (an old build/ leaks into wheels).
NOT_COPIED = (".venv", ".git", "build", "dist", "out", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
#: Where each folder of the checkout stands in the wheel, and the files of it that are shipped.
SHIPPED = {
    "estimates": ("estimates", {".py", ".j2", ".css", ".js", ".typed"}),
    "models": ("estimates/models", {".py"}),
    "data": ("estimates/data", {".py", ".csv", ".json", ".md", ".npz"}),
}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}

ALL_FROM_THE_WHEEL = """
import importlib, pkgutil, sys
from pathlib import Path
import estimates

for found in pkgutil.walk_packages(estimates.__path__, "estimates."):
    if not found.name.startswith("estimates.data.") and not found.name.endswith(".__main__"):
        importlib.import_module(found.name)
ours = {name: Path(module.__file__).resolve() for name, module in sys.modules.items()
        if name.partition(".")[0] == "estimates"}
strays = {name: path for name, path in ours.items() if Path(sys.prefix).resolve() not in path.parents}
assert "estimates.models.wording" in ours, sorted(ours)
assert not strays, f"imported from elsewhere: {strays}"
print(f"{len(ours)} modules imported, all from the wheel")
"""

ANCHORS_FROM_THE_WHEEL = """
from estimates.fitting.anchors import shipped_anchors, shipped_marks
from estimates.profile.profile import named_profile

marks = set().union(*shipped_marks().values())
assert len(shipped_anchors()) and marks == named_profile().learned_from
print(f"{len(shipped_marks())} anchors to fit with, all known to the default profile")
"""

BESIDE_A_MODELS_OF_THE_USERS = """
import sys
import models
import estimates

assert models.MINE == "the user's own"
assert sys.modules["estimates.models"] is not models
assert estimates.parse_figure("at least 18")
print("import models gives the user's own; estimates works beside it")
"""


def main() -> None:
    temporary = Path(tempfile.mkdtemp(prefix="wheel check "))  # a space, since users' folders have them
    try:
        wheel = build(temporary)
        python, command = install(wheel, temporary / "environment")
        use(python, command, temporary)
    finally:
        shutil.rmtree(temporary)


def build(temporary: Path) -> Path:
    """Build a wheel from the checkout and one from the sdist, compare their files with what is to be shipped."""
    tree = temporary / "checkout"
    shutil.copytree(ROOT, tree, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
    builder = (sys.executable, "-m", "build", "--no-isolation")
    run(*builder, "--outdir", temporary / "by way of sdist", cwd=tree)
    run(*builder, "--wheel", "--outdir", temporary / "direct", cwd=tree)
    (by_sdist,) = (temporary / "by way of sdist").glob("*.whl")
    (direct,) = (temporary / "direct").glob("*.whl")

    wanted = {
        f"{inside}/{path.relative_to(tree / folder).as_posix()}"
        for folder, (inside, kinds) in SHIPPED.items()
        for path in (tree / folder).rglob("*")  # does not go through the links
        if path.is_file() and path.suffix in kinds
    }
    for wheel in (by_sdist, direct):
        check_files(wheel, wanted)
    print(f"{direct.name}: {len(wanted)} files, the same from the checkout and from the sdist")
    return by_sdist


def check_files(wheel: Path, wanted: set[str]) -> None:
    """Stop unless the wheel holds each wanted file once, and nothing besides but its own metadata."""
    with zipfile.ZipFile(wheel) as archive:
        names = Counter(name for name in archive.namelist() if ".dist-info/" not in name)
    complaints = {
        "missing": wanted - names.keys(),
        "not wanted": names.keys() - wanted,
        "there twice": {name for name, count in names.items() if count > 1},
    }
    told = [f"  {what}: {', '.join(sorted(which))}" for what, which in complaints.items() if which]
    if told:
        sys.exit("\n".join([f"wheel check: {wheel.parent.name}/{wheel.name} holds the wrong files", *told]))


def install(wheel: Path, environment: Path) -> tuple[Path, Path]:
    """Install the wheel in a new environment; return the paths of its ``python`` and of ``estimates``."""
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, wheel, cwd=environment)
    # After the wheel: pip would otherwise see the editable installation and try to replace it.
    ours = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=environment).strip())
    (ours / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python, environment / "bin" / "estimates"


def use(python: Path, command: Path, temporary: Path) -> None:
    """Do the main job in an empty folder, and again beside modules of the user's that bear our folders' names."""
    empty = temporary / "empty folder"
    empty.mkdir()
    for script in (ALL_FROM_THE_WHEEL, ANCHORS_FROM_THE_WHEEL):
        print(run(python, "-c", script, cwd=empty).strip())
    main_job(command, empty)

    users = temporary / "user's project"
    users.mkdir()
    for name in ("models.py", "data.py"):
        (users / name).write_text('MINE = "the user\'s own"\n', encoding="utf-8")
    print(run(python, "-c", BESIDE_A_MODELS_OF_THE_USERS, cwd=users).strip())
    main_job(command, users)


def main_job(command: Path, folder: Path) -> None:
    """``estimates example``, then an estimate of what it wrote, which has to be JSON with something in it."""
    run(command, "example", cwd=folder)
    said = run(command, "estimate", "idlib_2020.csv", "--format", "json", cwd=folder)
    if not json.loads(said):
        sys.exit(f"wheel check: `estimates estimate idlib_2020.csv --format json` printed nothing of use: {said!r}")
    print(f"the main job in '{folder.name}': {len(said)} characters of JSON")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and return what it prints; where it fails, show everything it said and stop."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"wheel check: exit {done.returncode} from\n  {' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
