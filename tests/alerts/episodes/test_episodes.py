"""Stories on a fake clock, from readings in the journal to messages in the outbox."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.in_tray import InTray
from alerts.config import AlertsConfig, Recipient, SmsConfig
from alerts.follower.sender import Sender
from store.books.watch import Episode
from tests.alerts.world import Say, World, at, every

Build = Callable[..., World]


def test_a_cold_home_is_told_after_an_hour_and_clears_after_an_hour_of_warmth(city: Build) -> None:
    world = city()
    world.live(
        world.watch(),
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
    for told in ("17.2℃", "18℃", "S1-H1号", "和平路", "11-22 15:00", "#1"):
        assert told in message.text


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


def outage(station: str, since: float, until: float) -> list[Say]:
    """Twenty minutes of normal, then no flow."""
    return [
        *every(f"{station}.flow", 12.0, since - 20, since, 5),
        *every(f"{station}.flow", 0.0, since, until, 5),
    ]


def test_homes_that_get_cold_in_an_outage_are_its_children_and_not_told(city: Build) -> None:
    world = city(homes=5, station_interval_s=300)
    homes = [say for n in range(1, 6) for say in every(f"S1-H{n}.t", 17.0, 60, 140, 10)]
    world.live(world.watch(), [*outage("S1", 20, 140), *homes], ticks=False)
    kinds = [each[0] for each in world.episodes()]
    assert kinds == ["station_outage"] + ["low_room_temperature"] * 5
    (message,) = world.messages()
    assert "影响5户" in message.text
    with Session(world.engine) as session:
        (parent,) = session.scalars(sa.select(Episode).where(Episode.kind == "station_outage"))
        assert parent.evidence["children"] == 5
        cold = session.scalars(sa.select(Episode).where(Episode.parent_id == parent.id)).all()
        assert len(cold) == 5


def test_a_home_that_was_cold_before_the_outage_stays_on_its_own(city: Build) -> None:
    world = city(homes=1, station_interval_s=300)
    world.live(
        world.watch(), [*outage("S1", 40, 140), *every("S1-H1.t", 17.0, 0, 140, 10)], ticks=False
    )
    assert len(world.messages("due")) == 2


def test_a_child_that_outlasts_its_cause_by_half_a_day_is_told_after_all(city: Build) -> None:
    world = city(homes=1, station_interval_s=300)
    watch = world.watch()
    back = every("S1.flow", 12.0, 140, 220, 5)
    world.live(
        watch, [*outage("S1", 20, 140), *back, *every("S1-H1.t", 17.0, 60, 220, 10)], ticks=False
    )
    assert len(world.messages()) == 1
    world.now = at(200 + 12 * 60 - 1)
    world.tick(watch)
    assert [m.recipient for m in world.messages() if "低于18℃" in m.text] == []
    world.now = at(201 + 12 * 60)
    world.tick(watch)
    world.tick(watch)
    assert len([m for m in world.messages() if "低于18℃" in m.text]) == 1


def test_a_city_wide_fault_with_many_homes_gives_a_handful_of_messages(city: Build) -> None:
    """Two sources, twelve stations, 2,400 homes; the stops spread over six minutes."""
    recipients = (
        Recipient(name="control-room"),
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


def test_an_old_episode_found_late_and_over_already_is_not_told(city: Build) -> None:
    world = city()
    says = [*every("S1-H1.t", 17.0, 0, 61, 10), *every("S1-H1.t", 20.0, 70, 140, 10)]
    for say in says:
        world.now = at(say[1])
        world.append([say])
    world.now = at(3000)
    world.follow(world.watch())
    assert world.episodes() == [("low_room_temperature", "S1-H1", 60, 130)]
    assert [m.state for m in world.messages()] == ["inhibited"]


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


def test_homes_that_get_cold_at_the_same_instant_are_all_written(city: Build) -> None:
    world = city(homes=30)
    world.live(
        world.watch(),
        [s for n in range(1, 31) for s in every(f"S1-H{n}.t", 17.0, 0, 61, 10)],
        ticks=False,
    )
    assert len(world.episodes()) == 30
    assert len({message.episode_id for message in world.messages("due")}) == 30
