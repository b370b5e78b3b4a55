"""The contract of channels, which every channel of the list passes, against its real other side."""

import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

from alerts.channels import CHANNELS, channels
from alerts.channels.base import Channel, Handed, Inbound, Outgoing, Receipt
from tests.alerts.channels.rigs import Rig

PHONE = "13800000001"


class Kept:
    """An inbox that remembers, and fails as often as it is told before it has kept anything."""

    def __init__(self, fail: int = 0) -> None:
        self.fail = fail
        self.messages: list[Inbound] = []
        self.told: list[Inbound] = []

    def receipt(self, receipt: Receipt) -> None:
        """None is waited for here."""

    def message(self, message: Inbound) -> None:
        if self.fail:
            self.fail -= 1
            raise OSError("the disk is full")
        self.messages.append(message)

    def unreadable(self, message: Inbound) -> None:
        self.messages.append(message)

    def confirmed(self, message: Inbound) -> None:
        assert message in self.messages, "kept before it is confirmed"
        self.told.append(message)


@pytest.fixture(params=CHANNELS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def other(name: str, tmp_path: Path) -> Iterator[Rig]:
    module = import_module(f"tests.alerts.channels.rigs.{name.replace('-', '_')}")
    with module.rig(tmp_path) as made:
        yield made


@pytest.fixture
def channel(name: str, other: Rig) -> Iterator[Channel]:
    made = channels()[name].build(other.settings)
    yield made
    made.close()


def poll(channel: Channel, inbox: Kept, wanted: int) -> None:
    deadline = time.monotonic() + 10
    while len(inbox.told) < wanted and time.monotonic() < deadline:
        channel.poll(inbox)
        time.sleep(0.02)


def test_a_channel_declares_itself(name: str, channel: Channel) -> None:
    kind = channels()[name]
    assert (kind.name, channel.name) == (name, name)
    if kind.settings is not None:
        assert set(kind.secrets) <= set(kind.settings.model_fields)


def test_a_message_is_handed_over_with_a_reference_for_each_part(
    channel: Channel, other: Rig
) -> None:
    references: list[str] = []
    channel.ready()
    outcome = channel.submit(Outgoing(1, PHONE, "a message"), references.append)
    assert isinstance(outcome, Handed)
    assert len(references) == len(set(references)) == 1
    assert other.left() == ["a message"]


def test_a_reply_is_confirmed_once_it_is_kept_and_comes_again_until_then(
    name: str, other: Rig
) -> None:
    if other.reply is None:
        pytest.skip("nobody can reply over this channel")
    broken, kept = channels()[name].build(other.settings), Kept(fail=1)
    broken.ready()
    other.reply(PHONE, "收到 174")
    deadline = time.monotonic() + 10
    while kept.fail and time.monotonic() < deadline:
        with suppress(OSError):
            broken.poll(kept)
        time.sleep(0.02)
    broken.close()
    assert (kept.messages, kept.told) == ([], [])
    whole = channels()[name].build(other.settings)
    whole.ready()
    poll(whole, kept, 1)
    whole.close()
    [message] = kept.told
    assert (message.sender, message.text, message.part) == (PHONE, "收到 174", None)


def test_closing_twice_is_closing_once_and_it_can_be_opened_again(
    channel: Channel, other: Rig
) -> None:
    channel.ready()
    channel.close()
    channel.close()
    channel.ready()
    assert isinstance(channel.submit(Outgoing(2, PHONE, "a message"), lambda _: None), Handed)
    assert other.left() == ["a message"]
