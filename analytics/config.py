"""How settlements are approved, and under which law: `[settlement]` and `[law]`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.language import msg


class LateFee(BaseModel):
    """What the contracts' late fee is from a day on, and where that is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: date = Field(description="payments due from this day on")
    rate: Decimal = Field(ge=0, le=1, description="a share of the sum for each day")
    document: str = Field(min_length=1, description="the contract or the setting, and its clause")
    company: str = Field(default="", description="code of the company; empty: of every one")


class SettlementConfig(BaseModel):
    """Who must agree before a refund is owed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    approvals: int = Field(
        default=1,
        ge=1,
        le=2,
        description="2: drafter and approver are different people; 1: they may be the same",
    )
    late_fees: tuple[LateFee, ...] = Field(
        default=(), description="the contracts' late-fee rates, by when and whose"
    )

    @field_validator("late_fees")
    @classmethod
    def _one_of_a_day(cls, given: Sequence[LateFee]) -> Sequence[LateFee]:
        keys = [(each.company, each.since) for each in given]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(
                    msg("two of one company begin on {since}; allowed: one of a day", since=key[1])
                )
        return given

    def late_fee(self, company: str, due: date) -> LateFee | None:
        """A company's own that holds for what is due on a day, else that of every one; None: none does."""
        for whose in (company, ""):
            own = [each for each in self.late_fees if each.company == whose and each.since <= due]
            if own:
                return max(own, key=lambda each: each.since)
        return None


class LawConfig(BaseModel):
    """Policies beside those that ship."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policies: Path | None = Field(
        default=None, description="folder of policy files; a season names one by its id"
    )
