"""SMS through a message centre: SMPP 3.4 over smpplib, bound as transceiver.

One message waits for its answers before the next is sent. The centre's throttling is an
answer like any other and tried again later; a lost line between submit and answer is said
to be in doubt, never guessed. What comes in, a reply or a receipt, is confirmed once it is kept;
what is not confirmed the centre delivers again.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from typing import Any

import smpplib.client
import smpplib.smpp
from pydantic import Field
from smpplib import consts, exceptions

from alerts.channels import pdus, sms
from alerts.channels.base import (
    Absent,
    ChannelKind,
    Handed,
    Inbound,
    Inbox,
    InDoubt,
    Outcome,
    Outgoing,
    PartOf,
    ReceiptIds,
    Refused,
)
from alerts.channels.receipts import HAS_HEADER, MESSAGE, TYPE, is_receipt, parse_receipt, text_of
from alerts.section import Section
from domain.language import msg
from domain.waiting import wait_for

LOG = logging.getLogger("heatwatch.alerts.smpp")
#: Answers after which the same message may go through later (SMPP 3.4 section 5.1.3).
AGAIN = frozenset(
    {
        consts.SMPP_ESME_RTHROTTLED,
        consts.SMPP_ESME_RMSGQFUL,
        consts.SMPP_ESME_RSYSERR,
        consts.SMPP_ESME_RSUBMITFAIL,
    }
)
#: A line that was quiet for longer is asked for a sign of life before a message goes out. [s]
QUIET_S = 5.0
ANSWERS = frozenset(
    {"bind_transceiver_resp", "submit_sm_resp", "enquire_link_resp", "unbind_resp", "generic_nack"}
)
#: Requests that the standard gives no answer.
UNANSWERED = frozenset({"alert_notification", "outbind"})
#: Reads and deliveries of one poll: the rest waits, so that a flood does not hold up what leaves.
AT_ONCE = 200
LOST = (exceptions.ConnectionError, exceptions.PDUError, OSError)


class SmppSettings(Section):
    """The message centre. TON and NPI as SMPP 3.4 sections 5.2.5 and 5.2.6 number them."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=2775, ge=1, le=65535)
    system_id: str = Field(min_length=1, max_length=15)
    password: str = Field(default="", max_length=8, repr=False, description="from the environment")
    source: str = Field(default="heatwatch", min_length=1, max_length=20)
    source_ton: int = Field(default=5, ge=0, le=6)
    source_npi: int = Field(default=0, ge=0, le=18)
    phone_ton: int = Field(default=1, ge=0, le=6)
    phone_npi: int = Field(default=1, ge=0, le=18)
    timeout_s: float = Field(default=10.0, gt=0, le=120)
    receipt_ids: ReceiptIds = "automatic"


class Smpp:
    name = "smpp"
    repeatable = False

    def __init__(self, config: SmppSettings) -> None:
        self._config = config
        self._client: Any = None
        self._heard = 0.0  # monotonic time of the last answer [s]
        self._answers: dict[int, Any] = {}  # by sequence number
        #: deliver_sm that nobody has confirmed yet, those that can't be read among them
        self._delivered: list[Any] = []

    # -- the channel -----------------------------------------------------------------------

    def ready(self) -> None:
        """Connects and binds where the line is down; Absent says what is missing."""
        if self._client is not None and time.monotonic() - self._heard > QUIET_S:
            self._ask()
        if self._client is None:
            self._bind()

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        try:
            encoded = sms.encode(message.text, reference=message.id)
        except sms.TooLong as long:
            return Refused(f"too_long: {long.parts}", again=False)
        for part in encoded.octets[len(message.accepted) :]:
            try:
                answer = self._exchange("submit_sm", **self._fields(message, encoded, part))
            except LOST as lost:
                self.close()
                return InDoubt(f"no_answer: {self._where}" + (f" ({lost})" if str(lost) else ""))
            if answer.is_error():
                return Refused(f"status: {_said(answer)}", answer.status in AGAIN)
            accepted(_text(getattr(answer, "message_id", None)))
        return Handed()

    def poll(self, inbox: Inbox) -> None:
        if self._client is None:
            return
        try:
            for _ in range(AT_ONCE):
                if self._delivered:
                    self._hand_in(inbox)
                elif wait_for(self._client._socket, 0, read=True)[0]:
                    self._read()
                else:
                    return
        except LOST:
            LOG.info("the line to %s was closed", self._where)
            self.close()

    def close(self) -> None:
        """Unbinds where the line is up; a message centre that is gone does not mind."""
        if self._client is None:
            return
        try:
            self._exchange("unbind")
        except LOST:
            LOG.debug("%s did not answer the unbind", self._where)
        self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        self._answers.clear()
        self._delivered.clear()  # unconfirmed: the message centre says them again
        client.state = consts.SMPP_CLIENT_STATE_OPEN
        client.disconnect()

    # -- the line --------------------------------------------------------------------------

    @property
    def _where(self) -> str:
        return f"{self._config.host}:{self._config.port}"

    def _bind(self) -> None:
        config = self._config
        self._client = smpplib.client.Client(
            config.host, config.port, timeout=config.timeout_s,
            logger_name="heatwatch.alerts.smpplib", allow_unknown_opt_params=True,
        )  # fmt: skip
        try:
            self._client.connect()
            names = {"system_id": config.system_id, "password": config.password}
            answer = self._exchange("bind_transceiver", **names)
        except LOST as lost:
            self._drop()
            raise Absent(
                msg(
                    "SMPP at {where} is not there ({why}): start the message centre or fix "
                    "[alerts.sms.smpp]; messages wait and are tried again",
                    where=self._where, why=str(lost),
                )
            ) from None  # fmt: skip
        if answer.is_error() or answer.command != "bind_transceiver_resp":
            self._drop()
            why = _said(answer)
            raise Absent(msg("SMPP at {where} refuses the bind: {why}", where=self._where, why=why))

    def _ask(self) -> None:
        """Whether somebody is still at the other end."""
        try:
            self._exchange("enquire_link")
        except LOST:
            self.close()

    def _exchange(self, command: str, **fields: Any) -> Any:
        """Sends, and reads until the answer to it is here."""
        pdu = smpplib.smpp.make_pdu(command, client=self._client, **fields)
        self._client.send_pdu(pdu)
        deadline = time.monotonic() + self._config.timeout_s
        while pdu.sequence not in self._answers:
            if time.monotonic() > deadline:
                raise TimeoutError(f"none within {self._config.timeout_s:g} s")
            self._read()
        self._heard = time.monotonic()
        return self._answers.pop(pdu.sequence)

    def _read(self) -> None:
        """One PDU; answers are kept by their sequence number, what comes in until the next poll."""
        try:
            pdu = pdus.read(self._client)
        except pdus.Unreadable as wrong:
            self._refuse(wrong)
            return
        if pdu.command in ANSWERS:
            self._answers[pdu.sequence] = pdu
        elif pdu.command == "deliver_sm" or (pdu.command == "data_sm" and is_receipt(pdu)):
            self._delivered.append(pdu)  # section 2.11: a receipt comes in either
        elif pdu.command == "enquire_link":
            self._reply("enquire_link_resp", pdu.sequence)
        elif pdu.command == "unbind":
            self._reply("unbind_resp", pdu.sequence)
            raise exceptions.ConnectionError("the message centre unbinds")
        elif pdu.is_request() and pdu.command not in UNANSWERED:
            LOG.warning(
                msg("SMPP at {where} sends {command}, which is not taken",
                    where=self._where, command=pdu.command)
            )  # fmt: skip
            self._reply("generic_nack", pdu.sequence, consts.SMPP_ESME_RINVCMDID)

    def _refuse(self, wrong: pdus.Unreadable) -> None:
        """A message is recorded before it is answered; the rest stands in the log."""
        LOG.warning(
            msg(
                "SMPP at {where} sends what can't be read: {why}", where=self._where, why=str(wrong)
            )
        )
        if wrong.is_message:
            self._delivered.append(wrong)
        elif wrong.is_answer:  # its status says what became of the message
            if wrong.pdu is not None and wrong.pdu.command in ANSWERS:
                self._answers[wrong.sequence] = wrong.pdu
        else:
            self._reply("generic_nack", wrong.sequence, wrong.status)

    def _hand_in(self, inbox: Inbox) -> None:
        """The oldest delivery: kept first, confirmed then. What the inbox can't keep stays."""
        pdu = self._delivered[0]
        message, status = self._kept(pdu, inbox)
        command = "data_sm_resp" if getattr(pdu, "command", "") == "data_sm" else "deliver_sm_resp"
        self._reply(command, pdu.sequence, status)
        del self._delivered[0]
        if message is not None:
            inbox.confirmed(message)

    def _kept(self, pdu: Any, inbox: Inbox) -> tuple[Inbound | None, int]:
        """What the inbox has kept, None of a receipt, and what the message centre is told of it."""
        if isinstance(pdu, pdus.Unreadable):
            inbox.unreadable(bare := unreadable(pdu))
            return bare, pdu.status
        receipt = parse_receipt(pdu, self._config.receipt_ids) if is_receipt(pdu) else None
        if receipt is not None:
            inbox.receipt(receipt)
        elif (pdu.esm_class or 0) & TYPE == MESSAGE:
            inbox.message(message := parse_message(pdu))
            return message, consts.SMPP_ESME_ROK
        else:
            LOG.warning(
                msg("SMPP at {where} sends neither a message nor a receipt with id and state: {text}",
                    where=self._where, text=ascii(text_of(pdu))[:120])
            )  # fmt: skip
        return None, consts.SMPP_ESME_ROK

    def _reply(self, command: str, sequence: int, status: int = consts.SMPP_ESME_ROK) -> None:
        reply = smpplib.smpp.make_pdu(command, client=self._client)
        reply.sequence, reply.status = sequence, status
        if self._client.state in consts.COMMAND_STATES[command]:  # before the bind nothing is
            self._client.send_pdu(reply)

    def _fields(self, message: Outgoing, encoded: sms.Encoded, part: bytes) -> dict[str, Any]:
        config = self._config
        return {
            "source_addr_ton": config.source_ton, "source_addr_npi": config.source_npi,
            "source_addr": config.source, "dest_addr_ton": config.phone_ton,
            "dest_addr_npi": config.phone_npi, "destination_addr": message.phone.lstrip("+"),
            "short_message": part, "data_coding": encoded.data_coding,
            "esm_class": encoded.esm_class, "registered_delivery": 1,
        }  # fmt: skip


def parse_message(pdu: Any) -> Inbound:
    """A message that a phone sent, or one part of it: by its user data header or the SAR TLVs."""
    octets = pdu.short_message or getattr(pdu, "message_payload", None) or b""
    octets = octets.encode("latin-1") if isinstance(octets, str) else octets
    reference, total, number = (
        getattr(pdu, f"sar_{name}", None)
        for name in ("msg_ref_num", "total_segments", "segment_seqnum")
    )
    part = PartOf(reference, total, number) if reference is not None and total and number else None
    body = octets
    if (pdu.esm_class or 0) & HAS_HEADER:
        header, body = sms.split_header(octets)
        part = PartOf(*header) if header else part
    if part is not None and (part.total < 2 or not 1 <= part.number <= part.total):
        part = None
    sender = _text(pdu.source_addr)
    told = (sender, _text(pdu.destination_addr), pdu.data_coding, pdu.user_message_reference, part)
    key = hashlib.sha256(repr(told).encode() + octets).hexdigest()
    return Inbound(sender, sms.decode(body, pdu.data_coding or 0), key, part)


def unreadable(wrong: pdus.Unreadable) -> Inbound:
    """A message that can't be read, as its octets, and whose it is where that could be read."""
    sender = _text(getattr(wrong.pdu, "source_addr", None))
    key = hashlib.sha256(wrong.octets[:12] + wrong.octets[16:]).hexdigest()  # without its number
    return Inbound(sender, f"{wrong}: {wrong.octets.hex()}", key)


def _text(octets: bytes | str | None) -> str:
    text = octets.decode("latin-1") if isinstance(octets, bytes) else octets or ""
    return text.rstrip("\0")


def _said(answer: Any) -> str:
    """The status of an answer and what the standard calls it."""
    named = consts.DESCRIPTIONS.get(answer.status, "unknown status")
    return f"0x{answer.status:02X} {named}"


KIND = ChannelKind("smpp", Smpp, SmppSettings, secrets=("password",))
