"""The command line: one list of command groups, one mapping of errors to exit codes."""

import importlib
import tempfile
import traceback

import typer

from domain.errors import Refused, ServerMissing, WrongCall
from heatwatch.cli_codes import BUG, DONE, NO_SERVER, SOME_REFUSED, WRONG_CALL
from heatwatch.output import note
from heatwatch.space import MEND, no_space

#: One file per command group in `heatwatch/commands/`; each has `register(app)`.
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
        importlib.import_module(f"heatwatch.commands.{group}").register(app)
    return app


def run(arguments: list[str] | None = None) -> int:
    """Runs one command and answers with its exit code; no traceback for what a user can mend."""
    try:
        code = build()(arguments, standalone_mode=False)
    except WrongCall as wrong:
        note(f"heatwatch: {wrong}")
        return WRONG_CALL
    except Refused as refused:
        note(f"heatwatch: {refused}")
        return SOME_REFUSED
    except ServerMissing as missing:
        note(f"heatwatch: {missing}")
        return NO_SERVER
    except typer.Abort:
        note("heatwatch: stopped")
        return WRONG_CALL
    except Exception as error:
        if hasattr(error, "format_message"):  # the command line's own usage errors
            note(f"heatwatch: {error.format_message()}")
            return WRONG_CALL
        if no_space(error):
            note(f"heatwatch: no space left ({str(error).splitlines()[0]}): {MEND}")
            return NO_SERVER
        return _bug(error)
    return int(code or DONE)


def _bug(error: Exception) -> int:
    """What nobody foresaw: one line for the person, the trace in a file for us."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="heatwatch-", suffix=".trace", delete=False, encoding="utf-8"
    ) as trace:
        traceback.print_exception(error, file=trace)
    note(f"heatwatch: a bug of ours, {type(error).__name__}: {error}")
    note(f"heatwatch: please send us {trace.name}")
    return BUG
