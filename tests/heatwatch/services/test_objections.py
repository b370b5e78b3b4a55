"""Objections: received, in time or late, upheld by a correction, dismissed by a document."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.ledger.drafts import by_number
from analytics.ledger.entries import approve
from domain.actor import By, user
from domain.errors import Refused, WrongCall
from domain.time import day_start, local_day
from domain.tree import Tree
from heatwatch.services.objections import answer, limit_to_object, objections, receive
from heatwatch.services.recording import record_row
from heatwatch.services.settling import draft
from heatwatch.wiring import World
from store.evidence.versions import Scope, versions
from store.registry.places import tree
from tests.actors import TESTER
from tests.analytics.books import SEASON, ZONE
from tests.heatwatch.towns import town

WHY = "measured again"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Tree]:
    """A town with three runs, the second approved."""
    _, world = town(tmp_path_factory.mktemp("town"))
    for _ in range(2):
        draft(world, SEASON, TESTER)
    approve(world.books, 2, By(TESTER, world.now()))
    draft(world, SEASON, TESTER)
    return world, tree(world.books).within(1)


def by(world: World, reason: str = "") -> By:
    return By(TESTER, world.now(), reason)


def test_an_objection_is_received_and_upheld_by_the_run_that_corrects_it(
    settled: tuple[World, Tree],
) -> None:
    world, network = settled
    at = world.now()
    one = receive(world, network, "H1", 1, "never above 16", at, by(world))
    assert (one.household, one.run, one.state, one.late) == ("H1", 1, "open", False)
    assert one.limit == limit_to_object(by_number(world.books, 1), ZONE)
    with pytest.raises(WrongCall, match=r"correction of the run.*1"):
        answer(world, network, "H1", at, by(world, WHY), correction=1)
    with pytest.raises(WrongCall, match=r"approved .3. is not known; allowed: 2"):
        answer(world, network, "H1", at, by(world, WHY), correction=3)
    with pytest.raises(Refused, match="need a reason"):
        answer(world, network, "H1", at, by(world), correction=2)
    assert answer(world, network, "H1", at, by(world, WHY), correction=2).state == "upheld"
    history = versions(world.books, Scope(network), ["objections"], every=True)
    states = [each.values["state"] for each in history if each.about == "H1"]
    assert states == ["open", "upheld"]
    assert history[0].end_reason == WHY
    assert [each.source for each in history] == ["heatwatch case object", "heatwatch case uphold"]
    with pytest.raises(WrongCall, match=r"upheld by run 2; .*evidence withdraw objections H1 "):
        answer(world, network, "H1", at, by(world, "no request"), document="letter 9")
    assert answer(world, network, "H1", at, by(world, WHY), correction=2).state == "upheld"


def test_of_two_answers_at_once_the_second_is_told_of_the_first(
    settled: tuple[World, Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second answer took the place of the first, with its own reason and without a word."""
    world, network = settled
    at = world.now() - timedelta(minutes=7)
    receive(world, network, "H3", 1, "cold", at, by(world))
    left = [1]

    def late(*given: Any) -> Any:
        if left:
            left.pop()
            answer(world, network, "H3", at, By(user("Wu"), world.now(), WHY), correction=2)
        return record_row(*given)

    monkeypatch.setattr("heatwatch.services.objections.record_row", late)
    with pytest.raises(Refused, match=r"changed by Wu meanwhile: state was 'open' and is 'upheld'"):
        answer(world, network, "H3", at, by(world, "no request"), document="letter 9")
    (found,) = [each for each in objections(world, network) if each.household == "H3"]
    assert (found.state, found.correction, found.document) == ("upheld", 2, "")


def test_a_minute_is_that_of_the_one_objection_in_it(settled: tuple[World, Tree]) -> None:
    """It made a second one, with an answer due of its own."""
    world, network = settled
    minute = world.now().replace(second=0, microsecond=0) - timedelta(minutes=9)
    first = minute + timedelta(seconds=17)
    receive(world, network, "H4", 1, "cold", first, by(world))
    again = receive(world, network, "H4", 1, "cold all day", minute, by(world, "they called again"))
    assert (again.received, again.text) == (first, "cold all day")
    with pytest.raises(Refused, match="need a reason"):
        receive(world, network, "H4", 1, "cold", minute, by(world))
    receive(world, network, "H4", 1, "cold", first + timedelta(seconds=20), by(world))
    with pytest.raises(
        WrongCall, match=r"2 facts have this time; write it as exactly as one of: .*:17.*:37"
    ):
        receive(world, network, "H4", 1, "cold", minute, by(world))


def test_one_is_dismissed_with_its_document_and_a_late_one_is_marked(
    settled: tuple[World, Tree],
) -> None:
    world, network = settled
    later = By(TESTER, world.now() + timedelta(days=60))
    one = receive(world, network, "H4", 1, "cold", later.at, later)
    assert one.late
    answered = By(TESTER, later.at, "no request")
    with pytest.raises(Refused, match="must name what dismisses"):
        answer(world, network, "H4", later.at, answered)
    done = answer(world, network, "H4", later.at, answered, document="letter 9")
    assert (done.state, done.document, done.correction) == ("dismissed", "letter 9", None)
    assert [each.household for each in objections(world, network, SEASON)][-1] == "H4"


def test_what_can_not_be_objected_to_is_a_wrong_call(settled: tuple[World, Tree]) -> None:
    world, network = settled
    now = world.now()
    wrong = [
        ("H1", 99, now, "99"),
        ("X9", 1, now, "X9"),
        ("H1-bed", 1, now, "no result of household H1-bed"),
        ("H1", 1, now + timedelta(days=1), "still to come"),
        ("H1", 1, now - timedelta(days=2), r"run 1 was drafted on 20..-..-..; allowed: from that"),
    ]
    for household, run, at, why in wrong:
        with pytest.raises(WrongCall, match=why):
            receive(world, network, household, run, "cold", at, By(TESTER, now))
    midnight = day_start(local_day(now, ZONE), ZONE)  # the day that it was drafted, without a time
    assert receive(world, network, "H2", 1, "cold", midnight, by(world)).received == midnight
    with pytest.raises(WrongCall, match="objection"):
        answer(world, network, "H3", now, by(world, WHY), correction=2)
