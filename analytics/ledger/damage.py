"""The kinds of damage that a check of the ledger names."""

from enum import Enum
from typing import NamedTuple

from domain.language import Text, msg


class Damage(Enum):
    """What is not as it was written, by where it lies."""

    ENTRY = "entry"
    CHAIN = "chain"
    HEAD = "head"
    POSTING = "posting"
    ACTOR = "actor"
    HOUSEHOLD = "household"
    APPROVAL = "approval"
    PAYMENT = "payment"
    RUN = "run"
    RESULTS = "results"
    INPUTS = "inputs"
    SEASON = "season"
    ROW = "row"
    RECOMPUTED = "recomputed"
    OTHER_RULES = "other_rules"
    EVIDENCE = "evidence"
    POLICY_FILE = "policy_file"
    LAKE_FILE = "lake_file"
    JOURNAL = "journal"
    BOOKS_FILE = "books_file"

    @property
    def words(self) -> Text:
        return _WORDS[self]


_WORDS = {
    Damage.ENTRY: msg("an entry of the ledger was changed"),
    Damage.CHAIN: msg("entries of the ledger are missing, added or moved"),
    Damage.HEAD: msg("the ledger was cut or written anew"),
    Damage.POSTING: msg("an entry of the ledger does not say what its run says"),
    Damage.ACTOR: msg("who drafted or approved was changed"),
    Damage.HOUSEHOLD: msg("households were renamed or exchanged"),
    Damage.APPROVAL: msg("an approval was changed or removed"),
    Damage.PAYMENT: msg("a payment, or an answer to one, is not what was payable"),
    Damage.RUN: msg("a run was changed"),
    Damage.RESULTS: msg("results or lines of a run were changed"),
    Damage.INPUTS: msg("what a run took was changed"),
    Damage.SEASON: msg("a season was changed"),
    Damage.ROW: msg("a row of the books can't be read"),
    Damage.RECOMPUTED: msg("a run comes to something else than when it was made"),
    Damage.OTHER_RULES: msg("a run was drafted under rules that have changed since"),
    Damage.EVIDENCE: msg("recorded evidence was changed"),
    Damage.POLICY_FILE: msg("a policy file was changed, damaged or removed"),
    Damage.LAKE_FILE: msg("a file of the readings was changed, damaged or removed"),
    Damage.JOURNAL: msg("the journal of readings is damaged"),
    Damage.BOOKS_FILE: msg("the books are damaged"),
}


class Fault(NamedTuple):
    """What is damaged, why, and at which entry of a chain (None: behind the last one)."""

    damage: Damage
    why: Text
    number: int | None = None
