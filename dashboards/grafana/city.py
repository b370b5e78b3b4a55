"""The control room's dashboard: stations' temperatures, flow and make-up water, open alerts."""

from grafana_foundation_sdk.builders import common as common_builders
from grafana_foundation_sdk.builders import stat, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, QueryVariable, Row
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import VariableRefresh, VariableSort

from dashboards.grafana.queries import BOOKS, INFLUX, flux, readings, sql

UID = "heatwatch-city"

WORDS = {
    "zh": {
        "title": "heatwatch 城市供热",
        "now": "现在",
        "open": "未解除告警",
        "homes": "低于标准的住户",
        "refunds": "最新结算草案（元）",
        "stations": "换热站",
        "supply": "供水温度",
        "return": "回水温度",
        "flow": "循环流量",
        "make_up": "补水流量",
        "pressure": "供水压力",
        "alerts": "未解除的告警",
        "station": "换热站",
    },
    "en": {
        "title": "heatwatch city",
        "now": "Now",
        "open": "Open alerts",
        "homes": "Homes below the standard",
        "refunds": "Newest settlement draft (CNY)",
        "stations": "Stations",
        "supply": "Supply temperature",
        "return": "Return temperature",
        "flow": "Circulation flow",
        "make_up": "Make-up flow",
        "pressure": "Supply pressure",
        "alerts": "Open alerts",
        "station": "Station",
    },
}

#: (word, role, Grafana unit) of the station panels, in order.
PANELS = (
    ("supply", "supply_temperature", "celsius"),
    ("return", "return_temperature", "celsius"),
    ("flow", "flow", "litreh"),
    ("make_up", "make_up_flow", "litreh"),
    ("pressure", "supply_pressure", "pressurepa"),
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


def city(language: str, zone: str) -> str:
    """The dashboard as JSON text, the same for the same input; `zone` is an IANA zone."""
    words = WORDS[language]
    board = (
        Dashboard(words["title"])
        .uid(f"{UID}-{language}")
        .tags(["heatwatch", language])
        .timezone(zone)
        .refresh("30s")
        .time("now-24h", "now")
        .readonly()
        .with_variable(_stations(words))
        .with_row(Row(words["now"]))
    )
    for word, query in (("open", OPEN), ("homes", COLD), ("refunds", DRAFT)):
        board.with_panel(_number(words[word], query))
    board.with_row(Row(words["stations"]))
    for word, role, unit in PANELS:
        board.with_panel(_lines(words[word], role, unit))
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


def _lines(title: str, role: str, unit: str) -> timeseries.Panel:
    legend = common_builders.VizLegendOptions()
    legend.display_mode(common.LegendDisplayMode.LIST).show_legend(True)
    return (
        timeseries.Panel()
        .title(title)
        .datasource(INFLUX)
        .unit(unit)
        .height(8)
        .span(12)
        .line_width(1)
        .span_nulls(False)
        .legend(legend.placement(common.LegendPlacement.BOTTOM))
        .display_name("${__field.labels.place}")
        .with_target(flux("A", readings(role)))
    )


def _table(title: str, query: str) -> table.Panel:
    panel = table.Panel().title(title).datasource(BOOKS).height(8).span(12)
    return panel.with_target(sql("A", query))
