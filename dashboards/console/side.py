"""What stands on the right: open alerts and the SMS in-tray."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui

from alerts.detectors.names import icon_of, title_of
from alerts.episodes.views import EpisodeView, MessageView
from dashboards.console.links import address

#: Cards and messages that are shown; of more, the number is.
MOST_ALERTS, MOST_MESSAGES = 60, 40


def clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def alerts_panel(
    episodes: list[EpisodeView], count: int, zone: ZoneInfo, words: dict[str, str], language: str
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
                    f"{episode.place} {_name(episode, language)}",
                    address(episode.place, language),
                ).classes("text-caption")
                ui.label(story(episode, zone, words)).classes("text-caption text-grey-7")
    _more(count - len(episodes), words)


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


def _name(episode: EpisodeView, language: str) -> str:
    english = episode.name_en
    return str(english if language == "en" and english else episode.name)


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
