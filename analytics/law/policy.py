"""Policies as data: one TOML per legal text and period in force, checked by a frozen model.

Every number carries its clause; what a text leaves open is a named
interpretation (regulations.md section 7), printed on each sheet.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from domain.errors import WrongCall
from domain.tree import COVERED_ROOMS, RoomUse

Grade = Literal["A", "A-", "B", "B/C", "C", "M"]


def _decimal(value: object) -> Decimal:
    """Decimal strings only: a TOML float has lost its digits already."""
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError(f'write it as a decimal string such as "18.0", not {value!r}')
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a decimal number") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return number


def _share(value: object) -> Fraction:
    """A share of the fee such as "1/2" or "0.2", more than 0 and at most 1."""
    if isinstance(value, Fraction):
        return value
    if not isinstance(value, str):
        raise ValueError(f'write it as a string such as "1/2", not {value!r}')
    try:
        share = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a share") from None
    if not 0 < share <= 1:
        raise ValueError(f"{value!r} is not above 0 and at most 1")
    return share


#: What tables of a policy were called before.
OLD_KEYS = {"readings": "interpretations"}

Exact = Annotated[Decimal, BeforeValidator(_decimal)]
Share = Annotated[Fraction, BeforeValidator(_share)]


class Part(BaseModel):
    """A table of a policy: frozen, and no key that is not known.

    Most keys decide what is paid. The deadlines `outage.notice_if_need_h`, `sla.complaint_days`,
    `sla.authority_days` and `settle` are told to people (`heatwatch policy show`) and decide nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Cited(Part):
    clause: str = Field(min_length=1)  # where the act says so
    grade: Grade | None = None  # of this number; absent: the policy's


class Words(Part):
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class InForce(Part):
    since: date
    until: date | None = None  # not in it; absent: no end is known
    confirmed: date | None = None  # when the text was last confirmed


class Standard(Cited):
    temp: Exact  # [Cel]
    rooms: tuple[RoomUse, ...]
    conditions: tuple[Literal["outdoor_not_below_design"], ...] = ()


class ClockRule(Cited):
    start: Literal["request", "first_evidence"]


class Gate(Cited):
    continuous_h: Exact  # [h]
    op: Literal[">=", ">"]
    mode: Literal["threshold"] = "threshold"


class Band(Cited):
    """Temperatures with one share of the fee; the key says whether its edge is in."""

    from_: Exact | None = Field(None, alias="from")  # edge is in [Cel]
    above: Exact | None = None  # edge is not in [Cel]
    below: Exact | None = None  # edge is not in [Cel]
    up_to: Exact | None = None  # edge is in [Cel]
    refund: Share

    @model_validator(mode="after")
    def _edges(self) -> Self:
        if self.from_ is not None and self.above is not None:
            raise ValueError("give 'from' or 'above', not both")
        if (self.below is None) == (self.up_to is None):
            raise ValueError("give exactly one of 'below' and 'up_to'")
        if self.low is not None and self.low >= self.high:
            raise ValueError(f"the band ends at {self.high} before it begins at {self.low}")
        return self

    @property
    def low(self) -> Decimal | None:
        return self.from_ if self.from_ is not None else self.above

    @property
    def high(self) -> Decimal:
        edge = self.below if self.below is not None else self.up_to
        assert edge is not None  # _edges has checked
        return edge


class DayRule(Cited):
    unit: Literal["natural"]
    include_recovery: bool
    band_from: Literal["signed_act_else_lowest_1h_mean"] = "signed_act_else_lowest_1h_mean"


class Exclusion(Cited):
    after_start: int = Field(ge=0)  # local days, the first included
    before_end: int = Field(ge=0)  # local days, the last included


class OutageRule(Cited):
    continuous_h: Exact  # [h]
    op: Literal[">=", ">"]
    amount: Literal["proportional"] = "proportional"
    multiplier: Literal[1] = 1
    notice_if_need_h: Exact | None = None  # duty to tell users [h]; told, not checked


class SupplyTable(Cited):
    """What of a station's meters is lost supply, where the act or its interpretation says so."""

    cold_c: Exact = Field(ge=0, le=100)  # supply colder than this heats nobody [Cel]
    flow_share: Exact = Field(gt=0, lt=1)  # of the station's usual flow: less is lost [1]
    verified_min: Exact = Field(ge=0, le=1440)  # a shorter loss is not verified [min]


class Presumptions(Cited):
    supplier_late: Literal["none", "lowest_band"]
    user_refuses: Literal["none", "compliant"]


class Retest(Cited):
    """What several failing acts of one episode do to its days."""

    value: Literal["own", "lowest_act"]


class Sla(Cited):
    measure_h: Exact | None = None  # [h]; absent: the act sets none
    complaint_days: int | None = None  # the supplier answers within [d]; told, not checked
    authority_days: int | None = None  # the authority answers within [d]; told, not checked


class Settle(Cited):
    """By when refunds are paid: told, not checked."""

    months_after_season: int | None = None
    by: str | None = None  # "06-30"


class Fault(Cited):
    """When the user is the cause."""


class Interpretation(Part):
    """What the text leaves open, and what it is taken to mean here."""

    key: str = Field(pattern=r"^7\.\d+(\.\d+)?[a-z]?$")  # regulations.md section
    choice: str = Field(min_length=1)
    interprets: str = Field(min_length=1)  # clause
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Policy(Part):
    """One legal text as data."""

    id: str = Field(pattern=r"^[A-Z0-9]+(-[A-Za-z0-9]+)*$")
    title: Words
    grade: Grade
    in_force: InForce
    sources: tuple[str, ...] = Field(min_length=1)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    calculators: tuple[Literal["day_band", "outage_time"], ...] = Field(min_length=1)
    standard: Standard
    clock: ClockRule
    gate: Gate | None = None
    bands: tuple[Band, ...] = Field(min_length=1)
    day: DayRule
    scope: Literal["dwelling"]
    exclude: Exclusion | None = None
    outage: OutageRule
    supply: SupplyTable | None = None  # absent: `analytics.heat.supply`
    overlap: Literal["outage_first_cap_100"]
    presumptions: Presumptions
    retest: Retest
    sla: Sla
    settle: Settle
    user_fault: Fault
    interpretations: tuple[Interpretation, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Bands cover everything below the standard, once, and colder never pays less."""
        bands = sorted(self.bands, key=lambda band: band.high, reverse=True)
        if bands[0].high != self.standard.temp or bands[0].below is None:
            raise ValueError(
                f"bands: the warmest band must end below the standard {self.standard.temp} °C "
                f'(below = "{self.standard.temp}"), it ends at {bands[0].high}'
            )
        for warm, cold in pairwise(bands):
            if warm.low != cold.high or (warm.from_ is None) == (cold.up_to is None):
                raise ValueError(
                    f"bands: between {cold.high} and {warm.low} °C there is a gap or an overlap; "
                    "'from' meets 'below', 'above' meets 'up_to'"
                )
            if cold.refund < warm.refund:
                raise ValueError(f"bands: below {cold.high} °C pays less than above it")
        if bands[-1].low is not None:
            raise ValueError(f"bands: nothing is said below {bands[-1].low} °C")
        if self.presumptions.supplier_late != "none" and self.sla.measure_h is None:
            raise ValueError("presumptions.supplier_late needs sla.measure_h, the limit")
        unknown = set(self.standard.rooms) - COVERED_ROOMS
        if unknown:
            raise ValueError(f"standard.rooms: {sorted(u.value for u in unknown)} are not covered")
        return self

    def has_outdoor_condition(self) -> bool:
        return "outdoor_not_below_design" in self.standard.conditions


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy with the very bytes it was read from, and their hash."""

    policy: Policy
    sha256: str
    origin: str  # file name, for messages and sheets
    raw: bytes = field(repr=False)
    warnings: tuple[str, ...] = ()  # keys of an older form, each with its new name


def _explain(origin: str, error: ValidationError) -> WrongCall:
    faults = []
    for each in error.errors():
        key = ".".join(str(part) for part in each["loc"]) or "policy"
        said = each["msg"].removeprefix("Value error, ")
        given = "" if each["type"] == "missing" else f" (given: {_short(each['input'])})"
        faults.append(f"{origin}: {key}: {said}{given}")
    return WrongCall("\n".join(faults))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def parse(raw: bytes, origin: str) -> PolicyFile:
    """A policy from the bytes of a TOML file; WrongCall names file and key of each mistake."""
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongCall(f"{origin}: not TOML: {error}") from None
    data, warnings = _renamed(data, origin)
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        raise _explain(origin, error) from None
    return PolicyFile(policy, hashlib.sha256(raw).hexdigest(), origin, raw, warnings)


def _renamed(data: dict[str, Any], origin: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The tables under their names of today, and a warning for each of an older name."""
    old = OLD_KEYS.keys() & data.keys()
    warnings = tuple(
        f"{origin}: {key!r} is now called {OLD_KEYS[key]!r}; it is read for one release"
        for key in sorted(old)
    )
    return {OLD_KEYS.get(key, key): value for key, value in data.items()}, warnings


def shipped() -> Iterator[PolicyFile]:
    """Every policy that comes with heatwatch, by id."""
    folder = files("analytics.law") / "policies"
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.name.endswith(".toml"):
            yield parse(each.read_bytes(), each.name)


def load(which: str | Path) -> PolicyFile:
    """A shipped policy by id, or any policy by path of its TOML file.

    Raises WrongCall when there is neither; it lists the ids that can be had.
    """
    path = Path(which)
    if path.suffix == ".toml":
        if not path.is_file():
            raise WrongCall(f"policy file {path} does not exist")
        return parse(path.read_bytes(), str(path))
    entry = files("analytics.law") / "policies" / f"{which}.toml"
    if not entry.is_file():
        allowed = ", ".join(each.policy.id for each in shipped())
        raise WrongCall(f"policy {str(which)!r} is not known; allowed: {allowed}, or a .toml file")
    return parse(entry.read_bytes(), entry.name)
