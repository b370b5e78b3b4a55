"""What should not have been recorded ends, says why, stays to be seen, and its key is free again."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from domain.actor import By, user
from domain.errors import WrongCall
from store.evidence.recorded import recorded
from store.evidence.versions import Scope, State, Version, scope_of
from store.evidence.withdraw import Withdrawal, read_withdrawals, withdraw
from store.registry.importing import import_registry
from store.registry.series import registry_version
from tests.actors import TEST, WHEN
from tests.store.city import change, write_city
from tests.store.evidence.test_versions import city, network
from tests.store.registry.test_corrections import CORRECTIONS

ZONE = ZoneInfo("Asia/Shanghai")
LI = By(user("Li Wei"), WHEN + timedelta(days=1))
KEYS = {
    "tariffs": "spare",
    "certificates": "new / 2025-09-01T00:00",
    "series": "new / t / 2025-12-10T09:30",
    "contract_terms": "H1 / 2025",
    "contracts": "H2 / 2025",
    "corner_rooms": "H3-bed / 2025-09-01T00:00",
    "requests": "H1 / 2025-12-01T08:00",
    "measurements": "H1-bed / 2025-12-01T18:00:00+08:00",
    "outages": "S1-01 / 2025-12-19T16:00:00Z",
    "user_faults": "H2 / 2025-12-02T00:00",
    "refusals": "H2 / 2025-12-03T10:00",
    "fee_spans": "H2 / 2026-01-13T00:00",
    "decisions": "H1-bed / 2026-01-02T00:00",
    "outage_decisions": "S1-01 / 2025-12-20T00:00",
    "objections": "H2 / 2026-05-20T09:00",
}


def test_a_contract_that_terms_rest_on_is_withdrawn_with_them(peopled: Engine) -> None:
    contract = Withdrawal("contracts", "H1 / 2025", "never signed")
    with pytest.raises(WrongCall, match="contract_terms rest on it; withdraw those, too"):
        ends(peopled, contract)
    terms = Withdrawal("contract_terms", "H1 / 2025", "never signed")
    assert [each.kind for each in ends(peopled, contract, terms)] == ["contracts", "contract_terms"]


def test_a_tariff_is_withdrawn_with_the_contracts_that_name_it(peopled: Engine) -> None:
    kinds = ("tariffs", "contracts", "contract_terms")
    wanted = [Withdrawal(kind, "std" if kind == "tariffs" else "H1 / 2025", "x") for kind in kinds]
    assert [each.kind for each in ends(peopled, *wanted)] == [*kinds]


@pytest.fixture
def peopled(books: Engine, tmp_path: Path) -> Engine:
    rows = city()
    rows["tariffs"].append(["spare", "20", "CNY"])
    assert import_registry(books, [write_city(tmp_path / "city", rows)], by=TEST).clean
    return books


def ends(books: Engine, *wanted: Withdrawal) -> list[Version]:
    return withdraw(books, wanted, LI, network(books), ZONE)


def current(books: Engine) -> list[Version]:
    return recorded(books, Scope(network(books)), ZONE)


@pytest.mark.parametrize("kind", KEYS)
def test_a_withdrawn_fact_is_not_current_and_stays_in_the_history(
    peopled: Engine, kind: str, tmp_path: Path
) -> None:
    before, version = current(peopled), registry_version(peopled)
    (gone,) = ends(peopled, Withdrawal(kind, KEYS[kind], "of the neighbour"))
    left = current(peopled)
    assert len(left) == len(before) - 1
    assert gone.kind == kind
    assert registry_version(peopled) == version + 1
    kept = recorded(peopled, Scope(network(peopled)), ZONE, [kind], every=True)
    ended = next(each for each in kept if each.key == gone.key)
    assert (ended.state, ended.end_reason) == (State.WITHDRAWN, "of the neighbour")
    assert str(ended.ended_by) == "user:Li Wei"


@pytest.mark.parametrize("kind", [kind for kind in KEYS if kind != "tariffs"])
def test_a_withdrawn_key_can_be_recorded_anew(peopled: Engine, kind: str, tmp_path: Path) -> None:
    ends(peopled, Withdrawal(kind, KEYS[kind], "wrong"))
    again = By(TEST.actor, TEST.at, "it was theirs after all")
    report = import_registry(peopled, [write_city(tmp_path / "again", city())], by=again)
    counted = (0, 1) if kind == "series" else (1, 0)  # its row stays, and its readings with it
    assert (report.refused, report.total("added"), report.total("changed")) == ((), *counted)
    kept = recorded(peopled, scope_of(peopled, network(peopled), ""), ZONE, [kind], every=True)
    states = [each.state for each in kept if each.version in {v.version for v in kept}]
    assert State.WITHDRAWN in states
    assert all(each.supersedes is None for each in kept)


@pytest.mark.parametrize("kind", [kind for kind in KEYS if kind != "tariffs"])
def test_an_old_file_does_not_bring_back_what_was_withdrawn_without_a_reason(
    peopled: Engine, kind: str, tmp_path: Path
) -> None:
    ends(peopled, Withdrawal(kind, KEYS[kind], "wrong"))
    before = current(peopled)
    report = import_registry(peopled, [write_city(tmp_path / "again", city())], by=TEST)
    (refused,) = report.refused
    assert "withdrawn; to record it anew needs a reason" in str(refused.text())
    assert (report.total("added"), current(peopled)) == (0, before)


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [(kind, column, value) for kind, _, column, value in CORRECTIONS if kind != "tariffs"],
)
def test_what_was_withdrawn_does_not_return_with_another_value_without_a_reason(
    peopled: Engine, kind: str, column: str, value: str, tmp_path: Path
) -> None:
    """A withdrawn measurement of 16.4 came back as 17.9, and nobody had to say why."""
    ends(peopled, Withdrawal(kind, KEYS[kind], "wrong"))
    before = current(peopled)
    other = change(city(), kind, KEYS[kind].split(" / ")[0], column, value)
    folder = write_city(tmp_path / "again", {kind: other[kind]})
    (refused,) = import_registry(peopled, [folder], by=TEST).refused
    assert "withdrawn; to record it anew needs a reason" in str(refused.text())
    assert current(peopled) == before


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Withdrawal("requests", "H1 / 2025-12-01T08:00", " "), "needs a reason"),
        (Withdrawal("requests", "H1 / 2025-12-01T08:00", "\u200b"), "needs a reason"),
        (Withdrawal("requests", "H1 / 2025-12-01T08:00", "..."), "needs a reason"),
        (Withdrawal("refusals", "H2 / 2025-12-03T10:00", "another"), "is named twice"),
        (Withdrawal("reqests", "H1 / 2025-12-01T08:00", "x"), "allowed: certificates, series, tariffs"),
        (Withdrawal("places", "H1", "x"), "allowed: certificates, series, tariffs"),
        (Withdrawal("requests", "H1", "x"), "HOUSEHOLD / AT"),
        (Withdrawal("requests", "H1 / never", "x"), "is not a time"),
        (Withdrawal("requests", "H1 / 2025-12-01T09:00", "x"), "such as H1 / 2025-12-01T08:00"),
        (Withdrawal("tariffs", "std", "x"), "tariffs std: contract H1 / 2025 names it; withdraw it, too"),
    ],
)  # fmt: skip
def test_what_can_not_be_withdrawn_says_why_and_nothing_ends(
    peopled: Engine, wanted: Withdrawal, why: str
) -> None:
    before = current(peopled)
    good = Withdrawal("refusals", KEYS["refusals"], "x")
    with pytest.raises(WrongCall, match=why):
        ends(peopled, good, wanted)
    assert current(peopled) == before


def test_a_file_of_withdrawals_is_taken_whole_or_not_at_all(
    peopled: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "withdrawals.csv"
    good = "kind,key,reason\nrequests,H1 / 2025-12-01T08:00,twice\n"
    path.write_text(good + "refusals,H2 / 2025-12-03T10:00,\n", encoding="utf-8")
    with pytest.raises(WrongCall, match=r"withdrawals.csv, row 3: .*needs a reason"):
        ends(peopled, *read_withdrawals(path))
    path.write_text(good + "refusals,H2 / 2025-12-03T10:00,no visit\n", encoding="utf-8")
    assert len(ends(peopled, *read_withdrawals(path))) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("kind,key\n", "allowed: kind,key,reason"),
        ("", "allowed: kind,key,reason"),
        ("kind,key,reason\nrequests,H1\n", "row 2: 2 cells; expected 3"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "withdrawals.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall, match=why):
        read_withdrawals(path)


def test_a_file_with_a_quote_that_never_ends_is_no_csv_from_its_row_on(tmp_path: Path) -> None:
    path = tmp_path / "withdrawals.csv"
    path.write_text('kind,key,reason\nrequests,"H1\n' + "requests,x,y\n" * 20_000, "utf-8")
    with pytest.raises(WrongCall, match=r"withdrawals\.csv, row 2: is not CSV from here on"):
        read_withdrawals(path)
