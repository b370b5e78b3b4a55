"""From due to handed, with a channel that does as it is told."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels.base import Absent, Handed, Inbox, InDoubt, Outcome, Outgoing, Receipt, Refused
from alerts.config import AlertsConfig
from alerts.follower.sender import Sender
from store.books.watch import Episode, Outbox
from tests.actors import TESTER
from tests.alerts.world import World, at

Build = Callable[..., World]


class Scripted:
    """A channel of our own: outcomes in the order given, then everything is handed."""

    name = "scripted"
    repeatable = False

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes: Iterator[Outcome] = iter(outcomes)
        self.submitted: list[Outgoing] = []
        self.receipts: list[Receipt] = []
        self.absent = ""

    def ready(self) -> None:
        if self.absent:
            raise Absent(self.absent)

    def submit(self, message: Outgoing, accepted: Callable[[str], None]) -> Outcome:
        self.submitted.append(message)
        outcome = next(self.outcomes, Handed())
        if isinstance(outcome, Handed):
            accepted(f"ref-{message.id}")
        return outcome

    def poll(self, inbox: Inbox) -> None:
        while self.receipts:
            inbox.receipt(self.receipts.pop(0))

    def close(self) -> None:
        """Nothing is open."""


def outbox(world: World, count: int = 1, **more: object) -> None:
    """So many due messages of one episode."""
    with Session(world.engine) as session, session.begin():
        began = at(session.scalar(sa.select(sa.func.count()).select_from(Episode)) or 0)
        episode = Episode(
            kind="make_up_leak", place_id=world.place["S1"], opened_at=began, updated_at=began,
            evidence={}, opened_by=TESTER,
        )  # fmt: skip
        session.add(episode)
        session.flush()
        for n in range(count):
            values = {
                "episode_id": episode.id, "purpose": "opened", "recipient": f"r{n}",
                "phone": "13800000000", "text": "leak", "state": "due", "created_at": at(0),
                "due_at": at(1), "channel": "in-tray", **more,
            }  # fmt: skip
            session.execute(sa.insert(Outbox).values(values))


def sender(world: World, channel: Scripted, **config: object) -> Sender:
    return Sender(world.engine, channel, AlertsConfig.model_validate({"sms": config}))


def test_what_is_not_due_yet_waits_and_what_is_handed_is_not_handed_again(city: Build) -> None:
    world, channel = city(), Scripted()
    outbox(world, 3)
    one = sender(world, channel)
    assert [one.send_due(at(0)), one.send_due(at(1)), one.send_due(at(2))] == [0, 3, 0]
    assert {m.state for m in world.messages()} == {"handed"}
    assert world.messages()[0].handed_at == at(1)
    assert world.messages()[0].channel_ref == "ref-1"


def test_a_refusal_that_may_pass_is_tried_again_after_longer_and_longer_waits(city: Build) -> None:
    world = city()
    channel = Scripted(Refused("throttled", True), Refused("throttled", True))
    outbox(world)
    one = sender(world, channel)
    one.send_due(at(1))
    (row,) = world.messages()
    assert (row.state, row.problem, row.due_at) == (
        "due",
        "throttled",
        at(1) + timedelta(seconds=2),
    )
    one.send_due(at(1) + timedelta(seconds=1))
    assert len(channel.submitted) == 1
    one.send_due(at(2))
    assert world.messages()[0].due_at == at(2) + timedelta(seconds=4)
    one.send_due(at(3))
    assert (world.messages()[0].state, world.messages()[0].problem) == ("handed", None)


def test_attempts_come_to_an_end(city: Build) -> None:
    world, channel = city(), Scripted(*[Refused("throttled", True)] * 5)
    outbox(world)
    one = sender(world, channel, most_attempts=3)
    for minute in range(1, 60):
        one.send_due(at(minute))
    assert len(channel.submitted) == 3
    assert world.messages()[0].state == "failed"


def test_a_refusal_for_good_fails_at_once_with_its_reason(city: Build) -> None:
    world, channel = city(), Scripted(Refused("0x0B invalid destination", False))
    outbox(world)
    sender(world, channel).send_due(at(1))
    (row,) = world.messages()
    assert (row.state, row.problem) == ("failed", "0x0B invalid destination")


def test_without_an_answer_a_message_is_told_at_most_once_and_the_doubt_is_shown(
    city: Build,
) -> None:
    world, channel = city(), Scripted(InDoubt("line lost"))
    outbox(world)
    one = sender(world, channel)
    one.send_due(at(1))
    one.send_due(at(100))
    (row,) = world.messages()
    assert (row.state, row.problem) == ("failed", "in_doubt: line lost")
    assert len(channel.submitted) == 1


def test_where_it_is_wished_a_message_in_doubt_is_sent_again(city: Build) -> None:
    world, channel = city(), Scripted(InDoubt("line lost"))
    outbox(world)
    one = sender(world, channel, in_doubt="resend")
    one.send_due(at(1))
    one.send_due(at(2))
    assert len(channel.submitted) == 2
    assert world.messages()[0].state == "handed"


@pytest.mark.parametrize(("policy", "state"), [("hold", "failed"), ("resend", "handed")])
def test_what_a_dead_process_was_handing_over_is_recognised(
    city: Build, policy: str, state: str
) -> None:
    world, channel = city(), Scripted()
    outbox(world, state="handing", attempts=1)
    one = sender(world, channel, in_doubt=policy)
    one.send_due(at(5))
    one.send_due(at(6))
    assert world.messages()[0].state == state


def test_parts_that_went_through_are_not_sent_again(city: Build) -> None:
    world, channel = city(), Scripted()
    outbox(world, channel_ref="a,b")
    sender(world, channel).send_due(at(1))
    assert channel.submitted[0].accepted == ("a", "b")
    assert world.messages()[0].channel_ref == "a,b,ref-1"


def test_an_absent_server_leaves_messages_due_and_is_told_once(
    city: Build, caplog: pytest.LogCaptureFixture
) -> None:
    world, channel = city(), Scripted()
    outbox(world, 2)
    one = sender(world, channel)
    channel.absent = "SMPP at 127.0.0.1:2775 is not there"
    for minute in range(1, 10):
        assert one.send_due(at(minute)) == 0
    assert {(m.state, m.attempts) for m in world.messages()} == {("due", 0)}
    assert [r.getMessage() for r in caplog.records] == [channel.absent]
    channel.absent = ""
    assert one.send_due(at(10)) == 2


def test_a_message_held_back_meanwhile_is_not_sent(city: Build) -> None:
    world, channel = city(), Scripted()
    outbox(world, state="inhibited")
    assert sender(world, channel).send_due(at(1)) == 0
    assert channel.submitted == []


def test_receipts_are_written_to_their_message_and_strangers_are_not(city: Build) -> None:
    world, channel = city(), Scripted()
    outbox(world, 2)
    one = sender(world, channel)
    one.send_due(at(1))
    channel.receipts = [
        Receipt("ref-2", "UNDELIV"),
        Receipt("ref-1", "DELIVRD"),
        Receipt("x", "DELIVRD"),
    ]
    one.send_due(at(2))
    assert [m.delivery for m in world.messages()] == ["DELIVRD", "UNDELIV"]


def test_a_message_whose_books_went_away_while_it_was_handed_over_is_in_doubt(
    city: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, channel = city(), Scripted()
    outbox(world)
    one = sender(world, channel)
    with monkeypatch.context() as away:
        away.setattr(Sender, "_record", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            one.send_due(at(1))
    assert one.send_due(at(2)) == 0
    assert [(m.state, "in_doubt" in (m.problem or "")) for m in world.messages()] == [
        ("failed", True)
    ]
    assert len(channel.submitted) == 1
