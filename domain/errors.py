"""What goes wrong, in the three ways a caller can do something about it."""


class WrongCall(ValueError):
    """A wrong command or configuration: key, value and what is allowed. Exit 2."""


class NoConfiguration(WrongCall):
    """The configuration file is not there: whoever called says how another is named."""


class Refused(ValueError):
    """Some input was refused and listed; the rest went through. Exit 3."""


class ServerMissing(RuntimeError):
    """A needed server is not there: its name and how to start it. Exit 4."""

    def __init__(self, server: object, hint: object) -> None:  # sentences, or plain words
        super().__init__(f"{server} is not there: {hint}")
        self.server = server
        self.hint = hint
