"""Where everything stands: two sources, twelve stations, sixty buildings, and their homes.

Names and streets are invented; codes follow the tree, so a code tells the way up.
"""

from dataclasses import dataclass

import numpy as np

COMPANY = "demo"
COMPANY_NAMES = ("禾川示范热力有限公司", "Hechuan Demonstration Heat Co., Ltd.")
SOURCE_NAMES = (("东岭热源厂", "Dongling Heat Plant"), ("西湾热源厂", "Xiwan Heat Plant"))
STREETS = (
    ("青禾路", "Qinghe Road"),
    ("银杏街", "Yinxing Street"),
    ("雁鸣路", "Yanming Road"),
    ("松风巷", "Songfeng Lane"),
    ("望川街", "Wangchuan Street"),
    ("云杉路", "Yunshan Road"),
    ("晴雪街", "Qingxue Street"),
    ("石榴巷", "Shiliu Lane"),
    ("拾光路", "Shiguang Road"),
    ("麦浪街", "Mailang Street"),
    ("白鹭路", "Bailu Road"),
    ("暖溪巷", "Nuanxi Lane"),
)
ESTATES = (
    ("青禾苑", "Qinghe Court"),
    ("银杏里", "Yinxing Terrace"),
    ("雁鸣新村", "Yanming New Village"),
    ("松风园", "Songfeng Garden"),
    ("望川小区", "Wangchuan Estate"),
    ("云杉公寓", "Yunshan Apartments"),
    ("晴雪花园", "Qingxue Gardens"),
    ("石榴院", "Shiliu Yard"),
    ("拾光里", "Shiguang Terrace"),
    ("麦浪家园", "Mailang Homes"),
    ("白鹭湾", "Bailu Bay"),
    ("暖溪苑", "Nuanxi Court"),
)
SOURCES = 2
STATIONS = 12
BUILDINGS_PER_STATION = 5
DOORS_PER_FLOOR = 4
ROOM_NAMES = {"bed": ("bedroom", "卧室", "bedroom"), "liv": ("living", "客厅", "living room")}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: code, names and the index of what it belongs to."""

    code: str
    name: str
    name_en: str
    address: str
    parent: int


@dataclass(frozen=True, slots=True)
class Room:
    """A covered room with its sensor."""

    code: str
    device: str
    household: int  # index
    kind: str  # key of ROOM_NAMES


@dataclass(frozen=True, slots=True)
class Layout:
    """The tree as lists; a spot's `parent` is an index into the list above."""

    sources: tuple[Spot, ...]
    stations: tuple[Spot, ...]
    buildings: tuple[Spot, ...]
    households: tuple[Spot, ...]
    rooms: tuple[Room, ...]

    def station_of(self) -> list[int]:
        """Index of the station of each household."""
        return [self.buildings[home.parent].parent for home in self.households]


def _sources() -> tuple[Spot, ...]:
    return tuple(
        Spot(f"S{i + 1}", name, english, f"{STREETS[i * 6][0]} 1 号", 0)
        for i, (name, english) in enumerate(SOURCE_NAMES)
    )


def _stations() -> tuple[Spot, ...]:
    made = []
    for i in range(STATIONS):
        source, place = divmod(i, STATIONS // SOURCES)
        estate, english = ESTATES[i]
        made.append(
            Spot(
                f"S{source + 1}-{place + 1:02d}",
                f"{estate}换热站",
                f"{english} substation",
                f"{STREETS[i][0]} {10 + i} 号",
                source,
            )
        )
    return tuple(made)


def _building(station: Spot, i: int, n: int) -> Spot:
    (estate, english), (street, _) = ESTATES[i], STREETS[i]
    return Spot(
        f"{station.code}-B{n}",
        f"{estate} {n} 号楼",
        f"{english} building {n}",
        f"{street} {20 + 2 * n} 号",
        i,
    )


def _buildings(stations: tuple[Spot, ...]) -> tuple[Spot, ...]:
    numbers = range(1, BUILDINGS_PER_STATION + 1)
    return tuple(_building(station, i, n) for i, station in enumerate(stations) for n in numbers)


def _households(buildings: tuple[Spot, ...], count: int) -> tuple[Spot, ...]:
    sizes = [len(part) for part in np.array_split(np.arange(count), len(buildings))]
    made = []
    for i, (building, size) in enumerate(zip(buildings, sizes, strict=True)):
        for n in range(size):
            door = f"{n // DOORS_PER_FLOOR + 1:02d}{n % DOORS_PER_FLOOR + 1:02d}"
            made.append(
                Spot(
                    f"{building.code}-{door}",
                    f"{building.name} {door} 室",
                    f"{building.name_en}, flat {door}",
                    f"{building.address} {door} 室",
                    i,
                )
            )
    return tuple(made)


def _rooms(households: tuple[Spot, ...], both: set[int]) -> tuple[Room, ...]:
    made: list[Room] = []
    for i, home in enumerate(households):
        for kind in ("bed", "liv") if i in both else ("liv",) if i % 3 == 2 else ("bed",):
            made.append(Room(f"{home.code}-{kind}", f"rs-{len(made) + 1:06d}", i, kind))
    return tuple(made)


def lay_out(households: int, both: set[int]) -> Layout:
    """The demo's tree with this many households; those in `both` have two covered rooms."""
    sources, stations = _sources(), _stations()
    buildings = _buildings(stations)
    homes = _households(buildings, households)
    return Layout(sources, stations, buildings, homes, _rooms(homes, both))
