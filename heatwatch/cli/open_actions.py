"""What settles each kind of `heatwatch evidence open`: the command, with capitals for what only a person knows."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.facts.outstanding import Outstanding

_MEASURE = 'measurements room={room} at="TIME" celsius=VALUE signed_by="NAMES"'
#: Kind of what is missing -> the command behind `heatwatch`.
ACTIONS = {
    "outage_end": 'evidence record outages place={about} since="{since}" until="TIME" --reason "WHY"',
    "answer": f"evidence record {_MEASURE}",
    "certificate": 'evidence record certificates device="{about}" since="TIME" until="TIME" document="WHICH"',
    "sensor": "registry import FOLDER",
    "bearer": 'evidence record fee_spans household={about} since="{since}" state=charged payer="NAME"',
    "terms": 'evidence record contract_terms household={about} season={season} use=non_residential agreed=VALUE bands="BANDS" document="WHICH" --reason "WHY"',
    "payee": 'settle payments decide --season {season} --household {about} --payer "NAME" --same --reason "WHY"',
    "claim": 'evidence record requests household={about} at="TIME" by="NAME"',
    "decision": 'evidence record outage_decisions place={about} since="{since}" until="{until}" share=SHARE basis=authority document="WHICH" clause="WHICH"',
    "measurement": f"evidence record {_MEASURE}",
    "first_sensor": "registry import FOLDER",
    "contract": 'evidence record contracts household={about} season={season} season_fee=FEE currency=CNY',
}  # fmt: skip


def command_for(each: "Outstanding", season: str, zone: tzinfo) -> str:
    """The command that settles it; times local, to the second where they have any."""

    def local(at: datetime | None) -> str:
        if at is None:
            return "TIME"
        own = at.astimezone(zone).replace(tzinfo=None)
        return own.isoformat(
            sep=" ", timespec="auto" if own.second or own.microsecond else "minutes"
        )

    action = ACTIONS[each.what.value].format(
        about=each.about, room=each.rooms[0] if each.rooms else "ROOM", season=season,
        since=local(each.since), until=local(each.until),
    )  # fmt: skip
    return f"heatwatch {action}"
