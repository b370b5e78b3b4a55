"""A run recomputed from what was kept: what was changed is named."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from analytics.ledger.drafts import kept_by_place
from analytics.ledger.recheck import as_hashed
from analytics.settlement import rules as rules_of
from analytics.settlement.result_hashes import FIRST, results_sha256
from analytics.settlement.rules import CHANGES, VERSION
from domain.actor import user
from heatwatch.cli.app import run
from store.books.ledger import SettlementLine, SettlementResult, SettlementRun
from tests.analytics.books import NOW
from tests.heatwatch.cli.test_settle_verify import ANSWER_IS_NO, DRAFT, VERIFY, Town, city

__all__ = ["city"]  # fixtures

BEFORE = next(each.version for each in CHANGES if "no_request" in each.steps) - 1


def _result(**changed: Any) -> Any:
    return update(SettlementResult).where(SettlementResult.household_id == 13).values(**changed)


@pytest.mark.parametrize(
    ("change", "part", "kept", "recomputed"),
    [
        (_result(total=Decimal("999.00")), "total", "999.00", "15.00"),
        (_result(total=Decimal(15)), "total", "15", "15.00"),  # the hash covers how it is written
        (_result(undetermined=True), "undetermined", "15.00", "15.00"),
        (_result(reason="never_below"), "reason", "15.00", "15.00"),
        (_result(steps=[]), "steps", "15.00", "15.00"),
        (
            update(SettlementLine).where(SettlementLine.kind == "outage").values(share="1/2"),
            "lines",
            "15.00",
            "15.00",
        ),
    ],
    ids=["total", "written", "undetermined", "reason", "steps", "lines"],
)
def test_the_first_household_that_differs_is_named_with_both_sums(
    city: Town, change: Any, part: str, kept: str, recomputed: str
) -> None:
    city.says(*DRAFT)
    city.change(change)
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert told["holds"] is False
    assert told["differs"] == {
        "household": "H3", "part": part, "kept": kept, "recomputed": recomputed,
    }  # fmt: skip
    assert "was changed after it was made" in told["why"]


def test_a_word_of_a_sheet_that_was_changed_is_named(city: Town) -> None:
    """Steps were held by their numbers: a draft whose letter said another fee was as it was made."""
    city.says(*DRAFT)
    other = "UPDATE settlement_result SET steps = replace(steps, 'season fee', 'monthly fee')"
    city.change(text(f"{other} WHERE household_id = 13"))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert (told["holds"], told["differs"]) == (False, None)
    assert "was changed after it was made" in told["why"]


def test_a_household_on_one_side_only_is_named(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*DRAFT)
    of_h2 = SettlementResult.household_id == 12
    city.change(
        delete(SettlementLine).where(SettlementLine.amount == Decimal("100.00")),
        delete(SettlementResult).where(of_h2),
    )
    told = city.says(*VERIFY, code=ANSWER_IS_NO)["differs"]
    assert (told["household"], told["part"], told["kept"]) == ("H2", "household", None)
    city.change(
        update(SettlementResult).where(SettlementResult.household_id == 13).values(household_id=5)
    )
    told = city.says(*VERIFY, code=ANSWER_IS_NO)["differs"]
    assert (told["household"], told["part"], told["recomputed"]) == ("B1", "household", None)
    assert run([*VERIFY, "--lang", "en", "--config", str(city.config)]) == ANSWER_IS_NO
    shown = capsys.readouterr().out
    assert "Run 1 does not hold" in shown
    assert "not there" in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"total": Decimal("1.00")}, "its total is 1.00, recomputed 180.00"),
        ({"total": Decimal(180)}, "its total is 180, recomputed 180.00"),
        ({"households": 5}, "its households is 5, recomputed 4"),
        ({"undetermined": 1}, "its undetermined is 1, recomputed 0"),
        ({"policy": "CN-XX"}, "its policy is CN-XX, recomputed CN-HA-2018"),
        ({"results_sha256": "0" * 64}, f"its hash of the results is {'0' * 64}, recomputed"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_a_changed_row_of_the_run_is_told(city: Town, changed: dict[str, Any], said: str) -> None:
    city.says(*DRAFT)
    city.change(update(SettlementRun).values(**changed))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert (told["holds"], told["differs"]) == (False, None)
    assert said in told["why"]


@pytest.mark.parametrize(
    ("rules", "damage", "said"),
    [
        (None, "other_rules", "drafted under version 0 of heatwatch's rules, and under version"),
        (VERSION, "recomputed", "readings are not as they were, or this heatwatch computes"),
    ],
)
def test_a_run_drafted_under_other_rules_is_no_tampered_one(
    city: Town, rules: int | None, damage: str, said: str
) -> None:
    """A run with payers was said to have other readings once its rules had changed."""
    city.says(*DRAFT)
    city.change(_result(steps=[]))
    kept = [(each.household, each) for _, each in kept_by_place(city.world.books, 1)]
    sha256 = results_sha256((as_hashed(code, each) for code, each in kept), FIRST)
    city.change(
        update(SettlementRun).values(results_sha256=sha256, results_version=FIRST, rules=rules)
    )
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert (told["holds"], told["differs"]["household"]) == (False, "H3")
    assert said in told["why"]
    found = city.says("settle", "verify", "--all", code=ANSWER_IS_NO)["findings"]
    assert damage in {each["damage"] for each in found}


@pytest.mark.parametrize(
    ("rules", "left_out", "holds", "said"),
    [
        (BEFORE, "no_request", True, "sums, hours and flags are as recomputed"),
        (BEFORE, "daily_fee", False, "readings are not as they were, or this heatwatch computes"),
        (VERSION, "no_request", False, "readings are not as they were, or this heatwatch computes"),
    ],
    ids=["before the step was there", "another step", "the step was there"],
)
def test_a_run_whose_sheets_only_lack_a_step_of_newer_rules_holds_and_says_so(
    city: Town, rules: int, left_out: str, holds: bool, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_steps(monkeypatch)
    city.says(*DRAFT)
    kept = [(each.household, each) for _, each in kept_by_place(city.world.books, 1)]
    (steps,) = [each.steps for code, each in kept if code == "H3"]
    assert left_out in [each["step"] for each in steps]
    city.change(_result(steps=[each for each in steps if each["step"] != left_out]))
    kept = [(each.household, each) for _, each in kept_by_place(city.world.books, 1)]
    sha256 = results_sha256((as_hashed(code, each) for code, each in kept), FIRST)
    city.change(
        update(SettlementRun).values(results_sha256=sha256, results_version=FIRST, rules=rules)
    )
    told = city.says(*VERIFY, code=0 if holds else ANSWER_IS_NO)
    assert told["holds"] is holds
    assert said in told["why"]


def only_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules as if only the words of sheets had changed since `BEFORE`."""
    changes = [each for each in CHANGES if each.version <= BEFORE or each.steps]
    monkeypatch.setattr(rules_of, "CHANGES", tuple(changes))


def test_a_sum_is_not_excused_by_rules_that_only_changed_words(
    city: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """915.00 for 15.00, with all hashes made anew, stood as drafted under older rules."""
    only_steps(monkeypatch)
    city.says(*DRAFT)
    city.change(
        _result(total=Decimal("915.00")),
        update(SettlementLine)
        .where(SettlementLine.amount == Decimal("15.00"))
        .values(amount=Decimal("915.00")),
    )
    kept = [(each.household, each) for _, each in kept_by_place(city.world.books, 1)]
    sha256 = results_sha256(as_hashed(code, each) for code, each in kept)
    total = sum(each.total for _, each in kept)
    city.change(update(SettlementRun).values(results_sha256=sha256, rules=BEFORE, total=total))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert (told["differs"]["household"], told["differs"]["part"]) == ("H3", "total")
    assert "readings are not as they were, or this heatwatch computes" in told["why"]
    found = city.says("settle", "verify", "--all", code=ANSWER_IS_NO)["findings"]
    assert "other_rules" not in {each["damage"] for each in found}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"approval_reason": "all looked at"}, "its reason of the approval is all looked at"),
        ({"approved_by": user("Wang Fang")}, "its approver is user:Wang Fang"),
        ({"approved_at": NOW}, "its time of the approval is 2"),
    ],
    ids=["reason", "approver", "time"],
)
@pytest.mark.parametrize("policy", [(), ("--policy", "CN-HA-LY-2018")], ids=["draft", "what-if"])
def test_what_an_approval_writes_is_named_on_a_run_that_nobody_approved(
    city: Town, changed: dict[str, Any], said: str, policy: tuple[str, ...]
) -> None:
    """An approval would have written over it without a word."""
    city.says(*DRAFT, *policy)
    city.says(*VERIFY)
    city.change(update(SettlementRun).values(**changed))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert said in told["why"]
    assert "nobody approved it" in told["why"]
    (found,) = city.says(*VERIFY[:2], "--all", code=ANSWER_IS_NO)["findings"]
    assert (found["damage"], "nobody approved it" in found["why"]) == ("run", True)


def test_a_state_that_no_run_has_is_named(city: Town) -> None:
    city.says(*DRAFT)
    city.change(update(SettlementRun).values(state="draftx"))
    told = city.says(*VERIFY, code=ANSWER_IS_NO)
    assert "its state 'draftx' is none that there is" in told["why"]
    (found,) = city.says(*VERIFY[:2], "--all", code=ANSWER_IS_NO)["findings"]
    assert found["damage"] == "run"
