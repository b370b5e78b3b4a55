from pathlib import Path

from tests.recipes.house import follow


def test_the_city_to_try_things_on_is_made_as_it_stands_and_has_readings(tmp_path: Path) -> None:
    house = follow("A city to try things on", tmp_path)
    page = (house / "var/filed/daily/demo/daily_2026-02-01.en.html").read_text("utf-8")
    assert "Nothing was measured" not in page
