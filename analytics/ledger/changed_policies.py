"""Policies of the configured folder that are not as they were when a run used them."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from analytics.law.policy import PolicyFile, is_shipped, known, parse
from analytics.ledger import frozen_inputs as inputs
from domain.errors import WrongCall
from domain.language import Text, msg
from domain.time import Span
from store.books.ledger import APPROVED, SettlementRun
from store.books.registry import Season


@dataclass(frozen=True, slots=True)
class Changed:
    """A policy file, and the newest run that was approved under its id with other bytes."""

    file: str
    policy: str
    sha256: str  # of the file now
    run: int
    season: str
    kept_sha256: str  # of the bytes kept with the run

    def said(self) -> Text:
        """What a person reads, with how to go on."""
        return msg(
            "{file}: policy {policy} was changed after run {run} of season {season} was "
            "approved under it: sha256 {kept} is kept with the run, the file has {found}. A policy is never edited "
            "after use: put the file back as it was, add only [[dated]] values of later seasons behind "
            "its text, or give the changed one an id of its own and name that id in the season",
            file=self.file, policy=self.policy, run=self.run, season=self.season,
            kept=self.kept_sha256[:12], found=self.sha256[:12],
        )  # fmt: skip


def changed_policies(
    engine: Engine, folder: Path | None, company: int | None = None
) -> list[Changed]:
    """Each policy of the folder under which runs (with `company`, its place id: its own) were
    approved with other bytes.

    A file may be corrected while nothing under it has been approved; the policies that ship
    change with heatwatch's version, which is not the user's doing.
    """
    if folder is None or not folder.is_dir():
        return []
    own = (each for each in known(folder) if not is_shipped(each.policy.id))
    with Session(engine) as session:
        found = (_changed(session, each, company) for each in own)
        return [each for each in found if each is not None]


def refuse_changed(engine: Engine, file: PolicyFile) -> None:
    """WrongCall where a run was approved under this file's id with other bytes."""
    with Session(engine) as session:
        if (changed := _changed(session, file)) is not None:
            raise WrongCall(changed.said())


def _changed(session: Session, file: PolicyFile, company: int | None = None) -> Changed | None:
    query = (
        select(SettlementRun, Season)
        .join(Season, Season.id == SettlementRun.season_id)
        .where(SettlementRun.policy == file.policy.id, SettlementRun.state == APPROVED)
        .where(SettlementRun.policy_sha256 != file.sha256)
        .order_by(SettlementRun.id.desc())
    )
    if company is not None:
        query = query.where(Season.company_id == company)
    seen: set[tuple[str, int]] = set()
    for run, season in session.execute(query):
        key = run.policy_sha256, season.id
        if key not in seen and not _only_amended(session, file, run.policy_sha256, season):
            return Changed(
                file.origin, file.policy.id, file.sha256, run.id, season.code, run.policy_sha256
            )
        seen.add(key)
    return None


def _only_amended(session: Session, file: PolicyFile, sha256: str, season: Season) -> bool:
    """Whether the file is the text kept, to the byte, and behind it only values of a day that leave the
    season as it was: an act that was amended since."""
    try:
        kept = parse(inputs.raw(session, inputs.POLICY, sha256), "", kept=True)
    except inputs.Unkept:  # of a run from before, or changed since: `settle verify` says so
        return False
    if not file.raw.startswith(kept.raw) or len(file.policy.dated) <= len(kept.policy.dated):
        return False
    span = Span(season.since, season.until)
    now, then = (
        each.policy.in_season(span, season.zone).model_copy(update={"dated": ()})
        for each in (file, kept)
    )
    return now == then
