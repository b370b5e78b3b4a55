"""Many at once are one cause, and end when their stations are back."""

import pytest

from alerts.channels.in_tray import InTray
from alerts.config import AlertsConfig, Recipient, SmsConfig
from alerts.follower.sender import Sender
from tests.alerts.episodes.told import Build, outage
from tests.alerts.world import Say, at, every


def test_a_city_wide_fault_with_many_homes_gives_a_handful_of_messages(city: Build) -> None:
    """Two sources, twelve stations, 2,400 homes; the stops spread over six minutes."""
    recipients = (
        Recipient(name="control-room", language="zh"),
        Recipient(name="crew", language="en", kinds=("station_outage",), places=("Q1",)),
    )
    world = city(
        sources={"Q1": 6, "Q2": 6}, homes=200, station_interval_s=300, room_interval_s=1800
    )
    world.config = AlertsConfig(recipients=recipients, sms=SmsConfig(group_wait_s=900))
    watch, sender = world.watch(), Sender(world.engine, InTray(), world.config)
    says: list[Say] = []
    for number in range(1, 13):
        says += outage(f"S{number}", 20 + number * 0.5, 200)
        for home in range(1, 201):
            says += every(f"S{number}-H{home}.t", 17.5, 60 + home * 0.01, 200, 30)
    ordered = sorted(says, key=lambda say: say[1])
    while ordered:
        world.now = at(ordered[0][1] + 10)
        now = [say for say in ordered if say[1] < ordered[0][1] + 10]
        ordered = ordered[len(now) :]
        world.append(now)
        world.follow(watch)
        sender.send_due(world.now)
    sender.send_due(at(600))
    episodes = world.episodes()
    assert sum(each[0] == "low_room_temperature" for each in episodes) == 2400
    assert sum(each[0] == "station_outage" for each in episodes) == 12 + 3
    handed = world.messages("handed")
    assert 2 <= len(handed) <= 4, [m.text for m in handed]
    company, crew = handed[-2:]
    assert "影响2400户" in company.text
    assert "12/12座换热站" in company.text
    assert "12 of 12 stations" in crew.text
    assert not world.messages("due", "handing", "failed")


def test_source_outages_end_when_their_stations_are_back(city: Build) -> None:
    world = city(sources={"Q1": 2}, homes=1, station_interval_s=300)
    says = [*outage("S1", 20, 60), *outage("S2", 20, 60)]
    says += every("S1.flow", 12.0, 60, 200, 5) + every("S2.flow", 12.0, 100, 200, 5)
    says += every("S2.flow", 0.0, 60, 100, 5)
    world.live(world.watch(), says, ticks=False)
    assert sorted(world.episodes()) == [
        ("station_outage", "Q1", 30, 160),
        ("station_outage", "S1", 30, 120),
        ("station_outage", "S2", 30, 160),
    ]


@pytest.mark.parametrize("late", [True, False])
def test_silence_of_the_whole_company_is_one_message(city: Build, late: bool) -> None:
    """The sensors of a home fell silent before; its episode becomes a child."""
    world = city(sources={"Q1": 2, "Q2": 2}, homes=2, station_interval_s=300)
    watch = world.watch()
    world.tick(watch)
    says = [
        say
        for station in range(1, 5)
        for key, value in (("flow", 12.0), ("t_sup", 45.0), ("makeup", 0.05))
        for say in every(f"S{station}.{key}", value, 0, 100, 5)
    ]
    homes = [f"S{station}-H{home}.t" for station in range(1, 5) for home in (1, 2)]
    for home in homes[late:]:
        says += every(home, 20.0, 0, 100, 10)
    world.live(watch, says)
    for minute in range(100, 400, 5):
        world.now = at(minute)
        world.tick(watch)
    places = [each[1] for each in world.episodes()]
    assert places == (["S1-H1-bed"] if late else []) + ["demo"]
    assert len(world.messages("due")) == (2 if late else 1) - late
