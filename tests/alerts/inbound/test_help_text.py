"""The help: whole entries, as many as fit, and how to get the rest."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from alerts.channels import sms
from alerts.channels.base import Inbound
from alerts.config import AlertsConfig
from alerts.inbound import help_text, understand
from alerts.inbound.commands import commands
from alerts.inbound.handle import handle_received
from alerts.inbound.help_text import help_page, not_understood, page_wanted
from alerts.inbound.keep import keep
from alerts.messages.texts import answer
from tests.alerts.inbound.test_command import PAUSE
from tests.alerts.inbound.test_handle import LI, inbox
from tests.alerts.world import World, at

Build = Callable[..., World]
MANY = {
    "acknowledge": commands()["acknowledge"],
    **{f"pause{n}": replace(PAUSE, name=f"pause{n}", words=(f"pause{n}",)) for n in range(12)},
}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """More commands than fit into one answer."""
    for module in (understand, help_text):
        monkeypatch.setattr(module, "commands", lambda: MANY)


@pytest.mark.parametrize("most_parts", [1, 2, 3, 10])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.usefixtures("many")
def test_pages_have_whole_entries_and_none_is_left_out(language: str, most_parts: int) -> None:
    pages = [answer(not_understood("?", language, most_parts), language, most_parts)]
    while pages[-1].endswith(f" {len(pages) + 1}"):
        said = help_page(len(pages) + 1, language, most_parts)
        pages.append(answer(said, language, most_parts))
    assert all(sms.parts(each) <= most_parts for each in pages)
    assert not any("..." in each for each in pages)
    first = MANY["acknowledge"].shown().to(language)
    assert first in pages[0], "acknowledging first"
    whole = (PAUSE.use if (language, most_parts) == ("zh", 1) else PAUSE.shown()).to(language)
    assert sum(each.count(whole) for each in pages) == len(MANY) - 1
    past_the_last = help_page(99, language, most_parts).to(language)
    assert past_the_last == help_page(len(pages), language, most_parts).to(language)


@pytest.mark.usefixtures("many")
def test_an_entry_that_is_longer_than_an_answer_goes_without_its_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(help_text, "fits", lambda said, *_: "rest" not in said.to("en"))
    assert "PAUSE, code, minutes." in help_page(99, "en", 3).to("en")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("help", 1), ("HELP 2", 2), ("帮助", 1), ("帮助２", 2), ("Help.", 1), ("help 9999", None),
        ("help me", None), ("174", None), ("help 0", 0),
    ],
)  # fmt: skip
def test_help_and_a_page_are_read(text: str, page: int | None) -> None:
    assert page_wanted(text) == page


@pytest.mark.usefixtures("many")
def test_a_page_of_the_help_is_sent_to_who_wants_it(city: Build) -> None:
    world = city()
    for minute, text in enumerate(("what", "help 2", "help 0"), start=2):
        with Session(world.engine) as session, session.begin():
            keep(session, "smpp", Inbound(LI, text, text), at(minute))
    people = [{"name": "li", "phone": LI, "language": "en"}]
    handle_received(world.engine, AlertsConfig.model_validate({"recipients": people}), at(9))
    first, second, zero = [row.text for row in world.messages()]
    assert first.startswith("HEAT Not understood. What you can send: its code alone or OK")
    assert first.endswith("PAUSE 174 45. More: HELP 2")
    assert second.startswith("HEAT What you can send: PAUSE, code")
    assert zero == first.replace("Not understood. ", "")
    seen = [(row.state, row.command) for row in reversed(inbox(world))]
    assert seen == [("refused", None), ("matched", "help"), ("matched", "help")]
