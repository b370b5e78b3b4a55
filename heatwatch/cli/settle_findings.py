"""Runs under a law without money: findings of non-compliance where others have sums."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from domain.language import Text, msg, plural
from heatwatch.cli.settle_verify import reason_words
from heatwatch.output import formats, grid
from heatwatch.wiring import World

if TYPE_CHECKING:
    from analytics.ledger.drafts import Drafted, Kept
    from analytics.ledger.found_differences import DifferingHome

SHOWN = 40  # households on a terminal


def pays(world: World, run: "Drafted") -> bool:
    """Whether anything can be owed under the policy of a run; one that was not kept did pay."""
    from analytics.ledger.frozen_inputs import Unkept, policy

    try:
        return policy(world.books, run.policy_sha256).policy.pays()
    except Unkept:
        return True


def of_home(home: "Kept") -> dict[str, Any]:
    """A household's findings, as answers in JSON have them beside its reason."""
    from analytics.law.findings import found_in

    found = found_in(home.steps)
    return {
        "household": home.household,
        "total": None,
        "findings": 0 if found is None else found.findings,
        "hours": "0.00" if found is None else found.hours,
        "lowest": None if found is None else f"{found.lowest / 1000:.3f}",
        "undetermined": home.undetermined,
        "reason": home.reason,
    }


def of_run(homes: Iterable["Kept"]) -> dict[str, Any]:
    """All findings of a run: how many, of how many households, and those with the most hours."""
    rows = [of_home(each) for each in homes]
    with_some = sorted(
        (row for row in rows if row["findings"]),
        key=lambda row: (-Decimal(row["hours"]), row["household"]),
    )
    return {
        "households": len(with_some),
        "findings": sum(row["findings"] for row in with_some),
        "hours": str(sum((Decimal(row["hours"]) for row in with_some), Decimal("0.00"))),
        "lowest": min((row["lowest"] for row in with_some), key=Decimal, default=None),
        "most": with_some[:SHOWN],
        "undetermined": [row for row in rows if row["undetermined"]][:SHOWN],
    }


def homes_table(title: Text | str, rows: Sequence[dict[str, Any]]) -> Any:
    """Households with their findings, those with most hours first."""
    names = [
        msg("household"), msg("findings"), msg("hours below"), msg("lowest (°C)"), msg("undetermined"),
        msg("reason"),
    ]  # fmt: skip
    ordered = sorted(rows, key=lambda row: (-Decimal(row["hours"]), row["household"]))
    cells = [
        [
            row["household"], row["findings"], row["hours"], row["lowest"] or "",
            msg("yes") if row["undetermined"] else "", reason_words(row["reason"]),
        ]
        for row in ordered[:SHOWN]
    ]  # fmt: skip
    return grid(title, names, cells)


def whole_table(title: Text | str, run: "Drafted", found: dict[str, Any]) -> Any:
    """What a run without money comes to."""
    number = formats().number
    rows: list[list[Any]] = [
        [msg("households"), number(run.households)],
        [msg("households with findings"), number(found["households"])],
        [msg("findings"), number(found["findings"])],
        [msg("hours below, of all rooms together"), found["hours"]],
        [msg("lowest (°C)"), found["lowest"] or ""],
        [msg("households undetermined"), number(run.undetermined)],
    ]
    return grid(title, ["", ""], rows)


def differences(world: World, run: int, last: int | None) -> dict[str, Any]:
    """What a run finds otherwise than the approved one before it; None: there is none."""
    from analytics.ledger.found_differences import FoundDifferences, found_differences

    found = FoundDifferences() if last is None else found_differences(world.books, run, last)
    return {
        "households": found.households,
        "before": found.before.told(),
        "after": found.after.told(),
        "largest": found.largest,
    }


def differences_title(last: int, found: dict[str, Any]) -> Text:
    before, after = found["before"], found["after"]
    return msg(
        "Differences to run {last}: {households}; findings {was} then, {now} now; hours below {hours_was} "
        "then, {hours_now} now",
        last=last, households=plural("{n} household", "{n} households", n=found["households"]),
        was=before["findings"], now=after["findings"],
        hours_was=before["hours"], hours_now=after["hours"],
    )  # fmt: skip


def differences_table(title: Text, homes: "Sequence[DifferingHome]") -> Any:
    """Households of which something else is found, those whose hours differ most first."""
    names = [
        msg("household"), msg("findings before"), msg("now"), msg("hours before"), msg("hours now"),
        msg("lowest before (°C)"), msg("lowest now (°C)"), msg("on the days"),
    ]  # fmt: skip
    rows = [
        [
            each.household, each.before["findings"], each.after["findings"], each.before["hours"],
            each.after["hours"], each.before["lowest"] or "", each.after["lowest"] or "",
            some_days(each.days),
        ]
        for each in homes
    ]  # fmt: skip
    return grid(title, names, rows)


def some_days(days: Sequence[str]) -> str:
    """The first few of them and the last."""
    return ", ".join(days[:3]) + (f" … {days[-1]}" if len(days) > 3 else "")
