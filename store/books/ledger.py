"""Settlement runs with what they took, their draft lines, and the append-only ledger in a hash chain."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.actor import Actor
from store.books.base import Base, BigId, Id, PlaceRef

#: The state of a run. One under any policy but the season's own is a what-if: never owed, never taken for the draft.
STATES = DRAFT, APPROVED, WHAT_IF = "draft", "approved", "what_if"
#: A number that may grow for good.
BIG = BigInteger().with_variant(Integer, "sqlite")


class FrozenInput(Base):
    """What a run took, by the hash its runs name: equal bytes are kept once and never changed."""

    __tablename__ = "frozen_input"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of the bytes themselves
    kind: Mapped[str] = mapped_column(String(16))  # snapshot | policy | results
    content: Mapped[bytes] = mapped_column(LargeBinary)  # compressed by zlib
    #: Of other bytes, kept the same way, to which the content is the difference; None: it is whole.
    base_sha256: Mapped[str | None] = mapped_column(ForeignKey("frozen_input.sha256"))


class SettlementRun(Base):
    """A pure function's inputs and totals: (flush, snapshot, policy) -> lines."""

    __tablename__ = "settlement_run"
    __table_args__ = (
        CheckConstraint("state <> 'approved' OR approved_by IS NOT NULL", name="approved_by"),
    )
    id: Mapped[Id]
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"), index=True)
    policy: Mapped[str] = mapped_column(Text)  # its id
    policy_sha256: Mapped[str] = mapped_column(String(64))
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    flush: Mapped[int]  # readings as of this flush
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))  # draft | approved | what_if
    households: Mapped[int]
    total: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    undetermined: Mapped[int]  # households with an undetermined part
    #: Over every result; None: made before heatwatch kept what a settlement took.
    results_sha256: Mapped[str | None] = mapped_column(String(64))
    #: Of what that hash covers: `analytics.settlement.result_hashes`; None: made before it was kept.
    results_version: Mapped[int | None]
    #: The earlier run whose results are this one's, too, but for households that have one of its own
    #: or are left out of it (`store.books.run_rows`); None: all results are its own.
    base_id: Mapped[int | None] = mapped_column(ForeignKey("settlement_run.id"))
    #: Version of `analytics.settlement.rules`; None: made before it was kept.
    rules: Mapped[int | None]
    #: The last change record before its facts were read; None: made before it was kept.
    last_change: Mapped[int | None] = mapped_column(BIG)
    drafted_by: Mapped[Actor]
    #: Over what the row says of the draft (`analytics.ledger.draft_hash`); None: nothing was hashed.
    drafted_sha256: Mapped[str | None] = mapped_column(String(64))
    approved_by: Mapped[Actor | None]
    approved_at: Mapped[datetime | None]
    approval_reason: Mapped[str] = mapped_column(Text, default="")


class SettlementResult(Base):
    """One household's result in a run, with the steps that led to it.

    Which are a run's, its own and those of its base, `store.books.run_rows` says.
    """

    __tablename__ = "settlement_result"
    __table_args__ = (
        UniqueConstraint("run_id", "household_id"),
        #: Few of a city are, and each run looks for them.
        Index(
            "ix_settlement_result_undetermined", "run_id",
            sqlite_where=text("undetermined = 1"), postgresql_where=text("undetermined"),
        ),
    )  # fmt: skip
    id: Mapped[BigId]
    run_id: Mapped[int] = mapped_column(ForeignKey("settlement_run.id"), index=True)
    household_id: Mapped[PlaceRef]
    total: Mapped[Decimal]
    undetermined: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)  # closed list, see analytics.settlement
    steps: Mapped[list[Any]]


class SettlementLeftOut(Base):
    """A household that a run does not take over from its base: its contract is gone."""

    __tablename__ = "settlement_left_out"
    run_id: Mapped[int] = mapped_column(ForeignKey("settlement_run.id"), primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)


class SettlementLine(Base):
    """One rule at one fraction of the daily fee over consecutive local days."""

    __tablename__ = "settlement_line"
    id: Mapped[BigId]
    result_id: Mapped[int] = mapped_column(ForeignKey("settlement_result.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)  # temperature | outage | ..., a calculator's
    first_day: Mapped[date]
    last_day: Mapped[date]
    days: Mapped[str] = mapped_column(Text)  # exact fraction, "11/4"
    share: Mapped[str] = mapped_column(Text)  # exact fraction, "1/2"
    amount: Mapped[Decimal]
    clause: Mapped[str] = mapped_column(Text)  # as the policy writes it
    room: Mapped[str] = mapped_column(Text, default="", server_default="")  # code; "": the dwelling
    #: Who bore the fee of its days; "": the contract's holder.
    payer: Mapped[str] = mapped_column(Text, default="", server_default="")


class LedgerEntry(Base):
    """Append-only; `hash` covers the entry and the hash before it. A correction names the old entry.

    An approval is an entry, too, behind the refunds and corrections that it wrote: about no
    household, over no sum, covering the run that was approved and what the books keep of it.
    So are payments, the bank's answers and interest; their sums add nothing to what a run says.

    Each company has a chain of its own, so that it can be checked, and shown, without another's.
    Entries of several companies from before stand in one chain and name no company; the chains of
    these companies go on from its end.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        #: An approval reads a season's entries household by household.
        Index("ix_ledger_entry_season_id_household_id", "season_id", "household_id"),
        #: Entries are held against their runs, household by household.
        Index("ix_ledger_entry_run_id_household_id", "run_id", "household_id"),
    )
    id: Mapped[BigId]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite")
    )  # in its chain
    made_at: Mapped[datetime]
    #: refund | correction | approval, or of a payment: `analytics.ledger.payments`
    kind: Mapped[str] = mapped_column(String(16))
    household_id: Mapped[int | None] = mapped_column(
        ForeignKey("place.id"), index=True
    )  # None: an approval
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("settlement_run.id"))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    body: Mapped[dict[str, Any]]
    corrects: Mapped[int | None] = mapped_column(
        BIG
    )  # its number, in this chain or the one it goes on from
    drafted_by: Mapped[Actor]
    approved_by: Mapped[Actor]
    version: Mapped[int]  # of what `hash` covers: analytics.ledger.hashes
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
