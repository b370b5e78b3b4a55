"""What is wrong with the text of a policy's file, by file and key."""

import pytest
from pydantic import ValidationError

from analytics.law.policy_texts import faults_of, toml, wrong_file
from analytics.law.terms import Words
from domain.errors import WrongCall


def test_a_file_that_is_not_toml_is_named() -> None:
    assert toml("a = '度'".encode(), "mine.toml") == {"a": "度"}
    for raw in (b"a = ", b"a = '\xff'"):
        with pytest.raises(WrongCall, match=r"mine\.toml: not TOML"):
            toml(raw, "mine.toml")


def test_every_fault_stands_on_a_line_with_file_key_and_value() -> None:
    with pytest.raises(ValidationError) as found:
        Words.model_validate({"zh": "", "eng": "x"})
    said = str(wrong_file(faults_of(found.value, Words, "title"), "mine.toml"))
    assert said.splitlines() == [
        "mine.toml: title.zh = '': must not be empty",
        "mine.toml: title.en: this key is needed",
        "mine.toml: title.eng = 'x': this key is not known; did you mean en?",
    ]
