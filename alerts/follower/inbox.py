"""What a channel hands in, into the books; kept when a call returns."""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from alerts.channels.base import Inbound, Receipt
from alerts.follower.receipts import cleaned_receipt, take_receipt
from alerts.inbound.keep import confirm, keep, refuse

LOG = logging.getLogger("heatwatch.alerts")


def passing(error: Exception) -> bool:
    """Whether the books are away or busy, and the same may go well later."""
    return isinstance(error, OperationalError | InterfaceError)


class BooksInbox:
    """The inbox of one channel at one time.

    What the books can't hold is logged, and kept as refused where it is a message: what one
    phone or centre sends does not hold up the rest.
    """

    def __init__(self, engine: Engine, channel: str, now: datetime) -> None:
        self._engine = engine
        self._channel = channel
        self._now = now

    def message(self, message: Inbound) -> None:
        try:
            with Session(self._engine) as session, session.begin():
                keep(session, self._channel, message, self._now)
        except Exception as error:  # kept as refused: those behind it must come in
            if passing(error):
                raise
            LOG.exception("a message that came in is refused")
            bare = replace(message, sender=ascii(message.sender), text=ascii(message.text))
            self._refuse(bare, "fault")

    def unreadable(self, message: Inbound) -> None:
        self._refuse(message, "unreadable")

    def _refuse(self, message: Inbound, reason: str) -> None:
        with Session(self._engine) as session, session.begin():
            refuse(session, self._channel, message, reason, self._now)

    def confirmed(self, message: Inbound) -> None:
        with Session(self._engine) as session, session.begin():
            confirm(session, self._channel, message, self._now)

    def receipt(self, receipt: Receipt) -> None:
        """To its message, by the part's id; a receipt that fits none is logged."""
        try:
            self._receipt(receipt)
        except Exception as error:  # a receipt must not keep messages from coming in
            if passing(error):
                raise
            LOG.exception("a delivery receipt is left out")

    def _receipt(self, receipt: Receipt) -> None:
        with Session(self._engine) as session, session.begin():
            unfit = take_receipt(session, cleaned_receipt(receipt), self._now)
        if unfit is not None:
            LOG.warning(unfit)
