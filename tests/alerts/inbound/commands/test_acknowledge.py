"""A code sent back takes the alert on."""

import pytest

from alerts.inbound.understand import understood
from tests.alerts.inbound.test_handle import Build, alert, inbox, listening, shown, states
from tests.alerts.smpp import until
from tests.alerts.world import at
from tests.servers.smsc import Smsc


def test_the_code_of_an_alert_sent_back_acknowledges_it_and_is_answered(
    city: Build, smpp_server: Smsc
) -> None:
    world = city()
    code, one = alert(world), listening(world, smpp_server)
    smpp_server.send("13800000001", f"收到 {code}")
    until(lambda: states(world) == [("answered", "")], one)
    (seen,) = shown(world)
    assert (seen.acknowledged_by, seen.acknowledged_at) == ("phone:李伟", at(2))
    assert smpp_server.texts() == [("8613800000001", f"【供热】告警{code}已由李伟确认。")]
    (kept,) = inbox(world)
    assert (kept.actor, kept.command, kept.code) == ("phone:李伟", "acknowledge", code)
    assert smpp_server.confirmed() == ["1"]
    one.close()


@pytest.mark.parametrize(
    "written", ["{}", " {} ", "ACK {}", "Ok{}", "已收到{}", "{}确认", "#{}", "{}。"]
)
def test_case_blanks_and_words_around_the_code_are_forgiven(written: str) -> None:
    found = understood(written.format("1 7 3"))
    assert found is not None
    assert (found.command.name, found.code) == ("acknowledge", "1 7 3")
