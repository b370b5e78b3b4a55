"""What the command line says of a wrong call, in our own sentences."""

from collections import Counter
from typing import Annotated, Any

import pytest
import typer
import typer.main

from domain.language import Text
from heatwatch.cli.app import command
from heatwatch.cli.localized import localized, usage_text
from tests.test_commands import nodes

WIDE = 2_000
KINDS = "[daily|weekly|half_month|month|season|ten_days]"
FRAMES = "─│╭╮╰╯"


@pytest.mark.parametrize(
    ("told", "english"),
    [
        ("No such option: --x", "option --x is not known"),
        ("No such command 'foo'.", "command 'foo' is not known"),
        ("Missing argument 'PLACE'.", "argument PLACE is missing"),
        ("Missing option '--season'.", "option --season is missing"),
        ("Missing command", "the command is missing"),
        ("Got unexpected extra argument (a b)", "these words are not expected: a b"),
        ("Option '--by' requires an argument", "option --by needs a value"),
        ("Invalid value for '--n': 'x' is odd", "'--n': this value is not allowed ('x' is odd)"),
    ],
)
def test_a_wrong_call_is_said_with_its_values_in_both_languages(told: str, english: str) -> None:
    text = usage_text(told)
    assert isinstance(text, Text)
    assert text.to("en").startswith(english.rstrip("."))
    assert text.to("zh") != text.to("en")


def test_what_has_no_sentence_of_ours_is_shown_as_it_is() -> None:
    assert usage_text("Aborted!") == "Aborted!"


def shown(root: Any, words: str, width: int, monkeypatch: Any, capsys: Any) -> Counter[str]:
    """The characters of a help page, blanks and frames left out."""
    monkeypatch.setenv("COLUMNS", f"{width}")
    with pytest.raises(SystemExit):
        root.main([*words.split(), "--help"], prog_name="heatwatch")
    return Counter(each for each in capsys.readouterr().out if each not in FRAMES + " \n")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_help_page_loses_a_character_where_the_terminal_is_narrow(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = command(language)
    for words, _ in nodes(root):
        whole = shown(root, words, WIDE, monkeypatch, capsys)
        for width in (60, 80, 120):
            found = shown(root, words, width, monkeypatch, capsys)
            assert found == whole, f"{words} at {width}: lost {whole - found}, more {found - whole}"


def test_names_that_do_not_fit_beside_their_help_are_shown_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app = typer.Typer(rich_markup_mode="rich")

    @app.command()
    def report(kind: Annotated[str, typer.Argument(metavar=KINDS, help="which")] = "a") -> None: ...

    root = localized(typer.main.get_command(app), "en")
    assert shown(root, "", 60, monkeypatch, capsys) == shown(root, "", WIDE, monkeypatch, capsys)
