"""Rows of one kind on their way into the registry: cells to values, repeats found, names resolved."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Table

from domain.actor import Actor
from domain.contract_terms import ContractTerms
from domain.language import Text, joined, msg, sentence_of
from domain.names import place_kind_name
from domain.nearest import nearest
from domain.recorded import SEPARATOR
from domain.time import written_time
from domain.tree import PlaceKind
from store.books.cells import write as cell
from store.registry.aliases import OF_MONEY, UNITS
from store.registry.checks import NO_CHECKS, Checks
from store.registry.codes import written_of
from store.registry.header import SheetName
from store.registry.kinds import Column, Kind
from store.registry.read import Sheet
from store.registry.report import Refusals, RefusedRow, follows, in_row, of_unread
from store.registry.values import Parse, instant, instant_in, without_unit

#: A clock may be ahead of ours by this much.
AHEAD = timedelta(hours=1)
#: Codes that nobody knows for which the one that was meant is looked for.
MOST_MEANT = 20
LEVELS = {kind.value: kind.level for kind in PlaceKind}


class PlaceFacts(NamedTuple):
    """What the rules need of a place."""

    kind: str
    parent: int | None
    since: Any  # datetime
    until: Any  # datetime or None
    use: str | None  # of a room


class SeasonFacts(NamedTuple):
    """What the rules need of a season."""

    company: int  # place id
    since: Any  # datetime
    until: Any  # datetime
    policy: str
    zone: str = "UTC"


class SettledSeason(NamedTuple):
    """A season with an approved run."""

    code: str
    company: int  # place id
    until: Any  # datetime
    run: int  # the newest approved one
    policy: str


class NamedSeason(NamedTuple):
    """A season by its code, and the policy that it is settled by."""

    code: str
    policy: str


class Present(NamedTuple):
    """Where and when files are imported."""

    zone: tzinfo | None = None  # of times without an offset; None: they are refused
    now: datetime | None = None  # what is said to have happened can't be later

    def local(self, at: datetime) -> str:
        """A time for a person: of the zone, in UTC where there is none."""
        if self.zone is None:
            return cell(at)
        there = at.astimezone(self.zone)
        to = "minutes" if not (at.second or at.microsecond) else "auto"
        return there.replace(tzinfo=None).isoformat(sep=" ", timespec=to)

    def not_yet(self, now: datetime) -> Text:
        """What is said of what is to come where only what was can be."""
        return msg(
            "has not happened yet; allowed: up to now, {now}",
            now=self.local(now.replace(second=0, microsecond=0)),
        )


class Seen(NamedTuple):
    """What whoever made a file's only row saw under its key when they made it."""

    cells: Mapping[str, str] | None  # some of its columns, as a file has them; None: no row


class Known:
    """What the registry will hold: rows it has, overlaid with rows accepted so far."""

    def __init__(
        self,
        checks: Checks = NO_CHECKS,
        present: Present | None = None,
        reason: str = "",
        source: str = "",
        seen: Seen | None = None,
    ) -> None:
        self.checks = checks
        self.present = present or Present()
        self.reason = reason  # of the import
        self.source = source  # of all its facts; "": their file and row
        self.seen = seen  # None: nobody says
        #: Who wrote a row of a table last, by its id
        self.writer: Callable[[Table, int], Actor | None] = lambda _table, _row: None
        self.settled: dict[int, int] = {}  # season -> its newest approved run
        self.settled_seasons: tuple[SettledSeason, ...] = ()  # as they are in the books
        self.ids: dict[str, dict[str, int]] = defaultdict(dict)  # by kind, then code
        self.refused: dict[str, dict[str, Text]] = defaultdict(dict)  # where a refused code stands
        self.unread: dict[str, str] = {}  # kind -> a file of it of which nothing was read
        self.places: dict[int, PlaceFacts] = {}
        self.seasons: dict[int, SeasonFacts] = {}
        self.currencies: dict[int, str] = {}  # tariff id -> currency
        self.fees: dict[tuple[int, int], Decimal] = {}  # household, season -> the contract's fee
        self.fee_currencies: dict[tuple[int, int], str] = {}  # the same -> the contract's
        #: The same -> since (None: the season's begin) -> temperature and use from then on
        self.terms: dict[tuple[int, int], dict[Any, ContractTerms]] = defaultdict(dict)
        self.corners: dict[tuple[int, Any], Any] = {}  # corner room, since -> until or None
        self.basic_fees: dict[tuple[int, int], Decimal] = {}  # the same -> its basic part on record
        self.term_ends: dict[
            tuple[int, Any], str
        ] = {}  # season, until of terms -> a household of them
        #: household -> seasons in which terms of its contract have a fee of their own
        self.dated_fees: dict[int, list[NamedSeason]] = {}
        self.superseded: dict[int, int] = {}  # tariff id -> that of the version after
        #: Two seasons -> the code of a household with a contract in both, None: there is none
        self.home_of_both: Callable[[int, int], str | None] = lambda _one, _other: None
        #: Households -> household and season of the contracts that the books have of them
        self.contracts: Callable[[Collection[int]], set[tuple[int, int]]] = lambda _homes: set()
        self.looked_for = 0  # codes that nobody knows
        self._codes: dict[str, dict[int, str]] = defaultdict(dict)  # by kind, then id

    def ancestor(self, place: int, kind: PlaceKind) -> int | None:
        """The place of this kind above (or at) a place; None where there is none."""
        at: int | None = place
        while at is not None:
            facts = self.places[at]
            if facts.kind == kind.value:
                return at
            at = facts.parent
        return None

    def code(self, kind: str, number: int | None) -> str:
        """The code of an id; "" of none."""
        if number is None:
            return ""
        ids = self.ids[kind]
        if ids.get(self._codes[kind].get(number, "")) != number:  # learned since, or not at all
            self._codes[kind] = {each: code for code, each in ids.items()}
        return self._codes[kind].get(number, "")

    def why_unknown(self, kind: str, code: str) -> Text:
        if (where := self.refused[kind].get(code)) is not None:
            return follows(where)
        if (file := self.unread.get(kind)) is not None:
            return of_unread(file)
        near = nearest(code, self.ids[kind]) if self.looked_for < MOST_MEANT else None
        self.looked_for += 1
        hint = msg("; did you mean {near}?", near=near) if near else ""
        name = SheetName(kind)
        return msg(
            "is neither in the registry nor among the files' {kind}{hint}", kind=name, hint=hint
        )


class Rows:
    """All rows of one kind from all sheets, by column; `refuse` leaves a row out."""

    def __init__(
        self, kind: Kind, sheets: Sequence[Sheet], refusals: Refusals, present: Present
    ) -> None:
        self.kind = kind
        self.local_times = 0  # cells that were taken for local times of the zone
        self._present = present
        self.refusals = refusals
        self.files = [sheet.read.file for sheet in sheets for _ in sheet.numbers]
        self.numbers = [number for sheet in sheets for number in sheet.numbers]
        self._called = [sheet.called for sheet in sheets for _ in sheet.numbers]
        self._left_out = [sheet.left_out for sheet in sheets for _ in sheet.numbers]
        self.texts: list[list[str]] = [
            [cell for sheet in sheets for cell in sheet.columns[i]]
            for i in range(len(kind.columns))
        ]
        self._written = written_of(sheets)
        self.bad: set[int] = set()
        self.repeats: set[int] = set()
        self.misfits = sum(sheet.misfits for sheet in sheets)
        self.values: list[list[Any]] = [
            self._parse(i, column) for i, column in enumerate(kind.columns)
        ]

    def __len__(self) -> int:
        return len(self.numbers)

    def good(self) -> Iterable[int]:
        """Rows not refused and not repeats, in order."""
        left_out = self.bad | self.repeats
        return [i for i in range(len(self)) if i not in left_out] if left_out else range(len(self))

    def column(self, name: str) -> list[Any]:
        """Values of a column; undefined at refused rows."""
        return self.values[self.kind.at[name]]

    def keep_what_is_left_out(
        self, existing: Mapping[tuple[Any, ...], tuple[int, tuple[Any, ...]]]
    ) -> None:
        """A column that a file does not have says nothing: rows on record keep their values of it."""
        if not any(self._left_out):
            return
        keys = list(zip(*(self.column(name) for name in self.kind.key), strict=True))
        for i in self.good():
            if self._left_out[i] and keys[i] in existing:
                for name in self._left_out[i] - set(self.kind.key):
                    at = self.kind.at[name]
                    self.values[at][i] = existing[keys[i]][1][at]

    def text(self, i: int, name: str) -> str:
        """A cell as the file has it, a code in its plain form."""
        return self.texts[self.kind.at[name]][i]

    def written(self, i: int, name: str) -> str:
        """A cell as it stands in the file."""
        return self._written.get((i, name), self.text(i, name))

    @property
    def made_plain(self) -> int:
        """Rows with a code that was not plain."""
        return len({i for i, _ in self._written})

    def where(self, i: int) -> Text:
        return in_row(self.files[i], self.numbers[i])

    def source(self, i: int) -> str:
        """Where the row comes from, as a version of a fact keeps it."""
        return f"{self.files[i]}, row {self.numbers[i]}"

    def refuse(self, i: int, column: str, why: Text) -> None:
        cell = self.written(i, column) if column else ""
        self.refusals.add(self.files[i], self.numbers[i], self._shown(i, column), cell, why)
        self.bad.add(i)

    def doubt(self, i: int, column: str, why: Text) -> None:
        """The row is taken, and whoever imports is warned."""
        row = RefusedRow(
            self.files[i], self.numbers[i], self._shown(i, column), self.written(i, column), why
        )
        self.refusals.doubts.append(row)

    def _shown(self, i: int, column: str) -> str:
        """A column as the file calls it."""
        return self._called[i].get(column, column)

    def row(self, i: int) -> tuple[Any, ...]:
        return tuple(column[i] for column in self.values)

    def note_refused(self, known: Known) -> None:
        """So that rows that depend on a refused one can say which."""
        if "code" in self.kind.at:
            codes = self.texts[self.kind.at["code"]]
            known.refused[self.kind.name].update({codes[i]: self.where(i) for i in self.bad})

    def key_text(self, i: int) -> str:
        key = [self.texts[self.kind.at[name]][i] for name in self.kind.key]
        return SEPARATOR.join(key if key[-1] else key[:-1])

    def kept_key(self, i: int) -> str:
        """The key of a good row as changes of it are kept: its times in UTC, however the file writes them."""
        key = [
            cell(self.column(name)[i])
            if self.kind.columns[self.kind.at[name]].parse is instant
            else self.text(i, name)
            for name in self.kind.key
        ]
        return SEPARATOR.join(key if key[-1] else key[:-1])

    def _parse(self, at: int, column: Column) -> list[Any]:
        """Each distinct cell is parsed once: most columns have few."""
        known = _Parsed(column, self._present)
        values = [known[cell] for cell in self.texts[at]]
        if known.local:
            self.local_times += sum(cell in known.local for cell in self.texts[at])
        if known.wrong:
            for i, cell in enumerate(self.texts[at]):
                if (why := known.wrong.get(cell)) is not None:
                    self.refuse(i, column.name, why)
        return values

    def find_repeats(self) -> None:
        """Equal rows count once; rows that differ under one key are all refused: none is right."""
        keys = [self.values[self.kind.at[name]] for name in self.kind.key]
        first: dict[Any, int] = {}
        clashes: dict[int, list[int]] = defaultdict(list)
        for i, key in zip(range(len(self)), zip(*keys, strict=True), strict=True):
            if i in self.bad:
                continue
            j = first.setdefault(key, i)
            if j != i:
                clashes[j].append(i)
        for j, others in clashes.items():
            self._judge_repeats([j, *others])

    def _judge_repeats(self, same: list[int]) -> None:
        if "code" in self.kind.at and len({self.written(i, "code") for i in same}) > 1:
            self._refuse_one_code(same)
            return
        if len({tuple(column[i] for column in self.values) for i in same}) == 1:
            self.repeats.update(same[1:])
            return
        for i in same:
            other = same[1] if i == same[0] else same[0]
            why = msg(
                "says something else about {key} than {where}; keep one",
                key=self.key_text(i),
                where=self.where(other),
            )
            self.refuse(i, self.kind.key[0], why)

    def _refuse_one_code(self, same: list[int]) -> None:
        """Rows whose codes are one in their plain form."""
        for i in same:
            mine = self.written(i, "code")
            other = next(j for j in same if j != i and (self.written(j, "code") != mine))
            why = msg(
                "is the same code as {code!r} in {where}, {plain}; keep one",
                code=self.written(other, "code"), where=self.where(other), plain=self.text(i, "code"),
            )  # fmt: skip
            self.refuse(i, "code", why)

    def resolve(self, column: Column, known: Known) -> None:
        """Codes of other rows become ids; `places` also of the right kind."""
        at = self.kind.at[column.name]
        ids, cells = known.ids[column.refers], self.values[at]
        resolved: list[Any] = [None] * len(cells)
        kinds = {kind.value for kind in column.places}
        checks_kind = column.refers == "places" and len(kinds) < len(PlaceKind)
        for i in self.good():
            code = cells[i]
            if code is None:
                continue
            found = ids.get(code)
            if found is None:
                self.refuse(i, column.name, known.why_unknown(column.refers, code))
            elif checks_kind and known.places[found].kind not in kinds:
                why = msg(
                    "is a {kind}; expected a {allowed}",
                    kind=place_kind_name(known.places[found].kind),
                    allowed=joined(" / ", [place_kind_name(each) for each in sorted(kinds)]),
                )
                self.refuse(i, column.name, why)
            resolved[i] = found
        self.values[at] = resolved


class _Parsed(dict[str, Any]):
    """Cell -> value, filled when looked up; wrong cells have None and a reason in `wrong`."""

    def __init__(self, column: Column, present: Present) -> None:
        super().__init__()
        self.column = column
        self.present = present
        self.wrong: dict[str, Text] = {}
        self.local: set[str] = set()  # times without an offset
        self.units = () if column.name in OF_MONEY else UNITS.get(column.name, ())

    def __missing__(self, cell: str) -> Any:
        parse: Parse = self._instant if self.column.parse is instant else self.column.parse
        try:
            value = parse(without_unit(cell, self.units)) if cell else self._empty()
        except ValueError as error:
            self.wrong[cell] = sentence_of(error)
            value = None
        self[cell] = value
        return value

    def _instant(self, cell: str) -> datetime:
        at = instant_in(cell, self.present.zone)
        if written_time(cell).tzinfo is None:
            self.local.add(cell)
        now = self.present.now
        if self.column.name == "at" and now is not None and at > now + AHEAD:
            raise ValueError(self.present.not_yet(now))
        return at

    def _empty(self) -> object:
        if not self.column.may_be_empty:
            raise ValueError(msg("must not be empty"))
        return self.column.empty
