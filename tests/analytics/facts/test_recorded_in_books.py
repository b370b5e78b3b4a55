"""What the books say of fees, findings and decisions reaches the settlement, and its bytes and back."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Engine

from analytics.facts.from_books import take
from analytics.facts.recorded import NOTHING, Recorded, recorded_of
from analytics.facts.snapshot import snapshot_of
from analytics.settlement.result import Result
from domain.time import to_us
from store.books import facts
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import NOW, add, local, season, settled


def result(books: Engine, code: str) -> Result:
    (found,) = [each for each in settled(books).results if each.code == code]
    return found


def kept(books: Engine, row: int) -> Recorded:
    taken = take(books, season(books), NOW)
    return recorded_of(taken.recorded[row]) if taken.recorded else NOTHING


def test_without_such_facts_nothing_stands_in_the_snapshot(books: Engine) -> None:
    taken = take(books, season(books), NOW)
    assert taken.recorded == ()
    assert b"recorded" not in taken.canonical()


def test_a_household_that_moved_out_is_paid_up_to_then(books: Engine) -> None:
    assert result(books, "H1").total == Decimal("50.00")
    add(books, facts.FeeSpan(household_id=11, since=local(13), state="moved_out"))
    assert result(books, "H1").total == Decimal("30.00")
    (fee,) = kept(books, 0).fees
    assert (fee.since, fee.state, fee.charged) == (to_us(local(13)), "moved_out", False)


def test_a_household_that_the_registry_ended_is_paid_up_to_then(books: Engine) -> None:
    with changing(books) as session:
        session.get_one(reg.Place, 11).until = local(13)
    assert result(books, "H1").total == Decimal("30.00")


def test_a_span_of_before_the_season_holds_while_nothing_follows(books: Engine) -> None:
    early = season(books).since - timedelta(days=300)
    add(books, facts.FeeSpan(household_id=11, since=early, state="paused"))
    assert result(books, "H1").reason.code == "not_charged"
    add(books, facts.FeeSpan(household_id=11, since=local(12), state="charged"))
    assert result(books, "H1").total == Decimal("30.00")


def test_a_refusal_for_the_users_fault_cites_the_finding_and_its_clause(books: Engine) -> None:
    """It cited neither."""
    add(
        books,
        facts.UserFault(
            household_id=11, since=local(9), until=local(16), clause="art. 35 no. 2",
            evidence="radiators covered, protocol 5",
        ),
    )  # fmt: skip
    found = result(books, "H1")
    assert (found.total, found.reason.code) == (Decimal("0.00"), "user_fault")
    (cited,) = [each for each in found.steps if each["step"] == "finding"]
    assert cited["clause"] == "art. 35 no. 2"
    assert cited["numbers"]["evidence"] == "radiators covered, protocol 5"
    assert found.steps[-1]["clause"] == "art. 35 no. 2"
    (spell,) = [each for each in found.steps if each["step"] == "episode_of_fault"]
    assert spell["numbers"]["run_h"] == "114.00", "it said 0.00"


def test_a_decision_of_a_room_is_its_households(books: Engine) -> None:
    made = facts.Decision(
        place_id=21, since=local(10), until=local(12), outcome="below", basis="authority",
        document="no. 12", clause="art. 33",
    )  # fmt: skip
    add(books, made)
    (found,) = kept(books, 0).decisions
    assert (found.room, found.document, found.actor) == ("H1-bed", "no. 12", "user:tester")


def test_what_is_recorded_comes_back_from_the_bytes_and_of_one_household_alone(
    books: Engine,
) -> None:
    add(books, facts.FeeSpan(household_id=12, since=local(13), state="sold", payer="王五"))
    taken = take(books, season(books), NOW)
    again = snapshot_of(taken.canonical(), taken.sha256())
    assert again.recorded == taken.recorded == ("", taken.recorded[1], "", "")
    one = taken.of(taken.household.searchsorted([12]))
    assert recorded_of(one.recorded[0]).fees[0].payer == "王五"


def test_who_moved_out_is_not_paid_again_once_the_row_ends(books: Engine) -> None:
    early = season(books).since - timedelta(days=300)
    add(
        books,
        facts.FeeSpan(household_id=11, since=early, state="charged", payer="A"),
        facts.FeeSpan(household_id=11, since=local(1), until=local(9), state="moved_out"),
    )
    assert result(books, "H1").total == Decimal("0.00")
    add(books, facts.FeeSpan(household_id=11, since=local(12), state="moved_in", payer="B"))
    add(books, facts.Request(household_id=11, at=local(12, 1)))
    assert [line.payer for line in result(books, "H1").lines] == ["B"]


def test_a_move_out_that_ended_before_the_season_ended_what_was_before_it(books: Engine) -> None:
    early, day = season(books).since - timedelta(days=300), timedelta(days=1)
    add(
        books,
        facts.FeeSpan(household_id=11, since=early, state="charged", payer="A"),
        facts.FeeSpan(household_id=11, since=early + day, until=early + 2 * day, state="moved_out"),
    )
    assert result(books, "H1").reason.code == "not_charged"


def test_a_row_that_ended_before_the_season_says_who_lives_there(books: Engine) -> None:
    """What Bob is owed went to the contract's holder: the row by which he came was thrown away."""
    begin = season(books).since
    came = {"since": begin - timedelta(days=300), "until": begin - timedelta(days=26)}
    add(
        books,
        facts.FeeSpan(household_id=11, state="moved_in", payer="Bob", **came),
        facts.FeeSpan(
            household_id=11, state="charged", since=came["until"], subsidy_percent=Decimal(10),
            subsidy_by="City",
        ),
    )  # fmt: skip
    assert [each.payer for each in kept(books, 0).fees] == ["Bob", ""]
    paid = {each.payer for each in result(books, "H1").lines}
    assert paid == {"Bob", "City"}
