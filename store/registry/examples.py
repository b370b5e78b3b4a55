"""A small city as rows of a template: one of most kinds, which import as they stand.

Values of closed lists are ours; times are local, of the city.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

_BEGUN = datetime(2025, 9, 1)  # noqa: DTZ001 - a spreadsheet's date has no zone
_SEASON, _OVER = datetime(2025, 11, 15), datetime(2026, 3, 16)  # noqa: DTZ001
_TIME = datetime(2025, 12, 3, 8, 10)  # noqa: DTZ001
_FEE = Decimal("2103.25")


def _on(*day_and_time: int) -> datetime:
    return datetime(2025, *day_and_time)  # type: ignore[arg-type]  # noqa: DTZ001


def _place(
    code: str, kind: str, parent: str, names: tuple[str, str], *, area: Any = "", use: str = ""
) -> list[Any]:
    return [code, kind, parent, *names, "", area, use, _BEGUN, ""]


#: Kind -> rows, with as many cells as the kind has columns.
EXAMPLES: dict[str, list[list[Any]]] = {
    "places": [
        _place("heat", "company", "", ("示范供热", "Demo Heat")),
        _place("plant", "source", "heat", ("热源厂", "Heat plant")),
        _place("S01", "station", "plant", ("一号站", "Station 1")),
        _place("S01-03", "building", "S01", ("3号楼", "Building 3")),
        _place("00301", "household", "S01-03", ("101室", "Flat 101"), area=Decimal("89.5")),
        _place("00302", "household", "S01-03", ("102室", "Flat 102"), area=Decimal(60)),
        _place("00301-bed", "room", "00301", ("主卧", "Bedroom"), use="bedroom"),
        _place("00301-liv", "room", "00301", ("客厅", "Living room"), use="living"),
        _place("00302-bed", "room", "00302", ("卧室", "Bedroom"), use="bedroom"),
    ],
    "devices": [["TH-0301", "TH-2", ""], ["TH-0302", "TH-2", ""]],
    "certificates": [["TH-0301", _BEGUN, "", "GB 2025-0417"], ["TH-0302", _BEGUN, "", "GB 2025-0418"]],
    "series": [
        ["TH-0301", "t", "room_temperature", "00301-bed", 900, _BEGUN, "", ""],
        ["TH-0302", "t", "room_temperature", "00302-bed", 900, _BEGUN, "", ""],
    ],
    "seasons": [["2025-26", "heat", "CN-HA-2018", _SEASON, _OVER, "Asia/Shanghai", Decimal("-5.8")]],
    "tariffs": [["std", Decimal("23.50"), "CNY"]],
    "contracts": [
        ["00301", "2025-26", "std", _FEE, "CNY", "true"],
        ["00302", "2025-26", "std", Decimal("1410.00"), "CNY", "false"],
    ],
    "contract_terms": [
        ["00302", "2025-26", "", "", "", "2025-0302", "residential", "", _on(12, 15), "", Decimal("1200.00"), ""]
    ],
    "fee_spans": [["00302", _on(12, 15), "", "moved_in", "王五", "", "", "3/2025"]],
    "corner_rooms": [["00301-bed", _BEGUN, "", "A-4"]],
    "requests": [["00301", _TIME, "12345"]],
    "measurements": [["00301-bed", _on(12, 3, 14, 0), Decimal("16.4"), "张三; 李四"]],
    "outages": [["S01", _on(12, 20, 0, 0), _on(12, 20, 13, 0), "false", "operator", "7/2025", "", "", ""]],
    "user_faults": [["00302", _on(12, 2), _on(12, 3), "35", "IMG-2"]],
    "refusals": [["00302", _on(12, 3, 14, 20), "IMG-7"]],
    "decisions": [
        ["00301-bed", _on(12, 5), _on(12, 6), "below", "authority", "12/2025", "33", ""]
    ],
    "outage_decisions": [
        ["S01", _on(12, 20), _on(12, 21), Decimal("0.5"), "authority", "14/2025", "29"]
    ],
    "objections": [],  # of a settlement run, which an empty registry does not have
}  # fmt: skip
