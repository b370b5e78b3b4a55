"""SMS commands: one file each, found by its name in one list."""

from functools import cache
from importlib import import_module

from alerts.inbound.command import Command

#: `alerts/inbound/commands/NAME.py` holds the `Command` as `COMMAND`. The help names them in this
#: order, a page at a time: what is needed most stands first.
COMMANDS = (
    "acknowledge",
)  # fmt: skip


@cache
def commands() -> dict[str, Command]:
    """Every command by its name."""
    return {name: import_module(f"alerts.inbound.commands.{name}").COMMAND for name in COMMANDS}
