"""Confirmations of policies: a named person has held a policy's text against the act, with a document.

A confirmation is of one company and of one file's very bytes. Another document or date is a
correction with its reason; a withdrawal ends it, and the policy is a template again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, Select, Update, insert, select, update

from domain.actor import Actor, By
from domain.errors import WrongCall
from domain.language import msg
from domain.time import local_day
from domain.visible import has_words
from store.books.changes import POLICY_CONFIRMED, WITHDRAWAL, ChangeRecord, record
from store.books.facts import PolicyConfirmation
from store.books.registry import Place
from store.evidence.since import Since
from store.registry import books

TABLE = PolicyConfirmation.__table__


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a policy's text was confirmed, by whom and by which document."""

    company: str  # code
    policy: str  # id
    sha256: str  # of the policy's file
    document: str
    dated: date
    by: Actor
    at: datetime

    def kept(self) -> tuple[str, ...]:
        """As a run's snapshot keeps it."""
        return (self.sha256, self.document, self.dated.isoformat(), self.by.name)


def confirm(
    engine: Engine, company: int, policy: str, sha256: str, document: str, dated: date, by: By,
    zone: ZoneInfo,
) -> Confirmation:  # fmt: skip
    """Records a confirmation for a company, its place id; the same again changes nothing.

    `zone`: of the days of the city. Raises WrongCall where the document has no words or a date to come, and where one stands with
    another document or date and there is no reason to correct it.
    """
    if not has_words(document):
        raise WrongCall(msg("a confirmation needs its document; give --document"))
    if dated > local_day(by.at, zone):
        raise WrongCall(msg("--date {day} is still to come", day=dated))
    with engine.connect() as link:
        books.lock(link)
        before = _current(link, company, sha256)
        if before is None or (before.document, before.dated) != (document, dated):
            _write(link, company, policy, sha256, document, dated, before, by)
            link.commit()
        after = _current(link, company, sha256)
    assert after is not None  # it was written, or stood
    return _confirmation(after)


def _write(
    link: Connection, company: int, policy: str, sha256: str, document: str, dated: date,
    before: Row[Any] | None, by: By,
) -> None:  # fmt: skip
    if before is not None and not has_words(by.reason):
        raise WrongCall(
            msg(
                "policy {policy} is confirmed by {document} of {day}; a correction needs its --reason",
                policy=policy, document=before.document, day=before.dated,
            )
        )  # fmt: skip
    change = record(link, by, POLICY_CONFIRMED, details={"policy": policy, "sha256": sha256})
    if before is not None:
        link.execute(_ended(before.id, change))
    row = {
        "company_id": company, "policy": policy, "sha256": sha256, "document": document,
        "dated": dated, "supersedes_id": None if before is None else before.id,
    }  # fmt: skip
    link.execute(insert(PolicyConfirmation).values(row))
    books.grow_version(link)


def withdraw_confirmation(engine: Engine, company: int, sha256: str, by: By) -> Confirmation:
    """Ends a company's confirmation of a file -> it, as it was.

    Raises WrongCall where there is none, or no reason is given.
    """
    with engine.connect() as link:
        books.lock(link)
        before = _current(link, company, sha256)
        if before is None:
            raise WrongCall(msg("there is no confirmation of this policy's text to withdraw"))
        if not has_words(by.reason):
            raise WrongCall(msg("a withdrawal needs its --reason"))
        change = record(link, by, WITHDRAWAL, details={"withdrawn": [f"policies {before.policy}"]})
        link.execute(_ended(before.id, change))
        books.grow_version(link)
        link.commit()
    return _confirmation(before)


def confirmations(engine: Engine, companies: Iterable[str] | None = None) -> list[Confirmation]:
    """Those that stand, by policy and company, of all or of these companies (codes)."""
    with engine.connect() as link:
        rows = link.execute(_query().order_by(TABLE.c.policy, Place.code)).all()
    own = None if companies is None else set(companies)
    return [_confirmation(row) for row in rows if own is None or row.company in own]


def confirmation_of(engine: Engine, company: int, sha256: str) -> Confirmation | None:
    """That of a company, its place id, of the file with this hash; None where none stands."""
    with engine.connect() as link:
        row = _current(link, company, sha256)
    return None if row is None else _confirmation(row)


def stood_at(engine: Engine, company: int, sha256: str, point: Since) -> bool:
    """Whether the confirmation that stands of a file is one that stood at that point already."""
    with engine.connect() as link:
        row = _current(link, company, sha256)
    return row is not None and not point.is_before(row.change_id, row.at)


def _ended(number: int, change: int) -> Update:
    version = PolicyConfirmation
    return update(version).where(version.id == number).values(ended_id=change)


def _query() -> Select[Any]:
    return (
        select(TABLE, Place.code.label("company"), ChangeRecord.actor, ChangeRecord.at)
        .join(Place, Place.id == TABLE.c.company_id)
        .join(ChangeRecord, ChangeRecord.id == TABLE.c.change_id)
        .where(TABLE.c.ended_id.is_(None))
    )


def _current(link: Connection, company: int, sha256: str) -> Row[Any] | None:
    own = (TABLE.c.company_id == company) & (TABLE.c.sha256 == sha256)
    return link.execute(_query().where(own)).one_or_none()


def _confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        row.company, row.policy, row.sha256, row.document, row.dated, row.actor, row.at
    )
