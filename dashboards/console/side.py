"""What stands on the right: open alerts and the SMS in-tray."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nicegui import ui

from alerts.views import EpisodeView, MessageView
from dashboards.console.links import address

ICONS = {
    "make_up_leak": ("water_drop", "deep-orange"),
    "station_outage": ("power_off", "red"),
    "low_room_temperature": ("ac_unit", "blue"),
    "silent_sensor": ("sensors_off", "grey"),
}


def clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")


def alerts_panel(
    episodes: list[EpisodeView], zone: ZoneInfo, words: dict[str, str], language: str
) -> None:
    """Parents first; children of an outage are a number on their parent's card."""
    ui.label(f"{words['alerts']} · {len(episodes)}").classes("hw-head")
    if not episodes:
        ui.label(words["no_alerts"]).classes("text-grey-7 q-px-sm")
    for episode in episodes[:60]:
        icon, colour = ICONS.get(episode.kind, ("warning", "orange"))
        with ui.row().classes("hw-alert no-wrap items-start full-width"):
            ui.icon(icon, color=colour, size="20px")
            with ui.column().classes("gap-0"):
                ui.label(words.get(episode.kind, episode.kind)).classes("text-weight-medium")
                ui.link(
                    f"{episode.place} {_name(episode, language)}",
                    address(episode.place, language),
                ).classes("text-caption")
                told = f"{words['since']} {clock(episode.opened_at, zone)}"
                if episode.children:
                    told += " · " + words["children_inhibited"].format(n=episode.children)
                ui.label(told).classes("text-caption text-grey-7")


def _name(episode: EpisodeView, language: str) -> str:
    english = episode.name_en
    return str(english if language == "en" and english else episode.name)


def tray_panel(messages: list[MessageView], zone: ZoneInfo, words: dict[str, Any]) -> None:
    ui.label(f"{words['in_tray']} · {len(messages)}").classes("hw-head")
    if not messages:
        ui.label(words["no_messages"]).classes("text-grey-7 q-px-sm")
    for message in messages[:40]:
        with ui.column().classes("hw-sms gap-0 full-width"):
            ui.label(message.text)
            told = f"{words['to']} {message.recipient} · {clock(message.created_at, zone)}"
            ui.label(told).classes("text-caption text-grey-7")
