"""What a settlement finds: every household's result and the inputs it was found from."""

from dataclasses import dataclass
from decimal import Decimal

from analytics.facts.snapshot import Snapshot
from analytics.law.policy import PolicyFile
from analytics.settlement.result_columns import ResultColumns
from analytics.settlement.result_hashes import VERSION, results_hash


@dataclass(frozen=True, slots=True)
class Settlement:
    """A run: what it took, and every household's result in the snapshot's order."""

    snapshot: Snapshot
    policy: PolicyFile
    flush: int
    results: ResultColumns

    def total(self) -> Decimal:
        return sum((each.total for each in self.results.own.values()), Decimal("0.00"))

    def undetermined(self) -> int:
        return sum(each.undetermined for each in self.results.own.values())

    def reasons(self) -> dict[str, int]:
        """How many households by reason, most first."""
        found: dict[str, int] = {}
        for reason, count in self.results.reasons():
            found[reason.code] = found.get(reason.code, 0) + count
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def sha256(self, version: int | None = VERSION) -> str:
        """Hash over every result: what "same inputs, same bytes" is held against."""
        hashed = results_hash(version)
        for first in range(0, len(self.results), BLOCK):
            hashed.add_rows(self.results, first, min(first + BLOCK, len(self.results)))
        return hashed.hexdigest()


BLOCK = 5_000  # rows hashed at a time
