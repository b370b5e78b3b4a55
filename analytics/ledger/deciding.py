"""Whether somebody whose sum is held is who was paid before: decided by name, an entry of the ledger."""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from analytics.ledger.entries import chain_end
from analytics.ledger.payees import Payee
from analytics.ledger.paying import decision, locked, standing_of, write
from analytics.ledger.payments import OTHER, SAME, Payments
from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, joined, msg
from domain.visible import has_words


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided."""

    household: str
    payer: str
    was: str  # who was paid before
    same: bool
    stake: str  # that is payable now, or was paid already
    currency: str
    head: str  # of the ledger


def decide(
    engine: Engine, season: str, household: str, payer: str, was: str | None, by: By, *, same: bool
) -> Decided:
    """Enters that a payer is who was paid before (`same`), or is another and is paid.

    `was` is needed where several were paid before. WrongCall where nothing is held of the payer,
    and where no reason is given.
    """
    if not has_words(by.reason):
        raise WrongCall(msg("--reason: must not be empty: what shows who was paid"))
    with Session(engine) as session, session.begin():
        one = locked(session, season)
        payments = standing_of(session, one.company_id)
        end = chain_end(session, one.company_id)
        payee = _payee(payments, one.id, household, payer)
        kind = SAME if same else OTHER
        before = _before(payments, payee, was, household, same=same)
        if same and before.season != one.id:
            raise WrongCall(
                msg(
                    "--same: what season {season} sent for these days counts as paid while it is held; allowed: "
                    "--other, which pays it all the same",
                    season=payments.payees.beside[one.id][before.season],
                )
            )
        held = payments.decided(kind, payee, before)
        if held is None:
            raise _nothing(household, payer)
        entry = decision(kind, payments, held, before, one, by)
        head = write(session, one.company_id, [entry], by, end)
        return Decided(
            household, payer, before.payer, same, entry["body"]["stake"], entry["currency"], head
        )


def _payee(payments: Payments, season: int, household: str, payer: str) -> Payee:
    for (of, place), standing in payments.payees.standing.items():
        if of == season and standing.code == household:
            return Payee(season, place, payer)
    raise _nothing(household, payer)


def _before(
    payments: Payments, payee: Payee, was: str | None, household: str, *, same: bool
) -> Payee:
    """Who was paid before; of a payer who counts as one of several names another of these."""
    held = payments.payees.held_of(payee.season, payee.household).get(payee)
    if held is not None:
        known = list(held.was)
    else:
        known = [] if same else [e for e in payments.payees.names(payee) if e != payee]
    if was is None and len(known) == 1:
        return known[0]
    found = next((each for each in known if each.payer == was), None)
    if found is not None:
        return found
    if not known:
        raise _nothing(household, payee.payer)
    names: list[Text | str] = [repr(each.payer) for each in known]
    given = repr(was) if was is not None else msg("not given")
    raise WrongCall(msg("--was {given}; allowed: {known}", given=given, known=joined(", ", names)))


def _nothing(household: str, payer: str) -> WrongCall:
    return WrongCall(
        msg(
            "nothing is held of payer {payer!r} of household {household}: there is nothing to decide",
            payer=payer, household=household,
        )
    )  # fmt: skip
