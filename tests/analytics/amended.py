"""Policies with values that change on a day, for tests: overlays of a text that no act has, and what the twin is told."""

from analytics.law.dated import RULES
from analytics.law.policy import PolicyFile, load, parse
from heatwatch.evaluate.law_amended import ORDER, amended, changes
from simulators.law.amendments import AMENDMENTS, Amendment, for_twin, some_day

__all__ = [
    "AMENDMENTS",
    "ORDER",
    "Amendment",
    "amended",
    "changes",
    "dated",
    "for_twin",
    "own",
    "some_day",
]

DAY = "2025-01-15"
SAID = "".join(
    f'\n[[interpretations]]\nname = "{name}"\ninterprets = "art. 27 ¶2"\nzh = "试"\nen = "test"\n'
    for name in RULES
)


def dated(
    key: str, value: str, since: str = DAY, *, document: str = ORDER, clause: str = "art. 2"
) -> str:
    """One entry as a policy's file has it; `value`: as TOML, "" to remove it."""
    given = f"value = {value}" if value else "remove = true"
    head = f'\n[[dated]]\nsince = {since}\nkey = "{key}"\n{given}\n'
    return f'{head}document = "{document}"\nclause = "{clause}"\n'


def own(*entries: str, said: str = SAID) -> PolicyFile:
    """Henan's text with these, of an id of its own."""
    raw = load("CN-HA-2018").raw.decode().replace("CN-HA-2018", "OWN-2018")
    return parse((raw + said + "".join(entries)).encode(), "own.toml")
