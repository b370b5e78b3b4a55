"""What else is recorded of a household: who bore its fee when, findings of its fault, decisions.

As a snapshot keeps it: one line of JSON for each household, "" where there is nothing. Times in µs
since the epoch; spans are half-open, one without an end lasts until the next of its kind begins.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from domain.errors import WrongCall
from domain.fee_gaps import CEASED, FOREVER_US, MOVED_OUT, Fee, as_held
from domain.language import msg, not_known
from domain.recorded import (
    ARRIVING,
    BELOW,
    COLDEST,
    DECIDED_BY,
    FEE_STATES,
    MOST_SHARE,
    OUTCOMES,
    WARMEST,
)
from domain.visible import has_words

__all__ = [
    "CEASED",
    "FOREVER_US",
    "NOTHING",
    "Decided",
    "Fee",
    "Finding",
    "OutageDecided",
    "Recorded",
    "Stay",
    "from_rows",
    "recorded_of",
]

#: Made once: `json.dumps` makes one for each household.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
SAME = 4096  # households that are remembered


class Finding(NamedTuple):
    """A finding of the household's own fault."""

    since: int
    until: int
    clause: str
    evidence: str


class Decided(NamedTuple):
    """A decision on what is undetermined."""

    since: int
    until: int
    outcome: str  # of `OUTCOMES`
    basis: str  # of `DECIDED_BY`
    document: str
    clause: str
    actor: str  # who recorded it
    room: str = ""  # code; "": the dwelling
    temperature: str = ""  # below: as which; decimal [Cel], "": not said


class OutageDecided(NamedTuple):
    """A decision on what outages refund, of the household or a place above it."""

    since: int
    until: int
    share: str  # of the fee of the outage's time; decimal
    basis: str  # of `DECIDED_BY`
    document: str
    clause: str
    actor: str  # who recorded it


class Bearer(NamedTuple):
    """Who bears the fee of a day."""

    payer: str  # "": the contract's holder
    subsidy: Fraction  # part of it that somebody else bears
    by: str  # who; "" without a subsidy


#: Of every day of a household of which nothing is recorded.
HOLDER = Bearer("", Fraction(0), "")


class Stay(NamedTuple):
    """Somebody's time in a household, from when they came to when they left: who comes back stays anew."""

    since: int
    until: int
    name: str
    empty: bool  # nobody lives there: they moved out, and nobody has come


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of one household, each by its begin."""

    fees: tuple[Fee, ...] = ()
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decided, ...] = ()
    outages_decided: tuple[OutageDecided, ...] = ()

    def kept(self) -> str:
        """As a snapshot keeps it."""
        rows = {"fees": self.fees, "findings": self.findings, "decisions": self.decisions}
        rows |= {"outages_decided": self.outages_decided}
        found = {name: [list(each) for each in of] for name, of in rows.items() if of}
        return _ENCODER.encode(found) if found else ""

    def fee_at(self, at: int) -> Fee | None:
        """The span that holds an instant [µs]: of several the one that began last; None: none does."""
        covering = [each for each in self.fees if each.since <= at < each.until]
        return max(covering, key=lambda each: each.since, default=None)

    def bearer_at(self, at: int) -> Bearer | None:
        """Who bears the fee of a day that begins at an instant [µs]; None: nobody is charged."""
        fee = self.fee_at(at)
        if fee is None:
            return Bearer(self.lived_at(at), Fraction(0), "")
        if not fee.charged:
            return None
        subsidy = Fraction(fee.subsidy) / 100
        return Bearer(self.lived_at(at), subsidy, fee.subsidy_by if subsidy else "")

    def lived_at(self, at: int) -> str:
        """Who lived there at an instant [µs], by the last name that a row gives them; "": unnamed.

        Another lives there from a row moved_in or sold on, or from a charged one behind moved_out;
        any other row is of who lived there before it, and a payer that it names is their name.
        """
        return _names(self)[self._person(self.fee_at(at))]

    def _person(self, own: Fee | None) -> str:
        """Whose a row is, by the name that they came with; "": the contract's holder's."""
        came = self._came(own)
        return "" if came is None else came.payer

    def _came(self, own: Fee | None) -> Fee | None:
        """The row by which whoever a row is of came; None: they are the contract's holder."""
        while own is not None:
            before = self.fee_at(own.since - 1)
            after_moved_out = before is not None and before.state == "moved_out"
            if own.state in ARRIVING or (own.state == "charged" and own.payer and after_moved_out):
                return own
            own = before
        return None

    def stays(self) -> list[Stay]:
        """Who lived there when, one after the other from the first instant to the last."""
        return _stays(self)

    def names(self) -> dict[str, str]:
        """Each person's name when they came -> the last that a row gives them."""
        found = {"": ""}
        for each in sorted(self.fees, key=lambda row: row.since):
            person = self._person(each)
            found[person] = each.payer or found.get(person, "")
        return found

    def occupancies(self) -> dict[int | None, str]:
        """When each who lived there came [µs] -> their name; None: the contract's holder.

        A row that is corrected keeps when it began, so that a corrected name is the same person's.
        """
        names = _names(self)
        found: dict[int | None, str] = {None: names[""]}
        for each in self.fees:
            if (came := self._came(each)) is not None:
                found[came.since] = names[came.payer]
        return found


@lru_cache(SAME)
def _names(own: Recorded) -> dict[str, str]:
    return own.names()


@lru_cache(SAME)
def _stays(own: Recorded) -> list[Stay]:
    edges = sorted({at for each in own.fees for at in each[:2]})
    found: list[tuple[int, Fee | None, bool]] = []  # since, the row by which they came, nobody
    for at in (-FOREVER_US, *edges):
        fee = own.fee_at(at)
        gone = fee is not None and fee.state == MOVED_OUT
        who = (None, True) if gone else (own._came(fee), False)
        if not found or found[-1][1:] != who:
            found.append((at, *who))
    ends = [*(each[0] for each in found[1:]), FOREVER_US]
    return [
        Stay(since, until, "" if gone else own.lived_at(since), gone)
        for (since, _, gone), until in zip(found, ends, strict=True)
    ]


NOTHING = Recorded()
MOST_PERCENT = Decimal(100)  # of a fee that somebody else pays


@lru_cache(SAME)
def recorded_of(kept: str) -> Recorded:
    """What a snapshot keeps of a household."""
    if not kept:
        return NOTHING
    told = json.loads(kept)
    return Recorded(
        tuple(Fee(*row) for row in told.get("fees", ())),
        tuple(Finding(*row) for row in told.get("findings", ())),
        tuple(Decided(*row) for row in told.get("decisions", ())),
        tuple(OutageDecided(*row) for row in told.get("outages_decided", ())),
    )


Local = Callable[[str, str], int]  # a local civil time and its key -> µs


def from_rows(
    fee_spans: Sequence[Mapping[str, str]], decisions: Sequence[Mapping[str, str]],
    outages_decided: Sequence[Mapping[str, str]], local: Local,
) -> Recorded:  # fmt: skip
    """The same from a file's rows; WrongCall with the key, its value and what is allowed."""
    fees = [_fee_row(row, local) for row in fee_spans]
    decided = [_decision_row(row, local) for row in decisions]
    outages = [_outage_row(row, local) for row in outages_decided]
    fees = _one_at_a_time(fees, fee_spans)
    return Recorded(tuple(as_held(fees)), (), tuple(sorted(decided)), tuple(sorted(outages)))


def _one_at_a_time(fees: list[Fee], rows: Sequence[Mapping[str, str]]) -> list[Fee]:
    """As the registry has it: a span without an end gives way to the next one, no other does.

    A row that is given twice is one. Decisions may be of the home and of its rooms, and those on outages of places
    above it: of several their own rules say which holds.
    """
    own = dict(zip(fees, rows, strict=True))
    for one, other in combinations(sorted(own), 2):
        if other.since < one.until != FOREVER_US or _at_once(one, other):
            raise WrongCall(
                msg(
                    "facts: {key}: the row since {since} overlaps with the one since {other}; allowed: one "
                    "at a time",
                    key="fee_spans", since=own[other]["since"], other=own[one]["since"],
                )
            )  # fmt: skip
    return [*own]


def _at_once(one: Fee, other: Fee) -> bool:
    """Whether both begin at an instant, and are not a move-out with who comes behind it."""
    return one.since == other.since and (one.state == MOVED_OUT) == (other.state == MOVED_OUT)


def _fee_row(row: Mapping[str, str], local: Local) -> Fee:
    _known(
        "fee_spans",
        row,
        ("since", "state"),
        ("until", "payer", "subsidy_percent", "subsidy_by", "document"),
    )
    state = _choice("fee_spans.state", row["state"], FEE_STATES)
    since, until = _span("fee_spans", row, local)
    percent = _decimal("fee_spans.subsidy_percent", row.get("subsidy_percent", "0"), MOST_PERCENT)
    fee = Fee(
        since, until, state, row.get("payer", ""), percent, row.get("subsidy_by", ""),
        row.get("document", ""),
    )  # fmt: skip
    _is_named(fee)
    return fee


def _is_named(fee: Fee) -> None:
    """As the registry has it: who takes over the fee has a name, and so has whoever pays a part of it."""
    subsidised, payer = Decimal(fee.subsidy) > 0, has_words(fee.payer)
    if fee.state in ARRIVING and not payer:
        why = msg("must name who bears it from then on")
        raise WrongCall(msg("facts: {key}: {why}", key="fee_spans.payer", why=why))
    if not fee.charged and (payer or subsidised):
        why = msg("is not charged: nobody bears or subsidises a fee then")
        raise WrongCall(msg("facts: {key}: {why}", key="fee_spans.state", why=why))
    if subsidised and not has_words(fee.subsidy_by):
        why = msg("give both subsidy_percent and subsidy_by, or neither")
        raise WrongCall(msg("facts: {key}: {why}", key="fee_spans.subsidy_by", why=why))


def _span(key: str, row: Mapping[str, str], local: Local) -> tuple[int, int]:
    """Since and until; without an end until further notice. [µs]"""
    since = local(row["since"], f"{key}.since")
    until = local(row["until"], f"{key}.until") if row.get("until") else FOREVER_US
    if until <= since:
        raise WrongCall(msg("facts: {key}: ends {at} before it begins", key=key, at=row["until"]))
    return since, until


def _decimal(key: str, text: str, most: Decimal) -> str:
    """A number from 0 on as it is written."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= most):
        raise WrongCall(
            msg("facts: {key}: {value}; allowed: 0 to {most}", key=key, value=text, most=most)
        )
    return text


def _decision_row(row: Mapping[str, str], local: Local) -> Decided:
    _known(
        "decisions", row, ("since", "until", "outcome", "basis", "document", "clause"),
        ("room", "temperature"),
    )  # fmt: skip
    return Decided(
        *_span("decisions", row, local),
        _choice("decisions.outcome", row["outcome"], OUTCOMES),
        _choice("decisions.basis", row["basis"], DECIDED_BY),
        row["document"], row["clause"], "", row.get("room", ""), _temperature(row),
    )  # fmt: skip


def _outage_row(row: Mapping[str, str], local: Local) -> OutageDecided:
    key = "outage_decisions"
    _known(key, row, ("since", "until", "share", "basis", "document", "clause"), ())
    share = Decimal(_decimal(f"{key}.share", row["share"], Decimal(MOST_SHARE)))
    return OutageDecided(
        *_span(key, row, local), str(share),
        _choice(f"{key}.basis", row["basis"], DECIDED_BY), row["document"], row["clause"], "",
    )  # fmt: skip


def _temperature(row: Mapping[str, str]) -> str:
    """As which "below" is decided; decimal [Cel]."""
    told = row.get("temperature", "")
    if not told:
        return ""
    try:
        celsius = Decimal(told)
    except InvalidOperation:
        celsius = WARMEST
    fits = celsius.is_finite() and COLDEST <= celsius < WARMEST
    if row["outcome"] != BELOW or not fits:
        raise WrongCall(
            msg(
                "facts: decisions.temperature: {value}; allowed: {least} to below {most} °C, of an "
                "outcome {below}",
                value=told, least=COLDEST, most=WARMEST, below=BELOW,
            )
        )  # fmt: skip
    return str(celsius)


def _known(key: str, row: Mapping[str, str], needed: Iterable[str], others: Iterable[str]) -> None:
    for name in needed:
        if not has_words(row.get(name, "")):
            raise WrongCall(msg("facts: {key}.{name}: must not be empty", key=key, name=name))
    for name in row:
        if name not in {*needed, *others}:
            raise WrongCall(not_known(msg("facts: {key}: key", key=key), name, [*needed, *others]))


def _choice(key: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise WrongCall(not_known(msg("facts: {key}", key=key), value, allowed))
    return value
