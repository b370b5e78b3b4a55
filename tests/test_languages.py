"""Nothing is left in one language only: no Chinese in the code, no English sentence in a Chinese answer."""

import ast
import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import typer.main

from dashboards.api.app import build_api
from dashboards.auth.password_gate import PasswordGate
from domain.language import in_language
from heatwatch.cli.app import build, run
from heatwatch.services.screens import screens_of
from heatwatch.wiring import open_world
from ingest.codecs.message import Reason
from ingest.codecs.words import reason_words
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.towns import town
from tests.house import ROOMS
from tests.servers.programs import ROOT
from tests.test_commands import leaves

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: Without one of these a file has no Chinese: letters, or how strings write them.
MAY_BE = re.compile(rf"{CHINESE.pattern}|\\[uUN]")
#: Files whose strings may be Chinese, and why.
CHINESE_IN_CODE = {
    "domain/time.py": "dates as people write them",
    "domain/unit.py": "units as people write them",
    "ingest/kernels/dates.py": "halves of the day as files write them",
    "ingest/mapping/time_format.py": "dates as files write them",
    "ingest/connect/words.py": "members of messages as people call them",
    "ingest/files/mapping.py": "totals and blanks as files write them",
    "simulators/plan/layout.py": "names and streets of the invented city",
    "heatwatch/evaluate/law_amended.py": "the document that amends acts of random seasons",
    "analytics/law/clauses.py": "how articles are counted in Chinese",
    "domain/formats.py": "the yuan behind an amount",
    "store/registry/aliases.py": "sheets, columns and values as companies call them",
    "store/registry/examples.py": "names of the template's small city",
    "store/registry/values.py": "yes, no and nothing as people write them in registry files",
    "alerts/inbound/commands/acknowledge.py": "what field crews answer by SMS",
    "alerts/inbound/help_text.py": "what they write for help",
    "alerts/inbound/understand.py": "what they write before a code",
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
        if str(path.relative_to(root)) not in allowed and MAY_BE.search(path.read_text("utf-8"))
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


#: Calls on a small town in this order, with their exit codes; `{here}` is a folder for files.
CALLS: tuple[tuple[str, int], ...] = (
    ("config check", 0),
    ("comfort --since 2025-01-10 --until 2025-01-12", 0),
    ("comfort --base warm", 2),
    ("comfort --no-such-option", 2),
    ("outages --since 2025-01-10 --until 2025-01-12", 0),
    ("energy --since 2025-01-10 --until 2025-01-12", 0),
    ("energy --of room --since 2025-01-10", 2),
    ("energy --from-volume return --since 2025-01-10 --until 2025-01-12", 0),
    ("balance --since 2025-01-10 --until 2025-01-12", 0),
    ("signature --of building --since 2025-01-10 --until 2025-01-12", 0),
    ("degree-days --since 2025-01-10 --until 2025-01-12", 0),
    ("degree-days --rule HDD65", 2),
    ("backup {here}/backups", 0),
    ("backup {here}/var/lake/backups", 2),
    ("backup --verify {here}/backups", 0),
    ("backup --verify {here}/none", 2),
    ("restore {here}/none {here}/new", 2),
    ("charges --season 2024-25", 0),
    ("charges --season 1999-00", 2),
    ("settle draft", 2),
    ("settle draft --season 2024-25", 0),
    ("settle review --season 2024-25", 0),
    ("settle show --season 2024-25", 0),
    ("settle show --season 1999", 2),
    ("settle approve --season 2024-25 --by Li", 0),
    ("settle approve --season 2024-25 --by Li", 0),
    ("settle draft --season 2024-25 --correction", 0),
    ("settle verify", 0),
    ("settle verify --run 1", 0),
    ("settle verify --all", 0),
    ("evaluate tamper --count 1", 0),
    ("evaluate codecs --frames 20 --format senml", 0),
    ("evaluate durability --kills 0", 2),
    ("doctor", 5),
    ("settle export --season 2024-25 --out {here}/run", 0),
    ("settle payments preview --season 2024-25", 0),
    ("settle payments export --season 2024-25 --out {here}/bank", 0),
    ("settle payments export --season 2024-25 --out {here}/bank", 0),
    ("settle payments import-returns {here}/rows.csv", 2),
    ("settle payments list --season 2024-25", 0),
    ("settle payments decide --season 2024-25 --household H1 --other --reason sold", 2),
    ("settle show --season 2024-25", 0),
    ("explain H1 --season 2024-25", 0),
    ("explain H1 --season 2024-25 --policy CN-SD-LINYI-2017", 0),
    ("explain H9 --season 2024-25", 2),
    ("refund try {here}/facts.json", 2),
    ("evaluate seasons {here}", 2),
    ("case open --season 2024-25", 0),
    ("case list --all", 0),
    ("case done 999", 5),
    ("case objections", 0),
    ("case object X9 --run 1 --text x", 2),
    ("case uphold H1 2025-05-20 --correction 2 --reason x", 2),
    ("case dismiss H1 2025-05-20 --document x --reason x", 2),
    ("alerts list --all", 0),
    ("alerts list --kind fire", 2),
    ("alerts messages", 0),
    ("alerts received", 0),
    ("alerts ack XYZ", 2),
    ("alerts acknowledge 1 --by Li", 2),
    ("mirror status", 0),
    ("mirror rebuild", 2),
    ("readings refused", 0),
    ("readings dismiss --why x --topic a/#", 0),
    ("readings lost", 0),
    ("readings replay --dry", 0),
    ("readings coverage --since 2025-01-10 --until 2025-01-12", 0),
    ("readings import {here}/no.csv --mapping {here}/mapping.toml", 2),
    ("readings import {here}/rows.csv --mapping {here}/wrong.toml", 2),
    ("readings import {here}/rows.csv --mapping {here}/mapping.toml", 3),
    ("registry export {here}/registry", 0),
    ("registry check {here}/registry", 0),
    ("registry check {here}/wrong", 5),
    ("registry import {here}/wrong", 3),
    ("registry history", 0),
    ("registry template --out {here}/template.xlsx --kind words", 2),
    ("evidence list", 0),
    ("evidence list X9", 2),
    ("evidence show requests H1 2025-01-01", 2),
    ("evidence history", 0),
    ("evidence record requests household=H1", 2),
    ("evidence record calls x", 2),
    ("evidence withdraw requests H1 2025-01-01T00:00 --reason x", 2),
    ("evidence withdraw", 2),
    ("evidence confirm S9@20250124T160000Z+64800", 2),
    ("evidence reject x", 2),
    ("evidence open", 0),
    ("evidence open --season 2031", 2),
    ("policy list", 0),
    ("policy show CN-HA-2018", 0),
    ("policy check {here}/policy.toml", 5),
    ("policy compare CN-HA-2018 CN-HA-2018 --season 2024-25", 0),
    ("policy compare CN-HA-2018 {here}/compared.toml --season 2024-25", 0),
    ("policy compare CN-HA-2018 CN-NM-ORDOS --season 2031", 2),
    ("policy compare CN-HA-2018 NO-SUCH --season 2024-25", 2),
    ("policy adopt --season 2031", 2),
    ("policy confirm CN-HA-2018 --document x --date 2031-13-01", 2),
    ("report daily --date 2025-01-10 --out {here}/report --format html", 0),
    ("report yearly", 2),
    ("connect --samples {here}/message.json", 0),
    ("connect --samples {here}/no", 2),
    ("decode {here}/message.json", 0),
    ("grafana render --out {here}/grafana", 0),
    ("grafana push", 2),
    ("simulate --out {here}/world --scenario atlantis", 2),
    ("evaluate law --policy CN-NX-YINCHUAN-2010 --worlds 3", 0),
    ("bench settle --households 1", 2),
    ("bench day --households 1", 2),
    ("bench energy --meters 0", 2),
    ("bench store --flushes 1", 2),
    ("demo --folder {here}", 2),
    ("run nobody", 2),
    ("no-such-command", 2),
)
#: Calls that answer with data alone, the same in every language.
DATA = ("decode {here}/message.json",)
#: Commands without a call, and why.
NOT_CALLED = {
    "bench ingest": "takes minutes, and has no wrong call of its own",
}
WRONG_POLICY = """id = "henan"
colour = 1
calculators = ["day_bnad"]
interpretations = [{ name = "No Name", interprets = "", zh = "x", en = "x" }]
[standard]
temp = 18.0
rooms = ["attic"]
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town's configuration; files for the calls stand beside it."""
    here = tmp_path_factory.mktemp("languages")
    path, _ = town(here)
    for name, text in {
        "policy.toml": WRONG_POLICY,
        "compared.toml": at_20_degrees().replace('"20"', '"22"'),
        "facts.json": '{"season": 5, "weather": "cold", "rooms": []}',
        "mapping.toml": 'layout = "long"\n[columns]\ndevice = "device"\nchannel = "channel"\nvalue = "value"\n',
        "wrong.toml": 'layout = "tall"\nclock = 5\nencodnig = "utf8"\n',
        "rows.csv": "time,device,channel,value\nsoon,D1,t,18\n2025-01-10T08:00:00Z,D1,t,warm\n",
        "message.json": '{"channel": "p", "value": 4.5, "unit": "furlong"}',
        "wrong/places.csv": "code,kind,parent,name\nX1,flat,,X\n",
    }.items():
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_call(name: str) -> None:
    called = any(f"{call} ".startswith(f"{name} ") for call, _ in CALLS)
    assert called != (name in NOT_CALLED), "neither called nor on the list with a reason, or both"


def said(
    config: Path, call: str, language: str, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Exit code of a call and all it says."""
    words = call.format(here=config.parent).split()
    command = next((c for c in WITH_CONFIG if call.startswith(c)), None)
    capsys.readouterr()
    code = run([*words, "--lang", language, *(["-c", str(config)] if command else [])])
    shown = capsys.readouterr()
    return code, shown.out + shown.err


WITH_CONFIG = tuple(
    name
    for name, command in leaves(typer.main.get_command(build()))
    if "config" in {each.name for each in command.params}
)


@pytest.mark.parametrize(("call", "code"), CALLS, ids=[f"{i}-{c[0]}" for i, c in enumerate(CALLS)])
def test_an_answer_in_chinese_has_no_english_sentence(
    config: Path, call: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, shown = said(config, call, "zh", capsys)
    assert ended == code, shown
    assert english(NAMES.sub(" ; ", shown)) == []
    assert CHINESE.search(shown) or call in DATA


@pytest.mark.parametrize(
    "call",
    [c for c, code in CALLS if code != 0 or c.split()[1:2] in (["show"], ["list"], ["check"])],
)
def test_an_answer_in_english_has_no_chinese(
    config: Path, call: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, shown = said(config, call, "en", capsys)
    assert not CHINESE.search(shown), shown


#: Names that stand in answers of any language: zones, what the town and the simulators are called.
NAMES = re.compile(r"Asia/Shanghai|heatwatch|Delta Lake|My city")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_a_refused_message_has_words(reason: Reason) -> None:
    words = [str(in_language(reason_words(f"{part}{reason}"), "zh")) for part in ("", "part_")]
    assert all(CHINESE.search(each) for each in words)
    assert [english(each.replace("_", " ")) for each in words] == [[], []]


def test_the_api_and_the_password_page_speak_the_configured_language(config: Path) -> None:
    async def ask(language: str) -> list[str]:
        api = build_api(screens_of(open_world(config)), language)
        told = []
        for app in (api, PasswordGate(api, "secret", language)):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
                for page in ("places/none/latest", "tree?company=none"):
                    answer = await client.get(f"/api/{page}")
                    assert answer.status_code >= 400
                    told.append(answer.text)
        return told

    chinese_ones, english_ones = asyncio.run(ask("zh")), asyncio.run(ask("en"))
    assert all(CHINESE.search(each) for each in chinese_ones)
    assert [english(each) for each in chinese_ones] == [[], [], [], []]
    assert not any(CHINESE.search(each) for each in english_ones)
