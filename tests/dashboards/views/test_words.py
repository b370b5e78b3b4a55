"""Words for codes on screens: known ones are said, others shown as they are."""

from alerts.detectors import kinds
from dashboards.views import words
from domain.language import Text


def zh(shown: Text | str) -> str:
    return shown.to("zh") if isinstance(shown, Text) else shown


def test_every_kind_of_alert_has_words() -> None:
    for kind in kinds():
        assert zh(words.kind_words(kind)) != kind


def test_a_receipt_is_said_and_one_that_has_not_come_is_empty() -> None:
    assert zh(words.delivery_words("DELIVRD")) == "已送达"
    assert words.delivery_words(None) == ""


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert words.kind_words("new_kind") == "new_kind"
    assert words.sms_state("new_state") == "new_state"
    assert words.delivery_words("NEW") == "NEW"
