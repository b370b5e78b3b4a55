"""What a ledger entry's hash covers. Each entry names its version, and keeps it for good."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

GENESIS = "0" * 64  # the hash before the first entry

#: 1: without actors, made before they were kept. 2: with drafter and approver. 3: each approval
#: is an entry, too, behind those that it wrote. 4: entries name their household as people know it,
#: corrections say what differs and on which days, approvals cover the evidence as it is recorded.
#: 5: approvals say by when the refunds are paid. 6: the correction of a household without a
#: contract says what its own run took, not what the run before had taken.
FIRST, NAMED, DUE, OWN_RUN, VERSION = 1, 4, 5, 6, 6


def canonical(value: object) -> bytes:
    """One sequence of bytes for one JSON value."""
    told = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode()


def sha256_of(value: object) -> str:
    """Of the value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """sha256 over the entry's canonical JSON with the hash before it, as its version says."""
    covered = {
        "number": entry["number"],
        "made_at": entry["made_at"].astimezone(UTC).isoformat(),
        "kind": entry["kind"],
        "household_id": entry["household_id"],
        "season_id": entry["season_id"],
        "run_id": entry["run_id"],
        "amount": str(entry["amount"]),
        "currency": entry["currency"],
        "body": entry["body"],
        "corrects": entry["corrects"],
        "previous_hash": entry["previous_hash"],
    }
    if entry["version"] != FIRST:
        covered |= {
            "version": entry["version"],
            "drafted_by": str(entry["drafted_by"]),
            "approved_by": str(entry["approved_by"]),
        }
    return sha256_of(covered)
