"""The outbox leaves: due -> handing -> handed, or failed, with a memory of every step.

`handing` is committed before a message goes out, and every accepted part right after, so a
process that died in between is recognised by the next one. What it left in doubt is, by
default, not sent again: a message is told at most once, and the doubt is shown in the
in-tray. With `in_doubt = "resend"` it goes out again from the part that was in doubt: at
least once. SMPP has no question that settles it, as `query_sm` needs the very message id
that the lost answer carried.

What comes in is kept before the channel confirms it, then handled; answers leave with the rest.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from alerts.channels.base import Absent, Channel, Handed, InDoubt, Outcome, Outgoing
from alerts.config import AlertsConfig
from alerts.follower.inbox import BooksInbox, passing
from alerts.follower.receipts import delivery_of_row, reference_of, references
from alerts.inbound.handle import handle_received
from alerts.messages.words import problem_of
from domain.language import Text, msg, sentence_of
from store.books.watch import InboundMessage, Outbox
from store.readings.followers import WarnOnce

LOG = logging.getLogger("heatwatch.alerts")
AT_ONCE = 100
LONGEST_WAIT_S = 300
#: How often the line is looked after when nothing has to leave: replies come over it. [s]
LINE_S = 10.0
DOUBT = "in_doubt: {}"


class Sender:
    """One at a time per set of books."""

    def __init__(self, engine: Engine, channel: Channel, config: AlertsConfig) -> None:
        self._engine = engine
        self._channel = channel
        self._config = config
        self._line_s = float("-inf")
        self._told = WarnOnce(LOG.warning)
        self._heard = WarnOnce(LOG.warning)
        self._recovered = False

    def send_due(self, now: datetime) -> int:
        """Hands over what is due and answers with how many; takes in what came on the way."""
        if not self._recovered:
            self._recover(now)
        self._look_after_the_line()
        self._take_in(now)
        due = self._due(now)
        if not due:
            return 0
        try:
            return sum(self._send(each, now) for each in due)
        except Absent as absent:
            self._told.say(sentence_of(absent))
            return 0
        except BaseException:
            self._recovered = False  # what was being handed over then is in doubt
            raise

    def close(self) -> None:
        self._channel.close()

    def _take_in(self, now: datetime) -> None:
        """What came, kept and handled; what can't be does not keep messages from leaving."""
        try:
            self._channel.poll(BooksInbox(self._engine, self._channel.name, now))
            handle_received(self._engine, self._config, now)
            self._heard.over(msg("received SMS are taken again"))
        except Exception as error:  # of any channel; what passes goes on as it is
            if passing(error):
                raise
            LOG.debug("taking in", exc_info=error)
            why = f"{type(error).__name__}: {error}"[:200]
            self._heard.say(msg("received SMS can't be taken: {why}", why=why))

    def _again(self) -> Text:
        return msg("{channel}: messages leave again", channel=self._channel.name)

    def _recover(self, now: datetime) -> None:
        """Messages that a process before this one was handing over when it ended."""
        with Session(self._engine) as session, session.begin():
            left = session.scalars(sa.select(Outbox).where(Outbox.state == "handing")).all()
            for row in left:
                doubt = InDoubt("ended")
                self._doubt(row, doubt, now)
        self._recovered = True

    def _look_after_the_line(self) -> None:
        """Replies and receipts may wait there, and a wrong setting shows at once."""
        if time.monotonic() - self._line_s < LINE_S:
            return
        self._line_s = time.monotonic()
        try:
            self._channel.ready()
            self._told.over(self._again())
        except Absent as absent:
            self._told.say(sentence_of(absent))

    def _due(self, now: datetime) -> Sequence[int]:
        with Session(self._engine) as session:
            return session.scalars(
                sa.select(Outbox.id)
                .where(Outbox.state == "due", Outbox.due_at <= now)
                .order_by(Outbox.id)
                .limit(AT_ONCE)
            ).all()

    def _send(self, outbox_id: int, now: datetime) -> bool:
        self._channel.ready()
        self._told.over(self._again())
        message = self._claim(outbox_id)
        if message is None:
            return False
        outcome = self._channel.submit(message, lambda part: self._accepted(outbox_id, part))
        self._record(outbox_id, outcome, now)
        return isinstance(outcome, Handed)

    def _claim(self, outbox_id: int) -> Outgoing | None:
        """The message, if it is still due: it may have been held back, or be another's."""
        with Session(self._engine) as session, session.begin():
            claimed = session.execute(
                sa.update(Outbox)
                .where(Outbox.id == outbox_id, Outbox.state == "due")
                .values(state="handing", attempts=Outbox.attempts + 1, channel=self._channel.name)
                .returning(Outbox.phone, Outbox.text, Outbox.channel_ref)
            ).one_or_none()
        if claimed is None:
            return None
        return Outgoing(outbox_id, claimed.phone, claimed.text, references(claimed.channel_ref))

    def _accepted(self, outbox_id: int, reference: str) -> None:
        with Session(self._engine) as session, session.begin():
            row = session.get_one(Outbox, outbox_id)
            row.channel_ref = ",".join([*references(row.channel_ref), reference_of(reference)])

    def _record(self, outbox_id: int, outcome: Outcome, now: datetime) -> None:
        # the wait stands in the row and outlives the process: no retry in memory could
        with Session(self._engine) as session, session.begin():
            row = session.get_one(Outbox, outbox_id)
            if isinstance(outcome, Handed):
                row.state, row.handed_at, row.problem = "handed", now, None
                row.delivery = delivery_of_row(row)  # of a part that left in an earlier attempt
                if row.inbound_id is not None:
                    session.get_one(InboundMessage, row.inbound_id).state = "answered"
            elif isinstance(outcome, InDoubt):
                self._doubt(row, outcome, now)
            elif outcome.again and row.attempts < self._config.sms.most_attempts:
                wait_s = min(2**row.attempts, LONGEST_WAIT_S)
                row.state, row.due_at = "due", now + timedelta(seconds=wait_s)
                row.problem = outcome.problem
            else:
                row.state, row.problem = "failed", outcome.problem

    def _doubt(self, row: Outbox, doubt: InDoubt, now: datetime) -> None:
        if self._channel.repeatable or self._config.sms.in_doubt == "resend":
            row.state, row.due_at, row.problem = "due", now, doubt.problem
        else:
            row.state, row.problem = "failed", DOUBT.format(doubt.problem)
            why = problem_of(row.problem)
            LOG.warning(msg("SMS to {name}: {why}", name=row.recipient, why=why))
