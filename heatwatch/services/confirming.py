"""A policy that is a template or a company's own settles once a person has confirmed its text, for a company."""

from dataclasses import replace
from datetime import date

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile, of_season
from domain.actor import By
from domain.errors import WrongCall
from domain.language import Text, msg
from heatwatch.selection import zone_of
from heatwatch.services.companies import company_id
from heatwatch.wiring import World
from store.books.registry import Season
from store.evidence.confirmations import (
    Confirmation,
    confirm,
    confirmation_of,
    withdraw_confirmation,
)


def confirm_policy(
    world: World, company: str, policy: str, document: str, dated: date, by: By
) -> Confirmation:
    """Records that a company's administrator has held the text of a template against the act.

    Raises WrongCall where there is no such company or policy, the policy settles without, or what
    is given can't be a confirmation.
    """
    file = _template(world, policy)
    place = company_id(world, company)
    zone = zone_of(world, company, by.at)
    return confirm(world.books, place, file.policy.id, file.sha256, document, dated, by, zone)


def withdraw_policy(world: World, company: str, policy: str, by: By) -> Confirmation:
    """Ends a company's confirmation of a template's text; what was settled under it stays."""
    place = company_id(world, company)
    return withdraw_confirmation(world.books, place, _template(world, policy).sha256, by)


def _template(world: World, policy: str) -> PolicyFile:
    file = of_season(policy, world.policies)
    if not file.policy.to_confirm:
        raise WrongCall(
            msg(
                "policy {id} is of grade {grade} and settles without a confirmation",
                id=file.policy.id, grade=file.policy.grade,
            )
        )  # fmt: skip
    return file


def confirmed(
    world: World, season: Season, file: PolicyFile, snapshot: Snapshot, *, what_if: bool
) -> Snapshot:
    """The snapshot with who confirmed the policy's text; WrongCall where that has to be done first.

    A what-if is never owed: under a text of a company's own, which may be any file, it needs none.
    """
    found = with_confirmation(world, season, file, snapshot)
    policy = file.policy
    if not found.confirmed and (policy.is_template or (policy.to_confirm and not what_if)):
        raise WrongCall(not_confirmed(file, season.code))
    return found


def with_confirmation(
    world: World, season: Season, file: PolicyFile, snapshot: Snapshot
) -> Snapshot:
    """The snapshot with who confirmed the policy's text for the season's company, if anybody has."""
    if not file.policy.to_confirm:
        return snapshot
    found = confirmation_of(world.books, season.company_id, file.text_sha256)
    kept = () if found is None else found.kept()
    return snapshot if snapshot.confirmed == kept else replace(snapshot, confirmed=kept)


def settles(world: World, season: Season, file: PolicyFile) -> bool:
    """Whether a policy's text may decide anything of a season: that of a template once it is confirmed.

    One of a company's own that is none opens tasks before: a visit that is not made can't be made later.
    """
    own = file.policy.is_template
    return not own or confirmation_of(world.books, season.company_id, file.text_sha256) is not None


def not_confirmed(file: PolicyFile, season: str) -> Text:
    """Why a policy does not settle, and how it does."""
    own = (file.base or file).policy
    why = (
        msg(
            "policy {id} is a template of grade {grade}: its text was not read whole or not at the source",
            id=own.id, grade=own.grade,
        )
        if own.is_template
        else msg(
            "policy {id} is a text of the company's own: grade {grade} is what its file says, and no "
            "maintainer of heatwatch has read it",
            id=own.id, grade=own.grade,
        )
    )  # fmt: skip
    return msg(
        "{why}, so season {season} is not settled under it. An administrator who has held it "
        "against the act confirms it: heatwatch policy confirm {id} --document DOCUMENT --date DATE "
        "--by NAME (heatwatch refund try works without)",
        why=why, id=own.id, season=season,
    )  # fmt: skip
