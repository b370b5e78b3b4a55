"""A key has one current version; older books come up with what was overwritten in them."""

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from store.books.changes import record
from store.books.engine import open_books, parse
from store.books.facts import Contract, MeasurementRecord, OutageRecord, Tariff
from store.books.migrate import migrate
from tests.actors import TEST, WHEN

TARIFF = {"code": "std", "price": 1, "currency": "CNY"}


def test_two_current_versions_of_a_key_are_impossible(books: Engine) -> None:
    with books.connect() as link:
        record(link, TEST, "test")
        link.execute(insert(Tariff).values(TARIFF))
        with pytest.raises(IntegrityError):
            link.execute(insert(Tariff).values(TARIFF))


def test_a_key_may_have_any_number_of_ended_versions(books: Engine) -> None:
    with books.begin() as link:
        for _ in range(3):
            change = record(link, TEST, "test")
            link.execute(update(Tariff).where(Tariff.ended_id.is_(None)).values(ended_id=change))
            link.execute(insert(Tariff).values(TARIFF))
        found = link.execute(select(Tariff.ended_id, Tariff.change_id).order_by(Tariff.id)).all()
    (first, one), (second, two), (last, three) = found
    assert (first, second, last) == (two, three, None)
    assert one < two < three


T0 = "2025-01-10 00:00:00"
OLD = [
    *(
        "INSERT INTO change_record (actor, at, action, reason, files, details) VALUES"
        f" ('user:x', '2025-01-1{i} 00:00:00', 'registry import', '', '[]', '{{}}')"
        for i in (1, 2, 3)
    ),
    *(
        "INSERT INTO place (id, code, kind, name, name_en, address, since, change_id) VALUES"
        f" ({i}, '{code}', '{kind}', '', '', '', '{T0}', 1)"
        for i, code, kind in ((1, "co", "company"), (2, "H1", "household"), (3, "H1-bed", "room"))
    ),
    "INSERT INTO season (id, code, company_id, policy, since, until, zone, change_id) VALUES"
    f" (1, '2025', 1, 'CN-HA-2018', '{T0}', '2025-03-16 00:00:00', 'UTC', 1)",
    "INSERT INTO tariff (id, code, price, currency, change_id) VALUES (1, 'std', '2', 'CNY', 1)",
    "INSERT INTO contract (id, household_id, season_id, tariff_id, season_fee, currency,"
    " standing_consent, change_id) VALUES (1, 2, 1, NULL, '900', 'CNY', false, 2)",
    "INSERT INTO measurement_record (room_id, at, celsius, signed_by, change_id) VALUES"
    f" (3, '{T0}', '17.9', 'Li', 3)",
    "INSERT INTO outage_record (id, place_id, since, until, planned, cause, evidence, change_id)"
    f" VALUES (1, 2, '{T0}', '2025-01-11 00:00:00', false, 'operator', 'x', 2)",
    *(
        'INSERT INTO registry_edit (change_id, kind, key, "column", before, after) VALUES'
        f" ({change}, '{kind}', '{key}', '{column}', '{before}', '-')"
        for change, kind, key, column, before in (
            (2, "measurements", "H1-bed / 2025-01-10T08:00:00+08:00", "celsius", "15.0"),
            (2, "measurements", "H1-bed / 2025-01-10T08:00:00+08:00", "change_id", "1"),
            (3, "measurements", "H1-bed / 2025-01-10T08:00", "celsius", "16.0"),
            (3, "measurements", "H1-bed / 2025-01-10T08:00", "signed_by", "Wu"),
            (3, "measurements", "H1-bed / 2025-01-10T08:00", "change_id", "2"),
            (2, "contracts", "H1 / 2025", "season_fee", "800"),
            (2, "contracts", "H1 / 2025", "tariff", "std"),
            (2, "contracts", "H1 / 2025", "standing_consent", "true"),
            (2, "contracts", "H1 / 2025", "change_id", "1"),
            (2, "outages", "H1 / 2025-01-10T00:00:00Z", "until", ""),
            (2, "outages", "H1 / 2025-01-10T00:00:00Z", "change_id", "1"),
        )
    ),
]


@pytest.fixture
def grown(books_url: str) -> Engine:
    """Books whose rows were overwritten before facts were versions."""
    old = create_engine(parse(books_url))
    migrate(old, "0010")
    with old.begin() as link:
        for each in OLD:
            link.execute(text(each))
    old.dispose()
    return open_books(books_url)


def test_values_overwritten_before_come_back_as_ended_versions(grown: Engine) -> None:
    with grown.connect() as link:
        m = MeasurementRecord
        found = link.execute(
            select(m.celsius, m.signed_by, m.change_id, m.ended_id, m.supersedes_id, m.at)
            .order_by(m.change_id)
        ).all()  # fmt: skip
        ids = link.execute(select(m.id).order_by(m.change_id)).scalars().all()
        contracts = link.execute(
            select(
                Contract.season_fee, Contract.tariff_id, Contract.standing_consent,
                Contract.change_id, Contract.ended_id,
            ).order_by(Contract.change_id)
        ).all()  # fmt: skip
        stops = link.execute(select(OutageRecord.until).order_by(OutageRecord.change_id)).all()
    shown = [(str(row.celsius), row.signed_by, row.change_id, row.ended_id) for row in found]
    assert shown == [("15.0", "Wu", 1, 2), ("16.0", "Wu", 2, 3), ("17.9", "Li", 3, None)]
    assert [row.supersedes_id for row in found] == [None, ids[0], ids[1]]
    assert len({row.at for row in found}) == 1
    assert [tuple(map(str, row)) for row in contracts] == [
        ("800", "1", "True", "1", "2"), ("900", "None", "False", "2", "None"),
    ]  # fmt: skip
    assert [each.until is None for each in stops] == [True, False]
    grown.dispose()


def test_new_versions_follow_those_that_came_back(grown: Engine) -> None:
    with grown.begin() as link:
        change = record(link, TEST, "test")
        m = MeasurementRecord
        link.execute(update(m).where(m.ended_id.is_(None)).values(ended_id=change))
        link.execute(insert(m).values(room_id=3, at=WHEN, celsius="18"))
        assert len(set(link.execute(select(m.id)).scalars())) == 4
    grown.dispose()
