"""Rows of outages that a machine proposed: nobody has confirmed them by importing a file unread."""

from collections.abc import Mapping
from typing import Any

from domain.language import languages, msg, sentence
from store.registry.rows import Known, Rows

CONFIRMED, REJECTED = "confirmed", "rejected"
#: The evidence of a proposed outage, and of a proposed end of a record.
FOUND = msg(
    "meters, data version {version}: flow under {share} % of usual or supply under {floor} °C "
    "for {least} min, until back for {held} min; least {flow} m³/h, {supply} °C; "
    "{unknown} min unknown{off}"
)
BACK = msg("meters, data version {version}: supply back and held for {held} min")

Existing = Mapping[tuple[Any, ...], tuple[int, tuple[Any, ...]]]


def of_meters(evidence: str) -> bool:
    """Whether it is a machine's words, in any language.

    >>> of_meters("meters, data version 7: supply back and held for 60 min"), of_meters("call 7")
    (True, False)
    """
    texts = (sentence(each.message, code) for each in (FOUND, BACK) for code in languages())
    return any(evidence.startswith(text.split("{version}")[0]) for text in texts)


def proposals_are_decided(rows: Rows, _known: Known, existing: Existing) -> None:
    """What a machine proposed names its proposal, and what a person decided about it."""
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
