"""A correction names the columns of registry rows that were changed since the run before."""

from pathlib import Path

from heatwatch.wiring import World
from tests.analytics.ledger.test_changed_facts import drafted, found, told
from tests.analytics.ledger.test_ended_facts import WHY, Says, city

__all__ = ["city"]  # fixtures


def test_a_column_of_its_places_its_devices_or_its_season_is_named_before_and_after(
    city: tuple[World, Says], tmp_path: Path
) -> None:
    world, says = city
    first = drafted(says)

    def imported(kind: str, head: str, *rows: str) -> None:
        path = tmp_path / f"{kind}.csv"
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        says("registry", "import", str(path), *WHY)

    columns = "code,kind,parent,name,name_en,address,area_m2,room_use,since,until"
    since = "2024-01-01T00:00:00Z"
    imported(
        "places", columns,
        f"H1,household,B1,H1,,,80,,{since},", f"H1-bed,room,H1,H1-bed,,,,kitchen,{since},",
        f"B1,building,S1-02,B1,,,,,{since},",
    )  # fmt: skip
    imported("places", columns, f"H1,household,B1,H1,,,85.5,,{since},")
    imported("devices", "code,model,verified", "d1,,false")
    second = drafted(says)
    imported("places", columns, f"H1-bed,room,H1,H1-bed,,,,bedroom,{since},")
    how = "superseded", "user:Li Wei", "of the neighbour"
    assert {*told(found(world, first, second))} == {
        ("places.area_m2", "", *how, (("", "85.5"),)),
        ("places.room_use", "H1-bed", *how, (("bedroom", "kitchen"),)),
        ("places.parent", "B1", *how, (("S1-01", "S1-02"),)),
        ("devices.verified", "d1", *how, (("true", "false"),)),
    }
    assert [each.kind for each in found(world, first, second, "H2")] == ["places.parent"]
    assert found(world, first, second, "H3") == []
    third = drafted(says)
    assert told(found(world, first, third))[-1][0] != "places.room_use", "it was changed back"
