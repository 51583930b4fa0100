"""Write constraints.txt: the versions in this environment, which the tests are known to pass with.

A set-up with these versions is the same on every machine and in every year. The file names every package that was
installed except this one; packages another system needs besides stay free.
"""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Ours, and what makes and fills the environment.
LEFT_OUT = {"casualty-estimates", "pip"}
HEAD = """\
# Versions the tests pass with; set-up installs these.
# To renew them: remove this file, `make clean`, `make test`, `make constraints`.
"""


def main() -> None:
    versions = {re.sub(r"[-_.]+", "-", found.name).lower(): found.version for found in distributions()}
    lines = [f"{name}=={version}" for name, version in sorted(versions.items()) if name not in LEFT_OUT]
    (ROOT / "constraints.txt").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"constraints.txt: {len(lines)} versions")


if __name__ == "__main__":
    main()
