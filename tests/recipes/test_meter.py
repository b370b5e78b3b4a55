from pathlib import Path

from tests.recipes.house import follow


def test_the_recipe_for_a_meter_works_as_it_stands(tmp_path: Path) -> None:
    follow("A meter", tmp_path)
