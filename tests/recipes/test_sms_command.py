from pathlib import Path

from tests.recipes.house import follow


def test_the_recipe_for_an_sms_command_works_as_it_stands(tmp_path: Path) -> None:
    follow("An SMS command", tmp_path)
