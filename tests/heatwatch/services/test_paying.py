"""The order for the bank: its day."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from heatwatch.services.bank_accounts import OWN, Account
from heatwatch.services.paying import _order


def test_an_order_is_of_the_local_day() -> None:
    """At six in the morning in Beijing it is still the day before in UTC."""
    account = Account("62220202001", "ICBKCNBJ", "Li")
    one: Any = SimpleNamespace(
        reference="HW-1-000001", amount=Decimal("1.00"), currency="CNY",
        payee=SimpleNamespace(payer=""), body={"household": "H1", "name": "", "season": "2024-25"},
    )  # fmt: skip
    batch: Any = SimpleNamespace(payments=[one], made_at=datetime(2025, 5, 1, 22, tzinfo=UTC))
    order = _order(batch, {("H1", ""): account, OWN: account}, ZoneInfo("Asia/Shanghai"))
    assert b"<ReqdExctnDt>2025-05-02</ReqdExctnDt>" in order
    assert b"<CreDtTm>2025-05-02T06:00:00+08:00</CreDtTm>" in order
