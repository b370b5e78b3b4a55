"""A command with a number of its own: as the help shows it, and as an order has it."""

import pytest

from alerts.inbound.command import Command, Number, Order
from domain.language import Text

PAUSE = Command(
    "pause",
    ("pause", "暂停"),
    Text("PAUSE, code, minutes"),
    lambda order: Text("{n} min", {"n": order.number}),
    Number(
        what=Text("rest"), unit=Text("mins"), units=("min", "mins", "m", "分钟", "分"),
        least=5, most=1440, example=Text("PAUSE 174 45"),
    ),
)  # fmt: skip


def test_the_help_of_a_command_with_a_number_says_what_it_is_and_may_be() -> None:
    assert PAUSE.shown().to("en") == (
        "PAUSE, code, minutes: rest 5 to 1440 mins, e.g. PAUSE 174 45"
    )
    assert PAUSE.shown().to("zh").endswith("minutes，rest5至1440mins，例如：PAUSE 174 45")


def test_a_command_that_declares_no_number_is_given_none() -> None:
    with pytest.raises(AssertionError, match="declares no Number"):
        _ = Order(*[None] * 5).number  # type: ignore[arg-type]
