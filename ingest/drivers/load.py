"""Drivers: what a model of meter or sensor means by what it sends, one TOML file beside this each.

A driver says how the model is recognised, which of its records are which channels, what the bits of
its status mean, and gives telegrams with what they hold, which are its test. A codec without a
driver for a meter goes by the standard alone.
"""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from domain.language import msg
from domain.quantity import Role

_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
FOLDER = Path(__file__).parent
Function = Literal["instant", "max", "min", "error"]
Order = Literal["low", "high"]  # which digits come first


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a driver, without keys that nobody knows."""


class Match(_Part, frozen=True):
    """Which record is meant; what stands here must be so."""

    name: str = ""  # as the codec names what is measured
    head: str = ""  # DIF, DIFE, VIF and VIFE in hexadecimal
    function: Function = "instant"
    storage: int = 0
    tariff: int = 0
    unit: int = 0
    said: tuple[str, ...] = ()


class Field(_Part, frozen=True):
    """A record as a channel."""

    channel: str
    record: Match
    role: str = ""  # what the channel is at its place, for who registers it
    quantity: str = ""  # where the standard does not say it
    unit: str = ""
    factor: str = "1"  # value * factor, a decimal


class Bit(_Part, frozen=True):
    """A bit, or several, of a status."""

    mask: int
    word: str
    fails: tuple[str, ...] = ()  # channels that hold nothing then; "*" is all


class Status(_Part, frozen=True):
    """A number whose bits say what is wrong."""

    bits: tuple[Bit, ...] = ()  # others that are set are an error of something
    record: str = ""  # name of the record; "" is the status byte of the header
    word: str = ""  # before the number of bits that stand nowhere; default the record's name


class Reading(_Part, frozen=True):
    """What one channel of a telegram holds."""

    channel: str
    value: str | None
    unit: str | None = None
    quality: Literal["GOOD", "DEVICE_ERROR"] = "GOOD"
    storage: int = 0


class Example(_Part, frozen=True):
    """A telegram and what it holds."""

    hex: str
    device: str
    readings: tuple[Reading, ...]
    format: str = ""  # where the driver serves several; default its first
    key: str = ""
    faults: tuple[str, ...] = ()


class Profile(_Part, frozen=True):
    """How a maker of CJ/T 188 meters differs from the text of the standard."""

    address: Order = "low"  # which end of the number is sent first
    data: Order = "low"  # which digits of a value, where its clock does not tell
    unit: Literal["last", "first"] = "last"  # where a value's unit stands, where that does not tell
    units: dict[str, int] = {}  # code in hexadecimal -> code of the standard
    decimals: dict[str, int] = {}  # channel -> decimals, where they are not those of the standard


class Driver(_Part, frozen=True):
    """One model, or several that speak alike."""

    name: str
    formats: tuple[str, ...]
    manufacturer: str
    telegrams: tuple[Example, ...]
    versions: tuple[int, ...] = ()  # empty: all
    media: tuple[int, ...] = ()  # empty: all
    fields: tuple[Field, ...] = ()
    status: tuple[Status, ...] = ()
    profile: Profile = Profile()

    def knows(self, form: str, manufacturer: str, version: int, medium: int) -> bool:
        """Whether a meter that says this of itself is of this model."""
        return (
            form in self.formats
            and manufacturer == self.manufacturer
            and (not self.versions or version in self.versions)
            and (not self.media or medium in self.media)
        )


def read_driver(path: Path) -> Driver:
    """The driver of a file; ValueError names the file, the place in it and what is wrong."""
    try:
        driver = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Driver)
        _check(driver)
    except (ValueError, tomllib.TOMLDecodeError) as wrong:  # msgspec's errors are ValueErrors
        raise ValueError(msg("driver {file}: {why}", file=path.name, why=wrong)) from None
    return driver


def _check(driver: Driver) -> None:
    """ValueError for what the types do not say."""
    if not driver.telegrams:
        raise ValueError(msg("no [[telegrams]]: a driver's telegrams are its test"))
    channels = [each.channel for each in driver.fields]
    for channel in channels:
        if channels.count(channel) > 1:
            raise ValueError(msg("channel {name!r} stands twice", name=channel))
    for each in driver.fields:
        if each.role:
            Role.of(each.role)
        if not _DECIMAL.fullmatch(each.factor):
            raise ValueError(msg("{value!r} is not a number", value=each.factor))
    for status in driver.status:
        for bit in status.bits:
            if bit.mask <= 0:
                raise ValueError(msg("mask of {word!r} is not positive", word=bit.word))


@cache
def drivers() -> tuple[Driver, ...]:
    """All drivers, by the names of their files."""
    return tuple(read_driver(path) for path in sorted(FOLDER.glob("*.toml")))


@lru_cache(maxsize=4096)  # what foreign bytes say has no bound
def driver_of(form: str, manufacturer: str, version: int = 0, medium: int = 0) -> Driver | None:
    """The driver of a meter, one of its version or medium before one of all; None where there is none."""
    found = [d for d in drivers() if d.knows(form, manufacturer, version, medium)]
    found.sort(key=lambda each: (not each.versions, not each.media))
    return found[0] if found else None
