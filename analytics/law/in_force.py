"""Whether a policy is in force on every day of a season (7.20, last row), and says what its changes in it mean."""

from datetime import date

from analytics.law.dated import rule_of
from analytics.law.policy import Policy
from analytics.law.terms import Terms
from domain.language import Text, msg


def not_in_force(policy: Terms, season: str, first: date, last: date) -> Text | None:
    """Why a season, by its code, first and last local day, can't have the policy; None: it can."""
    force = policy.in_force
    early = force.since is not None and first < force.since
    if not early and (force.until is None or last < force.until):
        return None
    return msg(
        "policy {id} is in force{since}{until}; season {code} runs {first} to {last}; allowed: a policy "
        "in force on all of its days",
        id=policy.id,
        since=msg(" since {day}", day=force.since) if force.since else "",
        until=msg(" until {day}", day=force.until) if force.until else "",
        code=season, first=first, last=last,
    )  # fmt: skip


def not_for_season(policy: Policy, season: str, first: date, last: date) -> Text | None:
    """As `not_in_force`, and where a value changes inside the season that may change between two only."""
    inside = [each for each in policy.dated if first < each.since <= last]
    open_ = [each for each in inside if rule_of(each, policy.tables) is None]
    if (fault := not_in_force(policy, season, first, last)) is not None or not open_:
        return fault
    return msg(
        "policy {id} changes {keys} inside season {code}, {first} to {last}, and what that means for what "
        "crosses the day is not defined; allowed inside a season: {allowed}",
        id=policy.id, code=season, first=first, last=last,
        keys=", ".join(f"{each.key} ({each.since})" for each in open_),
        allowed=", ".join(_may_change(policy)) or msg("no key of this policy"),
    )  # fmt: skip


def _may_change(policy: Policy) -> list[str]:
    """The keys of the policy that may change inside a season."""
    return [
        f"{name}.{part}"
        for name, table in policy.tables.items()
        for part in table.changes_inside
        if table.rule_inside(part) is not None
    ]
