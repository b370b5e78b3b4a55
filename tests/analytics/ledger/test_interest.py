"""Interest of a late payment follows the refund that it was paid for: up, down, and to nothing."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from analytics.ledger.interest import corrected_interest
from heatwatch.evaluate.forge import chained_anew
from heatwatch.services.paying import payments_of
from heatwatch.wiring import World, open_world
from store.books import facts
from store.books import registry as reg
from store.books.ledger import LedgerEntry
from tests.actors import changing
from tests.analytics.books import SEASON, local
from tests.heatwatch.cli.settled_town import ANSWER_IS_NO, config
from tests.heatwatch.cli.test_settle_payments import APRIL, JUNE, OF_SEASON, Desk, paid

__all__ = ["config"]  # fixtures

RATE, FEE = Decimal("0.002"), Decimal(2420)


def of_heze(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """The town under the law of Heze, its first run approved in April."""
    monkeypatch.setattr(World, "now", lambda _: APRIL)
    with changing(open_world(config).books) as session:
        session.execute(update(reg.Season).values(policy="CN-SD-HEZE-2017"))
        session.add(facts.OutageRecord(place_id=4, since=local(22), until=local(24)))
    desk = Desk(config, capsys)
    for step in ("draft", "approve"):
        desk.call(step, *OF_SEASON)
    return desk


@pytest.fixture
def late(config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Heze: one refund of the town was paid five days late."""
    desk = of_heze(config, capsys, monkeypatch)
    desk.export()
    monkeypatch.setattr(World, "now", lambda _: JUNE)
    fee = '[settlement]\nlate_fees = [{ since = 2024-01-01, rate = "0.002", document = "contract" }]\n'
    sample = desk.config.read_text("utf-8")
    desk.config.write_text(sample.replace("[settlement]\n", fee, 1), "utf-8")
    desk.answers(*(paid(row, "2025-06-08") for row in desk.rows()))
    return desk


def interest_of(principal: Decimal) -> Decimal:
    return (principal * 5 * RATE).quantize(Decimal("0.01"))


def with_fee(desk: Desk, fee: Decimal) -> None:
    """All seasons' fees become another one, and a correction says so."""
    with changing(open_world(desk.config).books) as session:
        session.execute(update(facts.Contract).values(season_fee=fee))
    desk.call("draft", *OF_SEASON, "--correction")
    desk.call("approve", *OF_SEASON, "--reason", "the fee was typed wrong")


def posted(desk: Desk) -> dict[str, Decimal]:
    """Reference -> all interest that the ledger says."""
    found: dict[str, Decimal] = {}
    for each in desk.entries():
        if each.kind == "late_interest":
            name = each.body["reference"]
            found[name] = found.get(name, Decimal(0)) + each.amount
    return found


def test_late_payments_bear_interest_under_a_law_that_says_so(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = of_heze(config, capsys, monkeypatch)
    told = desk.export()
    assert told["due"] == "2025-06-03", "31 May to 2 June are days off"
    monkeypatch.setattr(World, "now", lambda _: JUNE)
    one, two, *_ = desk.rows()
    late = paid(one, "2025-06-08")
    path = desk.returns(late, paid(two, "2025-06-03"))
    said = desk.refused("payments", "import-returns", path)
    assert "art. 46 grants interest at the contract's late-fee rate" in said
    given = ("payments", "import-returns", path, "--late-fee-rate", "0.002")
    assert "--late-fee-rate needs --reason" in desk.refused(*given)
    assert "--late-fee-rate needs --reason" in desk.refused(*given, "--reason", " ")
    sample = desk.config.read_text("utf-8")
    fees = """late_fees = [
        { since = 2024-01-01, rate = "0.001", document = "contract of 2024, cl. 12" },
        { since = 2025-06-01, rate = "0.002", document = "contract of 2025, cl. 9" },
        { since = 2025-06-05, rate = "0.003", document = "contract of 2026" },
    ]
    """
    desk.config.write_text(sample.replace("[settlement]", f"[settlement]\n{fees}", 1), "utf-8")
    done = desk.answers(late, paid(two, "2025-06-03"))
    expected = (Decimal(one["amount"]) * 5 * Decimal("0.002")).quantize(Decimal("0.01"))
    assert (done["paid"], done["interest"]) == (2, str(expected))
    (entry,) = [each for each in desk.entries() if each.kind == "late_interest"]
    assert (entry.amount, entry.body["clause"], entry.body["days"]) == (expected, "art. 46", 5)
    assert entry.body["rate"] == "1/500"
    source = entry.body["rate_since"], entry.body["rate_document"]
    assert source == ("2025-06-01", "contract of 2025, cl. 9"), "which holds on the due day"
    told = desk.export()
    assert (told["rows"], told["total"]) == (1, str(expected))
    (row,) = desk.rows(2)
    assert (row["household"], row["interest"]) == (one["household"], str(expected))
    back = (one["reference"], "rejected", one["amount"], "CNY", "2025-06-09", "came back")
    assert desk.answers(back)["interest"] == str(-expected)
    assert desk.holds()


def test_less_is_owed_so_less_interest_is(late: Desk) -> None:
    """9.35 of interest on 34.44 stood when the refund was 31.31, and when it was nothing."""
    first = late.rows()
    assert posted(late) == {
        each["reference"]: interest_of(Decimal(each["amount"])) for each in first
    }
    with_fee(late, FEE / 2)
    told = late.call("payments", "list", *OF_SEASON)
    late.export()
    half = {each["reference"]: Decimal(each["amount"]) / 2 for each in first}
    now = posted(late)
    for reference, owed in half.items():
        assert abs(now[reference] - interest_of(owed)) <= Decimal("0.01")
    assert late.call("payments", "list", *OF_SEASON)["overpaid"] == told["overpaid"], (
        "it said so before"
    )
    assert late.holds()
    late.export()
    assert posted(late) == now, "once"


def test_a_correction_that_is_taken_back_brings_its_interest_back(late: Desk) -> None:
    first = posted(late)
    with_fee(late, Decimal("0.01"))
    late.export()
    assert set(posted(late).values()) == {Decimal("0.00")}
    with_fee(late, FEE)
    late.export()
    assert posted(late) == first
    assert late.holds()


def test_interest_that_was_changed_in_the_ledger_is_named(late: Desk) -> None:
    with_fee(late, FEE / 2)
    late.export()
    number = max(each.number for each in late.entries() if each.kind == "late_interest")
    with Session(open_world(late.config).books) as session, session.begin():
        entry = session.query(LedgerEntry).filter_by(number=number).one()
        entry.body = {**entry.body, "of": "99.00"}
        chained_anew(session)
    broken = late.call("verify", code=ANSWER_IS_NO)["broken"]
    assert (broken["damage"], broken["number"]) == ("payment", number)


def test_who_only_looks_sees_what_the_next_export_posts(late: Desk) -> None:
    with_fee(late, FEE / 2)
    before, entries = posted(late), len(late.entries())
    season, payments = payments_of(open_world(late.config), SEASON)
    assert [*corrected_interest(payments, season)] == [], "counted in already"
    seen = {each.reference: each.interest for each in payments.by_reference.values()}
    assert (posted(late), len(late.entries())) == (before, entries)
    late.export()
    assert posted(late) == seen != before
