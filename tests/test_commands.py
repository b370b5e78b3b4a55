"""Every command helps with an example, stands in the documents, and takes a wrong call without a traceback."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import typer
import typer.main

from heatwatch.cli.app import build, run
from tests.servers.programs import ROOT

COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")


#: Commands without `--company`, and why they need none.
FOR_ALL = {
    "run": "workers serve every company of the configuration",
    "config check": "the configuration is one for all",
    "registry import": "each row names its company by its place",
    "registry check": "each row names its company by its place",
    "registry export": "the registry whole, to be imported again",
    "registry history": "changes are of the registry, whose files hold several companies",
    "readings import": "each row names its company by its device",
    "readings refused": "what could not be read is nobody's yet; reports count it by feed",
    "readings replay": "what could not be read is nobody's yet",
    "mirror status": "one mirror holds all companies",
    "mirror rebuild": "one mirror holds all companies",
    "grafana render": "dashboards are the installation's",
    "grafana push": "dashboards are the installation's",
    "policy list": "law belongs to no company",
    "policy show": "law belongs to no company",
    "policy check": "law belongs to no company",
    "refund try": "facts come from a file",
    "decode": "bytes come from a file",
    "demo": "makes a city of its own",
    "simulate": "makes a city of its own",
    "bench ingest": "makes a city of its own",
    "bench settle": "makes a city of its own",
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
    for words in re.findall(r"heatwatch ([a-z]+(?: [a-z]+(?:\\?\|[a-z]+)*)?)", text):
        group, _, rest = words.partition(" ")
        found |= {group, *(f"{group} {each}" for each in re.split(r"\\?\|", rest))}
    return found


def absent_from(text: str, app: typer.Typer) -> list[str]:
    """Commands that the text does not name."""
    named = named_in(text)
    return [name for name, _ in leaves(typer.main.get_command(app)) if name not in named]


def test_every_command_says_what_it_does() -> None:
    assert without_help(build()) == []


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
