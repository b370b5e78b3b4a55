"""Policies as data: one TOML per legal text and period in force, checked by frozen models.

The common part is `Terms`; each other table belongs to one calculator of the policy's list.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from analytics.heat.supply import SupplyRule, Window
from analytics.law import older, overlays
from analytics.law.content import content_of, kinds_of
from analytics.law.dated import DATED, RULES, Dated, dated_of, stretches, unsaid
from analytics.law.policy_texts import NoPolicy, copied, no_folder, no_policy, toml, wrong_file
from analytics.law.sense import order_not_said, uncited
from analytics.law.terms import ID, Row, Table, Terms
from domain.errors import WrongCall
from domain.language import Text, joined, msg, sentence_of
from domain.quantity import Quantity
from domain.time import MINUTE_US, Span, local_day

T = TypeVar("T", bound=Table)
IDENTIFIER = re.compile(ID)
INSTANT = timedelta(microseconds=1)  # before the end of a span, which is not in it


class Policy(Terms):
    """One legal text as data: what every policy has, and a table for each of its calculators."""

    tables: Mapping[str, Table] = Field(exclude=True)
    what_if: overlays.WhatIf | None = None  # what it is where an overlay made it of another policy
    dated: tuple[Dated, ...] = ()  # values of a later day than its first, by day
    #: (first day, the policy from then on) where values change; without an end of its own.
    later: tuple[tuple[date, "Policy"], ...] = Field((), exclude=True)

    def at(self, first: date, last: date) -> "Policy":
        """What it is from one local day to another, both in: `later` has the changes after the first day."""
        begun = [own for day, own in self.later if day <= first]
        inside = tuple((day, own) for day, own in self.later if first < day <= last)
        if not self.later or (not begun and inside == self.later):
            return self
        own = begun[-1] if begun else self
        rests_on = own.interpretations
        if not inside:  # nothing changes in these days: how it would is no question
            rests_on = tuple(each for each in rests_on if each.name not in RULES)
        update = {"dated": self.dated, "later": inside, "interpretations": rests_on}
        return own.model_copy(update=update)

    def in_season(self, span: Span, zone: str) -> "Policy":
        """What it is on the local days of a season."""
        if not self.later:
            return self
        first, last = (local_day(at, ZoneInfo(zone)) for at in (span.since, span.until - INSTANT))
        return self.at(first, last)

    def later_tables(self) -> Iterator[tuple[date, Mapping[str, Table]]]:
        yield from ((day, own.tables) for day, own in self.later)

    def later_values(self) -> Iterator[tuple[date, str, Any, str]]:
        days = {day for day, _ in self.later}
        for each in self.dated:
            if each.since in days:
                yield each.since, each.key, each.value, each.cited(each.clause)

    def table(self, kind: type[T]) -> T:
        """The table of this kind; KeyError where no calculator of the policy has it."""
        for each in self.tables.values():
            if isinstance(each, kind):
                return each
        raise KeyError(kind.__name__)

    @property
    def to_confirm(self) -> bool:
        """Whether an administrator's confirmation of its text, of a what-if that of its base, comes before money.

        A grade is what heatwatch's maintainers say of a text that they ship: one of a company's own has
        been read by none of them, whatever grade it gives itself. An id that ships is no other file's.
        """
        own = self.id if self.what_if is None else self.what_if.base
        return self.is_template or not is_shipped(own)

    def supply_rule(self, windows: Sequence[Window] = ()) -> SupplyRule:
        """What is lost supply under it; in the windows heat is off by schedule."""
        if self.supply is None:
            return SupplyRule(windows=tuple(windows))
        return SupplyRule(
            Quantity.TEMPERATURE.to_ticks(self.supply.cold_c), float(self.supply.flow_share),
            round(self.supply.verified_min * MINUTE_US), tuple(windows),
        )  # fmt: skip

    def rows(self) -> Iterator[Row]:
        """All its numbers as people read them: what, value, clause."""
        yield from super().rows()
        for each in self.tables.values():
            yield from each.rows()

    def pays(self) -> bool:
        """Whether anything can be owed under it; a law of findings alone owes nothing."""
        return any(each.of_money for each in self.tables.values())

    def asks_areas(self) -> bool:
        """Whether a calculator needs the heated areas of rooms."""
        return any(each.asks_areas() for each in self.tables.values())

    def plain(self) -> dict[str, Any]:
        """The whole policy as JSON gives it."""
        none = {name for name in ("what_if", "dated") if not getattr(self, name)}
        shown = self.model_dump(mode="json", by_alias=True, exclude=none)
        tables = {
            name: each.model_dump(mode="json", by_alias=True) for name, each in self.tables.items()
        }
        return shown | tables


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy with the very bytes it was read from, and their hash."""

    policy: Policy
    sha256: str
    origin: str  # file name, for messages and sheets
    raw: bytes = field(repr=False)
    warnings: tuple[Text, ...] = ()  # keys of an older form with their new names; what is not cited
    base: "PolicyFile | None" = field(default=None, repr=False)  # of a what-if

    def in_season(self, span: Span, zone: str) -> "PolicyFile":
        """With its policy as it is on the local days of a season."""
        return (
            replace(self, policy=self.policy.in_season(span, zone)) if self.policy.later else self
        )

    @property
    def text_sha256(self) -> str:
        """Hash of the file that has the act's text: that of the base, under a what-if."""
        return self.sha256 if self.base is None else self.base.sha256


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@lru_cache(maxsize=64)  # a few policies are asked for again and again; what they say is frozen
def parse(raw: bytes, origin: str, *, kept: bool = False) -> PolicyFile:
    """A policy from the bytes of a TOML file; WrongCall names file and key of each mistake.

    Of a what-if the bytes are base and overlay, `overlays.packed`.
    `kept`: it is the file of a run, and is read as it was, also where it would be refused today
    for numbers and interpretations that contradict each other.
    """
    data = toml(raw, origin)
    both = overlays.unpacked(data)
    base = None if both is None else parse(both[0], origin, kept=kept)
    data, warnings = older.brought_up(data if both is None else toml(both[0], origin))
    what_if = None
    if both is not None and base is not None:
        own = overlays.overlay_of(toml(both[1], origin), origin)
        data, changes = overlays.merged(data, own, origin)
        what_if = overlays.WhatIf.of(own, base.sha256, changes)
    if not kept:
        data, anew = older.renamed(data)
        warnings += anew
    policy = policy_of(data, kept, origin, what_if)
    of_fee = any(each.of_fee for each in policy.tables.values())
    missing = (*uncited(policy, of_fee), *order_not_said(policy, kinds_of(policy.tables)))
    said = (*warnings, *(() if kept else missing))
    shown = tuple(joined(": ", [origin, each]) for each in said)
    return PolicyFile(policy, hashlib.sha256(raw).hexdigest(), origin, raw, shown, base)


def policy_of(
    data: Mapping[str, Any], kept: bool, origin: str, what_if: overlays.WhatIf | None = None
) -> Policy:
    """The policy of a content, with what it is from each day at which values change; WrongCall as `parse`."""
    dated = dated_of(data, origin)
    own = _plain({key: value for key, value in data.items() if key != DATED}, kept, origin, what_if)
    later = []
    for day, content in stretches(
        data, dated, {name: own.tables[name] for name in own.calculators}, origin
    ):
        head = joined("", [origin, msg(", from {day} on", day=day)])
        later.append((day, _plain(content, kept, head, what_if)))
    if faults := [] if kept else [*unsaid(dated, own, own.tables)]:
        raise wrong_file(faults, origin)
    return own.model_copy(update={"dated": dated, "later": tuple(later)}) if dated else own


def _plain(
    data: Mapping[str, Any], kept: bool, origin: str | Text, what_if: overlays.WhatIf | None
) -> Policy:
    """A policy without dated values; WrongCall where it can't be."""
    terms, tables, faults = content_of(data, kept)
    if terms is None or faults:
        raise wrong_file(faults, origin)
    parts = {name: getattr(terms, name) for name in Terms.model_fields}
    own = Policy(**parts, tables=tables)
    return own if what_if is None else own.model_copy(update={"id": what_if.id, "what_if": what_if})


def _read_file(raw: bytes, origin: str, folder: Path | None) -> PolicyFile:
    """A policy of a file, or the what-if that an overlay in it makes of its base."""
    if not overlays.is_overlay(raw):
        return parse(raw, origin)
    named = overlays.overlay_of(toml(raw, origin), origin).base
    if not IDENTIFIER.fullmatch(named):
        raise WrongCall(
            msg(
                "{origin}: base = {base!r}: allowed: the id of a policy; an overlay lies on a policy, "
                "never on a file or on another overlay",
                origin=origin, base=_short(named)[1:-1],
            )
        )  # fmt: skip
    try:
        base = load(named, folder)
    except WrongCall as wrong:
        why = sentence_of(wrong)
        raise WrongCall(msg("{origin}: base: {why}", origin=origin, why=why)) from None
    return parse(overlays.packed(base.raw, raw), origin)


def shipped() -> Iterator[PolicyFile]:
    """Every policy that comes with heatwatch, by id."""
    folder = files("analytics.law") / "policies"
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.name.endswith(".toml"):
            yield parse(each.read_bytes(), each.name)


def is_shipped(id_: str) -> bool:
    """Whether a policy of this id comes with heatwatch."""
    return (files("analytics.law") / "policies" / f"{id_}.toml").is_file()


def known(folder: Path | None = None) -> list[PolicyFile]:
    """Those that ship and those of the folder, by id; `broken` has the rest of the folder."""
    found, _ = _read(folder)
    return [found[name] for name in sorted(found)]


def what_ifs(folder: Path | None) -> list[PolicyFile]:
    """What overlays of the folder make of their bases, by id: no season names one, `--policy` does."""
    found, _ = _laid(folder)
    return [found[name] for name in sorted(found)]


def broken(folder: Path | None = None) -> list[WrongCall]:
    """What is wrong with each file of the folder that is neither policy nor overlay, or has another's id."""
    (_, faults), (_, of_overlays) = _read(folder), _laid(folder)
    return [*(fault for _, fault in faults), *of_overlays]


def _read(folder: Path | None) -> tuple[dict[str, PolicyFile], list[tuple[str, WrongCall]]]:
    """The policies by id, and each fault with the id that it makes unusable."""
    found = {each.policy.id: each for each in shipped()}
    faults: list[tuple[str, WrongCall]] = []
    for path in () if folder is None else _files(folder):
        try:
            if overlays.is_overlay(raw := path.read_bytes()):
                continue  # of a what-if, and no season's policy
            own = parse(raw, str(path))
        except WrongCall as wrong:
            faults.append((path.stem, wrong))
            continue
        before = found.setdefault(own.policy.id, own)
        if before is not own:
            faults.append((own.policy.id, copied(own.origin, own.policy.id, before.origin)))
    return found, faults


def _laid(folder: Path | None) -> tuple[dict[str, PolicyFile], list[WrongCall]]:
    """The what-ifs of the folder by id, and what is wrong with its other overlays."""
    found: dict[str, PolicyFile] = {}
    faults: list[WrongCall] = []
    for path in () if folder is None else _files(folder):
        try:
            if not overlays.is_overlay(raw := path.read_bytes()):
                continue
            own = _read_file(raw, str(path), folder)
        except WrongCall as wrong:
            faults.append(wrong)
            continue
        before = found.setdefault(own.policy.id, own)
        if before is not own:
            twice = msg(
                "{file}: {id!r} is that of {other}; allowed: a name of its own",
                file=own.origin, id=own.policy.id, other=before.origin,
            )  # fmt: skip
            faults.append(WrongCall(twice))
    return found, faults


def _refuse_copy(file: PolicyFile, folder: Path | None) -> None:
    """WrongCall where a file has the id of a policy that ships or is of the folder, and another text."""
    if file.base is not None:
        return
    found, _ = _read(folder) if folder is not None and folder.is_dir() else ({}, [])
    entry = files("analytics.law") / "policies" / f"{file.policy.id}.toml"
    own = parse(entry.read_bytes(), entry.name) if entry.is_file() else found.get(file.policy.id)
    if own is not None and own.raw != file.raw:
        raise copied(file.origin, file.policy.id, own.origin)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise no_folder(folder)
    return sorted(folder.glob("*.toml"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The policy that a season is settled under."""

    file: PolicyFile
    what_if: bool  # it is not the season's own, to the byte
    of_folder: bool  # a file of the folder, which may have been changed since a run used it


def choose(named: str, other: str = "", folder: Path | None = None) -> Chosen:
    """The policy that a season names, or another in its place; WrongCall where one can't be had."""
    own = of_season(named, folder)
    file = load(other, folder) if other else own
    mine = () if folder is None or is_shipped(file.policy.id) else _files(folder)
    of_folder = any(each.read_bytes() == file.raw for each in mine)
    return Chosen(file, file.sha256 != own.sha256, of_folder)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return False


def of_season(which: str, folder: Path | None = None) -> PolicyFile:
    """The policy that a season names: an id, shipped or of the folder, and never a file.

    A file can be any file, and another one tomorrow: under one a run is a what-if only.
    Raises WrongCall where it is no id, or there is none of it.
    """
    if IDENTIFIER.fullmatch(which):
        try:
            return load(which, folder)
        except NoPolicy:
            allowed = ", ".join(each.policy.id for each in known(folder))
            raise no_policy(which, allowed, folder) from None
    raise WrongCall(
        msg(
            "a season's policy is {which!r}; allowed: {allowed} (copy a file of your own into the "
            "folder law.policies and name its id; for a season that names a file already: heatwatch "
            "policy adopt --season SEASON)",
            which=_short(which)[1:-1],
            allowed=", ".join(each.policy.id for each in known(folder)),
        )
    )


def load(which: str | Path, folder: Path | None = None) -> PolicyFile:
    """A policy by id, shipped or of the folder, or any policy by path of its TOML file; what-ifs as well.

    Raises WrongCall when there is none; it lists the ids that can be had.
    """
    path = Path(which)
    if path.suffix.lower() == ".toml":
        if not _is_file(path):
            missing = str(path)
            raise WrongCall(msg("policy file {path} does not exist", path=_short(missing)[1:-1]))
        file = _read_file(path.read_bytes(), str(path), folder)
        _refuse_copy(file, folder)
        return file
    entry = files("analytics.law") / "policies" / f"{which}.toml"
    if folder is None and IDENTIFIER.fullmatch(str(which)) and entry.is_file():
        return parse(entry.read_bytes(), entry.name)
    found, faults = _read(folder)
    for name, wrong in faults:
        if name == which:
            raise wrong
    if which not in found and not IDENTIFIER.fullmatch(str(which)):
        found |= _laid(folder)[0]
    if which in found:
        return found[str(which)]
    allowed = ", ".join(sorted(found))
    raise NoPolicy(
        msg(
            "policy {which!r} is not known; allowed: {allowed}, or a .toml file",
            which=_short(str(which))[1:-1],
            allowed=allowed,
        )
    )
