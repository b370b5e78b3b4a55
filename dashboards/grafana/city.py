"""The control room's dashboard: stations' temperatures, flow and make-up water, open alerts."""

from grafana_foundation_sdk.builders import common as common_builders
from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, QueryVariable, Row
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import VariableRefresh, VariableSort

from dashboards.grafana.queries import BOOKS, INFLUX, flux, readings, sql
from domain.formats import Formats
from domain.language import msg_in
from domain.quantity import Role

UID = "heatwatch-city"

WORDS = {
    "title": msg_in("Grafana", "heatwatch city"),
    "now": msg_in("Grafana", "Now"),
    "open": msg_in("Grafana", "Open alerts"),
    "homes": msg_in("Grafana", "Homes below the standard"),
    "stations": msg_in("Grafana", "Stations"),
    "supply": msg_in("Grafana", "Supply temperature"),
    "return": msg_in("Grafana", "Return temperature"),
    "flow": msg_in("Grafana", "Circulation flow"),
    "make_up": msg_in("Grafana", "Make-up flow"),
    "pressure": msg_in("Grafana", "Supply pressure"),
    "alerts": msg_in("Grafana", "Open alerts"),
    "station": msg_in("Grafana", "Station"),
    "refunds": msg_in("Grafana", "Newest settlement draft"),
    "heat": msg_in("Grafana", "Heat meter"),
}

#: (word, role) of the station panels, in order; the unit is that of the quantity on every screen.
PANELS = (
    ("supply", Role.SUPPLY_TEMPERATURE),
    ("return", Role.RETURN_TEMPERATURE),
    ("flow", Role.FLOW),
    ("make_up", Role.MAKE_UP_FLOW),
    ("pressure", Role.SUPPLY_PRESSURE),
    ("heat", Role.ENERGY),
)

OPEN = "SELECT count(*) AS open FROM episode WHERE cleared_at IS NULL AND parent_id IS NULL"
COLD = (
    "SELECT count(*) AS homes FROM episode"
    " WHERE cleared_at IS NULL AND kind = 'low_room_temperature'"
)
DRAFT = (
    "SELECT total::numeric AS total FROM settlement_run"
    " WHERE state <> 'what_if' ORDER BY id DESC LIMIT 1"
)
ALERTS = (
    "SELECT e.opened_at, e.kind, p.code, p.name FROM episode e JOIN place p ON p.id = e.place_id"
    " WHERE e.cleared_at IS NULL AND e.parent_id IS NULL ORDER BY e.opened_at DESC LIMIT 200"
)
STATIONS = (
    'import "influxdata/influxdb/schema"\nschema.tagValues(bucket: v.defaultBucket, tag: "station")'
)


def city(shown_as: Formats) -> str:
    """The dashboard as JSON text in a language, zone and unit of heat; the same for the same input."""
    language = shown_as.language
    words = {key: text.to(language) for key, text in WORDS.items()}
    board = (
        Dashboard(words["title"])
        .uid(f"{UID}-{language}")
        .tags(["heatwatch", language])
        .timezone(shown_as.zone.key)
        .refresh("30s")
        .time("now-24h", "now")
        .readonly()
        .with_variable(_stations(words))
        .with_row(Row(words["now"]))
    )
    for word, query in (("open", OPEN), ("homes", COLD), ("refunds", DRAFT)):
        board.with_panel(_number(words[word], query))
    board.with_row(Row(words["stations"]))
    for word, role in PANELS:
        board.with_panel(_lines(words[word], role, shown_as))
    board.with_panel(_table(words["alerts"], ALERTS))
    return str(JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False).encode(board.build()))


def _stations(words: dict[str, str]) -> QueryVariable:
    return (
        QueryVariable("station")
        .label(words["station"])
        .datasource(INFLUX)
        .query(STATIONS)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )


def _number(title: str, query: str) -> stat.Panel:
    panel = stat.Panel().title(title).datasource(BOOKS).height(4).span(8)
    return panel.with_target(sql("A", query))


def _lines(title: str, role: Role, shown_as: Formats) -> timeseries.Panel:
    legend = common_builders.VizLegendOptions()
    legend.display_mode(common.LegendDisplayMode.LIST).show_legend(True)
    return (
        timeseries.Panel()
        .title(title)
        .datasource(INFLUX)
        .unit(f"suffix: {shown_as.unit(role.quantity)}")
        .height(8)
        .span(12)
        .line_width(1)
        .span_nulls(False)
        .legend(legend.placement(common.LegendPlacement.BOTTOM))
        .display_name("${__field.labels.place}")
        .with_target(flux("A", readings(role.code, scale=shown_as.scale(role.quantity))))
    )


def _table(title: str, query: str) -> table.Panel:
    panel = table.Panel().title(title).datasource(BOOKS).height(8).span(12)
    return panel.with_target(sql("A", query))
