"""Who gives a command."""

import pytest

from domain.actor import ActorKind
from domain.errors import WrongCall
from heatwatch.cli.options import actor_of


def test_the_person_named_gives_it_else_the_systems_user() -> None:
    assert actor_of("li").name == "li"
    assert actor_of("user:li") == actor_of("li")
    assert actor_of("").kind is ActorKind.USER
    assert actor_of("").name


@pytest.mark.parametrize("by", ["phone:li", "program:alerts"])
def test_what_is_no_person_can_give_no_command(by: str) -> None:
    with pytest.raises(WrongCall, match=by):
        actor_of(by)
