"""The clerk's file of accounts as commands take it: what is odd in it is said before anything is paid."""

from pathlib import Path
from typing import TYPE_CHECKING

from domain.language import joined, msg, plural
from heatwatch.output import note

if TYPE_CHECKING:
    from heatwatch.services.bank_accounts import Accounts, Shared

SHOWN = 5  # accounts that are named


def known_accounts(path: Path | None) -> "tuple[Accounts, list[Shared]]":
    """Its accounts, and those that stand under several names or banks, which are noted."""
    from heatwatch.services.bank_accounts import read_accounts, shared_accounts

    known = read_accounts(path)
    shared = shared_accounts(known)
    if shared:
        told = [
            msg(
                "{account} of {names} ({whose})", account=each.account,
                names=joined(", ", each.names), whose=joined(", ", each.whose),
            )
            for each in shared[:SHOWN]
        ]  # fmt: skip
        note(
            plural(
                "{n} account stands in --accounts under several names or banks: {accounts}; look at it "
                "before the batch goes to the bank",
                "{n} accounts stand in --accounts under several names or banks: {accounts}; look at "
                "them before the batch goes to the bank",
                n=len(shared), accounts=joined("; ", told),
            )
        )  # fmt: skip
    return known, shared
