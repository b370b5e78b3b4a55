"""What stands on the right: open alerts with who has acknowledged them, SMS sent and received."""

from collections.abc import Callable
from datetime import datetime

from nicegui import ui

from alerts.detectors.names import icon_of, title_of
from alerts.episodes.views import EpisodeView, MessageView, ReceivedView
from alerts.inbound.words import reason_of
from alerts.inbound.words import state_of as received_state
from alerts.messages.words import delivery_of
from alerts.messages.words import state_of as sent_state
from dashboards.console.links import address
from dashboards.console.words import ALERTS
from domain.actor import Actor
from domain.formats import Formats
from domain.language import Text, joined, msg, msg_in, plural
from domain.tree import place_name

#: Cards and messages that are shown; of more, the number is.
MOST_ALERTS, MOST_MESSAGES, MOST_RECEIVED = 60, 40, 20
#: Acknowledges the alert of this code in this name; answers with what went wrong, "" for nothing.
Acknowledge = Callable[[str, str], str]


def alerts_panel(
    episodes: list[EpisodeView], count: int, formats: Formats, acknowledge: Acknowledge
) -> None:
    """The newest of `count` alerts; children of an outage are a number on their parent's card."""
    language = formats.language
    ui.label(f"{ALERTS.to(language)} · {formats.number(count)}").classes("hw-head")
    if not episodes:
        _quiet(msg_in("console", "No open alerts"), language)
    for episode in episodes:
        icon, colour = icon_of(episode.kind)
        with ui.row().classes("hw-alert no-wrap items-start full-width"):
            ui.icon(icon, color=colour, size="20px")
            with ui.column().classes("gap-0"):
                ui.label(title_of(episode.kind).to(language)).classes("text-weight-medium")
                name = place_name(episode.place, episode.name, episode.name_en, language)
                said = " ".join(dict.fromkeys((episode.place, name)))
                ui.link(said, address(episode.place, language)).classes("text-caption")
                ui.label(story(episode, formats).to(language)).classes("text-caption hw-quiet")
                _acknowledged(episode, formats, acknowledge)
    _more(count - len(episodes), language)


def _acknowledged(episode: EpisodeView, formats: Formats, acknowledge: Acknowledge) -> None:
    """Who has it since when, or a button for whoever takes it on."""
    language = formats.language
    if episode.acknowledged_by is not None:
        name = Actor.parse(episode.acknowledged_by).shown()
        at = episode.acknowledged_at
        when = "" if at is None else f" {formats.instant(at)}"
        said = msg("acknowledged by {name}{when}", name=name, when=when)
        ui.label(said.to(language)).classes("text-caption hw-good")
        return
    head = msg("Acknowledge {code}", code=episode.code).to(language)
    ui.button(head, on_click=lambda: _ask(episode.code, head, language, acknowledge)).props(
        "flat dense no-caps size=sm"
    )


def _ask(code: str, head: str, language: str, acknowledge: Acknowledge) -> None:
    """In whose name."""
    with ui.context.client.content, ui.dialog() as dialog, ui.card():
        ui.label(head)
        name = ui.input(msg("your name").to(language))

        def done() -> None:
            if problem := acknowledge(code, name.value or ""):
                ui.notify(problem, type="warning")
            else:
                dialog.close()

        ui.button(msg_in("console", "Acknowledge").to(language), on_click=done)
    dialog.open()


def story(episode: EpisodeView, formats: Formats) -> Text:
    """Since when it lasts, how many messages it lost, when and by whom it was opened, and what it explains."""
    told = []
    if since := episode.evidence.get("since"):
        told.append(msg("since {at}", at=formats.instant(datetime.fromisoformat(since))))
    if count := episode.evidence.get("at_most"):
        shown = formats.number(count)
        told.append(
            plural(
                "up to {shown} message lost", "up to {shown} messages lost", n=count, shown=shown
            )
        )
    opener = Actor.parse(episode.opened_by).shown()
    told.append(
        msg_in(
            "alerts",
            "opened at {at} by {name}",
            at=formats.instant(episode.opened_at),
            name=opener,
        )
    )
    if episode.children:
        told.append(
            plural(
                "{n} below it is part of this alert",
                "{n} below it are part of this alert",
                n=episode.children,
            )
        )
    return joined(" · ", told)


def tray_panel(messages: list[MessageView], count: int, formats: Formats) -> None:
    """The newest of `count` messages, each with how far it is: not all have left."""
    language = formats.language
    head = msg_in("console", "Outgoing SMS").to(language)
    ui.label(f"{head} · {formats.number(count)}").classes("hw-head")
    if not messages:
        _quiet(msg_in("console", "No messages"), language)
    for message in messages:
        with ui.column().classes("hw-sms gap-0 full-width"):
            ui.label(message.text)
            left = message.state == "handed"
            ui.label(sent(message, formats).to(language)).classes(
                "text-caption " + ("hw-quiet" if left else "hw-stale")
            )
    _more(count - len(messages), language)


def sent(message: MessageView, formats: Formats) -> Text:
    """To whom, how far it is, and when it left; before that, since when it waits."""
    at = formats.instant(message.handed_at or message.created_at)
    to = msg_in("console", "to {name}", name=message.recipient)
    parts = [to, joined(" ", [sent_state(message.state), at])]
    return joined(" · ", [*parts, delivery_of(message.delivery)] if message.delivery else parts)


def received_panel(messages: list[ReceivedView], formats: Formats) -> None:
    """SMS that came in, with what became of them; nothing where none did."""
    if not messages:
        return
    language = formats.language
    ui.label(msg("Received SMS").to(language)).classes("hw-head")
    for message in messages:
        name = message.sender if message.actor is None else Actor.parse(message.actor).shown()
        parts = [name, formats.instant(message.received_at), received_state(message.state)]
        if message.reason:
            parts.append(reason_of(message.reason))
        with ui.column().classes("hw-reply gap-0 full-width"):
            ui.label(message.text)
            ui.label(joined(" · ", parts).to(language)).classes("text-caption hw-quiet")


def _more(count: int, language: str) -> None:
    if count > 0:
        _quiet(plural("{n} more not shown", "{n} more not shown", n=count), language)


def _quiet(text: Text, language: str) -> None:
    ui.label(text.to(language)).classes("hw-quiet q-px-sm")
