"""Where the console listens and what it speaks."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["zh", "en"]


class ConsoleConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535, description="0: any free port")
    language: Language = "zh"
    password: str | None = Field(
        default=None, description="from HEATWATCH_CONSOLE_PASSWORD; needed beyond loopback"
    )
