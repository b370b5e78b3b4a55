"""The command line: one list of command groups, one mapping of errors to exit codes."""

import importlib
import tempfile
import traceback
from typing import Any

import typer
from pydantic import ValidationError

from domain.errors import Refused, ServerMissing, WrongCall
from heatwatch.cli.codes import BUG, DONE, NO_SERVER, SOME_REFUSED, STOPPED, WRONG_CALL
from heatwatch.cli.damage import MAY_WRITE, NOT_OURS, RESTORE, damaged
from heatwatch.output import note, ready
from heatwatch.supervisor.disk_space import HINT, no_space

#: One file per command group in `heatwatch/cli/`; each has `register(app)`.
GROUPS: tuple[str, ...] = (
    "run",
    "demo",
    "simulate",
    "registry",
    "readings",
    "policy",
    "settle",
    "explain",
    "refund",
    "case",
    "comfort",
    "outages",
    "alerts",
    "report",
    "decode",
    "mirror",
    "grafana",
    "bench",
)


def build() -> typer.Typer:
    app = typer.Typer(
        name="heatwatch",
        help="District-heating monitoring: readings kept for good, refunds explained to the cent.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for group in GROUPS:
        importlib.import_module(f"heatwatch.cli.{group}").register(app)
    return app


def run(arguments: list[str] | None = None) -> int:
    """Runs one command and answers with its exit code; no traceback for what a user can fix."""
    ready()
    try:
        code = build()(arguments, prog_name="heatwatch", standalone_mode=False)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # heatwatch --help | head -1
            return DONE
        raise
    except WrongCall as wrong:
        note(f"heatwatch: {wrong}")
        return WRONG_CALL
    except Refused as refused:
        note(f"heatwatch: {refused}")
        return SOME_REFUSED
    except ServerMissing as missing:
        note(f"heatwatch: {missing}")
        return NO_SERVER
    except (typer.Abort, KeyboardInterrupt):
        code = STOPPED
    except Exception as error:
        if hasattr(error, "format_message"):  # the command line's own usage errors
            if told := usage(error):
                note(f"heatwatch: {told}")
            return WRONG_CALL
        if damaged(error):
            note(f"heatwatch: {_first_line(error)}: {RESTORE}")
            return WRONG_CALL
        if isinstance(error, OSError) and error.errno in NOT_OURS and error.filename:
            note(f"heatwatch: {error.filename}: {error.strerror}; allowed: {MAY_WRITE}")
            return WRONG_CALL
        if no_space(error):
            note(f"heatwatch: no space left ({_first_line(error)}): {HINT}")
            return NO_SERVER
        return _bug(error)
    if code == STOPPED:  # Ctrl-C in a command comes as its exit code
        note("heatwatch: stopped")
    return int(code or DONE)


def usage(error: Any) -> str:
    """What is wrong with the words of a call: the value that was given, and what is allowed.

    Empty where a group was called by its name alone: its help has been shown.
    """
    told = str(error.format_message()).rstrip(".")
    if not told:
        return ""
    if isinstance(error.__cause__, ValidationError):
        told += f", given {error.__cause__.errors()[0]['input']!r}"
    if error.ctx is None:
        return told
    if commands := getattr(error.ctx.command, "commands", None):
        told += f"; allowed: {', '.join(commands)}"
    return f"{told}; see `{error.ctx.command_path} --help`"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")


def _bug(error: Exception) -> int:
    """What nobody foresaw: one line for the person, the trace in a file for us."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="heatwatch-", suffix=".trace", delete=False, encoding="utf-8"
    ) as trace:
        traceback.print_exception(error, file=trace)
    note(f"heatwatch: a bug of ours, {type(error).__name__}: {_first_line(error)}")
    note(f"heatwatch: please send us {trace.name}")
    return BUG
