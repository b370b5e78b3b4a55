"""What a text wants: what is clear is read in any order, what is not clear is not guessed."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from alerts.channels.base import Inbound
from alerts.config import AlertsConfig
from alerts.inbound import handle, help_text, understand
from alerts.inbound.commands import commands
from alerts.inbound.keep import keep
from alerts.inbound.understand import meant, understood
from store.books.watch import Episode
from tests.alerts.inbound.test_command import PAUSE
from tests.alerts.inbound.test_handle import LI, WANG, alert, states
from tests.alerts.world import World, at

Build = Callable[..., World]


@pytest.fixture(autouse=True)
def with_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of two commands, one of which has a number."""
    both = {"acknowledge": commands()["acknowledge"], "pause": PAUSE}
    for module in (understand, help_text):
        monkeypatch.setattr(module, "commands", lambda: both)


def read(text: str) -> tuple[str, str, str] | None:
    found = understood(text)
    return found and (found.command.name, found.code, found.given)


@pytest.mark.parametrize(
    "text",
    [
        "pause 174 45", "PAUSE 174 45", "174 pause 45", "174 45 pause", "pause174,45", "pause 174.45",
        "暂停 174 45", "暂停174，45", "暂停174、45分钟", "暂停１７４　４５", "174暂停45分", "１７４暂停４５分钟。",
        "“暂停”174 45", "pause #174: 45 min", "pause 174-45", "pause 174 - 45", "pause 174+45m",
        "45分钟 暂停 174", "暂停45分钟174", "45 min pause 174", "174 45分钟暂停", "pause 45m 174",
        "pause 174 = 45", "暂停174＝45", "pause 174/45 min", "暂停 编号174 45分钟", "编号174 暂停 45",
        "pause alert 174: 45", "Pause code 174 45", "暂停告警174，45分钟", "45分钟 暂停 告警编号174",
    ],
)  # fmt: skip
def test_a_code_and_a_number_are_read_in_every_usual_form(text: str) -> None:
    assert read(text) == ("pause", "174", "45")


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("pause 174", ""), ("pause 174 -45", "-45"), ("pause 174 45.5", "45.5"),
        ("pause 174 1,5,7", "1,5,7"), ("暂停174 9000分钟", "9000"), ("pause 17 4 45", "4 45"),
    ],
)  # fmt: skip
def test_what_stands_where_the_number_belongs_is_kept_as_it_was_written(
    text: str, given: str
) -> None:
    found = read(text)
    assert found is not None
    assert (found[0], found[2]) == ("pause", given)


@pytest.mark.parametrize(
    "text",
    [
        "pause", "暂停45分钟", "pause 174 45 please", "pause 174 45 ack", "pause 174 1h30",
        "暂停174四十五分钟", "暂停 174 1小时30分", "174 45?", "pause 174 45 pause", "not pause 174 45",
        "45 min 174 min pause", "告警174", "alert 174",
    ],
)  # fmt: skip
def test_what_is_no_clear_command_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text", ["确认告警174", "ack alert 174", "编号174 收到", "收到 编号：１７４"]
)
def test_what_people_write_before_a_code_is_forgiven_beside_a_word(text: str) -> None:
    found = understood(text)
    assert found is not None
    assert (found.command.name, found.code.strip()) == ("acknowledge", "174")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("please pause 174 for 45", "pause"), ("暂停一下174", "暂停"), ("not ok 174", "acknowledge"),
        ("have a look at 174", ""), ("backpack", ""), ("pause or ack", ""), ("请确认", "acknowledge"),
        ("pause " * 40, ""),
    ],
)  # fmt: skip
def test_the_one_command_whose_word_is_there_is_meant(text: str, name: str) -> None:
    command = meant(text)
    assert (command.name if command else "") == {"暂停": "pause"}.get(name, name)


def test_a_code_and_a_number_without_a_word_stay_one_code() -> None:
    assert read("174 45") == ("acknowledge", "174 45", "")


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    assert understood("pause " + "1 " * 39_000) is None
    assert read("pause " + "1 " * 40) is not None


def answered(world: World, *sent: str, phone: str = LI) -> list[str]:
    """What is answered to each of these."""
    people = [
        {"name": "li", "phone": LI, "language": "zh"},
        {"name": "wang", "phone": WANG, "language": "en"},
    ]
    for number, text in enumerate(sent):
        with Session(world.engine) as session, session.begin():
            keep(session, "smpp", Inbound(phone, text, f"{text} {number}"), at(number))
    config = AlertsConfig.model_validate({"recipients": people, "sms": {"most_answers": 20}})
    handle.handle_received(world.engine, config, at(60))
    return [row.text for row in world.messages()]


def seventeen(world: World) -> None:
    """The alert of code 174, and that of 45 which is open, too."""
    assert [alert(world) for _ in range(17)][16] == "174"


def test_a_number_that_is_missing_or_not_allowed_is_named_with_what_is(city: Build) -> None:
    world = city()
    seventeen(world)
    sent = (
        "pause 174",
        "pause 174 4",
        "pause 174 1441",
        "pause 174 45.5",
        "pause 46 174",
        "what",
        "pause for 174",
    )
    said = answered(world, *sent, phone=WANG)
    allowed = "rest 5 to 1440 mins, e.g. PAUSE 174 45"
    assert said == [
        f"HEAT Missing: {allowed}.",
        f"HEAT 4 is not allowed: {allowed}.",
        f"HEAT 1441 is not allowed: {allowed}.",
        f"HEAT 45.5 is not allowed: {allowed}.",
        f"HEAT No alert has the code 46. First the code, then: {allowed}.",
        "HEAT Not understood. What you can send: its code alone or OK and its code acknowledges "
        f"an alert; PAUSE, code, minutes: {allowed}.",
        f"HEAT Not understood. What you can send: PAUSE, code, minutes: {allowed}. All: HELP",
    ]
    reasons = [*["number"] * 4, "unknown_code", "no_command", "no_command"]
    assert states(world) == [("refused", each) for each in reasons]


def test_the_refusal_of_a_number_is_in_the_senders_language(city: Build) -> None:
    world = city()
    seventeen(world)
    assert answered(world, "暂停174 9000分钟", "暂停 174") == [
        "【供热】9000不符合要求：rest5至1440mins，例如：PAUSE 174 45。",
        "【供热】缺少rest5至1440mins，例如：PAUSE 174 45。",
    ]


def test_a_number_that_is_an_open_alert_too_is_asked_for_with_its_unit(city: Build) -> None:
    world = city()
    seventeen(world)  # 45 is the code of alert 4
    assert answered(world, "pause 174 45", "pause 174 45 min", phone=WANG) == [
        "HEAT 45 is an open alert, too: write 45 mins if it is the rest.",
        "HEAT 45 min",
    ]
    assert states(world) == [("refused", "several_codes"), ("matched", "")]
    with Session(world.engine) as session, session.begin():
        session.get_one(Episode, 4).cleared_at = at(1)
    assert answered(world, "Pause 174 45", phone=WANG)[-1] == "HEAT 45 min"


def test_two_codes_are_not_taken_for_the_code_of_a_third_alert(city: Build) -> None:
    world = city()
    seventeen(world)
    assert answered(world, "ok 174 45", "174，45", "1 7 4") == [
        "【供热】每次只能发送一个编号，不能发送174 45。",
        "【供热】每次只能发送一个编号，不能发送174,45。",
        "【供热】告警174已由li确认。",
    ]
    assert states(world) == [*[("refused", "several_codes")] * 2, ("matched", "")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("pause 174 25, 182 30", "174 182"), ("暂停 174 182 30", "174 182"),
        ("pause 174 25 min, 182 30 min", "174 182"), ("pause 45m 174 182", "174 182"),
        ("暂停174、182、21 30分钟", "174 182 21"), ("pause 174 25 182", "174 182"),
    ],
)  # fmt: skip
def test_two_codes_with_a_number_are_answered_with_one_at_a_time(
    city: Build, text: str, codes: str
) -> None:
    world = city()
    seventeen(world)
    assert answered(world, text, phone=WANG) == [f"HEAT Send one code at a time, not {codes}."]
    assert states(world) == [("refused", "several_codes")]
