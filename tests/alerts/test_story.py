"""Stories on a fake clock, from readings in the journal to messages in the outbox."""

from pathlib import Path

from alerts.channels.in_tray import InTray
from alerts.sender import Sender
from tests.alerts.world import at, build, every


def test_a_cold_home_is_told_after_an_hour_and_clears_after_an_hour_of_warmth(
    tmp_path: Path,
) -> None:
    world = build(tmp_path)
    watch = world.watch()
    world.live(
        watch,
        [
            *every("S1-H1.t", 20.0, 0, 60, 10),
            *every("S1-H1.t", 17.2, 60, 200, 10),
            *every("S1-H1.t", 19.0, 200, 300, 10),
        ],
        ticks=False,
    )
    assert world.episodes() == [("low_room_temperature", "S1-H1", 120, 260)]
    (message,) = world.messages()
    assert message.state == "due"
    assert "17.2℃" in message.text
    assert "18℃" in message.text


def test_the_message_of_a_cold_home_waits_for_a_common_cause_and_is_handed_once(
    tmp_path: Path,
) -> None:
    world = build(tmp_path)
    watch = world.watch()
    sender = Sender(world.engine, InTray(), world.config.sms)
    world.live(watch, every("S1-H1.t", 17.2, 0, 61, 10), ticks=False)
    assert sender.send_due(world.now) == 0
    assert sender.send_due(at(62)) == 1
    world.live(watch, every("S1-H1.t", 17.0, 70, 200, 10), ticks=False)
    assert sender.send_due(at(300)) == 0
    (message,) = world.messages()
    assert (message.state, message.channel) == ("handed", "in-tray")
