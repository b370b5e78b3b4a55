"""Who may approve a run."""

import pytest
from sqlalchemy import Engine

from analytics.ledger.approval import approved_alone, check_approver
from analytics.ledger.drafts import by_number
from analytics.ledger.entries import approve
from domain.actor import Actor, before_actors, program, user
from domain.errors import WrongCall
from tests.actors import at
from tests.analytics.books import NOW, drafted


def test_with_one_approval_the_drafter_may_approve(books: Engine) -> None:
    run = drafted(books)
    done = approve(books, run, at(NOW))
    kept = by_number(books, run)
    assert (kept.drafted_by, kept.approved_by, kept.approved_at) == (
        user("tester"), user("tester"), NOW,
    )  # fmt: skip
    assert (done.drafted_by, done.approved_by) == (user("tester"), user("tester"))


LOOK_ALIKES = [
    "tеster", "tester\ufe0f", "tes\u034fter", "tes\u3164ter", "tes\u2800ter", "tester.", "tes‑ter",
    "te\u0307ster", "tèster", "te–ster", "tester (approver)", "Tester（批准人）", "tester, approver",
]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["tester", "Tester", " TEST ER", "ｔｅｓｔｅｒ", "tes\u200bter", *LOOK_ALIKES],
    ids=ascii,
)
def test_with_two_approvals_the_drafter_under_any_spelling_is_refused(
    books: Engine, name: str
) -> None:
    run = drafted(books)
    with pytest.raises(WrongCall, match=r"drafted by tester.*let somebody else approve it"):
        approve(books, run, at(NOW, name.strip()), approvals=2)
    assert by_number(books, run).state == "draft"


def test_with_two_approvals_another_person_approves_and_both_are_kept(books: Engine) -> None:
    run = drafted(books)
    done = approve(books, run, at(NOW, "Li Wei"), approvals=2)
    assert (done.drafted_by, done.approved_by) == (user("tester"), user("Li Wei"))
    again = approve(books, run, at(NOW, "Wang"), approvals=2)
    assert (again.already, again.approved_by) == (True, user("Li Wei"))


def test_a_draft_of_an_unknown_drafter_is_drafted_anew_where_two_must_agree() -> None:
    check_approver(1, before_actors(), user("Li"), approvals=1)
    with pytest.raises(WrongCall, match="draft it anew"):
        check_approver(1, before_actors(), user("Li"), approvals=2)


@pytest.mark.parametrize("actor", [program("maintenance"), before_actors()], ids=str)
def test_only_a_person_approves(actor: Actor) -> None:
    with pytest.raises(WrongCall, match="allowed: a person, with --by NAME"):
        check_approver(1, user("Li"), actor, approvals=1)


def test_a_run_that_was_approved_by_who_drafted_it_is_named(books: Engine) -> None:
    first = drafted(books)
    approve(books, first, at(NOW, "TESTER"))
    second = drafted(books)
    approve(books, second, at(NOW, "Li Wei"), approvals=2)
    drafted(books)
    (alone,) = approved_alone(books)
    assert (alone.run, alone.approved_by) == (first, user("TESTER"))
    assert approved_alone(books, company=999) == []
    assert "drafted by tester and approved by TESTER" in str(alone.said())
