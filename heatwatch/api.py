"""What a notebook imports: `import heatwatch as hw`. pandas in, pandas out, units in `attrs`.

Every frame says the unit of each column of numbers in `frame.attrs["units"]`, as UCUM writes it ("1":
a number without unit, a currency for money, "" where the unit differs by row and stands in the column
`unit`). Times have the city's zone. Errors are `ValueError`s that name what is allowed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any, cast

import pandas as pd
from pydantic import ValidationError

from analytics.heat.frames import coverage, degree_hours, outages
from analytics.heat.register_frame import consumption
from analytics.heat.water import heat_coefficient, heat_of_volume
from analytics.law.policy import PolicyFile, load
from analytics.settlement.result import Result
from analytics.settlement.settle import settle_facts
from domain.errors import WrongCall
from domain.faults import dotted, fault
from domain.language import joined, msg
from domain.time import to_us
from heatwatch.chooser import no_such
from heatwatch.city import City, common_unit
from heatwatch.wiring import open_world
from ingest.config import FeedConfig

__all__ = [
    "City", "Law", "consumption", "coverage", "decode", "degree_hours", "heat_coefficient", "heat_of_volume", "open",
    "outages", "policy",
]  # fmt: skip


def open(config: str | PathLike[str]) -> "City":
    """The city of a configuration file; its stores are opened when they are first used.

    Parameters
    ----------
    config : str or path
        A `heatwatch.toml`.

    Raises
    ------
    ValueError
        Where the file is not there, or a key or value in it is wrong; it names them.

    Examples
    --------
    >>> open("no-such-city.toml")
    Traceback (most recent call last):
    ...
    domain.errors.NoConfiguration: ...no-such-city.toml...
    """
    return City(open_world(Path(_path("config", config))))


@dataclass(frozen=True)
class Law:
    """One legal text as data."""

    file: PolicyFile

    @property
    def id(self) -> str:
        return self.file.policy.id

    def refund(self, facts: Mapping[str, Any]) -> Result:
        """One household's sum, lines and steps from facts as `heatwatch refund try` reads them.

        Raises ValueError where a fact is missing or is none; it names the key.
        """
        if not isinstance(facts, Mapping):
            kind = msg("mapping of facts, e.g. a dict")
            raise WrongCall(no_such("facts", facts, kind))
        return settle_facts(dict(facts), self.file)


def policy(which: str | PathLike[str]) -> Law:
    """A shipped policy by its id, or any by its .toml file; ValueError names those there are.

    Examples
    --------
    >>> policy("CN-HA-2018").refund({
    ...     "season": ["2024-11-15T00:00", "2025-03-16T00:00"], "season_fee": "2420.00",
    ...     "interval_min": 15, "rooms": {"bedroom": []}, "requests": [], "measurements": [],
    ...     "outages": [["2025-01-10T06:00", "2025-01-11T12:00"]]}).total
    Decimal('25.00')
    """
    given = _path("policy", which)
    return Law(load(given if isinstance(given, str) else Path(given)))


def decode(
    format: str,
    payload: bytes | str | Sequence[bytes | str],
    *,
    topic: str = "heatwatch/v1/device",
    mapping: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """What a message holds, or several that belong together, without registry and without keeping anything.

    Parameters
    ----------
    format : str
        E.g. "native"; ValueError names those there are.
    payload : bytes, str or a list of them
        The message's own bytes; a list for a format that remembers, in the order of arrival.
    topic : str
        What it came on: some formats name the device there.
    mapping : mapping, optional
        The format's settings, as `[ingest.feeds.mapping]` has them; "mapped" needs it.

    Returns
    -------
    DataFrame
        `device`, `channel`, `time` (UTC; NaT where the message has none), `value` (Decimal or
        None) in `unit` (UCUM; None: the quantity's own), `revision`. What is wrong with the
        message stands in `attrs["flaws"]`.

    Raises
    ------
    ValueError
        Where the format is not known, its mapping is missing or wrong, or a payload is no message.
        What a message holds never raises.

    Examples
    --------
    >>> found = decode("native", '{"channel":"t","time":"2026-11-22T06:00:00Z","value":21.35}')
    >>> found.loc[0, ["device", "channel", "value"]].tolist()
    ['device', 't', Decimal('21.35')]
    >>> decode("mapped", '{"t": 21.5}', topic="S1", mapping={"topic": "{device}", "channels": {"t": "$.t"}})["device"].tolist()
    ['S1']
    """
    from ingest.codecs.offline import decode_all

    feed = _feed(format, topic, mapping)
    messages = [(topic, _bytes(each)) for each in _messages(payload)]
    shown = decode_all(feed, messages, to_us(datetime.now(UTC)))
    names = ["device", "channel", "at_us", "value", "unit", "revision"]
    rows = [[getattr(each, name) for name in names] for found, _ in shown.decoded for each in found]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    times = pd.to_datetime(pd.to_numeric(frame.pop("at_us")), unit="us", utc=True)
    frame.insert(2, "time", times)
    flaws = [
        str(msg("{reason}: {detail}", reason=flaw.reason, detail=flaw.detail))
        for _, wrong in shown.decoded
        for flaw in wrong
    ]
    units = {"value": common_unit([each or "" for each in frame["unit"]]), "revision": "1"}
    frame.attrs |= {"units": units, "flaws": flaws}
    return frame


def _feed(format: str, topic: object, mapping: Mapping[str, Any] | None) -> FeedConfig:
    """A feed of this format; ValueError where there is none, or its settings are missing or wrong."""
    from ingest.formats import known_format, needs_settings

    if not isinstance(topic, str):
        raise WrongCall(no_such("topic", topic, msg("text")))
    if needs_settings(known_format(format)) and mapping is None:
        raise WrongCall(
            msg(
                "format {format!r} needs its mapping: mapping={example}",
                format=format,
                example='{"channels": {"t": "$.t"}, ...}',
            )
        )
    try:
        return FeedConfig.model_validate(
            {"name": "decode", "topic": "#", "format": format, "mapping": mapping}
        )
    except ValidationError as wrong:
        lines = [
            msg("{key}: {why}", key=dotted(each["loc"] or ["mapping"]), why=fault(each, FeedConfig))
            for each in wrong.errors()
        ]
        raise WrongCall(joined("; ", lines)) from None


def _messages(payload: object) -> list[bytes | str]:
    """One message or several; ValueError where it is none."""
    single = isinstance(payload, bytes | str) or not isinstance(payload, Iterable)
    every = [payload] if single else list(cast(Iterable[object], payload))
    for each in every:
        if not isinstance(each, bytes | str):
            raise ValueError(f"payload is {type(each).__name__}; allowed: bytes or str")
    return cast(list[bytes | str], every)


def _bytes(message: bytes | str) -> bytes:
    """Half a character gives bytes that are no UTF-8, which the format says as of any message."""
    return message if isinstance(message, bytes) else message.encode("utf-8", "surrogatepass")


def _path(name: str, given: object) -> str | PathLike[str]:
    """A path or text as it is; ValueError where it is neither."""
    if not isinstance(given, str | PathLike):
        raise WrongCall(no_such(name, given, msg("path")))
    return given
