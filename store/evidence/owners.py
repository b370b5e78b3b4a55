"""Whose each sealed row was as of a change: a company's, several companies', or nobody's.

A place belongs to the company above it; a fact to its place's; a device to those whose series it
makes; a tariff to those whose contracts name it; a recorded change to those whose rows it wrote. What
is nobody's, such as a device that measures nowhere yet, is sealed by every company: it may become any
company's later (a device is placed, a contract names a tariff), and with no company to seal it nothing would
show that it was changed before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from domain.recorded import SEPARATOR
from domain.tree import PlaceKind

#: One row as the seal writes it: column -> text.
Row = Mapping[str, str]
#: Companies by place id; (): nobody's.
Companies = frozenset[int]
NOBODY: Companies = frozenset()
#: Columns that say whose a row is, the first that a table has.
_PLACES = ("household_id", "room_id", "place_id", "company_id")


@dataclass(slots=True)
class Owners:
    """Whose places, devices, tariffs, seasons and changes were."""

    places: dict[int, int] = field(default_factory=dict)  # place -> company
    codes: dict[str, int] = field(default_factory=dict)  # code of a place -> company
    seasons: dict[str, int] = field(default_factory=dict)  # code -> company
    devices: dict[int, Companies] = field(default_factory=dict)
    device_codes: dict[str, Companies] = field(default_factory=dict)
    tariffs: dict[str, Companies] = field(default_factory=dict)  # code -> companies
    changes: dict[int, set[int]] = field(default_factory=dict)  # 0: of a row that is nobody's
    several: bool = False  # whether there is more than one company: else everything is its own

    def of(self, table: str, row: Row) -> Companies:
        """Whose a row is."""
        if table == "change_record":
            found = self.changes.get(int(row["id"]), set())
            return NOBODY if 0 in found else frozenset(found)
        if table == "registry_edit":
            return self._of_edit(row["kind"], row["key"])
        if table == "place":
            return self._at(row["id"])
        if table == "device":
            return self.devices.get(int(row["id"]), NOBODY)
        if table == "tariff":
            return self.tariffs.get(row["code"], NOBODY)
        for column in _PLACES:
            if row.get(column):
                return self._at(row[column])
        return self.devices.get(int(row["device_id"]), NOBODY) if row.get("device_id") else NOBODY

    def _at(self, place: str) -> Companies:
        company = self.places.get(int(place))
        return NOBODY if company is None else frozenset({company})

    def _of_edit(self, kind: str, key: str) -> Companies:
        if kind in {"places", "seasons"}:
            company = (self.codes if kind == "places" else self.seasons).get(key)
            return NOBODY if company is None else frozenset({company})
        code = key.rsplit(SEPARATOR, 2)[0] if kind == "series" else key
        return self.device_codes.get(code, NOBODY)

    def is_anothers(self, company: int, table: str, row: Row) -> bool:
        """Whether a row is of other companies alone."""
        whose = self.of(table, row)
        return bool(whose) and company not in whose

    # -- making ------------------------------------------------------------------------------

    def put_places(self, rows: Iterator[Row]) -> None:
        """The tree: who is above whom."""
        above: dict[int, int] = {}
        named: list[tuple[str, int]] = []
        companies = set[int]()
        for row in rows:
            place = int(row["id"])
            above[place] = int(row["parent_id"]) if row["parent_id"] else place
            named.append((row["code"], place))
            if row["kind"] == PlaceKind.COMPANY.value:
                companies.add(place)
        for place in above:
            top = place
            for _ in PlaceKind:
                top = above.get(top, top)
            if top in companies:
                self.places[place] = top
        self.codes = {code: self.places[place] for code, place in named if place in self.places}
        self.several = len({*self.places.values()}) > 1

    def put_series(self, rows: Iterator[Row]) -> None:
        for row in rows:
            device = int(row["device_id"])
            self.devices[device] = self.devices.get(device, NOBODY) | self._at(row["place_id"])

    def put_devices(self, rows: Iterator[Row]) -> None:
        for row in rows:
            self.device_codes[row["code"]] = self.devices.get(int(row["id"]), NOBODY)

    def put_seasons(self, rows: Iterator[Row]) -> None:
        for row in rows:
            for company in self._at(row["company_id"]):
                self.seasons[row["code"]] = company

    def put_tariffs(self, tariffs: Iterator[Row], contracts: Iterator[Row]) -> None:
        code = {row["id"]: row["code"] for row in tariffs}
        for row in contracts:
            if (named := code.get(row["tariff_id"])) is not None:
                own = self.tariffs.get(named, NOBODY)
                self.tariffs[named] = own | self._at(row["household_id"])

    def put_changes(self, table: str, rows: Iterator[Row]) -> None:
        """Which changes wrote or ended rows, by whose the rows are."""
        for row in rows:
            whose = self.of(table, row) or {0}
            for column in ("change_id", "ended_id"):
                if row.get(column):
                    self.changes.setdefault(int(row[column]), set()).update(whose)
