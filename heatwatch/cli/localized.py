"""The command line in a language: help, panels, usage and what is wrong with a call.

Help texts are plain English in the commands. Every paragraph of them is an entry of the
catalogues (`help_sentences` lists them), looked up once the command line stands.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.columns import Columns
from rich.markup import escape
from rich.table import Table

from domain.language import Text, msg, sentence

#: How a paragraph begins that is a call or a file's text, the same in every language.
VERBATIM = ("heatwatch ", "echo ", "mosquitto_sub ", "HEATWATCH_", "{", '"')
#: A call and the comment behind it.
COMMENT = re.compile(r"(?P<call>.*?)(?P<gap> +# +)(?P<comment>.*)", re.DOTALL)

#: What Typer says of a wrong call -> our sentence with the same values.
USAGE = (
    (r"No such option: (?P<option>\S+)(?: \(Possible options: (?P<near>.*)\))?", msg("option {option} is not known")),
    (r"No such command '(?P<name>.*)'.*", msg("command {name!r} is not known")),
    (r"Missing argument '(?P<name>.*?)'.*", msg("argument {name} is missing")),
    (r"Missing option '(?P<name>.*?)'.*", msg("option {name} is missing")),
    (r"Missing command", msg("the command is missing")),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)", msg("these words are not expected: {words}")),
    (r"Option '(?P<name>.*)' requires an argument", msg("option {name} needs a value")),
    (r"Option '(?P<name>.*)' does not take a value", msg("option {name} takes no value")),
    (r"Invalid value for (?P<name>.*?): Input should be greater than or equal to (?P<least>.*)", msg("{name}: at least {least} is needed")),
    (r"Invalid value for (?P<name>.*?): Input should be less than or equal to (?P<most>.*)", msg("{name}: at most {most} is allowed")),
    (r"Invalid value for (?P<name>.*?): Value (?P<value>.*) is not a valid (int|range|.*int.*)", msg("{name}: {value} is not a whole number")),
    (r"Invalid value for (?P<name>.*?): Value (?P<value>.*) is not a valid float", msg("{name}: {value} is not a number")),
    (r"Invalid value for (?P<name>.*?): (?P<why>.*)", msg("{name}: this value is not allowed ({why})")),
)  # fmt: skip


def usage_text(told: str) -> Text | str:
    """What Typer says of a wrong call, as a sentence of ours; as it is where we have none."""
    for pattern, text in USAGE:
        if found := re.fullmatch(pattern, told, re.DOTALL):
            return Text(text.message, found.groupdict())
    return told


def help_sentences(command: Any) -> set[str]:
    """Every paragraph of a command line's help that is to be translated."""
    found: set[str] = set()
    for each in _commands(with_language_option(command)):
        for text in (each.help, each.epilog, *(option.help for option in _described(each))):
            found.update(_sentences(text or ""))
    return found


def with_language_option(command: Any) -> Any:
    """The command line whose every command shows `--lang`, which is read before it is built."""
    for each in _commands(command):
        if not hasattr(each, "commands") and "lang" not in {p.name for p in each.params}:
            each.params.append(_language_option())
    return command


def localized(command: Any, language: str) -> Any:
    """The command line with its help in this language."""
    for each in _commands(with_language_option(command)):
        each.help = _translated(each.help, language)
        each.epilog = _translated(each.epilog, language)
        for option in _described(each):
            option.help = _translated(option.help, language)
        _localize_usage(each, language)
    return command


def _localize_usage(command: Any, language: str) -> None:
    """What Typer itself writes around the help of a command."""
    command.options_metavar = msg("[OPTIONS]").to(language)
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = msg("COMMAND [ARGS]...").to(language)
    prefix, usual = msg("Usage: ").to(language), command.get_usage
    command.get_usage = lambda ctx: usual(ctx).replace("Usage: ", prefix, 1)
    show_help = command.get_help_option(typer.Context(command))
    if show_help is not None:
        show_help.help = msg("Show this message and exit.").to(language)
    shown = command.format_help

    def format_help(ctx: Any, formatter: Any) -> None:
        localize_panels(language)
        fold_panels()
        shown(ctx, formatter)

    command.format_help = format_help


def localize_panels(language: str) -> None:
    """Titles and remarks of Typer's help pages, which are constants there."""
    from typer import rich_utils

    words = {
        "ARGUMENTS_PANEL_TITLE": msg("Arguments"),
        "OPTIONS_PANEL_TITLE": msg("Options"),
        "COMMANDS_PANEL_TITLE": msg("Commands"),
        "REQUIRED_LONG_STRING": msg("[required]"),
    }
    for name, text in words.items():
        setattr(rich_utils, name, text.to(language))
    default = msg("[default: {value}]", value="{}").to(language)
    rich_utils.DEFAULT_STRING = default


def fold_panels() -> None:
    """Lets what is longer than its cell go on below: Typer cuts a word, and Chinese has no blanks."""
    from typer import rich_utils

    for name, folding in {"Table": _FoldingTable, "Columns": _folding_columns}.items():
        setattr(rich_utils, name, folding)


class _FoldingTable(Table):
    """Every cell folds."""

    def add_row(self, *cells: Any, **how: Any) -> None:
        super().add_row(*cells, **how)
        for column in self.columns:
            column.overflow = "fold"


def _folding_columns(items: list[Any]) -> Columns:
    """Help, default and "required" of an option, side by side where there is room."""
    for each in items:
        each.overflow = "fold"
    return Columns(items)


def _commands(command: Any) -> Iterator[Any]:
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from _commands(each)


def _described(command: Any) -> list[Any]:
    return [param for param in command.params if getattr(param, "help", None)]


def _language_option() -> Any:
    probe = typer.Typer(add_completion=False)

    @probe.command()
    def _(
        lang: Annotated[
            str,
            typer.Option(
                "--lang",
                help="language; without it the configuration's, else the terminal's",
                show_default=False,
            ),
        ] = "",
    ) -> None: ...

    option = typer.main.get_command(probe).params[0]
    option.expose_value = False
    return option


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        found = COMMENT.fullmatch(paragraph) if paragraph.startswith(VERBATIM) else None
        if found:
            yield found["comment"]
        elif paragraph.strip() and not paragraph.startswith(VERBATIM):
            yield _one_line(paragraph)


def _one_line(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _translated(text: str | None, language: str) -> str | None:
    """A help text in this language, as Typer shows it unchanged: `[supply]` is no markup."""
    if not text:
        return text
    return escape("\n\n".join(paragraph(each, language) for each in text.split("\n\n")))


def paragraph(text: str, language: str) -> str:
    """A paragraph of a help text in this language; a call stays as it is."""
    if not text.startswith(VERBATIM):
        return sentence(_one_line(text), language)
    found = COMMENT.fullmatch(text)
    if not found:
        return text
    return found["call"] + found["gap"] + sentence(found["comment"], language)
