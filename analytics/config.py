"""How settlements are approved, and under which law: `[settlement]` and `[law]`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class SettlementConfig(BaseModel):
    """Who must agree before a refund is owed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    approvals: int = Field(
        default=1,
        ge=1,
        le=2,
        description="2: drafter and approver are different people; 1: they may be the same",
    )


class LawConfig(BaseModel):
    """Policies beside those that ship."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policies: Path | None = Field(
        default=None, description="folder of policy files; a season names one by its id"
    )
