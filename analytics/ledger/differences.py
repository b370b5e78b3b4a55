"""What a later run changes for one household: lines before and after, on their original days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

#: A line as `analytics.ledger.drafts.line_body` writes it.
Body = Mapping[str, Any]
ZERO = Decimal("0.00")
DAY = timedelta(days=1)


@dataclass(slots=True)
class _Group:
    """Lines of one kind, room and payer that share days, before and after."""

    first: str
    last: str
    before: list[Body] = field(default_factory=list)
    after: list[Body] = field(default_factory=list)

    def take(self, line: Body, later: bool) -> None:
        self.last = max(self.last, line["last_day"])
        (self.after if later else self.before).append(line)


def differences(before: Sequence[Body], after: Sequence[Body]) -> list[dict[str, Any]]:
    """Where lines differ, by kind, room, payer and day: both sums, and the days that are paid otherwise.

    Lines that share days stand together, so that each sum is one of whole lines, rounded as they
    are; the amounts come to the difference of the two totals.

    >>> line = {"kind": "temperature", "first_day": "2025-01-10", "last_day": "2025-01-11",
    ...         "days": "2", "share": "1/2", "amount": "20.00", "clause": "art. 27"}
    >>> longer = {**line, "last_day": "2025-01-12", "days": "3", "amount": "30.00"}
    >>> differences([line], [longer])
    [{'kind': 'temperature', 'first_day': '2025-01-10', 'last_day': '2025-01-12', 'before': '20.00', \
'after': '30.00', 'amount': '10.00', 'days': ['2025-01-12']}]
    """
    found = []
    for group in _groups(before, after):
        if group.before == group.after:
            continue
        was, now = _sum(group.before), _sum(group.after)
        line = (group.before or group.after)[0]
        whose = {name: line[name] for name in ("room", "payer") if line.get(name)}
        found.append(
            whose
            | {
                "kind": line["kind"], "first_day": group.first, "last_day": group.last,
                "before": str(was), "after": str(now), "amount": str(now - was),
                "days": _changed_days(group),
            }
        )  # fmt: skip
    return found


def _groups(before: Sequence[Body], after: Sequence[Body]) -> Iterator[_Group]:
    """By kind, room and payer, then by day."""
    every = [(line, False) for line in before] + [(line, True) for line in after]
    every.sort(key=lambda each: (_about(each[0]), each[0]["first_day"], each[0]["last_day"]))
    group, about = None, ("", "", "")
    for line, later in every:
        if group is not None and (_about(line) != about or line["first_day"] > group.last):
            yield group
            group = None
        if group is None:
            group, about = _Group(line["first_day"], line["last_day"]), _about(line)
        group.take(line, later)
    if group is not None:
        yield group


def _about(line: Body) -> tuple[str, str, str]:
    return line["kind"], line.get("room", ""), line.get("payer", "")


def _sum(lines: Iterable[Body]) -> Decimal:
    return sum((Decimal(line["amount"]) for line in lines), ZERO)


def _changed_days(group: _Group) -> list[str]:
    """The days that are in other lines than before, or in lines that say otherwise."""
    was, now = _by_day(group.before), _by_day(group.after)
    return [day for day in sorted(was.keys() | now.keys()) if was.get(day) != now.get(day)]


def _by_day(lines: Sequence[Body]) -> dict[str, list[tuple[Any, ...]]]:
    """Day -> what its lines say of it, apart from how far they reach."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for line in lines:
        first, last = (date.fromisoformat(line[name]) for name in ("first_day", "last_day"))
        count = (last - first).days + 1
        whole = str(line["days"]) == str(count)
        said = (line["share"], "1" if whole else f"{line['days']} in {count}", line["clause"])
        for i in range(count):
            found.setdefault((first + i * DAY).isoformat(), []).append(said)
    return found
