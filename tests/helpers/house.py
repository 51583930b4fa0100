"""How the code is built: its imports, the length of its paragraphs and what its docstrings tell of arrays."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Folders and modules from the top of the way data takes to its ground; each imports from below itself only.
LEVELS = (
    {"cli"},
    {"importers"},
    {"evaluation"},
    {"document", "streaming"},
    {"results"},
    {"plots", "fitting", "lists"},
    {"inference"},
    {"table"},
    {"wording", "profile"},
    {"vocabulary"},
    {"models"},
    {"collecting", "errors", "files", "pieces", "progress", "reserving", "spreadsheets", "text", "version"},
)
#: Imports inside a method that lead upwards or round in a circle, so that objects offer what is made of them.
NAMED_EXCEPTIONS = {
    ("estimates.table.cells", "estimates.importers.recognise"),
    ("estimates.results.estimates", "estimates.document.document"),
    ("estimates.profile.profile", "estimates.profile.storage"),
    ("estimates.profile.profile", "estimates.profile.summary"),
    ("estimates.profile.profile", "estimates.plots"),
    ("estimates.profile.profile", "estimates.evaluation.checking"),
    ("estimates.results.tree", "estimates.evaluation.replicates"),
    ("estimates.results.keeping", "estimates.results.storage"),
}
LONGEST_MODULE, LONGEST_PARAGRAPH, LONGEST_WITHOUT_BLANK = 400, 15, 20

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the package, by the name it is imported by."""

    name: str
    path: Path

    @property
    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines()

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_bytes())

    @property
    def part(self) -> str:
        """The folder, or the module that stands beside the folders."""
        return self.name.split(".")[1] if "." in self.name else ""


def modules(root: Path = ROOT) -> list[Module]:
    """All modules of the package, the mathematics included."""
    found = []
    for folder, prefix in (("estimates", "estimates"), ("models", "estimates.models")):
        for path in sorted((root / folder).rglob("*.py")):
            inside = path.relative_to(root / folder)
            # The links to models/ and data/ are walked from where they lead.
            if folder == "estimates" and inside.parts[0] in ("models", "data"):
                continue
            parts = [*inside.parts[:-1], *([] if inside.stem == "__init__" else [inside.stem])]
            found.append(Module(".".join([prefix, *parts]), path))
    return found


def imports(module: Module, known: set[str]) -> set[str]:
    """Modules of the package that a module imports, anywhere in it, those for type checkers alone included."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{name.name}" for name in node.names}
            found |= (inside & known) or {node.module}
    return found & known


def level(part: str) -> int:
    """How far up a part stands; the ground is the last level."""
    return next(number for number, parts in enumerate(LEVELS) if part in parts)


def functions(module: Module) -> Iterator[Function]:
    """All functions and methods of a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def paragraphs(node: Function, lines: list[str]) -> tuple[int, int, bool]:
    """Code lines of a function, the most of its body in a row, and whether a blank line parts its body."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        return 0, 0, True
    documented = range(node.body[0].lineno, node.body[0].end_lineno + 1) if body is not node.body else range(0)

    whole = [lines[number - 1] for number in range(node.lineno, node.end_lineno + 1) if number not in documented]
    longest = run = 0
    inside = [line.strip() for line in lines[body[0].lineno - 1 : node.end_lineno]]
    for line in inside:
        run = 0 if not line else run + (not line.startswith("#"))
        longest = max(longest, run)
    count = sum(1 for line in whole if line.strip() and not line.strip().startswith("#"))
    return count, longest, "" in inside


def takes_arrays(node: Function) -> bool:
    """Whether a function takes or gives arrays, by its annotations."""
    arguments = [*node.args.args, *node.args.kwonlyargs]
    annotations = [argument.annotation for argument in arguments] + [node.returns]
    named = {
        inner.id if isinstance(inner, ast.Name) else inner.attr
        for annotation in annotations
        if annotation is not None
        for inner in ast.walk(annotation)
        if isinstance(inner, ast.Name | ast.Attribute)
    }
    return bool(named & {"Floats", "Integers", "Booleans", "NDArray", "ndarray"})


def tells_shapes(node: Function) -> bool:
    """Whether a docstring states shapes: by the word, as a tuple such as ``(cells, draws)``, or that all broadcast."""
    return re.search(r"shape|broadcast|\(\w+,\)|\(\w+, \w+\)", ast.get_docstring(node) or "") is not None


def public_functions(module: Module) -> Iterator[tuple[str, Function]]:
    """Functions and methods that others call: neither they nor their class begin with an underscore."""
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def syntax_nodes(root: Path = ROOT) -> int:
    """Nodes of the syntax trees of all modules."""
    return sum(1 for module in modules(root) for _ in ast.walk(module.tree))
