"""No key of `[alerts]` decides evidence, and alerts warn by what does."""

import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from alerts.config import AlertsConfig
from analytics.heat.supply import SupplyRule
from analytics.law.policy import Policy, load, parse
from analytics.law.terms import SupplyTable
from domain.columns import Columns
from domain.time import to_us
from domain.tree import PlaceKind
from heatwatch.cli import comfort, outages, readings, report
from heatwatch.cli.app import run
from heatwatch.config_tables import ClockConfig
from heatwatch.output import to_json
from heatwatch.services.evidence import (
    STANDARD_C,
    alarm_settings,
    differing_alarms,
    policy_at,
    standard_c,
    supply_rule,
)
from heatwatch.services.settling import compute
from heatwatch.wiring import World
from store.books import registry as reg
from store.registry.series import tree
from tests.analytics.books import NOW, OLD, SEASON, add, local
from tests.heatwatch.towns import bring, town

JANUARY = ("--since", "2025-01-08", "--until", "2025-02-01")
#: What a text of the configuration may be, each tried where a key takes texts.
TEXTS = (
    "1",
    "999",
    "UTC",
    "en",
    "in-tray",
    "smpp",
    "hold",
    "+8613800000000",
    "station_outage",
    "S1-01",
    "x",
)
#: Whole, so that every key can be reached: a message centre, and somebody with a phone.
ALERTS: dict[str, Any] = {
    "recipients": [{"name": "control-room", "phone": "+8613900000000"}],
    "sms": {"smpp": {"system_id": "heatwatch"}},
}
Key = tuple[str | int, ...]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The town with a flow meter a station; S1-01 was out on 25 January, and nobody recorded it."""
    folder = tmp_path_factory.mktemp("town")
    path, world = town(folder)
    add(world.books, reg.Device(id=51, code="meter", verified=True))
    add(world.books, reg.Series(
        id=51, device_id=51, channel="flow", role="flow", place_id=3, interval_s=900,
        since=OLD, until=None,
    ))  # fmt: skip
    bring(world, flow())
    clock = ClockConfig(start=NOW, started=folder / "never")  # so it stands
    city = world.config.city.model_copy(update={"company": "co"})
    world.config = world.config.model_copy(update={"clock": clock, "city": city})
    yield World(world.config, path)
    world.journal.close()
    world.books.dispose()


def flow() -> Columns:
    """9,000 L/h every 15 minutes in the second half of January, and nothing on the 25th until 18:00."""
    at = np.arange(to_us(local(15)), to_us(local(31)), 900 * 1_000_000, dtype=np.int64)
    out = (at >= to_us(local(25))) & (at < to_us(local(25, 18)))
    return Columns(
        np.array([51], dtype=np.int32), np.array([0, at.size]), at,
        np.where(out, 0, 9_000).astype(np.int64), np.zeros(at.size, dtype=np.uint8),
    )  # fmt: skip


@pytest.fixture
def answers(
    made: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[AlertsConfig], dict[str, str]]:
    """What commands, settlement and report say of the town under these `[alerts]`."""
    for module in (comfort, outages, readings, report):
        monkeypatch.setattr(module, "open_world", lambda _path: made)
    numbers = count()

    def command(*arguments: str) -> str:
        capsys.readouterr()
        assert run([*arguments, "--json"]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    def answer(alerts: AlertsConfig) -> dict[str, str]:
        made.config = made.config.model_copy(update={"alerts": alerts})
        folder = tmp_path / str(next(numbers))
        proposed = folder / "outages.csv"
        out = command("outages", *JANUARY, "--out", str(proposed))
        command("report", "daily", "--date", "2025-01-25", "--format", "json", "--out", str(folder))
        [filed] = folder.rglob("*.json")
        settled = compute(made, SEASON)
        return {
            "outages": out.replace(str(folder), ""),
            "proposed": proposed.read_text(),
            "comfort": command("comfort", "--base", "18", "--rooms", *JANUARY),
            "coverage": command("readings", "coverage", *JANUARY),
            "report": filed.read_text(),
            "settlement": to_json(
                [
                    [*settled.results],
                    settled.flush,
                    settled.snapshot.sha256(),
                    settled.policy.sha256,
                ]
            ),
        }

    return answer


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Tables that a key may hold: itself, optional, or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in typing.get_args(annotation):
        yield from models_in(each)


def keys_of(model: type[BaseModel], at: Key = ()) -> Iterator[tuple[Key, FieldInfo]]:
    """Every key below `[alerts]` that holds a value; of a list of tables its first."""
    for name, field in model.model_fields.items():
        inner = next(models_in(field.annotation), None)
        if inner is None:
            yield (*at, name), field
        else:
            is_list = typing.get_origin(field.annotation) is tuple
            yield from keys_of(inner, (*at, name, 0) if is_list else (*at, name))


def kinds_in(annotation: Any) -> set[Any]:
    """The plain types and values that an annotation is made of."""
    if typing.get_origin(annotation) is typing.Literal:
        return set(typing.get_args(annotation))
    inner = typing.get_args(annotation)
    return set().union(*map(kinds_in, inner)) if inner else {annotation}


def ends(field: FieldInfo) -> Iterator[str]:
    """The smallest and the largest number that a key takes."""
    step = Decimal("1e-6")
    for each in field.metadata:
        match each:
            case Ge(ge=end) | Le(le=end):
                yield str(end)
            case Gt(gt=end):
                yield str(Decimal(str(end)) + step)
            case Lt(lt=end):
                yield str(Decimal(str(end)) - step)


def values_of(field: FieldInfo) -> Iterator[Any]:
    """What the key may be set to at most, whatever its type."""
    kinds = kinds_in(field.annotation)
    is_list = typing.get_origin(field.annotation) is tuple
    if kinds & {int, float, Decimal}:
        yield from ends(field)
    elif bool in kinds:
        yield from (True, False)
    else:
        texts = [*TEXTS, *(each for each in kinds if isinstance(each, str))]
        for each in kinds:
            if isinstance(each, type) and issubclass(each, Enum):
                texts += [one.value for one in each]
        yield from ([text] if is_list else text for text in texts)


def changed(values: Any, key: Key, value: Any) -> Any:
    """The table with one key set."""
    if not key:
        return value
    if isinstance(values, list):
        return [
            changed(each, key[1:], value) if i == key[0] else each for i, each in enumerate(values)
        ]
    return {**values, key[0]: changed(values.get(key[0], {}), key[1:], value)}


def variants(key: Key, field: FieldInfo) -> list[tuple[Any, AlertsConfig]]:
    """Every allowed extreme of a key, with all else as it is."""
    found = []
    for value in values_of(field):
        try:
            found.append((value, AlertsConfig.model_validate(changed(ALERTS, key, value))))
        except ValidationError:
            continue  # a text that this key does not take
    return found


KEYS = dict(keys_of(AlertsConfig))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: ".".join(map(str, key)))
def test_every_key_of_alerts_has_values_that_are_tried(key: Key) -> None:
    field = KEYS[key]
    tried = variants(key, field)
    assert tried, "no value was found that this key takes: add one to TEXTS"
    if kinds_in(field.annotation) & {int, float, Decimal}:
        assert len({value for value, _ in tried}) == 2, "a number needs a least and a most"


def test_no_key_of_alerts_changes_a_refund_an_outage_or_a_report(
    answers: Callable[[AlertsConfig], dict[str, str]],
) -> None:
    before = answers(AlertsConfig.model_validate(ALERTS))
    assert '"station": "S1-01"' in before["outages"], "there is something to lose"
    assert "S1-01" in before["proposed"]
    for key, field in KEYS.items():
        for value, alerts in variants(key, field):
            after = answers(alerts)
            differing = [name for name in before if after[name] != before[name]]
            assert not differing, f"alerts.{'.'.join(map(str, key))} = {value} changes {differing}"


POLICY = load("CN-HA-2018")


def with_supply(table: str) -> Policy:
    """Henan's law with a table `[supply]`."""
    return parse(POLICY.raw + table.encode(), "test.toml").policy


STRICT = with_supply("""
[supply]
cold_c = "35"
flow_share = "0.25"
verified_min = "5"
clause = "art. 25"
""")


def test_the_policy_says_what_lost_supply_is_and_without_it_the_rule_of_the_house_holds() -> None:
    assert supply_rule(STRICT) == SupplyRule(35_000, 0.25, 5 * 60_000_000)
    assert supply_rule(POLICY.policy) == supply_rule(None) == SupplyRule()


def test_the_standard_is_the_policys() -> None:
    standard = POLICY.policy.standard.model_copy(update={"temp": Decimal(20)})
    assert standard_c(POLICY.policy.model_copy(update={"standard": standard})) == 20
    assert standard_c(None) == STANDARD_C


def test_alerts_take_from_the_policy_what_the_file_leaves_out() -> None:
    settings = alarm_settings(AlertsConfig(), STRICT)
    assert [settings.detectors["outage"].supply_c, settings.detectors["outage"].flow_share] == [
        35,
        Decimal("0.25"),
    ]
    assert (settings.detectors["outage"].hold_min, settings.detectors["outage"].recover_min) == (
        5,
        60,
    )
    given = AlertsConfig.model_validate({"standard_c": "17", "outage": {"supply_c": "30"}})
    kept = alarm_settings(given, STRICT)
    assert [kept.standard_c, kept.detectors["outage"].supply_c] == [17, 30]
    assert kept.detectors["outage"].flow_share == Decimal("0.25"), (
        "only what is left out is filled in"
    )


def test_alerts_without_a_season_are_as_they_were() -> None:
    assert alarm_settings(AlertsConfig(), None) == AlertsConfig()


def test_a_key_that_once_decided_evidence_and_says_something_else_is_named() -> None:
    given = AlertsConfig.model_validate({"standard_c": "17", "outage": {"hold_min": 1400.0}})
    said = [str(each) for each in differing_alarms(given, POLICY.policy)]
    assert [each.split()[0] for each in said] == ["alerts.standard_c", "alerts.outage.hold_min"]
    assert "go by 18, from the policy of the season" in said[0]
    assert (
        "go by 10.0, heatwatch's default, as the season's policy has no table [supply]" in said[1]
    )
    stated = POLICY.policy.model_copy(
        update={"supply": SupplyTable.model_validate(
            {"cold_c": "30", "flow_share": "0.2", "verified_min": "5", "clause": "art. 1"}
        )}
    )  # fmt: skip
    again = [str(each) for each in differing_alarms(given, stated)]
    assert "go by 5.0, from the policy of the season" in again[1]
    assert "as there is no season yet" in str(next(differing_alarms(given, None)))
    same = AlertsConfig.model_validate({"standard_c": "18", "outage": {"supply_c": "28"}})
    assert list(differing_alarms(same, POLICY.policy)) == []


def test_the_policy_is_that_of_the_companys_newest_season_that_has_begun(made: World) -> None:
    company = int(tree(made.books).of_kind(PlaceKind.COMPANY)[0])
    found = policy_at(made, NOW, company)
    assert found is not None
    assert found.id == "CN-HA-2018"
    assert policy_at(made, datetime(2024, 1, 1, tzinfo=UTC), company) is None
    assert policy_at(made, NOW, company + 1) is None
