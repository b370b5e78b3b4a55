"""The kinds of registry files: their columns, what each means, and which table keeps them."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import ColumnElement, Table, or_, true

from domain.contract_terms import PRICE_DIGITS, RESIDENTIAL, USES
from domain.quantity import Role
from domain.recorded import (
    DECIDED_BY,
    FEE_STATES,
    MOST_SHARE,
    OBJECTION_STATES,
    OPEN,
    OPERATOR,
    OUTAGE_CAUSES,
    OUTCOMES,
)  # fmt: skip
from domain.tree import PlaceKind, RoomUse
from store.books import facts, registry
from store.registry.aliases import LEVELS, NO_LEVELS, VALUES, of_column
from store.registry.terms import agreed_temperature, decided_temperature, own_bands
from store.registry.values import (
    Choice,
    Parse,
    amount_with_unit,
    choice,
    code,
    currency,
    decimal,
    instant,
    of_device,
    percent,
    text,
    whole,
    words,
    yes_or_no,
    zone,
)

CODE = code(64)
OF_DEVICE = of_device(64)
MONTH_S = 31 * 86_400
ANY_PLACE = tuple(PlaceKind)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file; `table_column` where the table calls it otherwise."""

    name: str
    parse: Parse
    may_be_empty: bool = False  # the whole column may be left out then, too
    empty: object = None  # what an empty cell stands for
    refers: str = ""  # the kind whose code stands in it
    places: tuple[PlaceKind, ...] = ANY_PLACE  # which kinds of place it may name
    table_column: str = ""

    @property
    def kept_as(self) -> str:
        return self.table_column or self.name


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: `name.csv`, or a sheet of this name."""

    name: str
    table: Table
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # columns that tell rows apart
    at: dict[str, int] = field(init=False)  # position of each column by name

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "columns", tuple(_with_words(self.name, each) for each in self.columns)
        )
        object.__setattr__(self, "at", {each.name: i for i, each in enumerate(self.columns)})

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)

    @property
    def is_fact(self) -> bool:
        """Whether its rows are versions: a changed one supersedes, and needs a reason."""
        return "ended_id" in self.table.c

    @property
    def current(self) -> ColumnElement[bool]:
        """The rows that hold, for a query's WHERE."""
        return self.table.c.ended_id.is_(None) if self.is_fact else true()

    @property
    def standing(self) -> ColumnElement[bool]:
        """The same without placements that were withdrawn, which end where they begin."""
        if self.name != "series":
            return self.current
        return or_(self.table.c.until.is_(None), self.table.c.until > self.table.c.since)


def _with_words(kind: str, column: Column) -> Column:
    """The column with what companies write for the values of its closed list."""
    words = of_column(VALUES, kind, column.name)
    if words is None or not isinstance(column.parse, Choice):
        return column
    none = NO_LEVELS if words is LEVELS else ()
    return replace(column, parse=replace(column.parse, words=words, none=none))


def _table(model: type) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _optional_text(name: str, longest: int) -> Column:
    return Column(name, text(longest), may_be_empty=True, empty="")


def _optional_words(name: str, longest: int) -> Column:
    return Column(name, words(longest), may_be_empty=True, empty="")


def _place(name: str, *kinds: PlaceKind, kept_as: str) -> Column:
    return Column(name, CODE, refers="places", places=kinds or ANY_PLACE, table_column=kept_as)


CODE_COLUMN = Column("code", CODE)
SINCE = Column("since", instant)
UNTIL = Column("until", instant, may_be_empty=True)
AT = Column("at", instant)
CURRENCY = Column("currency", currency)
EVIDENCE = _optional_text("evidence", 300)
heated_area = decimal("0.01", "10000000", 4)
HOUSEHOLD = _place("household", PlaceKind.HOUSEHOLD, kept_as="household_id")
ROOM = _place("room", PlaceKind.ROOM, kept_as="room_id")

#: In the order of dependence: a kind refers to kinds before it (places to places above them).
KINDS: tuple[Kind, ...] = (
    Kind(
        "places",
        _table(registry.Place),
        (
            CODE_COLUMN,
            Column("kind", choice(*(each.value for each in PlaceKind))),
            Column("parent", CODE, may_be_empty=True, refers="places", table_column="parent_id"),
            _optional_text("name", 200),
            _optional_text("name_en", 200),
            _optional_text("address", 300),
            Column("area_m2", heated_area, may_be_empty=True),
            Column("room_use", choice(*(each.value for each in RoomUse)), may_be_empty=True),
            SINCE,
            UNTIL,
        ),
        key=("code",),
    ),
    Kind(
        "devices",
        _table(registry.Device),
        (
            Column("code", OF_DEVICE),
            _optional_text("model", 100),
            Column("verified", yes_or_no, may_be_empty=True, empty=False),
        ),
        key=("code",),
    ),
    Kind(
        "certificates",
        _table(facts.Certificate),
        (
            Column("device", OF_DEVICE, refers="devices", table_column="device_id"),
            SINCE,
            UNTIL,
            Column("document", words(200)),
        ),
        key=("device", "since"),
    ),
    Kind(
        "series",
        _table(registry.Series),
        (
            Column("device", OF_DEVICE, refers="devices", table_column="device_id"),
            Column("channel", OF_DEVICE),
            Column("role", choice(*(each.code for each in Role))),
            _place("place", kept_as="place_id"),
            Column("interval_s", whole(1, MONTH_S)),
            SINCE,
            UNTIL,
            Column("rolls_over_at", amount_with_unit, may_be_empty=True),
        ),
        key=("device", "channel", "since"),
    ),
    Kind(
        "seasons",
        _table(registry.Season),
        (
            CODE_COLUMN,
            _place("company", PlaceKind.COMPANY, kept_as="company_id"),
            Column("policy", CODE),
            SINCE,
            Column("until", instant),
            Column("zone", zone),
            Column("design_outdoor", decimal("-60", "30", 3), may_be_empty=True),
        ),
        key=("code",),
    ),
    Kind(
        "tariffs",
        _table(facts.Tariff),
        (CODE_COLUMN, Column("price", decimal("0", "100000", 6)), CURRENCY),
        key=("code",),
    ),
    Kind(
        "contracts",
        _table(facts.Contract),
        (
            HOUSEHOLD,
            Column("season", CODE, refers="seasons", table_column="season_id"),
            Column("tariff", CODE, may_be_empty=True, refers="tariffs", table_column="tariff_id"),
            Column("season_fee", decimal("0", "100000000", 4)),
            CURRENCY,
            Column("standing_consent", yes_or_no, may_be_empty=True, empty=False),
        ),
        key=("household", "season"),
    ),
    Kind(
        "contract_terms",
        _table(facts.ContractTerms),
        (
            HOUSEHOLD,
            Column("season", CODE, refers="seasons", table_column="season_id"),
            Column("agreed", agreed_temperature, may_be_empty=True),
            Column("basic_fee", decimal("0", "100000000", 4), may_be_empty=True),
            Column("bands", own_bands, may_be_empty=True, empty=""),
            _optional_words("document", 200),
            Column(
                "use", choice(*USES), may_be_empty=True, empty=RESIDENTIAL
            ),
            Column(
                "heat_price", decimal("0.000001", "1000", PRICE_DIGITS), may_be_empty=True,
            ),
            Column("since", instant, may_be_empty=True),
            Column("until", instant, may_be_empty=True),
            Column(
                "season_fee", decimal("0", "100000000", 4), may_be_empty=True
            ),
            Column("area_m2", heated_area, may_be_empty=True),
        ),
        key=("household", "season", "since"),
    ),
    Kind(
        "fee_spans",
        _table(facts.FeeSpan),
        (
            HOUSEHOLD,
            SINCE,
            UNTIL,
            Column("state", choice(*FEE_STATES)),
            _optional_words("payer", 100),
            Column("subsidy_percent", percent(4), may_be_empty=True, empty=Decimal(0)),
            _optional_words("subsidy_by", 100),
            _optional_words("document", 200),
        ),
        key=("household", "since"),
    ),
    Kind(
        "corner_rooms",
        _table(facts.CornerRoom),
        (ROOM, SINCE, UNTIL, _optional_words("document", 200)),
        key=("room", "since"),
    ),
    Kind(
        "requests",
        _table(facts.Request),
        (HOUSEHOLD, AT, _optional_text("by", 100)),
        key=("household", "at"),
    ),
    Kind(
        "measurements",
        _table(facts.MeasurementRecord),
        (
            ROOM,
            AT,
            Column("celsius", decimal("-30", "60", 3)),
            _optional_text("signed_by", 200),
        ),
        key=("room", "at"),
    ),
    Kind(
        "outages",
        _table(facts.OutageRecord),
        (
            _place(
                "place",
                *(kind for kind in PlaceKind if kind not in {PlaceKind.COMPANY, PlaceKind.ROOM}),
                kept_as="place_id",
            ),
            SINCE,
            UNTIL,
            Column("planned", yes_or_no, may_be_empty=True, empty=False),
            Column(
                "cause", choice(*OUTAGE_CAUSES), may_be_empty=True, empty=OPERATOR
            ),
            _optional_text("evidence", 200),
            _optional_text("proposal", 120),
            Column(
                "decision", choice("confirmed", "rejected"), may_be_empty=True, empty="",
            ),
            Column("announced_at", instant, may_be_empty=True),
        ),
        key=("place", "since"),
    ),
    Kind(
        "user_faults",
        _table(facts.UserFault),
        (HOUSEHOLD, SINCE, UNTIL, Column("clause", words(40)), Column("evidence", words(300))),
        key=("household", "since"),
    ),
    Kind(
        "refusals",
        _table(facts.Refusal),
        (HOUSEHOLD, AT, EVIDENCE),
        key=("household", "at"),
    ),
    Kind(
        "decisions",
        _table(facts.Decision),
        (
            _place("place", PlaceKind.HOUSEHOLD, PlaceKind.ROOM, kept_as="place_id"),
            SINCE,
            Column("until", instant),
            Column("outcome", choice(*OUTCOMES)),
            Column("basis", choice(*DECIDED_BY)),
            Column("document", words(200)),
            Column("clause", words(100)),
            Column(
                "temperature", decided_temperature, may_be_empty=True
            ),
        ),
        key=("place", "since"),
    ),
    Kind(
        "outage_decisions",
        _table(facts.OutageDecision),
        (
            _place(
                "place",
                *(kind for kind in PlaceKind if kind not in {PlaceKind.COMPANY, PlaceKind.ROOM}),
                kept_as="place_id",
            ),
            SINCE,
            Column("until", instant),
            Column("share", decimal("0", str(MOST_SHARE), 6)),
            Column("basis", choice(*DECIDED_BY)),
            Column("document", words(200)),
            Column("clause", words(100)),
        ),
        key=("place", "since"),
    ),
    Kind(
        "objections",
        _table(facts.Objection),
        (
            HOUSEHOLD,
            AT,
            Column("run", whole(1, 2**31 - 1)),
            Column("since", instant, may_be_empty=True),
            UNTIL,
            Column("text", words(1000)),
            Column("state", choice(*OBJECTION_STATES), may_be_empty=True, empty=OPEN),
            Column("correction", whole(1, 2**31 - 1), may_be_empty=True),
            _optional_words("document", 200),
        ),
        key=("household", "at"),
    ),
)  # fmt: skip

KIND_OF: dict[str, Kind] = {kind.name: kind for kind in KINDS}
#: What kinds were called before; read for one release, with a warning.
OLD_NAMES = {"acts": "measurements"}
