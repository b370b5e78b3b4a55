"""Where the console listens."""

from pydantic import BaseModel, ConfigDict, Field


class ConsoleConfig(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535, description="0: any free port")
    password: str | None = Field(
        default=None, description="from HEATWATCH_CONSOLE_PASSWORD; needed beyond loopback"
    )
