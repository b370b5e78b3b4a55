"""The language of a call is known before its command line is."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from heatwatch.cli.chosen_language import language_of, without_language


def configured(folder: Path, language: str) -> str:
    path = folder / "city.toml"
    path.write_text(f'[display]\nlanguage = "{language}"\n', "utf-8")
    return str(path)


@pytest.mark.parametrize("option", ["--config {}", "-c {}", "--config={}"])
def test_the_configuration_decides_unless_an_option_says_otherwise(
    tmp_path: Path, option: str
) -> None:
    words = option.format(configured(tmp_path, "zh")).split()
    assert language_of(["report", *words]) == "zh"
    assert language_of(["report", *words, "--lang", "en"]) == "en"
    assert language_of(["--lang=en", "report", *words]) == "en"
    assert language_of(["--lang", "en", *words, "--lang", "zh"]) == "zh"


def test_behind_two_dashes_nothing_is_an_option(tmp_path: Path) -> None:
    words = ["-c", configured(tmp_path, "zh"), "--", "--lang", "en"]
    assert language_of(words) == "zh"
    assert without_language(words) == words


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(WrongCall, match="xx"):
        language_of(["--lang", "xx"])


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("report --lang zh daily", "report daily"),
        ("--lang=zh report", "report"),
        ("-c a.toml report", "-c a.toml report"),
        ("-c --lang report", "-c --lang report"),
        ("report --lang", "report --lang"),
    ],
)
def test_the_command_line_gets_the_call_without_its_language(words: str, rest: str) -> None:
    assert without_language(words.split()) == rest.split()
