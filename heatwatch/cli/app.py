"""The command line: one list of command groups, one mapping of errors to exit codes."""

import importlib
import sys
import tempfile
import traceback
from collections.abc import Callable
from functools import lru_cache
from importlib import metadata
from typing import Annotated, Any

import typer
import typer.main

from domain.errors import NoConfiguration, Refused, ServerMissing, WrongCall
from domain.language import SOURCE_LANGUAGE, Text, joined, msg, sentence_of
from heatwatch.cli.chosen_language import language_of, without_language
from heatwatch.cli.codes import BUG, DONE, NO_SERVER, SOME_REFUSED, STOPPED, WRONG_CALL
from heatwatch.cli.damage import MAY_WRITE, NOT_OURS, RESTORE, damaged
from heatwatch.cli.localized import localized, usage_text
from heatwatch.output import emit, note, ready, said, speak, spoken_language
from heatwatch.supervisor.disk_space import HINT, no_space
from heatwatch.supervisor.processes import TO_A_PERSON

#: One file per command group in `heatwatch/cli/`; each has `register(app)`.
GROUPS: tuple[str, ...] = (
    "run",
    "demo",
    "simulate",
    "registry",
    "evidence",
    "readings",
    "connect",
    "doctor",
    "policy",
    "settle",
    "explain",
    "refund",
    "case",
    "comfort",
    "outages",
    "energy",
    "balance",
    "signature",
    "charges",
    "alerts",
    "report",
    "decode",
    "mirror",
    "grafana",
    "bench",
    "evaluate",
    "backup",
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
    app.callback()(_root)
    for group in GROUPS:
        importlib.import_module(f"heatwatch.cli.{group}").register(app)
    return app


def _say_version(wanted: bool) -> None:
    """Which heatwatch it is, before anything else is looked at."""
    if wanted:
        name = "heatwatch"
        emit(None, as_json=False, table=lambda _: f"{name} {metadata.version(name)}")
        raise typer.Exit(DONE)


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="say which heatwatch it is, and stop",
        ),
    ] = False,
) -> None:
    del version  # has been said


def command(language: str) -> Any:
    """The command line with its help in this language."""
    return _command(build, GROUPS, language)


@lru_cache(maxsize=4)  # a process may run many commands
def _command(make: Callable[[], typer.Typer], _groups: tuple[str, ...], language: str) -> Any:
    return localized(typer.main.get_command(make()), language)


def run(arguments: list[str] | None = None) -> int:
    """Runs one command and answers with its exit code; no traceback for what a user can fix."""
    ready()
    speak(SOURCE_LANGUAGE)
    words = sys.argv[1:] if arguments is None else arguments
    try:
        speak(language_of(words))
        refuse_half_characters(words)
        code = command(spoken_language())(
            without_language(words), prog_name="heatwatch", standalone_mode=False
        )
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # heatwatch --help | head -1
            return DONE
        raise
    except (WrongCall, Refused, ServerMissing) as error:
        _note(sentence_of(error))
        if isinstance(error, NoConfiguration):
            _note(msg("a configuration elsewhere is named with --config FILE"))
        return _exit_code(error)
    except (typer.Abort, KeyboardInterrupt):
        code = STOPPED
    except Exception as error:  # the last resort: no traceback for a user
        return _answer_to(error)
    if code == STOPPED:  # Ctrl-C in a command comes as its exit code
        _note(msg("stopped"))
    return int(code or DONE)


def refuse_half_characters(words: list[str]) -> None:
    """WrongCall for bytes that are no UTF-8: no book, file or screen could keep them."""
    for each in words:
        shown = each.encode("utf-8", "replace").decode()
        if shown != each:
            raise WrongCall(
                msg(
                    "{given!r} on the command line is not UTF-8; allowed: text in UTF-8",
                    given=shown,
                )
            )


def _exit_code(error: WrongCall | Refused | ServerMissing) -> int:
    if isinstance(error, ServerMissing):
        return NO_SERVER
    return SOME_REFUSED if isinstance(error, Refused) else WRONG_CALL


def _answer_to(error: Exception) -> int:
    """What nobody raised for a user, as a line for one where it is theirs to fix."""
    if hasattr(error, "format_message"):  # the command line's own usage errors
        if lines := usage(error):
            _note(lines)
        return WRONG_CALL
    line = _first_line(error)
    if damaged(error):
        _note(msg("{error}: {hint}", error=line, hint=RESTORE))
        return WRONG_CALL
    if isinstance(error, OSError) and error.errno in NOT_OURS and error.filename:
        file, why = error.filename, error.strerror
        _note(msg("{file}: {why}; allowed: {allowed}", file=file, why=why, allowed=MAY_WRITE))
        return WRONG_CALL
    if no_space(error):
        _note(msg("no space left ({error}): {hint}", error=line, hint=HINT))
        return NO_SERVER
    return _bug(error)


def _note(text: Text | str) -> None:
    note(f"{TO_A_PERSON}{said(text)}")


def usage(error: Any) -> Text | str:
    """What is wrong with the words of a call: the value that was given, and what is allowed.

    Empty where a group was called by its name alone: its help has been shown.
    """
    from pydantic import ValidationError

    english = str(error.format_message()).rstrip(".")
    if not english:
        return ""
    parts = [english if spoken_language() == SOURCE_LANGUAGE else usage_text(english)]
    if isinstance(error.__cause__, ValidationError):
        parts = [
            msg(
                "{wrong}, given {value!r}",
                wrong=parts[0],
                value=error.__cause__.errors()[0]["input"],
            )
        ]
    if error.ctx is not None:
        if commands := getattr(error.ctx.command, "commands", None):
            parts.append(msg("allowed: {commands}", commands=", ".join(commands)))
        parts.append(msg("see `{command} --help`", command=error.ctx.command_path))
    return joined("; ", parts)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "")


def _bug(error: Exception) -> int:
    """What nobody foresaw: one line for the person, the trace in a file for us."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="heatwatch-", suffix=".trace", delete=False, encoding="utf-8"
    ) as trace:
        traceback.print_exception(error, file=trace)
    kind, line = type(error).__name__, _first_line(error)
    _note(msg("a fault in heatwatch itself, {kind}: {line}", kind=kind, line=line))
    _note(msg("please report it with {file}", file=trace.name))
    return BUG
