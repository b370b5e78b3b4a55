"""Whether a policy is in force on every day of a season (7.20, last row)."""

from datetime import date

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
