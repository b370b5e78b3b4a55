"""A correction's letter says which facts were recorded otherwise since: when, by whom and why."""

from typing import Any

from analytics.ledger.changed_facts import FactChange
from domain.actor import user
from reports.letters.changed_facts import KINDS
from reports.letters.page import to_html, to_text
from store.evidence.versions import FACTS
from store.registry.corrections import COUNTED
from store.registry.kinds import KIND_OF
from tests.reports.letters.cases import at, case, made

ASKED: dict[str, Any] = {"requests": ["2025-01-10T06:00"]}
COLDER = FactChange(
    "measurements", "bed / 2025-01-12T02:00:00Z", "superseded", at("2025-03-22T09:00"),
    user("Li Wei"), "typed wrongly", (("17.9", "13.5"), ("", "Wu")),
)  # fmt: skip
GONE = FactChange(
    "user_faults", "2025-01-12T02:00:00Z", "withdrawn", at("2025-03-22T09:01"), user("Li Wei"), "",
    (),
)  # fmt: skip
NEW = FactChange(
    "requests", "2025-01-12T02:00:00Z", "added", at("2025-03-22T09:02"), user("Li Wei"), "", ()
)


def text(language: str, *facts: FactChange) -> str:
    before = case(acts=[["2025-01-12T10:00", "bed", "19"]], **ASKED).kept
    return to_text(made(before=(2, before), facts_since=facts, **ASKED), language).decode()


def test_each_fact_stands_with_what_it_was_who_changed_it_and_why() -> None:
    said = text("en", COLDER, GONE, NEW)
    assert (
        "- measurement record bedroom bed 2025-01-12 10:00 · corrected 2025-03-22 09:00 by Li Wei · "
        "17.9 → 13.5; nothing → Wu · reason: typed wrongly\n"
    ) in said
    assert (
        "- finding of a user's fault 2025-01-12 10:00 · withdrawn 2025-03-22 09:01 by Li Wei\n"
        in said
    )
    assert "- request 2025-01-12 10:00 · recorded 2025-03-22 09:02 by Li Wei\n" in said
    zh = text("zh", COLDER)
    assert "测温记录" in zh
    assert "17.9 → 13.5" in zh


def test_the_page_has_them_too_and_without_any_nothing_is_said() -> None:
    before = case(acts=[["2025-01-12T10:00", "bed", "19"]], **ASKED).kept
    page = to_html(made(before=(2, before), facts_since=[GONE], **ASKED), "en").decode()
    assert "Why: what was recorded otherwise since then" in page
    assert "Why: what was recorded otherwise" not in text("en")


def test_a_column_of_the_registry_stands_with_before_and_after() -> None:
    area = FactChange(
        "places.area_m2", "", "superseded", at("2025-03-22T09:00"), user("Li Wei"), "measured anew",
        (("80", "85.5"),),
    )  # fmt: skip
    use = FactChange(
        "places.room_use", "bed", "superseded", at("2025-03-22T09:00"), user("Li Wei"), "",
        (("bedroom", "kitchen"),),
    )  # fmt: skip
    said = text("en", area, use)
    assert (
        "- heated area in m² · corrected 2025-03-22 09:00 by Li Wei · 80 → 85.5 · reason: measured anew\n"
    ) in said
    assert "- kind of room bedroom bed · corrected 2025-03-22 09:00 by Li Wei · " in said
    assert "· bedroom → kitchen\n" in said
    zh = text("zh", area, use)
    assert "供热面积（m²）" in zh
    assert "卧室 → 厨房" in zh


def test_every_kind_of_fact_and_every_column_that_counts_has_words() -> None:
    counted = {**COUNTED, "seasons": [each for each in KIND_OF["seasons"].names if each != "code"]}
    columns = {f"{kind}.{column}" for kind, columns in counted.items() for column in columns}
    assert {kind.name for kind in FACTS} | {"series"} | columns == {*KINDS}
