"""Accounts of a clerk's file: whose each is, and who of a batch has none."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from domain.errors import WrongCall
from domain.language import msg
from store.registry.csv_rows import table

MOST_BYTES = 100_000_000  # of a file that comes in, which is held whole: a million answers
COLUMNS = ("household", "payer", "account", "bank", "account_name")


class Account(NamedTuple):
    """Where a payment goes."""

    account: str = ""
    bank: str = ""
    name: str = ""


Accounts = Mapping[tuple[str, str], Account]
OWN = ("", "")  # the company's own account among them


def read_accounts(path: Path | None) -> dict[tuple[str, str], Account]:
    """Accounts by household and payer; WrongCall where one has two. Without a file there are none."""
    found: dict[tuple[str, str], Account] = {}
    for where, row in () if path is None else table(path, COLUMNS, MOST_BYTES):
        key = row["household"], row["payer"]
        given = Account(row["account"], row["bank"], row["account_name"])
        if found.setdefault(key, given) != given:
            why = msg("household {household} has another account above", household=key[0])
            raise WrongCall(msg("{where}: {why}", where=where, why=why))
    return found


class Shared(NamedTuple):
    """One account that stands under several names or banks."""

    account: str
    names: list[str]  # with their banks, where these differ
    whose: list[str]  # payees


def shared_accounts(accounts: Accounts) -> list[Shared]:
    """By account: a household may pay for another, but one account has one holder at one bank."""
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for (household, payer), each in accounts.items():
        if each.account:
            names = found.setdefault("".join(each.account.split()), {})
            names.setdefault((each.name, each.bank), []).append(whose(household, payer))
    return [
        Shared(account, [*_told(names)], [one for own in names.values() for one in own])
        for account, names in sorted(found.items())
        if len(names) > 1
    ]


def _told(names: Collection[tuple[str, str]]) -> Iterator[str]:
    banks = len({bank for _, bank in names}) > 1
    for name, bank in names:
        yield f"{name} / {bank}" if banks else name


def account_of(accounts: Accounts, household: str, payer: str) -> Account:
    return accounts.get((household, payer), Account())


def has_none(accounts: Accounts, household: str, payer: str) -> bool:
    """Whether nothing says where their payment goes."""
    return not account_of(accounts, household, payer).account


def whose(household: str, payer: str) -> str:
    """A payee in a sentence."""
    return f"{household} {payer}".strip()
