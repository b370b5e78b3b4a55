"""Actors: how they are written and read, shown, and when two are one."""

import pytest

from domain.actor import Actor, ActorKind, before_actors, program, user
from domain.errors import WrongCall


@pytest.mark.parametrize(
    "actor",
    [user("Li Wei"), program("alerts"), Actor(ActorKind.PHONE, "+8613800000000"), before_actors()],
    ids=str,
)
def test_an_actor_reads_back_as_it_was_written(actor: Actor) -> None:
    assert Actor.parse(str(actor)) == actor


@pytest.mark.parametrize(
    "text", ["", " ", "user:", "user: li", "li\nwei", "x" * 121, "user:a:b", "li\udce9", "\ud83d"]
)
def test_what_is_no_name_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(WrongCall, match="allowed: 1 to 120 characters"):
        Actor.parse(text)


def test_a_kind_that_is_not_known_is_refused_with_those_there_are() -> None:
    with pytest.raises(WrongCall, match="allowed: user, program, provider, phone, unknown"):
        Actor.parse("robot:li")


@pytest.mark.parametrize(
    "other",
    ["li wei", "LI  WEI", "LiWei", "ＬＩ ＷＥＩ", "Li\u00a0Wei", "Li\u200bWei", "Li\u3000Wei"],
)
def test_one_person_under_another_spelling_is_the_same(other: str) -> None:
    assert user("Li Wei").is_same(user(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Li Wei", "Wei Li"), ("Li Wei", "WEI, LI"), ("Li Wei", "ｗｅｉ　ｌｉ"), ("Li Wei", "wei-Li"),
        ("Li Wei", "WeiLi"), ("LiWei", "Wei Li"), ("Иван Петров", "Петров Иван"),
        ("José Ñuñez", "nunez jose"), ("李 伟", "伟李"), ("Li Wei Ming", "Ming, Li Wei"),
        ("a b c d e f g", "g f e d c b a"),
    ],
)  # fmt: skip
def test_the_same_words_in_another_order_are_the_same_person(one: str, other: str) -> None:
    assert user(one).is_same(user(other))
    assert user(other).is_same(user(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Li Wei", "Li Wei (approver)"), ("Li Wei", "li wei（批准人）"), ("Li Wei", "(2) Wei Li"),
        ("Li Wei", "Li Wei [head [of heat]]"), ("Li Wei", "Li Wei (approver"), ("Li Wei", "LI WEI <a@b>"),
        ("Li Wei (drafter)", "Li Wei (approver)"), ("Li Wei", "Li Wei, Approver"), ("Li Wei", "approver LiWei"),
        ("李伟", "李伟批准人"), ("李伟", "编制人 李伟"), ("李伟", "李伟（二）"), ("(Li Wei)", "Li Wei"),
    ],
)  # fmt: skip
def test_what_stands_in_brackets_and_a_role_beside_a_name_make_no_other_person(
    one: str, other: str
) -> None:
    assert user(one).is_same(user(other))
    assert user(other).is_same(user(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Li (Wei)", "Li Na"), ("(Li)", "(Wei)"), ("approver", "drafter"), ("Approverson", "son"),
        ("批准", "批准人"), ("()", "(1)"),
    ],
)  # fmt: skip
def test_other_names_in_brackets_or_beside_a_role_are_other_people(one: str, other: str) -> None:
    assert not user(one).is_same(user(other))


@pytest.mark.parametrize("other", [user("Li Wie"), user("Li Wei Ming"), user("Wei Wei")], ids=str)
def test_other_words_are_another_person(other: Actor) -> None:
    assert not user("Li Wei").is_same(other)


@pytest.mark.parametrize("other", [user("Li Wie"), program("Li Wei"), user("李伟")], ids=str)
def test_another_name_or_kind_is_another_actor(other: Actor) -> None:
    assert not user("Li Wei").is_same(other)


def test_actors_are_shown_in_the_readers_language() -> None:
    shown = [each.shown().to("zh") for each in (user("李伟"), program("alerts"), before_actors())]
    assert shown == ["李伟", "程序 alerts", "未知（0.2.0 版之前）"]
