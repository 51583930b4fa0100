"""The command line ``estimates``: report, estimate, total, claim, fit, evaluate, check, parse, simulate and more.

Results go to standard output, notes to standard error. The exit status is 0; 1 for input that cannot be used (one
message a fault), output that cannot be written and faults of the package; 2 for a command that cannot be understood;
130 for one that was interrupted.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from estimates.cli.claims import claim
from estimates.cli.importing import import_
from estimates.cli.learning import evaluate, fit, simulate
from estimates.cli.overlaps import lists
from estimates.cli.questions import history, influence, sensitivity, total
from estimates.cli.ranges import estimate, report
from estimates.cli.streams import OutputError, complain, discard, guarded_output, show_warning
from estimates.cli.table import check, example, parse
from estimates.cli.verifying import verify
from estimates.errors import EstimatesError
from estimates.version import __version__

# The application ------------------------------------------------------------------------------------------------------


class _SilencedError(Exception):
    """Carries an error past Typer, which would end the program without saying what happened."""


class _Commands(TyperGroup):
    """All commands; each takes the option ``--traceback`` of the application as well."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        shared = [option for option in self.params if option.name == "traceback"]
        for command in self.commands.values():
            command.params.extend(shared)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, EOFError) as error:
            # Typer takes the first for a reader of standard output who has left, and the second for the end of what a
            # user types. Here the former is an OutputError, and no command asks anything.
            raise _SilencedError(error) from error


app = typer.Typer(
    name="estimates",
    cls=_Commands,
    help="Posterior ranges of casualty tolls from what several sources report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

#: The commands in the order of the help, each with an example.
_COMMANDS: dict[Callable[..., None], str] = {
    report: "report idlib_2020.csv -o report.html",
    estimate: "estimate idlib_2020.csv -o ranges.xlsx",
    total: "total my_events.csv --by place",
    influence: "influence idlib_2020.csv --layer documented",
    history: "history idlib_2020.csv --event 'Idlib airstrikes'",
    sensitivity: "sensitivity idlib_2020.csv --format csv",
    claim: "claim idlib_2020.csv '500 killed' --event 'Idlib airstrikes'",
    fit: "fit my_events.csv --anchors default -o my_sources.nc",
    evaluate: "evaluate my_events.csv --leave-one-out",
    check: "check idlib_2020.csv --fix proposals.csv",
    parse: "parse 'some 21, and the number will rise'",
    example: "example -o idlib_2020.csv",
    simulate: "simulate -o made_up.csv --world copying",
    lists: "lists my_lists.csv -o lists.html",
    verify: "verify report.html",
    import_: "import ucdp GEDEvent_v23_1.csv -o reports.csv",
}
for _command, _example in _COMMANDS.items():
    app.command(_example.split()[0], epilog=f"Example: estimates {_example}")(_command)


@dataclass
class _Settings:
    """What holds for the application, whichever command runs."""

    traceback: bool = False


def _want_traceback(context: typer.Context, wanted: bool) -> None:
    context.ensure_object(_Settings).traceback |= wanted  # it may stand before the command, behind it, or both


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="With --version: the versions of all that ranges depend on, too.")
    ] = False,
    traceback: Annotated[
        bool,
        typer.Option(
            "--traceback", callback=_want_traceback, expose_value=False, help="Show where in the code an error arose."
        ),
    ] = False,
) -> None:
    """Posterior ranges of casualty tolls from what several sources report."""
    if version:
        from estimates.cli.versions import versions

        print("\n".join(versions()) if verbose else f"estimates {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        context.fail("Missing command.")


# Running it -----------------------------------------------------------------------------------------------------------


def main() -> NoReturn:
    """Run the command line; whatever happens ends in a message and an exit status."""
    warnings.showwarning = show_warning
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")

    try:
        with guarded_output():
            _run()
    except OutputError as error:
        reason = error.__cause__
        if isinstance(reason, OSError) and not isinstance(reason, BrokenPipeError):
            complain(f"the output cannot be written: {(reason.strerror or str(reason)).lower()}")
        if sys.stdout is not None:
            discard(sys.stdout)
        sys.exit(1)
    except KeyboardInterrupt:
        complain("interrupted")
        sys.exit(130)


def _run() -> NoReturn:
    """Run the command that was typed; an error that it raises is told on standard error."""
    settings = _Settings()
    try:
        app(obj=settings)
    except OutputError:
        raise
    except Exception as error:
        failed = error.args[0] if isinstance(error, _SilencedError) else error
        complain(str(failed) if isinstance(failed, EstimatesError) else _fault(failed))

        if settings.traceback:
            from traceback import format_exception

            complain("".join(format_exception(failed)).rstrip("\n"))
        sys.exit(1)

    sys.exit(0)


def _fault(error: Exception) -> str:
    """Say in one sentence that the package is at fault, what happened, and with which versions."""
    from traceback import format_exception_only

    from estimates.text import clean

    happened = clean("".join(format_exception_only(error)).strip())
    versions = [f"estimates {__version__}", f"Python {sys.version.split()[0]}"]
    for name in ("numpy", "pandas", "numba", "pymc"):
        if name in sys.modules:
            versions.append(f"{name} {getattr(sys.modules[name], '__version__', 'of unknown version')}")

    return (
        f"this is a fault of the package, not of what it was given: {happened} ({', '.join(versions)}); "
        "--traceback shows where it arose"
    )
