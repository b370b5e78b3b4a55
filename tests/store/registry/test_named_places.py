"""Few facts are judged by their own places as by the whole registry, and the city is not read for them."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from store.registry import importing, named_places
from store.registry.importing import check_registry, import_registry
from store.registry.kinds import KIND_OF
from store.registry.named_places import ALL
from store.registry.read import read_sheets
from store.registry.report import Refusals
from tests.actors import TEST
from tests.store.city import City, city, write_city

AT = "2026-01-10T08:00:00+08:00"
FILES: dict[str, City] = {
    "a-request": {"requests": [["H1", AT, "phone"]]},
    "the-same-again": {"requests": [["H1", "2025-12-01T08:00:00+08:00", "phone"]]},
    "other-values": {"measurements": [["H1-bed", "2025-12-01T18:00:00+08:00", "17.9", "a, b"]]},
    "outside-a-season": {"requests": [["H1", "2020-01-10T08:00:00+08:00", ""], ["H2", AT, ""]]},
    "an-unknown-home": {"requests": [["H1", AT, ""], ["H9", AT, ""]]},
    "another-kind-of-place": {"requests": [["H1-bed", AT, ""]]},
    "several-kinds": {
        "requests": [["H2", AT, ""]],
        "measurements": [["H2-bed", AT, "15.0", "a, b"]],
        "user_faults": [["H2", "2025-12-02T00:00:00+08:00", "", "art. 35", "open windows"]],
    },
    "an-outages-share": {
        "outage_decisions": [
            ["S1-01", "2025-12-22T00:00:00+08:00", "2025-12-23T00:00:00+08:00", "0.5", "authority", "D 1", "art. 2"],
            ["S1-01", "2025-12-20T12:00:00+08:00", "2025-12-21T00:00:00+08:00", "1", "authority", "D 1", "art. 2"],
        ],
    },
    "one-at-a-time": {"fee_spans": [["H2", "2026-01-13T00:00:00+08:00", "", "paused", "", "", "", ""]]},
}  # fmt: skip


@pytest.fixture
def filled(sqlite_books: Engine, tmp_path: Path) -> Engine:
    import_registry(sqlite_books, [write_city(tmp_path / "city", city())], by=TEST)
    return sqlite_books


def test_few_facts_are_judged_as_by_the_whole_registry(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, rows in FILES.items():
        folder = write_city(tmp_path / name, rows)
        found: list[Any] = []
        for way in (named_places.named_places, lambda *_: ALL):
            monkeypatch.setattr(importing, "named_places", way)
            found.append(check_registry(filled, [folder]))
        assert found[0] == found[1], name


def test_of_one_request_the_home_is_read_with_what_is_above_it(
    filled: Engine, tmp_path: Path
) -> None:
    with filled.connect() as link:
        sheets = read_sheets([write_city(tmp_path / "one", FILES["a-request"])], Refusals())
        own = named_places.named_places(link, sheets)
        places = KIND_OF["places"].table
        every = {row.id: row for row in link.execute(places.select())}
        assert own.named is not None
        (home,) = own.named
        assert every[home].code == "H1"
        above, at = set(), home
        while at is not None:
            above.add(at)
            at = every[at].parent_id
        assert own.known == above | {n for n, row in every.items() if row.kind == "company"}
        assert len(own.known) < len(every)
        for name in ("an-unknown-home",):
            unknown = read_sheets([write_city(tmp_path / name, FILES[name])], Refusals())
            assert named_places.named_places(link, unknown) == ALL
