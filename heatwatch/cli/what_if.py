"""That something is a what-if: which policy, with which overlay; above every table made under one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Group

from domain.language import Text, joined, msg, msg_in
from heatwatch.output import grid, said, words_of
from heatwatch.wiring import World

if TYPE_CHECKING:
    from analytics.law.overlays import WhatIf
    from analytics.ledger.drafts import Drafted

#: What an answer in JSON says of a what-if: base and name of its overlay; both empty: another policy.
Body = Mapping[str, Any]


def body_of(own: "WhatIf | None") -> dict[str, Any] | None:
    """The overlay of a policy as answers have it; None where it is none."""
    return None if own is None else {"base": own.base, "name": own.name.model_dump()}


def of_run(world: World, run: "Drafted") -> dict[str, Any] | None:
    """The same of a run; None where it was made under a policy as it stands, its season's or another."""
    from analytics.ledger.words import overlay_of

    return body_of(overlay_of(world.books, run))


def policy_words(policy: str, overlay: Body | None) -> str:
    """A policy's id; of a what-if its base and its name in the reader's language."""
    return policy if overlay is None else f"{overlay['base']} + {words_of(overlay['name'])}"


def notice(overlay: Body | None, what_if: bool) -> Text | None:
    """What is said above the tables of a what-if; None where it is none."""
    if overlay is not None:
        what = msg(
            "WHAT-IF: a simulated calculation, not a settlement under the act; policy {base} with the "
            'overlay "{name}".',
            base=overlay["base"], name=words_of(overlay["name"]),
        )  # fmt: skip
    elif what_if:
        what = msg(
            "WHAT-IF: a simulated calculation under another policy than the season's own, no settlement."
        )
    else:
        return None
    return joined("\n", [what, msg("Nothing is owed under it, and it can't be approved.")])


def under(said_first: Text | None, tables: Any) -> Any:
    """Tables below what is said of them."""
    if said_first is None:
        return tables
    return Group(said(said_first), tables)


def changes(own: "WhatIf") -> Any:
    """What an overlay changes against its base, as a table."""
    from analytics.law.overlays import told

    names: list[str | Text] = [msg("key"), own.base, msg("overlay"), msg_in("overlay", "reference")]
    rows = [
        [
            each.key
            if each.since is None
            else msg("{what}, from {day} on", what=each.key, day=each.since),
            _cell(told(each.before)),
            _cell(told(each.after)),
            words_of(each.reference),
        ]
        for each in own.changes
    ]
    return grid(msg("What the overlay changes"), names, rows)


def _cell(value: Any) -> Any:
    return words_of(value) if isinstance(value, dict) else value
