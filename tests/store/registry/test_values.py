"""A cell that can not be meant is refused with where and why."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.registry.importing import import_registry
from tests.actors import TEST
from tests.store.city import AUTUMN, change, city, write_city
from tests.store.registry.imports import Import, load
from tests.test_languages import english

__all__ = ["load"]  # fixtures


def test_a_number_written_otherwise_is_no_change(load: Import) -> None:
    load(city())
    assert load(change(city(), "places", "H1", "area_m2", "89.5")).total("changed") == 0


BAD_CELLS = [
    ("series", "bath", "channel", "a\tb", "no characters that can't be seen"),
    ("series", "bath", "channel", "a\u2060b", "no characters that can't be seen"),
    ("places", "H2", "code", "H\u200b2", "no characters that can't be seen"),
    ("places", "H2", "since", "2025-09-01T00:00:00+23:59", "allowed: -12:00 to +14:00"),
    ("places", "H2", "since", "2025-09-01T00:00:00.1234567Z", "finer than a microsecond"),
    ("places", "H2", "kind", "flat", "allowed: company, source, station"),
    ("places", "H2", "code", "H 2", "a code has no blanks"),
    ("places", "H2", "code", "../H2", "a code has no blanks"),
    ("places", "H2", "code", "H" * 65, "65 characters long; at most 64"),
    ("places", "H2", "code", "", "must not be empty"),
    ("places", "H2", "name", "a\nb", "line break"),
    ("places", "H2", "area_m2", "60,5", "not a number"),
    ("places", "H2", "area_m2", "0", "outside 0.01"),
    ("places", "H2", "area_m2", "1e3", "not a number"),
    ("places", "H2", "area_m2", "٦٠", "not a number"),
    ("places", "H2", "parent", "B9", "neither in the registry nor among the files' places"),
    ("places", "H2", "parent", "H1-bed", "is a room; the parent of a household is one of: company"),
    ("places", "H2", "parent", "H2", "is a household; the parent of a household is one of"),
    ("places", "H2", "parent", "", "must be given: a household hangs below"),
    ("places", "demo", "parent", "S1", "a company is the top"),
    ("places", "H2", "room_use", "bedroom", "must be empty for a household"),
    ("places", "H2-bed", "room_use", "", "must be given for a room: bedroom, living"),
    ("places", "H2-bed", "room_use", "cellar", "allowed: bedroom, living, kitchen"),
    ("places", "H2", "since", "2025-09-01", "has no offset"),
    ("places", "H2", "since", "1.9.2025", "is not a time"),
    ("places", "H2", "since", "0205-09-01T00:00:00Z", "outside the years"),
    ("places", "H2", "until", AUTUMN, f"does not lie after since = {AUTUMN}"),
    ("devices", "bath", "verified", "maybe", "allowed: true, false, 1, 0, yes, no, 是, 否"),
    ("devices", "bath", "code", "", "must not be empty"),
    ("series", "bath", "role", "temperature", "allowed: room_temperature, outdoor_temperature"),
    ("series", "bath", "device", "gone", "neither in the registry nor among the files' devices"),
    ("series", "bath", "place", "B1", "is a building; a room temperature is that of a room"),
    ("series", "bath", "interval_s", "0", "outside 1"),
    ("series", "bath", "interval_s", "900.5", "not a whole number"),
    ("seasons", "2025", "company", "S1", "is a heat source; expected a company"),
    ("seasons", "2025", "zone", "Asia/Peking", "not an IANA time zone"),
    ("seasons", "2025", "zone", "../etc/passwd", "not an IANA time zone"),
    ("seasons", "2025", "zone", "Asia", "not an IANA time zone"),
    (
        "seasons",
        "2025",
        "zone",
        "Etc/GMT+8",
        "is UTC-08:00, as the sign in these names is the other way round",
    ),
    ("seasons", "2025", "until", "2025-11-01T00:00:00+08:00", "does not lie after since"),
    ("seasons", "2025", "design_outdoor", "-61", "outside -60 to 30"),
    ("tariffs", "std", "currency", "yuans", "not a currency of ISO 4217"),
    ("tariffs", "std", "currency", "$", "is the sign of several currencies; write the code: USD"),
    ("tariffs", "std", "currency", "QQQ", "not a currency of ISO 4217"),
    ("tariffs", "std", "currency", "XAU", "not a currency of ISO 4217"),
    ("tariffs", "std", "price", "-1", "outside 0"),
    ("contracts", "H1", "season", "2031", "neither in the registry nor among the files' seasons"),
    ("contracts", "H1", "household", "B1", "is a building; expected a household"),
    ("contracts", "H1", "currency", "EUR", "differs from the tariff's, which is CNY"),
    ("contracts", "H1", "season_fee", "12.34567", "more than 4 decimals"),
    ("contracts", "H1", "season_fee", "-1", "outside 0 to"),
    ("requests", "H1", "household", "H1-bed", "is a room; expected a household"),
    ("measurements", "H1-bed", "room", "H1", "is a household; expected a room"),
    ("measurements", "H1-bed", "celsius", "164", "outside -30 to 60"),
    ("outages", "S1-01", "cause", "weather", "allowed: operator, user"),
    ("outages", "S1-01", "place", "demo", "is a company; expected a building / household"),
    ("outages", "S1-01", "cause", "weather", "allowed: operator, user, third_party, force_majeure"),
    ("outages", "S1-01", "announced_at", "2025-12-20T00:00:00+08:00", "does not lie before since"),
    ("user_faults", "H2", "clause", "", "must not be empty"),
    ("user_faults", "H2", "evidence", "--", "says nothing; allowed: a name, a number"),
    (
        "refusals",
        "H2",
        "at",
        "2025-08-31T23:59:59+08:00",
        "H2 is not there then; allowed: since 2025-08",
    ),
    (
        "requests",
        "H1",
        "at",
        "2025-08-31T23:59:59+08:00",
        "H1 is not there then; allowed: since 2025-08",
    ),
    ("measurements", "H1-bed", "at", "1901-01-01T00:00:00+08:00", "H1-bed is not there then"),
    ("seasons", "2025", "until", "2026-11-17T00:00:00+08:00", "lies more than a year after since"),
    ("refusals", "H2", "at", "", "must not be empty"),
    ("contract_terms", "H1", "agreed", "291.15", "no possible temperature; allowed: above 0"),
    ("contract_terms", "H1", "agreed", "5", "promise a dwelling; allowed: 16 to 24"),
    ("contract_terms", "H1", "agreed", "24.001", "promise a dwelling; allowed: 16 to 24"),
    ("contract_terms", "H1", "basic_fee", "2103.26", "above the season_fee of 2103.25"),
    ("contract_terms", "H1", "basic_fee", "-1", "outside 0 to"),
    ("contract_terms", "H1", "bands", "20:1; 16:1/2", "colder never pays less"),
    ("contract_terms", "H1", "bands", "16:1/2; 20:1", "from the warmest to the coldest"),
    ("contract_terms", "H1", "bands", "20=1/2", "allowed: below which temperature what share"),
    ("contract_terms", "H1", "bands", "293:1/2", "no possible temperature"),
    ("contract_terms", "H1", "use", "school", "allowed: residential, non_residential"),
    ("contract_terms", "H1", "household", "H3", "has no contract for this season"),
    ("fee_spans", "H2", "payer", "", "must name who bears it"),
    ("fee_spans", "H2", "state", "paused", "is not charged"),
    ("fee_spans", "H2", "subsidy_by", "", "give both subsidy_percent and subsidy_by"),
    ("fee_spans", "H2", "subsidy_percent", "101", "outside 0 to 100"),
    ("decisions", "H1-bed", "temperature", "291", "no possible temperature; allowed: -30 to below"),
    ("decisions", "H1-bed", "document", "", "must not be empty"),
    ("outage_decisions", "S1-01", "share", "2.5", "outside 0 to 2"),
    ("outage_decisions", "S1-01", "document", "", "must not be empty"),
    ("decisions", "H1-bed", "document", "无", "says nothing; allowed: a name, a number"),
    ("decisions", "H1-bed", "clause", "n/a", "says nothing; allowed: a name, a number"),
    ("fee_spans", "H2", "payer", "NULL", "says nothing; allowed: a name, a number"),
    ("objections", "H2", "text", "...", "says nothing; allowed: a name, a number"),
    ("objections", "H2", "correction", "4", "must be empty: the objection is not upheld"),
    ("objections", "H2", "text", "", "must not be empty"),
    ("decisions", "H1-bed", "place", "B1", "is a building; expected a"),
    ("decisions", "H1-bed", "until", "2026-01-01T00:00:00+08:00", "does not lie after since"),
    ("outages", "S1-01", "until", "2025-12-19T00:00:00+08:00", "does not lie after since"),
    ("user_faults", "H2", "until", "2025-12-01T00:00:00+08:00", "does not lie after since"),
    ("fee_spans", "H2", "until", "2026-01-12T00:00:00+08:00", "does not lie after since"),
    ("certificates", "new", "until", "2025-08-31T00:00:00+08:00", "does not lie after since"),
    ("corner_rooms", "H3-bed", "until", AUTUMN, "does not lie after since"),
    ("outage_decisions", "S1-01", "until", "2025-12-20T00:00:00+08:00", "does not lie after since"),
]


@pytest.mark.parametrize(
    ("kind", "key", "column", "value", "why"), BAD_CELLS, ids=lambda each: str(each)[:20]
)
def test_a_wrong_cell_is_refused_with_where_and_why(
    sqlite_books: Engine, tmp_path: Path, kind: str, key: str, column: str, value: str, why: str
) -> None:
    rows = city() | {"certificates": [["new", AUTUMN, "", "GB 2025-7"]]}
    row = next(i for i, line in enumerate(rows[kind]) if line[0] == key)
    change(rows, kind, key, column, value)
    report = import_registry(sqlite_books, [write_city(tmp_path / "city", rows)], by=TEST)
    ours = [each for each in report.refused if (each.file, each.row) == (f"{kind}.csv", row + 2)]
    assert [(each.column, each.value) for each in ours] == [(column, value)]
    assert why in str(ours[0].why)
    assert english(ours[0].text().to("zh")) == []
    assert report.counts[kind].refused >= 1
    assert report.written
