"""The command and the wiring: the only place where rooms are put together."""
