"""Rows of outages that a machine proposed: nobody has confirmed them by importing a file unread."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.language import Text, languages, msg, sentence
from domain.time import Span
from domain.visible import has_words
from store.registry.rows import Known, Rows

CONFIRMED, REJECTED = "confirmed", "rejected"
#: The evidence of a proposed outage, and of a proposed end of a record.
FOUND = msg(
    "meters, data version {version}: flow under {share} % of usual or supply under {floor} °C "
    "for {least} min, until back for {held} min; least {flow} m³/h, {supply} °C; "
    "{unknown} min unknown{off}"
)
BACK = msg("meters, data version {version}: supply back and held for {held} min")

#: How an id writes its begin.
FORM = "%Y%m%dT%H%M%SZ"

Existing = Mapping[tuple[Any, ...], tuple[int, tuple[Any, ...]]]


def of_meters(evidence: str) -> bool:
    """Whether it is a machine's words, in any language.

    >>> of_meters("meters, data version 7: supply back and held for 60 min"), of_meters("call 7")
    (True, False)
    """
    texts = (sentence(each.message, code) for each in (FOUND, BACK) for code in languages())
    return any(evidence.startswith(text.split("{version}")[0]) for text in texts)


def version_named(evidence: str) -> int:
    """The data version that a machine's words name, in any language; 0: none.

    >>> version_named("meters, data version 7: supply back and held for 60 min"), version_named("call 7")
    (7, 0)
    """
    texts = (sentence(each.message, code) for each in (FOUND, BACK) for code in languages())
    for before in {text.split("{version}")[0] for text in texts}:
        if found := re.match(rf"{re.escape(before)}([0-9]{{1,9}})\b", evidence):
            return int(found[1])
    return 0


def proposal_id(code: str, since: datetime, until: datetime) -> str:
    """The name of a proposal: where, from when (UTC) and for how many seconds.

    >>> proposal_id("S1", datetime(2025, 1, 10, 4, tzinfo=UTC), datetime(2025, 1, 10, 5, tzinfo=UTC))
    'S1@20250110T040000Z+3600'
    """
    begin, end = (each.astimezone(UTC).replace(microsecond=0) for each in (since, until))
    return f"{code}@{begin:{FORM}}+{(end - begin) // timedelta(seconds=1)}"


def proposed(proposal: str) -> tuple[str, Span] | None:
    """The place and the span that an id names; None for what is no id."""
    code, _, when = proposal.rpartition("@")
    begin, _, seconds = when.partition("+")
    try:
        since = datetime.strptime(begin, FORM).replace(tzinfo=UTC)
        found = code, Span(since, since + timedelta(seconds=int(seconds)))
    except (ValueError, OverflowError):
        return None
    return found if proposal_id(code, found[1].since, found[1].until) == proposal else None


def no_id(proposal: str) -> Text:
    """What is said of a word that is no id."""
    return msg(
        "{id!r} is no id of a proposed outage; allowed: as heatwatch outages shows it, "
        "such as S1-01@20250110T041500Z+5400",
        id=proposal,
    )


def proposals_are_decided(rows: Rows, known: Known, existing: Existing) -> None:
    """What a machine proposed names its own proposal, and what a person decided about it."""
    proposal, decision, evidence = (
        rows.column(name) for name in ("proposal", "decision", "evidence")
    )
    keys = list(zip(*(rows.column(name) for name in rows.kind.key), strict=True))
    at = rows.kind.at
    for i in list(rows.good()):
        old = existing.get(keys[i], (0, None))[1]
        if old == rows.row(i):
            continue
        if proposal[i] and not decision[i]:
            rows.refuse(
                i, "decision",
                msg(
                    "nobody has decided about the proposed outage {id}; write confirmed or rejected "
                    "here, or leave the row out",
                    id=proposal[i],
                ),
            )  # fmt: skip
        elif decision[i] and not proposal[i]:
            rows.refuse(
                i, "proposal",
                msg("a decision is about a proposal: give its id, or leave both columns empty"),
            )  # fmt: skip
        elif not proposal[i] and of_meters(evidence[i]):
            if old is None or old[at["evidence"]] != evidence[i]:
                rows.refuse(
                    i, "proposal",
                    msg(
                        "this row is what meters showed, and nobody has decided about it; write it anew "
                        "with heatwatch outages --out, and confirmed or rejected into its column decision"
                    ),
                )  # fmt: skip
        elif decision[i] == REJECTED and old is not None and old[at["decision"]] != REJECTED:
            rows.refuse(
                i, "decision",
                msg("an outage is on record here; leave the row out, or withdraw the record"),
            )  # fmt: skip
        if proposal[i] and i not in rows.bad:
            _refuse_another(rows, i, proposal[i], known)
    _refuse_never_shown(rows, keys, known, existing)


def _refuse_never_shown(
    rows: Rows, keys: Sequence[tuple[Any, ...]], known: Known, existing: Existing
) -> None:
    """A well-formed id that no meter showed is nobody's proposal; one on record was shown before."""
    proposal, at = rows.column("proposal"), rows.kind.at["proposal"]
    new = [
        i
        for i in rows.good()
        if proposal[i] and (keys[i] not in existing or existing[keys[i]][1][at] != proposal[i])
    ]
    if not new or known.checks.never_shown is None:
        return
    evidence = rows.column("evidence")
    missing = known.checks.never_shown([(proposal[i], evidence[i]) for i in new])
    for i in new:
        if proposal[i] in missing:
            why = msg(
                "no meter shows this; allowed: a proposal that heatwatch outages --unrecorded lists, or, for an "
                "outage that a person knows of, proposal and decision left empty"
            )
            rows.refuse(i, "proposal", why)


def _refuse_another(rows: Rows, i: int, proposal: str, known: Known) -> None:
    """A decision is about what the meters showed; who confirms another end says why."""
    found = proposed(proposal)
    if found is None:
        rows.refuse(i, "proposal", no_id(proposal))
        return
    code, span = found
    since, until = rows.column("since")[i], rows.column("until")[i]
    here = proposal_id(rows.text(i, "place"), since, span.until)
    if here != proposal:
        column = "place" if rows.text(i, "place") != code else "since"
    elif until is None or proposal_id(code, since, until) != proposal:
        column = "until"
    else:
        return
    corrects = rows.column("decision")[i] == CONFIRMED and has_words(known.reason)
    if column == "until" and until is not None and corrects:
        return
    why = msg(
        "is not that of the proposal {id}, which stands for {place} from {since} until {until}; "
        "allowed: these as they were proposed; with another end confirmed and a reason "
        '(--reason "..."); for another place or begin a row of its own without proposal and '
        "decision, and the proposal rejected",
        id=proposal, place=code, since=span.since.isoformat(), until=span.until.isoformat(),
    )  # fmt: skip
    rows.refuse(i, column, why)
