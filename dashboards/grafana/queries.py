"""Queries for panels: Flux against the InfluxDB mirror, SQL against the books."""

from typing import Any

from grafana_foundation_sdk.cog import builder, variants
from grafana_foundation_sdk.models.dashboard import DataSourceRef

INFLUX = DataSourceRef(type_val="influxdb", uid="heatwatch-influx")
BOOKS = DataSourceRef(type_val="grafana-postgresql-datasource", uid="heatwatch-books")


class Query(variants.Dataquery):
    """One target of a panel: the SDK has no builder for Flux and SQL, so it is spelled out."""

    def __init__(self, ref: str, source: DataSourceRef, **fields: Any) -> None:
        self._json = {"refId": ref, "datasource": source.to_json(), **fields}

    def to_json(self) -> dict[str, Any]:
        return dict(self._json)


class Target(builder.Builder[variants.Dataquery]):
    """What panels take: something that builds a query."""

    def __init__(self, query: Query) -> None:
        self._query = query

    def build(self) -> Query:
        return self._query


def flux(ref: str, text: str) -> Target:
    """A Flux query."""
    return Target(Query(ref, INFLUX, query=text))


def sql(ref: str, text: str) -> Target:
    """An SQL query that gives a table."""
    return Target(Query(ref, BOOKS, format="table", rawQuery=True, rawSql=text, editorMode="code"))


def readings(role: str, window: str = "v.windowPeriod", scale: float = 1.0) -> str:
    """Means of one role at the chosen stations, one line a station, in `scale` [1] kept units."""
    return f"""from(bucket: v.defaultBucket)
  |> range(start: v.timeRangeStart, stop: v.timeRangeStop)
  |> filter(fn: (r) => r._measurement == "reading" and r._field == "value")
  |> filter(fn: (r) => r.role == "{role}" and r.kind == "station")
  |> filter(fn: (r) => r.place =~ /^${{station:regex}}$/)
  |> aggregateWindow(every: {window}, fn: mean, createEmpty: false)
  |> map(fn: (r) => ({{r with _value: r._value / {scale!r}}}))
  |> keep(columns: ["_time", "_value", "place"])"""
