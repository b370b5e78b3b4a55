"""Whom sums are owed to: names of one person, and what is held since its days were paid to another.

A payer is known by name. Where another name of a household was sent more than it is owed by now,
what is newly owed to this one may be the same money: it is held until an entry says that both are
one person (what was sent to either counts for both), or that they are not (it is payable).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal("0.00")


class Payee(NamedTuple):
    """Whom a sum is owed to: a household's payer, "" the contract's holder, in a season."""

    season: int  # its id
    household: int  # place id
    payer: str


class Standing(NamedTuple):
    """What a household's newest refund or correction says."""

    sums: Mapping[str, Decimal]  # by payer
    run: int
    entry: str  # its hash
    currency: str
    code: str
    name: str


class Held(NamedTuple):
    """What is owed to somebody and not paid, since others were sent it, or they in another season."""

    payee: Payee
    amount: Decimal  # > 0
    was: tuple[Payee, ...]  # who were sent more than they are owed, or anything in seasons beside


@dataclass(slots=True)
class Payees:
    """Sums of each payee by the entries of a chain up to one of them.

    By name, as they were entered; what is asked about a name is answered for its person.
    """

    standing: dict[tuple[int, int], Standing] = field(default_factory=dict)  # season, household
    interest: dict[Payee, Decimal] = field(default_factory=dict)  # posted
    sent: dict[Payee, Decimal] = field(default_factory=dict)  # in payments that were not rejected
    sent_interest: dict[Payee, Decimal] = field(default_factory=dict)  # of it
    #: Season -> those that cover days of it, by id, with their codes
    beside: dict[int, Mapping[int, str]] = field(default_factory=dict)
    _names: dict[tuple[int, int], set[str]] = field(default_factory=dict)  # season, household
    _same: dict[Payee, tuple[Payee, ...]] = field(default_factory=dict)  # the newest name last
    _cleared: dict[Payee, Decimal] = field(default_factory=dict)  # of what is owed: none paid it
    _released: dict[Payee, Decimal] = field(
        default_factory=dict
    )  # of it, whatever seasons beside sent
    _settled: dict[Payee, Decimal] = field(default_factory=dict)  # of what was sent too much

    def copy(self) -> "Payees":
        """For a chain that goes on from one in which nothing was paid."""
        names = {key: set(own) for key, own in self._names.items()}
        return Payees(dict(self.standing), _names=names)

    # -- who ---------------------------------------------------------------------------------

    def names(self, payee: Payee) -> tuple[Payee, ...]:
        """All names of a person."""
        return self._same.get(payee, (payee,))

    def person(self, payee: Payee) -> Payee:
        """A person by the newest of the names that the household's standing has, else by the newest."""
        own, standing = self.names(payee), self.standing.get((payee.season, payee.household))
        named = [each for each in own if standing is not None and each.payer in standing.sums]
        return (named or own)[-1]

    def of_household(self, season: int, household: int) -> list[Payee]:
        """Everybody whom a season owes or paid something in a household, each once."""
        names = self._names.get((season, household), ())
        return sorted({self.person(Payee(season, household, name)) for name in names})

    def households(self, season: int) -> list[int]:
        return sorted(household for of, household in self._names if of == season)

    # -- sums --------------------------------------------------------------------------------

    def owed(self, payee: Payee) -> Decimal:
        """All that the ledger says, interest with it."""
        return self.principal(payee) + _total(self.interest, self.names(payee))

    def was_sent(self, payee: Payee) -> Decimal:
        """All that is on its way or paid, by any name."""
        return _total(self.sent, self.names(payee))

    def unpaid_interest(self, payee: Payee) -> Decimal:
        own = self.names(payee)
        return _total(self.interest, own) - _total(self.sent_interest, own)

    def principal(self, payee: Payee) -> Decimal:
        """What their household's newest refund or correction says is theirs."""
        standing = self.standing.get((payee.season, payee.household))
        if standing is None:
            return ZERO
        return sum((standing.sums.get(each.payer, ZERO) for each in self.names(payee)), ZERO)

    def overpaid(self, season: int) -> Iterator[tuple[Payee, Decimal]]:
        """Who was sent more than is owed by now, since a correction came after it."""
        for household in self.households(season):
            for payee in self.of_household(season, household):
                more = self.was_sent(payee) - self.owed(payee)
                if more > 0:
                    yield payee, more

    # -- what is held ------------------------------------------------------------------------

    def held_of(self, season: int, household: int) -> dict[Payee, Held]:
        """What is held of a household.

        Of what each is owed it is what they never were owed when it was sent to them, nor were
        cleared for; at most what others were sent too much and nobody has settled, and what anybody was
        sent in seasons beside.
        """
        own = self.of_household(season, household)
        over = {each: more for each in own if (more := self._unsettled(each)) > 0}
        beside = self.sent_beside(season, household)
        if not over and not beside:
            return {}
        more, elsewhere = (sum(each.values(), ZERO) for each in (over, beside))
        found = {}
        for payee in own:
            rest = self.owed(payee) - self.was_sent(payee)
            due = self.principal(payee)
            amount = max(ZERO, min(more, rest, due - self._of_their_own(payee)))
            counted = max(self._sent_principal(payee), self._released.get(payee, ZERO))
            amount += max(ZERO, min(elsewhere, rest - amount, due - counted))
            if amount > 0:
                found[payee] = Held(payee, amount, (*over, *beside))
        return found

    def sent_beside(self, season: int, household: int) -> dict[Payee, Decimal]:
        """What was sent in other seasons for the days of one; a home has a contract in one of them."""
        standing = self.standing.get((season, household))
        found = {}
        for other in self.beside.get(season, ()):
            then = self.standing.get((other, household))
            if standing is None or then is None or then.currency != standing.currency:
                continue
            for payee in self.of_household(other, household):
                if (sent := self._sent_principal(payee)) > 0:
                    found[payee] = sent
        return found

    def held(self, season: int) -> Iterator[Held]:
        """All that is held of a season, by household and payer."""
        for household in self.households(season):
            yield from self.held_of(season, household).values()

    def _unsettled(self, payee: Payee) -> Decimal:
        more = self.was_sent(payee) - self.owed(payee)
        return more - _total(self._settled, self.names(payee))

    def _of_their_own(self, payee: Payee) -> Decimal:
        """How much of what is owed to them was certainly sent to nobody else."""
        cleared = (self._cleared.get(each, ZERO) for each in self.names(payee))
        return max([self._sent_principal(payee), *cleared])

    def _sent_principal(self, payee: Payee) -> Decimal:
        own = self.names(payee)
        return _total(self.sent, own) - _total(self.sent_interest, own)

    # -- what changes it ---------------------------------------------------------------------

    def owes(self, season: int, household: int, standing: Standing) -> None:
        """A refund or correction takes the place of the one before."""
        self.standing[season, household] = standing
        self._names.setdefault((season, household), set()).update(standing.sums)
        self._bound(season, household)

    def send(self, payee: Payee, amount: Decimal, interest: Decimal) -> None:
        """A payment, or one that came back (< 0)."""
        self._names.setdefault((payee.season, payee.household), set()).add(payee.payer)
        self.sent[payee] = self.sent.get(payee, ZERO) + amount
        self.sent_interest[payee] = self.sent_interest.get(payee, ZERO) + interest
        if amount > 0:
            self._cleared[payee] = self._of_their_own(payee)
        else:
            self._bound(payee.season, payee.household)

    def bears(self, payee: Payee, interest: Decimal) -> None:
        self.interest[payee] = self.interest.get(payee, ZERO) + interest

    def is_same(self, was: Payee, payee: Payee) -> None:
        """Both names are of one person, whose newest is `payee`."""
        both = (*self.names(was), *self.names(payee))
        own = (*dict.fromkeys(each for each in both if each != payee), payee)
        for each in own:
            self._same[each] = own

    def is_apart(self, payee: Payee) -> None:
        """A name is nobody's but its own after all."""
        rest = tuple(each for each in self.names(payee) if each != payee)
        self._same.pop(payee, None)
        self._cleared.pop(payee, None)  # what was sent to the others counted, too
        for each in rest:
            self._same[each] = rest

    def settle(self, held: Held) -> None:
        """What is held is owed, whoever was sent it before."""
        left = held.amount
        for was in (each for each in held.was if each.season == held.payee.season):
            part = min(left, self._unsettled(was))
            self._settled[was] = self._settled.get(was, ZERO) + part
            left -= part
        self._cleared[held.payee] = self._of_their_own(held.payee) + held.amount
        if any(each.season != held.payee.season for each in held.was):
            self._released[held.payee] = self._sent_principal(held.payee) + held.amount

    def _bound(self, season: int, household: int) -> None:
        """What was settled or cleared is so for no more than there is of it."""
        for name in self._names[season, household]:
            payee = Payee(season, household, name)
            for kept, most in (
                (self._settled, self.was_sent(payee) - self.owed(payee)),
                (self._cleared, self.principal(payee)),
                (self._released, self.principal(payee)),
            ):
                if payee in kept:
                    kept[payee] = max(ZERO, min(kept[payee], most))


def _total(sums: Mapping[Payee, Decimal], names: Iterable[Payee]) -> Decimal:
    return sum((sums.get(each, ZERO) for each in names), ZERO)
