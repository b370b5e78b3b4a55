"""Who gets which message of an alert, and when."""

from alerts.channels.in_tray import InTray
from alerts.config import AlertsConfig, Recipient, SmsConfig
from alerts.follower.sender import Sender
from tests.alerts.episodes.told import Build
from tests.alerts.world import at, every


def test_a_message_waits_for_a_common_cause_and_is_handed_once(city: Build) -> None:
    world = city()
    watch = world.watch()
    sender = Sender(world.engine, InTray(), world.config)
    world.live(watch, every("S1-H1.t", 17.2, 0, 61, 10), ticks=False)
    assert sender.send_due(world.now) == 0
    assert sender.send_due(at(62)) == 1
    world.live(watch, every("S1-H1.t", 17.0, 70, 200, 10), ticks=False)
    assert sender.send_due(at(300)) == 0
    (message,) = world.messages()
    assert (message.state, message.channel) == ("handed", "in-tray")


def test_who_is_told_depends_on_kind_and_place_and_in_which_language(city: Build) -> None:
    world = city(sources={"Q1": 1, "Q2": 1})
    world.config = AlertsConfig(
        recipients=(
            Recipient(name="north", places=("Q1",), kinds=("low_room_temperature",)),
            Recipient(name="south", places=("Q2",), language="en"),
            Recipient(name="leaks", kinds=("make_up_leak",)),
        )
    )
    says = [*every("S1-H1.t", 17.0, 0, 61, 10), *every("S2-H1.t", 17.0, 0, 61, 10)]
    world.live(world.watch(), says, ticks=False)
    told = {m.recipient: m.text for m in world.messages()}
    assert set(told) == {"north", "south"}
    assert "室温17℃" in told["north"]
    assert "room 17 C, below 18 C" in told["south"]


def test_cleared_messages_go_to_those_who_were_told_where_wanted(city: Build) -> None:
    world = city()
    world.config = AlertsConfig(sms=SmsConfig(group_wait_s=0, tell_cleared=True))
    watch, sender = world.watch(), Sender(world.engine, InTray(), world.config)
    world.live(watch, every("S1-H1.t", 17.0, 0, 61, 10), ticks=False)
    sender.send_due(world.now)
    world.live(watch, every("S1-H1.t", 20.0, 70, 140, 10), ticks=False)
    sender.send_due(world.now)
    assert [(m.purpose, m.state) for m in world.messages()] == [
        ("opened", "handed"),
        ("cleared", "handed"),
    ]
    assert "已恢复" in world.messages()[1].text
