"""A server's program: where it is, and what it needs to run."""

from dataclasses import dataclass, field
from pathlib import Path

#: Where the set-up unpacks servers that could not be installed.
TOOLS = Path(__file__).resolve().parents[2] / "var" / "tools"
#: Where Debian keeps servers, off a user's PATH.
SBIN = "/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True, slots=True)
class Program:
    """A server's executable and what its environment needs."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> tuple[str, ...]:
        """It with what it needs, before its arguments."""
        needs = [f"{name}={value}" for name, value in self.environment.items()]
        return (*(["/usr/bin/env", *needs] if needs else []), str(self.path))
