"""What a facts file says of its outages beside when they were: announced when, caused by whom."""

from collections.abc import Callable, Mapping, Sequence

from analytics.facts.snapshot import NEVER_US
from domain.errors import WrongCall
from domain.language import msg, not_known
from domain.recorded import OPERATOR, OUTAGE_CAUSES, USER

KEYS = ("since", "announced_at", "cause")
Local = Callable[[str, str], int]  # a local civil time and its key -> µs
Span = tuple[int, int]
Noted = tuple[int, int, int, int, int]  # as `Snapshot.noted_outages` has them


def with_notes(
    outages: Sequence[Span], notes: Sequence[Mapping[str, str]], local: Local
) -> tuple[list[Span], list[Noted]]:
    """Outages that no note is about, and the others with theirs; the user's own are neither. [µs]

    Raises WrongCall with the key, its value and what is allowed.
    """
    told = dict(_note(each, outages, local) for each in notes)
    plain = [span for span in outages if told.get(span[0], NOTHING) == NOTHING]
    noted = [
        (*span, 1, *told[span[0]])
        for span in outages
        if told.get(span[0], NOTHING) != NOTHING and told[span[0]][1] != OUTAGE_CAUSES.index(USER)
    ]
    return plain, noted


NOTHING = (NEVER_US, OUTAGE_CAUSES.index(OPERATOR))


def _note(
    row: Mapping[str, str], outages: Sequence[Span], local: Local
) -> tuple[int, tuple[int, int]]:
    for key in row:
        if key not in KEYS:
            raise WrongCall(not_known(msg("facts: {key}: key", key="outage_notes"), key, KEYS))
    since = local(row.get("since", ""), "outage_notes.since")
    if since not in {begin for begin, _ in outages}:
        raise WrongCall(
            msg("facts: outage_notes.since: {at!r}: no outage begins then", at=row["since"])
        )
    announced = row.get("announced_at", "")
    at = local(announced, "outage_notes.announced_at") if announced else NEVER_US
    if at >= since:
        raise WrongCall(
            msg(
                "facts: outage_notes.announced_at: {at!r} does not lie before the outage",
                at=announced,
            )
        )
    cause = row.get("cause", OPERATOR)
    if cause not in OUTAGE_CAUSES:
        raise WrongCall(
            not_known(msg("facts: {key}", key="outage_notes.cause"), cause, OUTAGE_CAUSES)
        )
    return since, (at, OUTAGE_CAUSES.index(cause))
