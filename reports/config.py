"""Where reports go and in which languages."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["zh", "en"]


class ReportsConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path = Path("var/reports")
    languages: tuple[Language, ...] = Field(default=("zh", "en"), min_length=1)
    known_share: float = Field(
        default=0.75,
        gt=0.0,
        le=1.0,
        description="a household counts as measured when this share of its day is known",
    )
