"""The registry of the demo as the CSV files a utility would send."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from domain.time import Span, from_us
from simulators.city.city import City
from simulators.city.facts import PRICE, ZONE, Facts
from simulators.city.history import mast_device, meter_device, primary_device, station_device
from simulators.city.sensors import Ints
from simulators.city.stations import METER_INTERVAL_S, SLOW_INTERVAL_S, STATION_INTERVAL_S
from simulators.plan.layout import COMPANY, COMPANY_NAMES, ROOM_NAMES, Spot
from simulators.plan.plan import HOUR_S, STEP_S, Ending

POLICY = "CN-HA-2018"
SEASON = "demo-winter"
TARIFF = "residential-area"

COLUMNS = {
    "places": "code,kind,parent,name,name_en,address,area_m2,room_use,since,until",
    "devices": "code,model,verified",
    "series": "device,channel,role,place,interval_s,since,until",
    "seasons": "code,company,policy,since,until,zone,design_outdoor",
    "tariffs": "code,price,currency",
    "contracts": "household,season,tariff,season_fee,currency,standing_consent",
    "requests": "household,at,by",
    "measurements": "room,at,celsius,signed_by",
    "outages": "place,since,until,planned,cause,evidence",
    "user_faults": "household,since,until,clause,evidence",
    "refusals": "household,at,evidence",
}
STATION_ROLES = {
    "t_sup": "supply_temperature",
    "t_ret": "return_temperature",
    "p_sup": "supply_pressure",
    "p_ret": "return_pressure",
    "flow": "flow",
    "makeup": "make_up_flow",
}
PRIMARY_ROLES = {
    "t1_sup": "primary_supply_temperature",
    "t1_ret": "primary_return_temperature",
}
METER_ROLES = {"energy": "energy", "power": "power"}

Row = Sequence[object]


def local(at_s: int) -> str:
    """ISO 8601 in local time with its offset."""
    return from_us(at_s * 1_000_000).astimezone(ZONE).isoformat()


class RegistryWriter:
    """Writes all files of one city into a folder."""

    def __init__(self, city: City, facts: Sequence[Facts], season: Span) -> None:
        self.city, self.facts, self.season = city, facts, season
        self.layout = city.layout
        self.since = (season.since - timedelta(days=1000)).astimezone(ZONE).isoformat()

    def write(self, folder: Path, rows: dict[str, Iterable[Row]]) -> dict[str, int]:
        """Writes one CSV a kind; answers with the rows in each."""
        counts = {}
        for name, columns in COLUMNS.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns.split(","))
                counts[name] = 0
                for row in rows[name]:
                    writer.writerow(row)
                    counts[name] += 1
        return counts

    def rows(self, at_s: Ints, said_mc: Ints) -> dict[str, Iterable[Row]]:
        """Rows of every file."""
        begin, end = self.season.since.astimezone(ZONE), self.season.until.astimezone(ZONE)
        zone = [SEASON, COMPANY, POLICY, begin.isoformat(), end.isoformat(), ZONE.key, "-5"]
        return {
            "places": self._places(),
            "devices": self._devices(),
            "series": self._series(),
            "seasons": [zone],
            "tariffs": [[TARIFF, PRICE, "CNY"]],
            "contracts": self._contracts(),
            "requests": self._requests(),
            "measurements": self._measurements(at_s, said_mc),
            "outages": self._outages(),
            "user_faults": self._user_faults(),
            "refusals": self._refusals(),
        }

    def _place(self, kind: str, spot: Spot, parent: str, area: object = "") -> Row:
        return [
            spot.code, kind, parent, spot.name, spot.name_en, spot.address, area, "", self.since, "",
        ]  # fmt: skip

    def _places(self) -> Iterator[Row]:
        lay = self.layout
        name, english = COMPANY_NAMES
        yield [COMPANY, "company", "", name, english, "", "", "", self.since, ""]
        for spot in lay.sources:
            yield self._place("source", spot, COMPANY)
        for spot in lay.stations:
            yield self._place("station", spot, lay.sources[spot.parent].code)
        for spot in lay.buildings:
            yield self._place("building", spot, lay.stations[spot.parent].code)
        for spot, fact in zip(lay.households, self.facts, strict=True):
            yield self._place("household", spot, lay.buildings[spot.parent].code, fact.area_m2)
        for room in lay.rooms:
            use, name, english = ROOM_NAMES[room.kind]
            home = lay.households[room.household]
            yield [
                room.code, "room", home.code, f"{home.name}{name}", f"{home.name_en}, {english}",
                "", "", use, self.since, "",
            ]  # fmt: skip

    def _devices(self) -> Iterator[Row]:
        lay = self.layout
        for source in lay.sources:
            yield [mast_device(source.code), "WX-4 weather mast", "true"]
        for station in lay.stations:
            yield [station_device(station.code), "HX-200 substation controller", "true"]
            yield [primary_device(station.code), "HX-20 primary side", "true"]
        for building in lay.buildings:
            yield [meter_device(building.code), "UM-50 heat meter", "true"]
        for room in lay.rooms:
            yield [room.device, "RT-10 room sensor", "true"]

    def _series(self) -> Iterator[Row]:
        lay, since = self.layout, self.season.since.astimezone(ZONE).isoformat()
        for source in lay.sources:
            yield [
                mast_device(source.code), "t", "outdoor_temperature", source.code,
                SLOW_INTERVAL_S, since, "",
            ]  # fmt: skip
        groups = (
            (lay.stations, station_device, STATION_ROLES, STATION_INTERVAL_S),
            (lay.stations, primary_device, PRIMARY_ROLES, SLOW_INTERVAL_S),
            (lay.buildings, meter_device, METER_ROLES, METER_INTERVAL_S),
        )
        for spots, device, roles, interval_s in groups:
            for spot in spots:
                for channel, role in roles.items():
                    yield [device(spot.code), channel, role, spot.code, interval_s, since, ""]
        for room in lay.rooms:
            yield [room.device, "t", "room_temperature", room.code, STEP_S, since, ""]

    def _contracts(self) -> Iterator[Row]:
        for home, fact in zip(self.layout.households, self.facts, strict=True):
            consent = "true" if fact.consent else "false"
            yield [home.code, SEASON, TARIFF, fact.season_fee, "CNY", consent]

    def _requests(self) -> Iterator[Row]:
        for i, (home, fact) in enumerate(zip(self.layout.households, self.facts, strict=True)):
            if fact.request_s is not None:
                yield [home.code, local(fact.request_s), ("phone", "app", "counter")[i % 3]]

    def _measurements(self, at_s: Ints, said_mc: Ints) -> Iterator[Row]:
        """Every fifth home that asked was measured, 10 hours later; the sheet says what its
        sensor said."""
        for number, room in enumerate(self.layout.rooms):
            fact = self.facts[room.household]
            asked = fact.ending is Ending.HALF_FEE and room.household % 5 == 0
            if not asked or fact.request_s is None:
                continue
            made_s = fact.request_s + 10 * HOUR_S
            step = (made_s - int(at_s[0, number])) // STEP_S
            celsius = Decimal(int(said_mc[step, number])) / 1000
            yield [room.code, local(made_s), f"{celsius:.3f}", "operator, household"]

    def _outages(self) -> Iterator[Row]:
        for n, stop in enumerate(self.city.plan.stops, 1):
            if not stop.live and stop.until_s is not None:
                station = self.layout.stations[stop.station].code
                evidence = f"dispatch record 2-{n:03d}: circulation pumps without power"
                yield [
                    station, local(stop.since_s), local(stop.until_s), "false", "operator", evidence,
                ]  # fmt: skip

    def _user_faults(self) -> Iterator[Row]:
        for home, fact in zip(self.layout.households, self.facts, strict=True):
            if fact.ending is Ending.USER_FAULT and fact.run is not None:
                evidence = "inspection sheet: two radiators cut off by the household"
                since = local(fact.run.since_s - 12 * HOUR_S)
                yield [home.code, since, "", "art. 35", evidence]

    def _refusals(self) -> Iterator[Row]:
        """One household that was cold, never asked, and let nobody in."""
        for home, fact in zip(self.layout.households, self.facts, strict=True):
            if fact.ending is Ending.COLD_NO_REQUEST and fact.run is not None:
                yield [home.code, local(fact.run.since_s + 24 * HOUR_S), "nobody let in"]
                return
