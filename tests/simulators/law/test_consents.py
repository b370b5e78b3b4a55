"""Random households with standing consent: of every law some, by the season's id alone."""

from simulators.law.consents import with_consent
from simulators.law.record_worlds import LIAONING
from simulators.law.twins import world_of


def test_a_part_of_the_seasons_has_it_and_the_id_says_which() -> None:
    worlds = [{"id": seed, "policy": "CN-HA-2018"} for seed in range(200)]
    drawn = [with_consent(each) for each in worlds]
    assert drawn == [with_consent(each) for each in worlds]
    assert 20 < sum(each.get("standing_consent", False) for each in drawn) < 60


def test_seasons_of_every_kind_of_law_have_some() -> None:
    for policy in ("CN-HA-2018", "CN-BJ-BF2022-0501", "RU-354", LIAONING):
        worlds = [world_of(policy, seed) for seed in range(30)]
        assert any(each.get("standing_consent") for each in worlds), policy
