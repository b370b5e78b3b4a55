"""One request from its begin to its end: states, reasons, the limit that runs."""

from datetime import UTC, datetime, timedelta

from domain.requests import (
    COLD,
    FINAL,
    STATES,
    UNANSWERED,
    Asked,
    Cold,
    Life,
    Presumed,
    Run,
    State,
    Visit,
    lives,
    of_rooms,
)
from domain.time import Span

SEASON = Span(datetime(2025, 11, 15, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC))
HOUR = timedelta(hours=1)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2025, 12, day, hour, tzinfo=UTC)


def visit(day: int, hour: int, *, passed: bool = True, serves: bool = True) -> Visit:
    return Visit(at(day), at(day, hour), passed, passed and serves)


def asked(*requests: datetime, **other: object) -> Asked:
    return Asked(SEASON, requests, **({"limit": 24 * HOUR} | other))  # type: ignore[arg-type]


def states(life: Life) -> list[tuple[State, datetime]]:
    return [(each.state, each.since.replace(microsecond=0)) for each in life.stages]


def test_every_state_has_its_words_and_what_is_final_is_not_unanswered() -> None:
    assert set(STATES) == set(State)
    assert set(COLD) == set(Cold)
    assert not FINAL & UNANSWERED


def test_a_request_that_nobody_answers_is_due_then_overdue_and_lapses_with_the_season() -> None:
    [life] = lives(asked(at(1)))
    assert states(life) == [
        (State.VISIT_DUE, at(1)), (State.OVERDUE, at(2)), (State.LAPSED, SEASON.until),
    ]  # fmt: skip
    assert life.at(at(2)).state is State.VISIT_DUE  # the limit itself is in time
    assert life.next_due(at(2)) == life.next_due(at(3)) == at(2)
    assert life.next_due(SEASON.until) is None
    assert (life.stands(at(3)), life.stands(SEASON.until)) == (True, False)


def test_where_the_act_sets_no_limit_nobody_is_late() -> None:
    [life] = lives(asked(at(1), limit=None))
    assert [state for state, _ in states(life)] == [State.ASKED, State.LAPSED]
    assert life.next_due(at(5)) is None


def test_who_comes_in_time_is_not_late_whatever_he_measures() -> None:
    one = asked(at(1), visits=[visit(1, 20, passed=False)], came=[at(1, 20)])
    [life] = lives(one)
    assert [state for state, _ in states(life)] == [
        State.VISIT_DUE, State.MEASURED, State.LAPSED,
    ]  # fmt: skip
    assert life.next_due(at(1, 19)) == at(2)
    assert life.next_due(at(1, 20)) is None


def test_a_refusal_answers_and_serves_nothing() -> None:
    [life] = lives(asked(at(1), came=[at(1, 5)], refusals=[at(1, 5)]))
    assert states(life)[1] == (State.REFUSED, at(1, 5))
    assert life.stands(at(20))


def test_a_request_while_another_stands_is_joined_and_one_after_it_was_served_is_new() -> None:
    one = asked(at(1), at(2), at(3, 12), at(3, 13), visits=[visit(3, 12)], came=[at(3, 12)])
    found = lives(one)
    assert [each.stages[0].state for each in found] == [
        State.VISIT_DUE, State.JOINED, State.JOINED, State.VISIT_DUE,
    ]  # fmt: skip
    assert found[0].at(at(3, 12)).state is State.SERVED
    assert found[1].due is None
    assert not found[1].stands(at(2))


def test_a_withdrawn_request_does_not_hold_the_next_one_up() -> None:
    gone, after = lives(asked(at(2), withdrawn=[(at(1), at(4))]))
    assert gone.at(at(3)).state is State.OVERDUE
    assert (gone.at(at(4)).state, gone.until) == (State.WITHDRAWN, at(4))
    assert after.at(at(2)).state is State.VISIT_DUE


def test_the_act_presumes_only_against_a_late_supplier_under_whom_a_spell_goes_on() -> None:
    spell = Run(at(1), at(1), at(4), sure=True)
    short = Run(at(1), at(1), at(2), sure=True)
    came = [at(3)]
    late = lives(asked(at(1), came=came, runs=[spell], presumes=True))[0]
    assert late.presumed == Presumed(at(2), at(3))
    others = [
        asked(at(1), came=came, runs=[short], presumes=True),
        asked(at(1), came=came, runs=[spell]),
        asked(at(1), came=[at(2)], runs=[spell], presumes=True),
    ]
    assert [lives(each)[0].presumed for each in others] == [None, None, None]


def test_cold_is_known_for_certain_or_not_at_all() -> None:
    sure, perhaps = (
        Run(at(1), at(2), at(4), sure=True), Run(at(1), at(2), at(6), sure=False),
    )  # fmt: skip
    [life] = lives(asked(at(1), runs=[sure, perhaps]))
    looked = [life.cold(each) for each in (at(2), at(3), at(5), at(7))]
    assert looked == [Cold.WAITING, Cold.RUNNING, Cold.UNKNOWN, Cold.WAITING]
    assert lives(asked(at(1)))[0].cold(at(3)) is None


def test_of_rooms_settled_alone_it_stands_while_it_stands_for_one() -> None:
    served = lives(asked(at(1), visits=[visit(3, 1)], came=[at(3, 1)]))[0]
    stands = lives(asked(at(1), came=[at(3, 1)]))[0]
    joined = lives(asked(at(1), at(1)))[1]
    assert of_rooms([served, stands]).until == SEASON.until
    assert of_rooms([served, joined]).until == at(3, 1)
    assert of_rooms([joined, joined]) is joined
