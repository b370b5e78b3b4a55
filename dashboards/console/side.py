"""What stands on the right: open alerts with who has acknowledged them, SMS sent and received."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui

from alerts.detectors.names import icon_of, title_of
from alerts.episodes.views import EpisodeView, MessageView, ReceivedView
from alerts.inbound.words import reason_of, state_of
from dashboards.console.links import address
from domain.actor import Actor
from domain.language import msg, msg_in

#: Cards and messages that are shown; of more, the number is.
MOST_ALERTS, MOST_MESSAGES, MOST_RECEIVED = 60, 40, 20
#: Acknowledges the alert of this code in this name; answers with what went wrong, "" for nothing.
Acknowledge = Callable[[str, str], str]


def clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def alerts_panel(
    episodes: list[EpisodeView],
    count: int,
    zone: ZoneInfo,
    words: dict[str, str],
    language: str,
    acknowledge: Acknowledge,
) -> None:
    """The newest of `count` alerts; children of an outage are a number on their parent's card."""
    ui.label(f"{words['alerts']} · {count}").classes("hw-head")
    if not episodes:
        ui.label(words["no_alerts"]).classes("text-grey-7 q-px-sm")
    for episode in episodes:
        icon, colour = icon_of(episode.kind)
        with ui.row().classes("hw-alert no-wrap items-start full-width"):
            ui.icon(icon, color=colour, size="20px")
            with ui.column().classes("gap-0"):
                ui.label(title_of(episode.kind).to(language)).classes("text-weight-medium")
                ui.link(
                    f"{episode.place} {name_in(episode, language)}",
                    address(episode.place, language),
                ).classes("text-caption")
                ui.label(story(episode, zone, words)).classes("text-caption text-grey-7")
                _acknowledged(episode, zone, language, acknowledge)
    _more(count - len(episodes), words)


def _acknowledged(
    episode: EpisodeView, zone: ZoneInfo, language: str, acknowledge: Acknowledge
) -> None:
    """Who has it since when, or a button for whoever takes it on."""
    if episode.acknowledged_by is not None:
        name = Actor.parse(episode.acknowledged_by).shown()
        at = episode.acknowledged_at
        when = "" if at is None else f" {clock(at, zone)}"
        said = msg("acknowledged by {name}{when}", name=name, when=when)
        ui.label(said.to(language)).classes("text-caption text-positive")
        return
    head = msg("Acknowledge {code}", code=episode.code).to(language)
    ui.button(head, on_click=lambda: _ask(episode.code, head, language, acknowledge)).props(
        "flat dense size=sm"
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


def received_panel(messages: list[ReceivedView], zone: ZoneInfo, language: str) -> None:
    """SMS that came in, with what became of them; nothing where none did."""
    if not messages:
        return
    ui.label(msg("Received SMS").to(language)).classes("hw-head")
    for message in messages:
        name = message.sender if message.actor is None else _shown(message.actor, language)
        state = [state_of(message.state).to(language), reason_of(message.reason).to(language)]
        with ui.column().classes("hw-reply gap-0 full-width"):
            ui.label(message.text)
            told = " · ".join([name, clock(message.received_at, zone), *filter(None, state)])
            ui.label(told).classes("text-caption text-grey-7")


def _shown(actor: str, language: str) -> str:
    """A written actor, "kind:name", as people read it."""
    return Actor.parse(actor).shown().to(language)


def story(episode: EpisodeView, zone: ZoneInfo, words: dict[str, str]) -> str:
    """Since when it lasts, when the alarm opened, and how many it explains."""
    told = []
    if episode.evidence.get("since"):
        began = datetime.fromisoformat(episode.evidence["since"])
        told.append(f"{words['since']} {clock(began, zone)}")
    told.append(f"{words['opened']} {clock(episode.opened_at, zone)}")
    if episode.children:
        told.append(words["children_inhibited"].format(n=episode.children))
    return " · ".join(told)


def _more(count: int, words: dict[str, str]) -> None:
    if count > 0:
        ui.label(words["more"].format(n=count)).classes("text-grey-7 q-px-sm")


def name_in(place: Any, language: str) -> str:
    """A place's name: its Chinese one for readers of Chinese, else the English one where it has one."""
    return str(place.name if language == "zh" or not place.name_en else place.name_en)


def tray_panel(
    messages: list[MessageView], count: int, zone: ZoneInfo, words: dict[str, Any]
) -> None:
    """The newest of `count` messages."""
    ui.label(f"{words['in_tray']} · {count}").classes("hw-head")
    if not messages:
        ui.label(words["no_messages"]).classes("text-grey-7 q-px-sm")
    for message in messages:
        with ui.column().classes("hw-sms gap-0 full-width"):
            ui.label(message.text)
            told = f"{words['to']} {message.recipient} · {clock(message.created_at, zone)}"
            ui.label(told).classes("text-caption text-grey-7")
    _more(count - len(messages), words)
