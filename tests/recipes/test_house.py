"""A recipe is followed to the letter, and one that is wrong fails with the block that is."""

import re
from pathlib import Path

import pytest

from tests.recipes.house import PAGE, RecipeFails, follow, sections
from tests.servers.programs import ROOT

GOOD = """
### A word

Text with `code`.

```python file=domain/word.py
WORD = "flow"
```

```python after="class Refused" in=domain/errors.py
    # a line of ours
```

```console
$ python -c "from domain.word import WORD; print(WORD,   42)"
flow 42
$ grep -A1 "class Refused" domain/errors.py
# a line of ours
$ python -c "import domain; print(domain.__file__)"
.../house/domain/__init__.py
$ echo no >&2; exit 3
no
[exit 3]
```

### Nothing to follow

```
not a recipe
```
"""


def test_a_right_recipe_is_followed_in_a_copy(tmp_path: Path) -> None:
    house = follow("A word", tmp_path, GOOD)
    assert (house / "domain/word.py").read_text() == 'WORD = "flow"\n'
    assert not (ROOT / "domain/word.py").exists()
    assert "a line of ours" not in (ROOT / "domain/errors.py").read_text()


WRONG = [
    ("a file that is there", "domain/word.py", "domain/errors.py", "line 6 .*there already"),
    ("an anchor that is not", "class Refused", "class Lost", "line 10 .*0 lines contain 'class Lost'"),
    ("an anchor in many lines", '"class Refused"', '"class "', r"line 10 .*\d lines contain"),
    ("a file that is not", "in=domain/errors.py", "in=domain/e.py", "line 10 .*no such file"),
    ("other output", "flow 42", "flow 43", "line 14 .*expected 'flow 43'"),
    ("another exit code", "[exit 3]", "[exit 2]", "line 14 .*expected exit 2"),
    ("a failing command", "[exit 3]", "", "line 14 .*expected exit 0"),
    ("a console that begins with output", "```console\n", "```console\nflow\n", "line 14 .*begins"),
    ("a block that does nothing", " file=domain/word.py", "", "line 6 .*neither"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "why"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_recipe_fails_and_names_the_block(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    assert old in GOOD
    with pytest.raises(RecipeFails, match=re.compile(f"'A word', {why}", re.DOTALL)):
        follow("A word", tmp_path, GOOD.replace(old, new))


def test_a_section_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(RecipeFails, match="no recipe 'A verb'; it has: A word"):
        follow("A verb", tmp_path, GOOD)


def test_every_recipe_of_the_page_is_followed_by_a_test() -> None:
    tests = "\n".join(
        each.read_text("utf-8")
        for each in (ROOT / "tests/recipes").glob("test_*.py")
        if each.name != "test_house.py"
    )
    followed = set(re.findall(r'follow\("([^"]+)"', tests))
    assert followed == set(sections((ROOT / PAGE).read_text("utf-8")))
