"""Stories on a fake clock, from readings in the journal to messages in the outbox."""

from tests.alerts.episodes.told import Build
from tests.alerts.world import at, every


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


def test_homes_that_get_cold_at_the_same_instant_are_all_written(city: Build) -> None:
    world = city(homes=30)
    world.live(
        world.watch(),
        [s for n in range(1, 31) for s in every(f"S1-H{n}.t", 17.0, 0, 61, 10)],
        ticks=False,
    )
    assert len(world.episodes()) == 30
    assert len({message.episode_id for message in world.messages("due")}) == 30
