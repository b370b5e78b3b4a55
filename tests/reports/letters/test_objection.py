"""What a letter says of objections and of complaints under the act."""

import pytest

from reports.letters.page import to_text
from tests.reports.letters.cases import HENAN, LINYI, made

ASKED = ["2025-01-10T06:00"]


@pytest.mark.parametrize(
    ("language", "says", "same_day"),
    [
        ("en", "These days are for objections to this statement; a complaint of heating is answered "
         "within the act's own limits, which they do not replace:",
         "the supplier answers a complaint the same day, or within 2 days where it can't (art. 24 para. 2)"),
        ("zh", "上述期限只适用于对本结算单的异议，不代替法规规定的投诉答复期限：",
         "供热企业应当日答复投诉；当日不能答复的，在 2 日内答复（第二十四条第二款）"),
    ],
    ids=["en", "zh"],
)  # fmt: skip
def test_the_days_of_an_objection_do_not_replace_the_limits_of_the_act(
    language: str, says: str, same_day: str
) -> None:
    said = to_text(made(HENAN, requests=ASKED), language).decode()
    assert said.index(says) < said.index(same_day)
    other = to_text(made(LINYI, requests=ASKED), language).decode()
    assert says not in other


@pytest.mark.parametrize("state", ["draft", ""])
def test_a_draft_sets_no_last_day_to_object(state: str) -> None:
    said = to_text(made(HENAN, state=state, requests=ASKED), "en").decode()
    assert "Please write by" not in said
    assert (
        "No time runs from a draft: the 15 working days begin with the date of the approved" in said
    )
    assert "Please write by" in to_text(made(HENAN, requests=ASKED), "en").decode()
