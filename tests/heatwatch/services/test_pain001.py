"""The order for the bank, held against the published schema of pain.001.001.03: names, order, values."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from domain.errors import WrongCall
from heatwatch.services.pain001 import NAMESPACE, Party, Transfer, to_xml

MADE = datetime(2025, 4, 20, 8, 30, tzinfo=UTC)
COMPANY = Party("Heat Co", "DE89370400440532013000", "COBADEFF370")

MAX35, MAX34, MAX140 = r".{1,35}", r".{1,34}", r".{1,140}"
NUMBER, DAY = r"\d{1,15}", r"\d{4}-\d\d-\d\d"
DECIMAL = r"(?=.{1,19}$)\d+(\.\d{1,5})?"
#: Type -> its children in the schema's order, those that must be there with "!"; else a pattern.
SCHEMA: dict[str, tuple[str, ...] | str] = {
    "Document": ("CstmrCdtTrfInitn!",),
    "CstmrCdtTrfInitn": ("GrpHdr!", "PmtInf!"),
    "GrpHdr": ("MsgId!", "CreDtTm!", "Authstn", "NbOfTxs!", "CtrlSum", "InitgPty!", "FwdgAgt"),
    "PmtInf": (
        "PmtInfId!", "PmtMtd!", "BtchBookg", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdExctnDt!",
        "PoolgAdjstmntDt", "Dbtr!", "DbtrAcct!", "DbtrAgt!", "DbtrAgtAcct", "UltmtDbtr", "ChrgBr",
        "ChrgsAcct", "ChrgsAcctAgt", "CdtTrfTxInf!",
    ),
    "CdtTrfTxInf": (
        "PmtId!", "PmtTpInf", "Amt!", "XchgRateInf", "ChrgBr", "ChqInstr", "UltmtDbtr", "CdtrAgt",
        "CdtrAgtAcct", "Cdtr", "CdtrAcct", "UltmtCdtr", "InstrForCdtrAgt", "InstrForDbtrAgt", "Purp",
        "RgltryRptg", "Tax", "RltdRmtInf", "RmtInf",
    ),
    "PmtId": ("InstrId", "EndToEndId!"),
    "Amt": ("InstdAmt",),
    **dict.fromkeys(("InitgPty", "Dbtr", "Cdtr"), ("Nm", "PstlAdr", "Id", "CtryOfRes", "CtctDtls")),
    **dict.fromkeys(("DbtrAcct", "CdtrAcct"), ("Id!", "Tp", "Ccy", "Nm")),
    **dict.fromkeys(("DbtrAgt", "CdtrAgt"), ("FinInstnId!", "BrnchId")),
    "FinInstnId": ("BIC", "ClrSysMmbId", "Nm", "PstlAdr", "Othr"),
    "RmtInf": ("Ustrd", "Strd"),
    "DbtrAcct/Id": ("IBAN", "Othr"), "CdtrAcct/Id": ("IBAN", "Othr"),
    "Id/Othr": ("Id!", "SchmeNm", "Issr"), "FinInstnId/Othr": ("Id!", "SchmeNm", "Issr"),
    **dict.fromkeys(("MsgId", "PmtInfId", "EndToEndId"), MAX35),
    "Othr/Id": MAX34, "Nm": MAX140, "Ustrd": MAX140, "NbOfTxs": NUMBER, "PmtMtd": "CHK|TRF|TRA",
    "CtrlSum": DECIMAL, "InstdAmt": DECIMAL, "ReqdExctnDt": DAY,
    "CreDtTm": DAY + r"T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
    "IBAN": r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}",
    "BIC": r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?",
}  # fmt: skip


def name_of(element: ET.Element) -> str:
    namespace, _, name = element.tag[1:].partition("}")
    assert namespace == NAMESPACE
    return name


def check(element: ET.Element, above: str = "") -> None:
    """Fails where the element is not as the schema says."""
    name = name_of(element)
    rule = SCHEMA[f"{above}/{name}" if f"{above}/{name}" in SCHEMA else name]
    if isinstance(rule, str):
        assert re.fullmatch(rule, element.text or ""), (name, element.text)
        assert len(element) == 0
        return
    order = [each.rstrip("!") for each in rule]
    found = [name_of(each) for each in element]
    assert found == sorted(found, key=order.index), (name, found)
    assert {each[:-1] for each in rule if each.endswith("!")} <= set(found), (name, found)
    assert all(found.count(each) == 1 or each == "CdtTrfTxInf" for each in found), (name, found)
    for each in element:
        check(each, name)


def transfer(account: str = "6222020200112233", bank: str = "", name: str = "李伟") -> Transfer:
    party = Party(name, account, bank)
    return Transfer("HWABCDEF0123000001", party, Decimal("50.00"), "CNY", "2024-25 H1")


def order(*transfers: Transfer, payer: Party = COMPANY) -> ET.Element:
    return ET.fromstring(to_xml("HWABCDEF0123", MADE, payer, transfers))


@pytest.mark.parametrize("bank", ["", "ICBKCNBJ", "中国工商银行"])
@pytest.mark.parametrize("account", ["6222020200112233", "GB82 WEST 1234 5698 7654 32"])
def test_an_order_is_as_the_schema_says(bank: str, account: str) -> None:
    payer = COMPANY._replace(bank=bank)
    found = order(transfer(account, bank), transfer(account, bank, "x" * 200), payer=payer)
    check(found)
    said = {name_of(each): each.text for each in found.iter()}
    assert (said["NbOfTxs"], said["CtrlSum"]) == ("2", "100.00")
    amounts = [each for each in found.iter() if name_of(each) == "InstdAmt"]
    assert [(each.text, each.attrib) for each in amounts] == [("50.00", {"Ccy": "CNY"})] * 2


def test_an_amount_has_the_digits_of_its_currency() -> None:
    won = transfer()._replace(amount=Decimal("12000.00"), currency="KRW")
    (amount,) = [each for each in order(won).iter() if name_of(each) == "InstdAmt"]
    assert (amount.text, amount.attrib) == ("12000", {"Ccy": "KRW"})


def test_names_can_hold_what_xml_must_escape_or_can_not_hold() -> None:
    found = order(transfer(name="A & B <\x00> \ud800"))
    check(found)
    assert "A & B <" in [each.text or "" for each in found.iter() if name_of(each) == "Nm"][-1]


def test_the_same_batch_is_the_same_bytes() -> None:
    assert len({to_xml("HW1", MADE, COMPANY, [transfer()]) for _ in range(2)}) == 1


@pytest.mark.parametrize(
    ("account", "why"),
    [
        ("DE88370400440532013000", "its check digits are wrong"),
        ("", "1 to 34 characters are allowed"),
        ("9" * 35, "1 to 34 characters are allowed"),
    ],
)
def test_an_account_that_can_not_be_is_refused_with_its_payment(account: str, why: str) -> None:
    with pytest.raises(WrongCall, match=f"payment HWABCDEF0123000001: .*{why}"):
        order(transfer(account))
