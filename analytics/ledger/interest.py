"""Interest of late payments once the refund that they paid is corrected: it is of what is owed by now."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from analytics.ledger.payments import PAID, Payment, Payments


class Corrected(NamedTuple):
    """Interest of one payment that is another by now."""

    payment: Payment
    of: Decimal  # what is owed of its principal
    amount: Decimal  # to be posted: what it bears by now less what was posted

    def body(self) -> dict[str, str | int]:
        """What its entry says."""
        assert self.payment.rate is not None
        return {
            "household": self.payment.body["household"], "payer": self.payment.payee.payer,
            "reference": self.payment.reference, "batch": self.payment.batch,
            "rate": str(self.payment.rate), "of": str(self.of),
        }  # fmt: skip


def corrected_interest(payments: Payments, season: int) -> Iterator[Corrected]:
    """Late payments of a season whose interest is not that of what is owed of them by now."""
    for payment in payments.by_reference.values():
        if payment.payee.season != season or payment.state != PAID or payment.rate is None:
            continue
        of = payments.still_owed(payment)
        assert payment.on is not None  # the bank named it
        amount = payment.bears(payment.on, payment.rate, of) - payment.interest
        if amount != 0:
            yield Corrected(payment, of, amount)


def count_in(payments: Payments, season: int) -> None:
    """Takes interest as the next export posts it, for who only looks."""
    for each in list(corrected_interest(payments, season)):
        each.payment.interest += each.amount
        payments.payees.bears(each.payment.payee, each.amount)
