"""The law on random seasons inside which an act is amended: the settlement and its twin are told of the same day."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from analytics.law.dated import RULES
from analytics.law.overlays import packed
from analytics.law.policy import PolicyFile, load, parse
from heatwatch.evaluate.law import Progress, Score, SeasonOf, Twin, evaluate
from simulators.law.amendments import AMENDMENTS, for_twin, some_day
from simulators.law.smallest import Scenario
from simulators.law.twins import TWINS, world_of

ORDER = "试验令第1号"  # of no authority
WHY = '{ zh = "仅为测试", en = "a test" }'
#: So many seasons are amended on one day, as a city has one law.
OF_ONE_DAY = 20
#: Ningxia's text is in force from behind the season of random worlds on.
LATER = b"since = 2025-11-01", b"since = 2023-11-01"


def changes(keys: Mapping[str, str], since: date | None) -> str:
    """The changes of an overlay."""
    dated = "" if since is None else f'since = {since}\ndocument = "{ORDER}"\nclause = "art. 2"\n'
    return "".join(
        f'\n[[changes]]\nkey = "{key}"\nvalue = {value}\nreference = {WHY}\n{dated}'
        for key, value in keys.items()
    )


def amended(policy: str, *days: tuple[date, Mapping[str, str]]) -> PolicyFile:
    """A policy with values of a day, as an overlay makes it."""
    clause = load(policy).policy.interpretations[0].interprets
    said = {
        f"interpretations.{name}": f'{{ name = "{name}", interprets = "{clause}", zh = "试", en = "test" }}'
        for name in RULES
    }
    text = f'base = "{policy}"\nname = {{ zh = "修改", en = "amended" }}\n' + changes(said, None)
    text += "".join(changes(keys, day) for day, keys in days)
    raw = load(policy).raw.replace(*LATER) if policy == "CN-NX-2025" else load(policy).raw
    return parse(packed(raw, text.encode()), f"{policy} amended")


def evaluate_amended(
    name: str,
    seeds: Sequence[int],
    progress: Progress | None = None,
    season_of: SeasonOf = world_of,
) -> Score:
    """As `evaluate`, of a policy of `AMENDMENTS`; a day of each twenty seasons' first one amends it."""
    new, whole = AMENDMENTS[name], Score(name, True)
    for first in range(0, len(seeds), OF_ONE_DAY):
        block = seeds[first : first + OF_ONE_DAY]
        day = some_day(season_of(name, block[0]), block[0])
        file = amended(name, (day, new.keys))
        told = partial(_told, TWINS[name], (day, new.numbers))
        whole.add(evaluate(file, block, None, partial(_of, season_of, name), told))
        if progress is not None:
            progress(first + len(block), len(seeds))
    return whole


def _of(season_of: SeasonOf, name: str, _amended: str, seed: int) -> Scenario:
    return season_of(name, seed)


def _told(twin: Twin, amendment: tuple[date, Mapping[str, Any]], world: Scenario) -> dict[str, Any]:
    return twin(for_twin(world, amendment))
