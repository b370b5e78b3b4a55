"""Limits of what can be true, by role."""

import numpy as np
import pytest

from domain.plausible import FIELDS, all_of, around, checks, counts_heat, limits, rule
from domain.quantity import Role
from domain.time import HOUR_US, Span, from_us, to_us


@pytest.mark.parametrize("role", Role, ids=lambda each: each.code)
def test_a_role_allows_nothing_that_its_quantity_can_not_be(role: Role) -> None:
    least, most = limits(role)
    assert least < most
    assert role.quantity.plausible(least)
    assert role.quantity.plausible(most)


def test_a_room_lies_within_the_limits_of_the_acts_and_supply_may_be_hotter() -> None:
    assert limits(Role.ROOM_TEMPERATURE) == (-30_000, 60_000)
    assert limits(Role.PRIMARY_SUPPLY_TEMPERATURE)[1] == 200_000


def test_only_air_must_move_and_only_rooms_are_watched_for_jumps() -> None:
    still, jump = FIELDS.index("still"), FIELDS.index("jump")
    moving = {role for role in Role if rule(role)[still]}
    assert moving == {Role.ROOM_TEMPERATURE, Role.OUTDOOR_TEMPERATURE}
    assert {role for role in Role if rule(role)[jump]} == {Role.ROOM_TEMPERATURE}


def test_series_of_several_roles_have_each_their_own_rule() -> None:
    found = checks([Role.FLOW, Role.ROOM_TEMPERATURE, Role.FLOW])
    assert [found.rules[i] for i in found.which] == [
        rule(Role.FLOW), rule(Role.ROOM_TEMPERATURE), rule(Role.FLOW),
    ]  # fmt: skip
    assert all_of(Role.FLOW, 3).table.shape == (1, len(FIELDS))


def test_around_a_span_lies_more_than_the_longest_that_a_value_may_stand() -> None:
    span = Span(from_us(0), from_us(HOUR_US))
    wide = around(span)
    assert to_us(wide.until) - HOUR_US == -to_us(wide.since) > 168 * HOUR_US


@pytest.mark.parametrize(
    ("hours", "kwh", "possible"),
    [
        (1, 60, True),
        (1, 60.001, False),
        (1, 0, True),
        (1, -0.001, False),
        (0, 0, True),
        (0, 1, False),
    ],
)
def test_a_dwellings_register_of_heat_never_falls_and_rises_by_fifty_kilowatts_at_most(
    hours: int, kwh: float, possible: bool
) -> None:
    value = np.array([5_000, 5_000 + round(kwh * 1000)])
    assert counts_heat(np.array([0, hours * HOUR_US]), value).tolist() == [possible]
