"""A batch of payments as ISO 20022 pain.001.001.03, the order that banks take: strict, and no more.

Element names, their order and the limits of their values are the schema's; what does not fit them is
refused by name. An account is an IBAN, with right check digits, or any number of up to 34 characters.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from xml.etree import ElementTree as ET

from domain.errors import WrongCall
from domain.language import msg
from domain.money import digits_of
from domain.visible import visible

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}")
_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")
NAME, ACCOUNT, BANK = 140, 34, 140  # characters that the schema allows


class Party(NamedTuple):
    """Who pays or is paid, and from or to which account."""

    name: str
    account: str
    bank: str  # BIC or name; "": not known


class Transfer(NamedTuple):
    """One payment of the order."""

    reference: str  # up to 35 characters; comes back with the bank's answer
    to: Party
    amount: Decimal  # > 0
    currency: str  # ISO 4217
    about: str  # what the payee reads


def to_xml(name: str, made: datetime, payer: Party, transfers: Sequence[Transfer]) -> bytes:
    """The order, the same bytes for the same batch.

    `name` identifies it, `made` is when the batch was exported. Raises WrongCall with the household's
    payment whose account or name does not fit.
    """
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("Document"))
    order = _in(root, "CstmrCdtTrfInitn")
    head = _in(order, "GrpHdr")
    _in(head, "MsgId", name)
    _in(head, "CreDtTm", made.isoformat(timespec="seconds"))
    _sums(head, transfers)
    _in(_in(head, "InitgPty"), "Nm", _text(payer.name, NAME))
    info = _in(order, "PmtInf")
    _in(info, "PmtInfId", name)
    _in(info, "PmtMtd", "TRF")
    _sums(info, transfers)
    _in(info, "ReqdExctnDt", made.date().isoformat())
    _in(_in(info, "Dbtr"), "Nm", _text(payer.name, NAME))
    _account(_in(info, "DbtrAcct"), payer.account, name)
    _bank(_in(info, "DbtrAgt"), payer.bank)
    for each in transfers:
        _transfer(_in(info, "CdtTrfTxInf"), each)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _in(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    made = ET.SubElement(parent, _tag(name))
    made.text = text
    return made


def _sums(parent: ET.Element, transfers: Sequence[Transfer]) -> None:
    _in(parent, "NbOfTxs", str(len(transfers)))
    _in(parent, "CtrlSum", str(sum((each.amount for each in transfers), Decimal("0.00"))))


def _transfer(parent: ET.Element, each: Transfer) -> None:
    _in(_in(parent, "PmtId"), "EndToEndId", each.reference)
    payable = each.amount.quantize(Decimal(1).scaleb(-digits_of(each.currency)))
    amount = _in(_in(parent, "Amt"), "InstdAmt", str(payable))
    amount.set("Ccy", each.currency)
    if each.to.bank:
        _bank(_in(parent, "CdtrAgt"), each.to.bank)
    _in(_in(parent, "Cdtr"), "Nm", _text(each.to.name, NAME))
    _account(_in(parent, "CdtrAcct"), each.to.account, each.reference)
    _in(_in(parent, "RmtInf"), "Ustrd", _text(each.about, NAME))


def _text(text: str, longest: int) -> str:
    """As much as the schema allows, without what XML can't hold."""
    return re.sub("[\ufffe\uffff]", "", visible(text))[:longest] or "-"


def _account(parent: ET.Element, account: str, reference: str) -> None:
    number = account.replace(" ", "")
    own = _in(parent, "Id")
    if _IBAN.fullmatch(number):
        if not has_check_digits(number):
            raise _wrong(reference, number, msg("its check digits are wrong"))
        _in(own, "IBAN", number)
        return
    if not 1 <= len(number) <= ACCOUNT:
        raise _wrong(reference, number, msg("1 to {most} characters are allowed", most=ACCOUNT))
    _in(_in(own, "Othr"), "Id", visible(number)[:ACCOUNT])


def _wrong(reference: str, number: str, why: object) -> WrongCall:
    return WrongCall(
        msg(
            "payment {reference}: account {number!r}: {why}",
            reference=reference, number=number, why=why,
        )
    )  # fmt: skip


def has_check_digits(iban: str) -> bool:
    """Whether an IBAN's check digits are right (ISO 13616: modulo 97 is 1).

    >>> has_check_digits("DE89370400440532013000"), has_check_digits("DE88370400440532013000")
    (True, False)
    """
    digits = "".join(str(int(each, 36)) for each in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def _bank(parent: ET.Element, bank: str) -> None:
    agent = _in(parent, "FinInstnId")
    if _BIC.fullmatch(bank):
        _in(agent, "BIC", bank)
    elif bank:
        _in(agent, "Nm", _text(bank, BANK))
    else:
        _in(_in(agent, "Othr"), "Id", "NOTPROVIDED")
