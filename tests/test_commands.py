"""Every command helps with an example, stands in the documents, and takes a wrong call without a traceback."""

import contextlib
import io
import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import typer
import typer.main
import typer.rich_utils

from heatwatch.cli.app import build, run
from heatwatch.cli.localized import localized
from heatwatch.cli.localized import paragraph as in_this_language
from tests.servers.programs import ROOT

COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")


#: Commands without `--company`, and why they need none.
FOR_ALL = {
    "run": "workers serve every company of the configuration",
    "config check": "the configuration is one for all",
    "registry import": "each row names its company by its place",
    "registry check": "each row names its company by its place",
    "registry export": "the registry whole, to be imported again",
    "registry template": "makes a workbook for any company",
    "registry history": "changes are of the registry, whose files hold several companies",
    "readings import": "each row names its company by its device",
    "readings refused": "what could not be read is nobody's yet; reports count it by feed",
    "readings dismiss": "what could not be read is nobody's yet",
    "readings lost": "a session carries the messages of all companies",
    "readings replay": "what could not be read is nobody's yet",
    "mirror status": "one mirror holds all companies",
    "mirror rebuild": "one mirror holds all companies",
    "grafana render": "dashboards are the installation's",
    "grafana push": "dashboards are the installation's",
    "policy list": "law belongs to no company",
    "policy show": "law belongs to no company",
    "policy check": "law belongs to no company",
    "refund try": "facts come from a file",
    "evaluate seasons": "facts come from files",
    "connect": "what is heard is nobody's yet",
    "doctor": "the machine, broker and stores are of all",
    "decode": "bytes come from a file",
    "demo": "makes a city of its own",
    "simulate": "makes a city of its own",
    "backup": "an installation whole, with every company",
    "restore": "an installation whole, with every company",
    "evaluate law": "makes seasons of its own",
    "bench ingest": "makes a city of its own",
    "bench settle": "makes a city of its own",
    "bench day": "makes a city of its own",
    "bench energy": "makes a city of its own",
    "bench store": "makes a city of its own",
    "evaluate tamper": "makes a town of its own",
    "evaluate codecs": "makes messages of its own",
    "evaluate durability": "runs a city of its own",
}


def unscoped(app: typer.Typer) -> list[str]:
    """Commands without `--company` that nobody has given a reason for."""
    return [
        name
        for name, command in leaves(typer.main.get_command(app))
        if not any("--company" in each.opts for each in command.params) and name not in FOR_ALL
    ]


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(words after `heatwatch`, command) of everything that can be called."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(path), command
        return
    for name, each in inner.items():
        yield from leaves(each, (*path, name))


def without_example(app: typer.Typer) -> list[str]:
    """Commands whose help shows no call of themselves."""
    return [
        name
        for name, command in leaves(typer.main.get_command(app))
        if f"heatwatch {name}" not in f"{command.epilog or ''} {command.help or ''}"
    ]


def without_help(app: typer.Typer) -> list[str]:
    """Commands that do not say what they do."""
    return [
        name
        for name, command in leaves(typer.main.get_command(app))
        if not (command.help or "").strip()
    ]


def named_in(text: str) -> set[str]:
    """Commands that a text names: `heatwatch policy list|show` names two."""
    found = set()
    for words in re.findall(r"heatwatch ([a-z][a-z-]*(?: [a-z-]+(?:\\?\|[a-z-]+)*){0,2})", text):
        group, _, rest = words.partition(" ")
        inner, _, last = rest.partition(" ")
        names = {group, *(f"{group} {each}" for each in re.split(r"\\?\|", inner))}
        if last:
            names |= {f"{group} {inner} {each}" for each in re.split(r"\\?\|", last)}
        found |= names
    return found


def absent_from(text: str, app: typer.Typer) -> list[str]:
    """Commands that the text does not name."""
    named = named_in(text)
    return [name for name, _ in leaves(typer.main.get_command(app)) if name not in named]


def test_every_command_says_what_it_does() -> None:
    assert without_help(build()) == []


def test_every_option_says_what_it_is() -> None:
    silent = [
        f"{name} {option.opts[0]}"
        for name, command in leaves(typer.main.get_command(build()))
        for option in command.params
        if option.opts[0].startswith("--") and not option.help
    ]
    assert silent == []


def test_every_command_shows_an_example() -> None:
    assert without_example(build()) == []


def test_every_command_stands_in_the_page_of_commands() -> None:
    assert absent_from(COMMANDS, build()) == []


def test_every_command_is_about_one_company_or_says_why_it_is_about_all() -> None:
    assert unscoped(build()) == []


def test_the_list_of_commands_about_all_companies_names_no_other() -> None:
    commands = dict(leaves(typer.main.get_command(build())))
    assert set(FOR_ALL) <= set(commands)
    scoped = {n for n, c in commands.items() if any("--company" in each.opts for each in c.params)}
    assert not scoped & set(FOR_ALL)


def test_a_command_that_shows_anybodys_is_seen() -> None:
    app = typer.Typer()

    @app.command()
    def own(company: Annotated[str, typer.Option("--company")] = "") -> None: ...

    @app.command()
    def anybodys() -> None: ...

    assert unscoped(app) == ["anybodys"]


def test_a_command_without_example_or_place_in_the_page_is_seen() -> None:
    app, group = typer.Typer(), typer.Typer()

    @group.command(epilog="Example:\n\nheatwatch lake count")
    def count() -> None:
        """Counts."""

    @group.command()
    def weigh() -> None: ...

    app.add_typer(group, name="lake")
    assert without_help(app) == ["lake weigh"]
    assert without_example(app) == ["lake weigh"]
    assert absent_from("`heatwatch lake count`", app) == ["lake weigh"]
    assert absent_from(r"`heatwatch lake count\|weigh` |", app) == []


def nodes(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(words after `heatwatch`, command) of every command and group."""
    yield " ".join(path), command
    for name, each in getattr(command, "commands", {}).items():
        yield from nodes(each, (*path, name))


def help_texts(command: Any) -> set[str]:
    """Every paragraph that its help page shows, as it is written."""
    inner = [each for each in getattr(command, "commands", {}).values() if not each.hidden]
    texts = [command.help, command.epilog, *(getattr(each, "help", "") for each in command.params)]
    whole = [part for text in texts for part in (text or "").split("\n\n")]
    return {
        part for part in (*whole, *((each.help or "").split("\n\n")[0] for each in inner)) if part
    }


def missing_from_help(app: typer.Typer, language: str) -> list[str]:
    """Paragraphs of help texts that a help page does not show as they are written."""
    written, missing = typer.main.get_command(app), []
    shown = dict(nodes(localized(typer.main.get_command(app), language)))
    for name, command in nodes(written):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            shown[name].main(["--help"], prog_name="heatwatch", standalone_mode=False)
        page = " ".join(said.getvalue().split())
        texts = {in_this_language(each, language) for each in help_texts(command)}
        missing += [f"{name}: {each}" for each in texts if " ".join(each.split()) not in page]
    return missing


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help pages that break no line."""
    monkeypatch.setattr(typer.rich_utils, "MAX_WIDTH", 1500)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_help_page_shows_its_texts_as_they_are_written(language: str) -> None:
    assert missing_from_help(build(), language) == []


@pytest.mark.usefixtures("wide")
def test_brackets_and_colons_of_a_help_text_are_no_markup() -> None:
    app = typer.Typer(rich_markup_mode="rich", help="Of `[lake]`.")

    @app.command(epilog="Example:\n\nheatwatch count [a] # in [h] \\\\[b]")
    def count(
        at: Annotated[str, typer.Option(help="a share [1] of /[x] in [/red] [Cel]")] = "",
    ) -> None:
        """Counts what `[supply]` says.

        Without [store.influx] nothing."""

    @app.command()
    def weigh() -> None:
        """Weighs [kg]."""

    assert missing_from_help(app, "en") == []


@pytest.mark.parametrize("name", [name for name, _ in leaves(typer.main.get_command(build()))])
def test_help_is_there_and_ends_with_zero(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*name.split(), "--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "--help" in said
    assert name.rpartition(" ")[2] in said


@pytest.mark.parametrize("name", [name for name, _ in leaves(typer.main.get_command(build()))])
def test_an_unknown_option_is_one_message_and_exit_two(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*name.split(), "--no-such-option"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--no-such-option" in said.err
    assert "Traceback" not in said.err
