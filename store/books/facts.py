"""What people and machines assert: tariffs, contracts, requests, measurement records, outages, ...

A row is one *version* of a fact and is never changed but for its end: who asserted it (`change_id`),
which change superseded or withdrew it (`ended_id`, NULL while it is current), the version before it
and where it came from. A key is unique among current versions alone. Readers take current versions
from `store.books.current`; only the store itself sees the ended ones.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from store.books.base import Base, Id, PlaceRef
from store.books.changes import AssertedBy


class Fact:
    """The columns that every version of a fact has beside its values."""

    __tablename__: str
    id: Mapped[Id]
    change_id: Mapped[AssertedBy]
    ended_id: Mapped[int | None] = mapped_column(ForeignKey("change_record.id"), index=True)
    source: Mapped[str] = mapped_column(Text, default="")  # file and row, document, message

    @declared_attr
    def supersedes_id(cls) -> Mapped[int | None]:
        """The version before, of the same key; NULL for a first one, also after a withdrawal."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"))


def _one_current(table: str, key: Sequence[str]) -> tuple[Any, ...]:
    """A key has one current version and any number of ended ones."""
    current = text("ended_id IS NULL")
    return (
        Index(
            f"uq_{table}_current", *key, unique=True,
            sqlite_where=current, postgresql_where=current,
        ),
    )  # fmt: skip


class Tariff(Fact, Base):
    """Price of heat by area."""

    __tablename__ = "tariff"
    __table_args__ = _one_current("tariff", ["code"])
    code: Mapped[str] = mapped_column(String(64))
    price: Mapped[Decimal]  # per m2 and season
    currency: Mapped[str] = mapped_column(String(3))


class Contract(Fact, Base):
    """What a household owes for a season, and whether it consents to standing requests."""

    __tablename__ = "contract"
    __table_args__ = _one_current("contract", ["household_id", "season_id"])
    household_id: Mapped[PlaceRef]
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"), index=True)
    tariff_id: Mapped[int | None] = mapped_column(ForeignKey("tariff.id"))  # any version of it
    season_fee: Mapped[Decimal]  # for the whole season, in `currency`
    currency: Mapped[str] = mapped_column(String(3))
    standing_consent: Mapped[bool] = mapped_column(default=False)


class ContractTerms(Fact, Base):
    """What a household's contract says of the refund from a day on, until its next row begins.

    A row without `since` is of the season's begin: NULLs are all different to an index, so that it has
    one of its own.
    """

    __tablename__ = "contract_terms"
    __table_args__ = (
        *_one_current("contract_terms", ["household_id", "season_id", "since"]),
        Index(
            "uq_contract_terms_first", "household_id", "season_id", unique=True,
            sqlite_where=text("ended_id IS NULL AND since IS NULL"),
            postgresql_where=text("ended_id IS NULL AND since IS NULL"),
        ),
    )  # fmt: skip
    household_id: Mapped[PlaceRef]
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"), index=True)
    since: Mapped[datetime | None]  # first instant of a local day; NULL: the season's begin
    until: Mapped[datetime | None]  # where a row says it: the next one's since, or the season's end
    season_fee: Mapped[Decimal | None]  # for a whole season; NULL: the contract's
    area_m2: Mapped[Decimal | None]  # heated area, which the fee is of; NULL: the place's
    agreed: Mapped[Decimal | None]  # promised temperature [Cel]
    basic_fee: Mapped[Decimal | None]  # of the season's fee, in the contract's currency
    bands: Mapped[str] = mapped_column(Text, default="")  # as `domain.contract_terms` writes them
    use: Mapped[str] = mapped_column(  # of `domain.contract_terms.USES`
        String(16), default="residential", server_default="residential"
    )
    document: Mapped[str] = mapped_column(String(200), default="")
    heat_price: Mapped[Decimal | None]  # of a kWh that its meter counts, in the contract's currency


class Certificate(Fact, Base):
    """A device's metrological verification: its readings inside the span are verified."""

    __tablename__ = "certificate"
    __table_args__ = _one_current("certificate", ["device_id", "since"])
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    document: Mapped[str] = mapped_column(String(200), default="")


class CornerRoom(Fact, Base):
    """A room with two outer walls, of which some acts ask for more."""

    __tablename__ = "corner_room"
    __table_args__ = _one_current("corner_room", ["room_id", "since"])
    room_id: Mapped[PlaceRef]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    document: Mapped[str] = mapped_column(String(200), default="")


class Request(Fact, Base):
    """A household's request or notice that starts a refund's clock. No request, no refund."""

    __tablename__ = "request"
    __table_args__ = _one_current("request", ["household_id", "at"])
    household_id: Mapped[PlaceRef]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(100), default="")


class MeasurementRecord(Fact, Base):
    """A signed joint measurement on site: also a sample of its room at its instant."""

    __tablename__ = "measurement_record"
    __table_args__ = _one_current("measurement_record", ["room_id", "at"])
    room_id: Mapped[PlaceRef]
    at: Mapped[datetime]
    celsius: Mapped[Decimal]  # [Cel], 0.001
    signed_by: Mapped[str] = mapped_column(String(200), default="")


class OutageRecord(Fact, Base):
    """An outage: its begin, and its end where supply was back and held (regulations.md 7.9)."""

    __tablename__ = "outage_record"
    __table_args__ = _one_current("outage_record", ["place_id", "since"])
    place_id: Mapped[PlaceRef]  # station, building or household that stood without heat
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    planned: Mapped[bool] = mapped_column(default=False)
    cause: Mapped[str] = mapped_column(String(16), default="operator")  # of `OUTAGE_CAUSES` there
    announced_at: Mapped[datetime | None]  # when the households were told of it beforehand
    evidence: Mapped[str] = mapped_column(String(200), default="")
    #: Which of a machine's proposals this decides about; empty: a person recorded it.
    proposal: Mapped[str] = mapped_column(String(120), default="", server_default="")
    decision: Mapped[str] = mapped_column(String(16), default="", server_default="")


class UserFault(Fact, Base):
    """A dated finding that the household itself causes the cold (Henan art. 35)."""

    __tablename__ = "user_fault"
    __table_args__ = _one_current("user_fault", ["household_id", "since"])
    household_id: Mapped[PlaceRef]
    since: Mapped[datetime]  # from when the cause existed
    until: Mapped[datetime | None]
    clause: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[str] = mapped_column(String(300))


class Refusal(Fact, Base):
    """The user refused a measurement: the acts that say so deem that day compliant."""

    __tablename__ = "refusal"
    __table_args__ = _one_current("refusal", ["household_id", "at"])
    household_id: Mapped[PlaceRef]
    at: Mapped[datetime]
    evidence: Mapped[str] = mapped_column(String(300), default="")


class FeeSpan(Fact, Base):
    """Who bears a dwelling's fee from an instant on, or that it is not charged (regulations.md 7.11, 7.18).

    One without an end lasts until the household's next begins; before the first the contract's
    holder bears the fee.
    """

    __tablename__ = "fee_span"
    __table_args__ = _one_current("fee_span", ["household_id", "since"])
    household_id: Mapped[PlaceRef]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16))  # one of `domain.recorded.FEE_STATES`
    payer: Mapped[str] = mapped_column(String(100), default="")  # "": the contract's holder
    subsidy_percent: Mapped[Decimal] = mapped_column(default=Decimal(0))  # of the fee
    subsidy_by: Mapped[str] = mapped_column(String(100), default="")  # who pays that part
    document: Mapped[str] = mapped_column(String(200), default="")


class Decision(Fact, Base):
    """What settles undetermined days: by an authority, by agreement or by a presumption of the act."""

    __tablename__ = "decision"
    __table_args__ = _one_current("decision", ["place_id", "since"])
    place_id: Mapped[PlaceRef]  # household or room
    since: Mapped[datetime]
    until: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))  # one of OUTCOMES there
    basis: Mapped[str] = mapped_column(String(16))  # one of DECIDED_BY there
    document: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(100))
    temperature: Mapped[Decimal | None]  # as which "below" is decided [Cel]


class OutageDecision(Fact, Base):
    """What an outage refunds of which no clause was seen that says so: by an authority, by agreement, ..."""

    __tablename__ = "outage_decision"
    __table_args__ = _one_current("outage_decision", ["place_id", "since"])
    place_id: Mapped[PlaceRef]  # any above rooms: of all households below it
    since: Mapped[datetime]
    until: Mapped[datetime]
    share: Mapped[Decimal]  # of the fee of the outage's time [1]
    basis: Mapped[str] = mapped_column(String(16))  # one of `domain.recorded.DECIDED_BY`
    document: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(100))


class Objection(Fact, Base):
    """A household objects to what a run says of it, and what became of that."""

    __tablename__ = "objection"
    __table_args__ = _one_current("objection", ["household_id", "at"])
    household_id: Mapped[PlaceRef]
    at: Mapped[datetime]  # received
    run: Mapped[int]  # number of the settlement run
    since: Mapped[datetime | None]  # of what it disputes; NULL: all of it
    until: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(16))  # one of `domain.recorded.OBJECTION_STATES`
    correction: Mapped[int | None]  # number of the run that corrects it
    document: Mapped[str] = mapped_column(String(200), default="")  # that dismisses it


class PolicyConfirmation(Fact, Base):
    """That a company's administrator has held a policy's text against the act, and by which document.

    It is of these very bytes: a policy of the same id with another hash is not confirmed by it.
    """

    __tablename__ = "policy_confirmation"
    __table_args__ = _one_current("policy_confirmation", ["company_id", "sha256"])
    company_id: Mapped[PlaceRef]
    policy: Mapped[str] = mapped_column(Text)  # its id
    sha256: Mapped[str] = mapped_column(String(64))  # of the policy's file
    document: Mapped[str] = mapped_column(Text)
    dated: Mapped[date]  # the document's date
