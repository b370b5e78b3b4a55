"""Nothing is left in one language only: no Chinese in the code, no English sentence in a Chinese answer."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from heatwatch.cli.app import build, run
from tests.heatwatch.towns import town
from tests.house import ROOMS
from tests.servers.programs import ROOT
from tests.test_commands import leaves

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: Files whose strings may be Chinese, and why.
CHINESE_IN_CODE = {
    "simulators/plan/layout.py": "names and streets of the invented city",
    "analytics/law/clauses.py": "how articles are counted in Chinese",
    "domain/formats.py": "the yuan behind an amount",
    "store/registry/values.py": "yes and no as people write them in registry files",
    "cases/kinds/measurement.py": "the title of an act that a task cites",
    "alerts/inbound/commands/acknowledge.py": "what field crews answer by SMS",
}
#: Three English words in a row, outside of what is a name, a call, a path or a unit.
SENTENCE = re.compile(r"\b[A-Za-z][a-z']+ [A-Za-z]?[a-z']+ [A-Za-z]?[a-z']+\b")
CODE = re.compile(
    r"`[^`]*`|heatwatch [a-z]+[^\n│]*|HEATWATCH_\w+=\S+|--?[a-z][\w-]*( [A-Z]+)?|\S*[/_.:=@]\S*|<[^>]*>|\[[a-z|_]+\]"
)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every string that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def chinese(root: Path, allowed: dict[str, str]) -> list[str]:
    """Strings with Chinese in files that have no reason for it."""
    return [
        f"{path.relative_to(root)}:{line}: {text[:40]}"
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
        if str(path.relative_to(root)) not in allowed
        for line, text in strings(path)
        if CHINESE.search(text)
    ]


def english(shown: str) -> list[str]:
    """What of an answer in Chinese is an English sentence."""
    return [found[0] for found in SENTENCE.finditer(CODE.sub(" ; ", shown))]


def test_chinese_stands_in_the_catalogue_and_not_in_the_code() -> None:
    assert chinese(ROOT, CHINESE_IN_CODE) == []


@pytest.mark.parametrize("name", CHINESE_IN_CODE)
def test_no_reason_is_kept_for_a_file_without_chinese(name: str) -> None:
    assert any(CHINESE.search(text) for _, text in strings(ROOT / name)), name


def test_chinese_in_code_and_english_in_an_answer_are_seen(tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "texts.py").write_text('"""说明"""\nTEXT = "补水异常"\n', "utf-8")
    assert chinese(tmp_path, {}) == ["alerts/texts.py:2: 补水异常"]
    assert english("结算 1 was approved before 已批准") == ["was approved before"]
    assert english("见 `heatwatch settle draft` 与 --lang zh，地点 S1-03-B2") == []


COMMANDS = [name for name, _ in leaves(typer.main.get_command(build()))]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_in_chinese_has_no_english_sentence_and_in_english_no_chinese(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert run([*name.split(), "--help", "--lang", "zh"]) == 0
    assert english(capsys.readouterr().out) == []
    assert run([*name.split(), "--help", "--lang", "en"]) == 0
    assert not CHINESE.search(capsys.readouterr().out)


#: Commands on a small town, with their exit codes.
CALLS: tuple[tuple[str, int], ...] = (
    ("config check", 0),
    ("comfort --since 2025-01-10 --until 2025-01-12", 0),
    ("outages --since 2025-01-10 --until 2025-01-12", 0),
    ("settle draft --season 2024-25", 0),
    ("settle show --season 2024-25", 0),
    ("settle verify", 0),
    ("case list", 0),
    ("alerts list --all", 0),
    ("alerts messages", 0),
    ("mirror status", 0),
    ("readings refused", 0),
    ("readings coverage --since 2025-01-10 --until 2025-01-12", 0),
    ("settle show --season 1999", 2),
    ("comfort --base warm", 2),
    ("comfort --no-such-option", 2),
    ("settle draft", 2),
    ("no-such-command", 2),
    ("report yearly", 2),
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, _ = town(tmp_path_factory.mktemp("languages"))
    return path


@pytest.mark.parametrize(("call", "code"), CALLS, ids=str)
def test_an_answer_in_chinese_has_no_english_sentence(
    config: Path, call: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    words = call.split()
    own = [] if words[0] == "no-such-command" else ["-c", str(config)]
    assert run([*words, "--lang", "zh", *own]) == code
    shown = capsys.readouterr()
    assert english(shown.out + shown.err) == []
    assert CHINESE.search(shown.out + shown.err)
