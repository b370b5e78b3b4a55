"""How settlements are approved: `[settlement]` of the configuration."""

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
