"""What the command line says of a wrong call, in our own sentences."""

import pytest

from domain.language import Text
from heatwatch.cli.localized import usage_text


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
