"""SMS through a message centre: SMPP 3.4 over smpplib, bound as transceiver.

One message waits for its answers before the next is sent. The centre's throttling is an
answer like any other and tried again later; a lost line between submit and answer is said
to be in doubt, never guessed.
"""

import logging
import re
import select
import time
from collections.abc import Callable
from typing import Any

import smpplib.client
import smpplib.smpp
from smpplib import consts, exceptions

from alerts.channels import sms
from alerts.channels.base import (
    Absent,
    Channel,
    Handed,
    InDoubt,
    Outcome,
    Outgoing,
    Receipt,
    Refused,
)
from alerts.config import SmppConfig, SmsConfig

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
RECEIPT = 0x04  # esm_class of a delivery receipt, section 5.2.12
ANSWERS = frozenset({"submit_sm_resp", "enquire_link_resp", "generic_nack"})
LOST = (exceptions.ConnectionError, OSError)


class Smpp:
    name = "smpp"
    repeatable = False

    def __init__(self, config: SmppConfig) -> None:
        self._config = config
        self._client: Any = None
        self._heard = 0.0  # monotonic time of the last answer [s]
        self._answers: dict[int, Any] = {}  # by sequence number
        self._delivered: list[Any] = []  # deliver_sm that nobody has confirmed yet

    # -- the channel -----------------------------------------------------------------------

    def ready(self) -> None:
        """Connects and binds where the line is down; Absent says what is missing."""
        if self._client is not None and time.monotonic() - self._heard > QUIET_S:
            self._ask()
        if self._client is None:
            self._bind()

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        encoded = sms.encode(message.text, reference=message.id)
        for part in encoded.octets[len(message.accepted) :]:
            try:
                answer = self._exchange("send_message", **self._fields(message, encoded, part))
            except LOST as lost:
                self.close()
                return InDoubt(f"no answer from {self._where}: {lost or 'the line was lost'}")
            if answer.status != consts.SMPP_ESME_ROK:
                said = consts.DESCRIPTIONS.get(answer.status, "unknown status")
                return Refused(f"0x{answer.status:02X} {said}", answer.status in AGAIN)
            accepted(_text(answer.message_id))
        return Handed()

    def poll(self, received: Callable[[Receipt], None]) -> None:
        if self._client is None:
            return
        try:
            while select.select([self._client._socket], [], [], 0)[0]:
                self._read()
            while self._delivered:
                self._confirm(self._delivered[0], received)
                del self._delivered[0]
        except LOST:
            LOG.info("the line to %s was closed", self._where)
            self.close()

    def close(self) -> None:
        """Unbinds where the line is up; a message centre that is gone does not mind."""
        client, self._client = self._client, None
        self._answers.clear()
        self._delivered.clear()  # unconfirmed: the message centre says them again
        if client is None:
            return
        try:
            client.unbind()
        except (*LOST, exceptions.PDUError):
            LOG.debug("%s did not answer the unbind", self._where)
        client.state = consts.SMPP_CLIENT_STATE_OPEN
        client.disconnect()

    # -- the line --------------------------------------------------------------------------

    @property
    def _where(self) -> str:
        return f"{self._config.host}:{self._config.port}"

    def _bind(self) -> None:
        config = self._config
        client = smpplib.client.Client(
            config.host, config.port, timeout=config.timeout_s,
            logger_name="heatwatch.alerts.smpplib", allow_unknown_opt_params=True,
        )  # fmt: skip
        try:
            client.connect()
            client.bind_transceiver(system_id=config.system_id, password=config.password)
        except exceptions.PDUError as refused:
            _drop(client)
            raise Absent(f"SMPP at {self._where} refuses the bind: {refused.args[0]}") from None
        except LOST as lost:
            _drop(client)
            raise Absent(
                f"SMPP at {self._where} is not there ({lost}): start the message centre or fix "
                "[alerts.sms.smpp]; messages wait and are tried again"
            ) from None
        self._client, self._heard = client, time.monotonic()

    def _ask(self) -> None:
        """Whether somebody is still at the other end."""
        try:
            self._exchange("enquire_link")
        except LOST:
            self.close()

    def _exchange(self, command: str, **fields: Any) -> Any:
        """Sends, and reads until the answer to it is here."""
        client = self._client
        if command == "enquire_link":
            pdu = smpplib.smpp.make_pdu("enquire_link", client=client)
            client.send_pdu(pdu)
        else:
            pdu = getattr(client, command)(**fields)
        deadline = time.monotonic() + self._config.timeout_s
        while pdu.sequence not in self._answers:
            if time.monotonic() > deadline:
                raise TimeoutError(f"none within {self._config.timeout_s:g} s")
            self._read()
        self._heard = time.monotonic()
        return self._answers.pop(pdu.sequence)

    def _read(self) -> None:
        """One PDU; answers are kept by their sequence number, receipts until the next poll."""
        client = self._client
        pdu = client.read_pdu()
        if pdu.command in ANSWERS:
            self._answers[pdu.sequence] = pdu
        elif pdu.command == "deliver_sm":
            self._delivered.append(pdu)
        elif pdu.command == "enquire_link":
            self._reply("enquire_link_resp", pdu)
        elif pdu.command == "unbind":
            self._reply("unbind_resp", pdu)
            raise exceptions.ConnectionError("the message centre unbinds")

    def _confirm(self, pdu: Any, received: Callable[[Receipt], None]) -> None:
        """A receipt is confirmed once it is in the books; replies have no reader yet."""
        if pdu.esm_class & 0x3C == RECEIPT and (receipt := parse_receipt(pdu)):
            received(receipt)
        self._reply("deliver_sm_resp", pdu)

    def _reply(self, command: str, pdu: Any) -> None:
        reply = smpplib.smpp.make_pdu(command, client=self._client)
        reply.sequence = pdu.sequence
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


def parse_receipt(pdu: Any) -> Receipt | None:
    """Message id and state of a delivery receipt: its TLVs, else its text (appendix B)."""
    text = _text(pdu.short_message)
    found = dict(re.findall(r"(\w+):(\S+)", text))
    reference = _text(getattr(pdu, "receipted_message_id", None)) or found.get("id", "")
    state = found.get("stat", "")
    return Receipt(reference, state[:20]) if reference and state else None


def _text(octets: bytes | str | None) -> str:
    text = octets.decode("latin-1") if isinstance(octets, bytes) else octets or ""
    return text.rstrip("\0")


def _drop(client: Any) -> None:
    client.state = consts.SMPP_CLIENT_STATE_OPEN
    client.disconnect()


def build(config: SmsConfig) -> Channel:
    assert config.smpp is not None  # the configuration checks it
    return Smpp(config.smpp)
