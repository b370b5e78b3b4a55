"""Payers who were paid by another name: the same occupancy in the facts of two runs, its name another.

A row of who bears the fee that is corrected keeps when it began. So whoever came then is the same
person in the run that was paid and in the one that stands, by whatever name.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.facts.recorded import Recorded, recorded_of
from analytics.facts.snapshot import Snapshot, snapshot_of
from analytics.ledger import frozen_inputs as inputs
from analytics.ledger.payees import Held, Payee
from analytics.ledger.payments import Payments
from store.books.ledger import SettlementRun


class Renamed(NamedTuple):
    """Somebody to whom a sum is owed, and what they were paid as."""

    payee: Payee
    was: Payee
    runs: tuple[int, int]  # that was paid, and that stands


def renamed(session: Session, payments: Payments, season: int) -> Iterator[Renamed]:
    """Of whom a sum is held, though the facts of the runs have both names as one person's."""
    held = list(payments.payees.held(season))
    if not held:
        return
    paid = {each.payee: each.run for each in payments.by_reference.values()}
    facts = Facts(session)
    for each in held:
        for was in (was for was in each.was if was.season == season):
            run = max((paid.get(name, 0) for name in payments.payees.names(was)), default=0)
            found = _renamed(facts, each, was, run, payments)
            if found is not None:
                yield found
                break


def _renamed(
    facts: "Facts", held: Held, was: Payee, run: int, payments: Payments
) -> Renamed | None:
    standing = payments.payees.standing[held.payee.season, held.payee.household]
    runs = run, standing.run
    same = facts.same(held.payee, was.payer, runs)
    return Renamed(held.payee, was, runs) if same else None


class Facts:
    """What runs took, each read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._taken: dict[int, dict[int, str]] = {}  # run -> household -> what is recorded

    def same(self, payee: Payee, was: str, runs: tuple[int, int]) -> bool:
        """Whether the later run has a payee's name where the earlier one has another.

        Not where either name is also somebody else's there: names that were exchanged may be
        persons who were.
        """
        first, last = (self._recorded(run, payee.household) for run in runs)
        if first is None or last is None:
            return False
        before, now = first.occupancies(), last.occupancies()
        came = [at for at, name in before.items() if name == was]
        return (
            len(came) == 1
            and now.get(came[0]) == payee.payer
            and was not in now.values()
            and payee.payer not in before.values()
        )

    def _recorded(self, run: int, household: int) -> Recorded | None:
        """None: it is not known."""
        if run not in self._taken:
            taken = self._snapshot(run)
            homes = [] if taken is None else taken.household.tolist()
            kept = ("",) * len(homes) if taken is None else taken.recorded or ("",) * len(homes)
            self._taken[run] = dict(zip(homes, kept, strict=True))
        found = self._taken[run].get(household)
        return None if found is None else recorded_of(found)

    def _snapshot(self, run: int) -> Snapshot | None:
        """None: the books do not hold what it took, or not as it was."""
        query = select(SettlementRun.snapshot_sha256).where(SettlementRun.id == run)
        sha256 = self._session.scalar(query)
        if sha256 is None:
            return None
        try:
            return snapshot_of(inputs.raw(self._session, inputs.SNAPSHOT, sha256), sha256)
        except ValueError:
            return None
