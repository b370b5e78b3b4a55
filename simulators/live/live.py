"""The live part as messages, quarter of an hour by quarter of an hour, in the order of their times.

Rooms, meters, primary sides and masts write native JSON, stations a mapped one. A few messages
are bad on purpose; they carry the reason for which they must be refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from domain.time import from_us
from simulators.city.city import City, Record
from simulators.city.history import mast_device, meter_device, primary_device, station_device
from simulators.city.sensors import heard, place_sensors, read, times_s
from simulators.city.stations import CHANNELS, StationBook, Telemetry
from simulators.plan.layout import COMPANY
from simulators.plan.plan import SensorFault, StationFault

GOOD = ""
#: One of each in every quarter of an hour: (second, reason).
BAD = ((101, "undecodable"), (401, "unmapped"), (701, "implausible"))
UNDECODABLE = (b"\x00\x07\xfe\xff", b'{"channel":"t","time":"20', b"t=21.4;batt=ok", b"[1,2")


@dataclass(frozen=True, slots=True)
class Out:
    """One message to publish."""

    at_s: int  # when it leaves its device [s since the epoch]
    topic: str
    payload: bytes
    readings: int
    feed: str  # rooms | stations
    refused: str = GOOD  # reason for which it must be refused


def iso(at_s: int) -> str:
    return from_us(at_s * 1_000_000).strftime("%Y-%m-%dT%H:%M:%SZ")


def native_topic(device: str) -> str:
    return f"heatwatch/v1/{device}"


def station_topic(device: str) -> str:
    return f"scada/{COMPANY}/{device}/telemetry"


def covers(fault: SensorFault | StationFault, at_s: int) -> bool:
    return fault.since_s <= at_s and (fault.until_s is None or at_s < fault.until_s)


def wrong_time(fault: SensorFault, at_s: int) -> str:
    """What a device writes that took seconds for milliseconds, or counts from its start."""
    if fault.kind == "gateway_1970":
        at = from_us(at_s * 1000)
        return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
    return iso(at_s - fault.since_s)


class LiveMessages:
    """Goes on from a city whose history has run; `block()` gives the next quarter of an hour."""

    def __init__(self, city: City, history: Record, bad: bool = True) -> None:
        self.city, self.bad = city, bad
        self._sensors = place_sensors(city)
        self._book = StationBook(city)
        self._book.over(history, np.random.default_rng([city.seed, 6]))
        self._clocks = [f for f in city.plan.sensors if f.kind != "silent"]
        self._topics = [native_topic(room.device) for room in city.layout.rooms]
        self._blocks = 0

    def block(self) -> list[Out]:
        """The messages of the next 900 s, by time."""
        record = self.city.advance(1)
        rng = np.random.default_rng([self.city.seed, 7, record.start_s])
        made = list(self._rooms(record, rng))
        telemetry = self._book.over(record, rng)
        made += self._stations(telemetry)
        made += self._slow(telemetry)
        if self.bad:
            made += self._bad(record.start_s)
        made.sort(key=lambda out: out.at_s)
        self._blocks += 1
        return made

    def _rooms(self, record: Record, rng: np.random.Generator) -> Iterator[Out]:
        at_s = times_s(self._sensors, record)
        said = read(self._sensors, record, rng)[0].tolist()
        sent = heard(self.city, self._sensors, at_s, rng)[0].tolist()
        written = self._written_times(record.start_s, at_s[0].tolist())
        for i, at in enumerate(at_s[0].tolist()):
            if sent[i]:
                text = f'{{"channel":"t","time":"{written[i]}","value":{said[i] / 1000}}}'
                yield Out(at, self._topics[i], text.encode(), 1, "rooms")

    def _written_times(self, start_s: int, at_s: list[int]) -> list[str]:
        start = from_us(start_s * 1_000_000)
        minutes = [(start + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:") for m in range(15)]
        seconds = [f"{minute}{s:02d}Z" for minute in minutes for s in range(60)]
        written = [seconds[at - start_s] for at in at_s]
        for fault in self._clocks:
            if covers(fault, at_s[fault.room]):
                written[fault.room] = wrong_time(fault, at_s[fault.room])
        return written

    def _stations(self, telemetry: Telemetry) -> Iterator[Out]:
        for i, (at_s, channels) in enumerate(telemetry.stations):
            device = station_device(self.city.layout.stations[i].code)
            clocks = [fault for fault in self.city.plan.clocks if fault.station == i]
            columns = [np.round(channels[name], n).tolist() for name, n in CHANNELS.items()]
            for at, *values in zip(at_s.tolist(), *columns, strict=True):
                unit = 1 if any(covers(fault, at) for fault in clocks) else 1000
                data = ",".join(f'"{n}":{v}' for n, v in zip(CHANNELS, values, strict=True))
                text = f'{{"ts":{at * unit},"data":{{{data}}}}}'
                yield Out(at, station_topic(device), text.encode(), len(values), "stations")

    def _slow(self, telemetry: Telemetry) -> Iterator[Out]:
        layout = self.city.layout
        for spot, (at_s, channels) in zip(layout.stations, telemetry.primary, strict=True):
            for k, at in enumerate(at_s.tolist()):
                values = {name: round(float(v[k]), 2) for name, v in channels.items()}
                yield _native(primary_device(spot.code), at, values)
        at_s, outdoor = telemetry.weather
        for source in layout.sources:
            for at, value in zip(at_s.tolist(), outdoor.tolist(), strict=True):
                yield _native(mast_device(source.code), at, {"t": round(value, 2)})
        at_s, energy, power = telemetry.meters
        for k, at in enumerate(at_s.tolist()):
            for i, building in enumerate(layout.buildings):
                values = {"energy": round(energy[k, i]), "power": round(power[k, i])}
                yield _native(meter_device(building.code), at, values)

    def _bad(self, start_s: int) -> Iterator[Out]:
        device = self.city.layout.rooms[self._blocks % len(self.city.layout.rooms)].device
        for second, reason in BAD:
            at = start_s + second
            good = f'{{"channel":"t","time":"{iso(at)}","value":21.5}}'.encode()
            match reason:
                case "undecodable":
                    topic = native_topic(device)
                    payload = UNDECODABLE[self._blocks % len(UNDECODABLE)]
                case "unmapped":
                    topic, payload = native_topic(f"rs-9{self._blocks % 100:05d}"), good
                case _:
                    topic = native_topic(device)
                    payload = good.replace(b"21.5", b"1" + b"0" * 30)
            yield Out(at, topic, payload, 0, "rooms", reason)


def _native(device: str, at_s: int, values: dict[str, float]) -> Out:
    """One message with all channels of a device."""
    records = ",".join(
        f'{{"channel":"{name}","time":"{iso(at_s)}","value":{value}}}'
        for name, value in values.items()
    )
    text = f'{{"readings":[{records}]}}'
    return Out(at_s, native_topic(device), text.encode(), len(values), "rooms")


def live_from(city: City, bad: bool = True) -> LiveMessages:
    """Runs the city's history (a second or two) and stands at its end."""
    return LiveMessages(city, city.history(), bad)
