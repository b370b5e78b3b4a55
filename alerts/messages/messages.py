"""Messages of episodes: outbox rows, written in the transaction that opens or clears them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from alerts.channels import channels
from alerts.detectors import kind_of
from alerts.messages.city import City, pieces
from alerts.messages.texts import Event, Style, Where, compose
from domain.language import languages
from domain.tree import PlaceKind, place_name
from store.books.registry import Place
from store.books.watch import Episode, Outbox

#: An episode found this long after it began, and over before its message left, is not told.
STALE = timedelta(hours=1)
INHIBITED, DUE, FAILED = "inhibited", "due", "failed"
REPEAT = "repeat"  # the purpose is this and its number


def tell(
    session: Session,
    city: City,
    episodes: Sequence[Episode],
    now: datetime,
    purpose: str = "opened",
) -> None:
    """One due row per episode and recipient; a row held back before is due again."""
    wheres = _wheres(session, city, episodes)
    known = {
        (row.episode_id, row.recipient): row
        for part in pieces([each.id for each in episodes])
        for row in session.scalars(
            sa.select(Outbox).where(Outbox.episode_id.in_(part), Outbox.purpose == purpose)
        )
    }
    wait = timedelta(seconds=city.config.sms.group_wait_s)
    new: list[dict[str, Any]] = []
    for episode in episodes:
        row = city.places.row(episode.place_id)
        due_at = now + wait + _until_others(city, episode)
        for addressee in city.addressees:
            if not addressee.hears(episode.kind, row):
                continue
            old = known.get((episode.id, addressee.who.name))
            if old is None:
                text = _text(city, episode, wheres[episode.place_id], addressee.who.language)
                new.append(
                    {
                        "episode_id": episode.id, "purpose": purpose, "state": DUE, "text": text,
                        "recipient": addressee.who.name, "phone": addressee.who.phone,
                        "attempts": 0, "created_at": now, "due_at": due_at,
                        "channel": city.config.sms.channel,
                    }
                )  # fmt: skip
            elif old.state == INHIBITED:
                old.state, old.due_at = DUE, due_at
    if new:
        session.execute(sa.insert(Outbox), new)


def _until_others(city: City, episode: Episode) -> timedelta:
    """How much longer others of the same fault may take."""
    kind = kind_of(episode.kind)
    return kind.others(episode.evidence, city.config.detectors[kind.section])


def tell_cleared(session: Session, city: City, episodes: Sequence[Episode], now: datetime) -> None:
    """Clears are told to those who heard of the opening."""
    if not city.config.sms.tell_cleared or not episodes:
        return
    heard = {
        episode_id
        for part in pieces([each.id for each in episodes])
        for episode_id in session.scalars(
            sa.select(Outbox.episode_id).where(
                Outbox.episode_id.in_(part),
                Outbox.purpose == "opened",
                Outbox.state.in_(("handed", "handing")),
            )
        )
    }
    tell(session, city, [each for each in episodes if each.id in heard], now, "cleared")


def hold_back(session: Session, episode_ids: Iterable[int], why: str) -> None:
    """Rows that have not left stay as they are, inhibited; whoever is handing one over goes on."""
    for part in pieces(sorted(episode_ids)):
        session.execute(
            sa.update(Outbox)
            .where(Outbox.episode_id.in_(part), Outbox.state == DUE, Outbox.purpose == "opened")
            .values(state=INHIBITED, problem=why),
            execution_options={"synchronize_session": False},
        )


def repeat(session: Session, city: City, now: datetime) -> int:
    """What is open and acknowledged by nobody is sent again after `repeat_min`; how many messages.

    Only what has left is repeated, and not before `repeat_from`; a cause stands for its children. A
    repeat that an acknowledgement has stopped is no message: it counts for nothing when the alert
    is given back. One that failed was tried: it counts, and the next follows it in its time.
    """
    sms = city.config.sms
    if not sms.repeat_min:
        return 0
    last = sa.func.max(Outbox.id)
    is_repeat = Outbox.purpose.startswith(REPEAT)
    stopped = sa.and_(Outbox.state == INHIBITED, is_repeat)
    failed = sa.and_(Outbox.state == FAILED, is_repeat)
    waits = sa.func.count().filter(Outbox.state != "handed", sa.not_(sa.or_(stopped, failed)))
    tried_at = sa.case((failed, Outbox.due_at), else_=Outbox.handed_at)
    rows = session.execute(
        sa.select(last, sa.func.count())
        .join(Episode, Episode.id == Outbox.episode_id)
        .where(
            Episode.cleared_at.is_(None),
            Episode.parent_id.is_(None),
            Episode.acknowledged_by.is_(None),
            sa.or_(Episode.repeat_from.is_(None), Episode.repeat_from <= now),
            Outbox.purpose != "cleared",
        )
        .group_by(Outbox.episode_id, Outbox.recipient)
        .having(
            sa.func.max(tried_at) <= now - timedelta(minutes=sms.repeat_min),
            sa.func.count().filter(sa.not_(stopped)) <= sms.most_repeats,
            waits == 0,
        )
    ).all()
    for outbox_id, count in rows:
        sent = session.get_one(Outbox, outbox_id)
        session.add(
            Outbox(
                episode_id=sent.episode_id,
                purpose=f"{REPEAT} {count}",
                recipient=sent.recipient,
                phone=sent.phone,
                text=sent.text,
                state=DUE,
                created_at=now,
                due_at=now,
                channel=sms.channel,
            )
        )
    return len(rows)


def stop_repeats(session: Session, episode_id: int, why: str) -> None:
    """Repeats that have not left stay. The first message still leaves: each hears of it once."""
    session.execute(
        _repeats_due(episode_id).values(state=INHIBITED, problem=why),
        execution_options={"synchronize_session": False},
    )


def postpone_repeats(session: Session, episode: Episode, until: datetime) -> None:
    """Nobody hears of it again before `until`; the first message still leaves."""
    episode.repeat_from = until
    session.execute(
        _repeats_due(episode.id).values(due_at=until),
        execution_options={"synchronize_session": False},
    )


def _repeats_due(episode_id: int) -> sa.Update:
    return sa.update(Outbox).where(
        Outbox.episode_id == episode_id,
        Outbox.state == DUE,
        Outbox.purpose.startswith(REPEAT),
    )


def hold_back_stale(session: Session, episodes: Iterable[Episode]) -> None:
    """What is over now is not repeated, nor told where it was found long after it began.

    It was read again then, or after a stop of ours.
    """
    opened = {each.id: each.opened_at for each in episodes}
    for part in pieces(sorted(opened)):
        waiting = sa.select(Outbox).where(
            Outbox.episode_id.in_(part), Outbox.state == DUE, Outbox.attempts == 0
        )
        for row in session.scalars(waiting):
            if row.episode_id is None:
                continue
            late = row.created_at - opened[row.episode_id] > STALE
            if late or row.purpose.startswith(REPEAT):
                row.state, row.problem = INHIBITED, "over"


def retell(session: Session, city: City, episode: Episode) -> None:
    """The text of rows that have not left says what is known now."""
    rows = session.scalars(
        sa.select(Outbox).where(
            Outbox.episode_id == episode.id, Outbox.state == DUE, Outbox.attempts == 0
        )
    ).all()
    if not rows:
        return
    where = _wheres(session, city, [episode])[episode.place_id]
    languages = {each.who.name: each.who.language for each in city.addressees}
    for row in rows:  # of somebody who is no recipient any more: as it was written
        if row.recipient in languages:
            row.text = _text(city, episode, where, languages[row.recipient])


def _text(city: City, episode: Episode, wheres: dict[str, Where], language: str) -> str:
    event = Event(
        episode.id, episode.kind, wheres[language], episode.opened_at, episode.evidence,
        episode.cleared_at,
    )  # fmt: skip
    sms = city.config.sms
    style = Style(language, city.zone, sms.most_parts, channels()[sms.channel].needs_phone)
    return compose(event, style)


def _wheres(
    session: Session, city: City, episodes: Sequence[Episode]
) -> dict[int, dict[str, Where]]:
    """Place id -> language -> how it is called."""
    chains = {
        each.place_id: [
            int(city.places.ids[row]) for row in city.places.chain(city.places.row(each.place_id))
        ]
        for each in episodes
    }
    wanted = sorted({place for chain in chains.values() for place in chain})
    known = {
        place.id: place
        for part in pieces(wanted)
        for place in session.scalars(sa.select(Place).where(Place.id.in_(part)))
    }
    return {
        place: {
            language: _where([known[each] for each in chain], language) for language in languages()
        }
        for place, chain in chains.items()
    }


def _where(chain: Sequence[Place], language: str) -> Where:
    """Names from the station down (above it: the place's own), and the nearest address."""
    here = chain[0]
    low = [each for each in chain if PlaceKind.of(each.kind).level >= PlaceKind.STATION.level]
    names: list[str] = []
    for each in low or [here]:  # from the place up; names often hold those above them
        name = place_name(each.code, each.name, each.name_en, language, plain=True)
        if not any(name in lower for lower in names):
            names.insert(0, name)
    address = next((each.address for each in chain if each.address), "")
    return Where(" ".join(names), here.code, address)
