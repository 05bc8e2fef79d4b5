"""The command line: a thin skin, every command is one call of the library.

Data go to standard output, progress and remarks to standard error. Exit codes: 0 done, 1 something at or above
``--fail-on`` (or a figure below its floor), 2 usage, 3 input unreadable, 4 abstained, 70 a fault of Unspun's own,
130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import unspun
from unspun.app import pair_commands, run_commands, training_commands
from unspun.app.outcome import FAULT, UNREADABLE, show
from unspun.errors import UnspunError, printable
from unspun.io.progress import say


class _Commands(TyperGroup):
    """Commands whose usage errors repeat what was typed, or what the shell filled in, only as a terminal prints it."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(message := getattr(error, "message", None), str):
                error.message = printable(message)  # type: ignore[attr-defined]
            raise


app = typer.Typer(
    cls=_Commands,
    help="Tell whether one article was machine-spun from another, which one is the source, and show the evidence.",
    no_args_is_help=True,
    # Frames and colours cost half of the start of `--help`, and the narrow columns break its sentences.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    *(pair_commands.score, pair_commands.explain, run_commands.scan, run_commands.report, run_commands.export),
    *(run_commands.serve, training_commands.features, training_commands.train, training_commands.evaluate),
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False) -> None:
    if version:
        show(f"unspun {unspun.__version__}")
        raise typer.Exit


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with one of the exit codes above."""
    # A text may hold what the terminal's encoding lacks.
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    try:
        app(None if args is None else list(args))
    except UnspunError as error:
        say(f"unspun: {error}")
        sys.exit(UNREADABLE)
    except Exception:
        # Python would leave with 1, which would read as "something was found".
        say(traceback.format_exc())
        sys.exit(FAULT)
