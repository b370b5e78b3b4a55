"""What people call the members of their messages; compared in small letters, without `_`, `-` and blanks."""

import re

_BETWEEN = re.compile(r"[\s_.-]+")

#: Which device it is, what is meant first.
DEVICES = (
    "device", "deviceid", "devicecode", "deviceno", "devicename", "devid", "deveui", "meter", "meterid",
    "meterno", "meternumber", "metercode", "sensor", "sensorid", "sn", "serial", "serialno",
    "serialnumber", "imei", "mac", "node", "nodeid", "stationid", "stationcode", "addr",
    "address", "id", "code", "设备", "设备编号", "设备号", "设备名称", "表号", "表计编号", "站点编号", "编号",
    "楼栋", "building", "换热站", "热力站", "站名", "站点", "station", "stationname", "site", "sitename", "小区",
)  # fmt: skip
#: Of which of its values a record is.
CHANNELS = (
    "channel", "tag", "tagname", "point", "pointname", "param", "parameter", "metric", "quantity", "item",
    "key", "name", "type", "测点", "点位", "参数", "名称",
)  # fmt: skip
VALUES = ("value", "val", "v", "data", "reading", "值", "数值")
UNITS = ("unit", "units", "uom", "单位")
TIMES = (
    "time", "timestamp", "ts", "datetime", "at", "date", "t", "collecttime", "readtime", "sampletime",
    "updatetime", "sendtime", "devicetime", "metertime", "eventtime", "datatime", "recordtime", "timestampms",
    "时间", "采集时间", "采样时间", "抄表时间", "测量时间", "数据时间", "记录时间", "上报时间", "时间戳", "日期时间", "日期",
)  # fmt: skip
#: How other names of times end.
_TIME_ENDS = ("time", "timestamp", "date", "时间", "日期", "时刻")
#: Numbers that measure nothing of a heating network.
OTHERS = frozenset({
    "rssi", "snr", "lqi", "linkquality", "seq", "sequence", "fcnt", "fport", "port", "version", "ver",
    "lat", "lon", "lng", "latitude", "longitude", "status", "state", "err", "error", "code", "qos", "retain",
    "count", "total", "uptime", "interval", "msgid", "messageid", "状态", "版本", "信号", "序号",
})  # fmt: skip
#: Last levels of topics that say what kind of message it is, not of which device.
KINDS = frozenset({
    "telemetry", "data", "up", "uplink", "state", "status", "value", "values", "readings", "report",
    "event", "events", "upload", "post", "property", "attributes", "info", "measure", "measurements",
})  # fmt: skip
#: Last levels that end with a digit and are what is measured.
NO_IDENTIFIERS = frozenset({"co2", "pm25", "pm10", "pm1"})
#: What stands behind the number of a building or station in its name.
COUNTED = "号栋幢"
#: Parts of one device, which are numbered, too.
PARTS = frozenset({
    "loop", "circuit", "zone", "pump", "sensor", "probe", "channel", "ch", "input", "output", "port", "tank",
    "boiler", "unit", "phase", "line", "register", "tariff", "supply", "return", "t", "p", "temp", "temperature",
    "回路", "环路", "支路", "机组", "泵", "水泵", "循环泵", "分区", "通道", "测点",
})  # fmt: skip
#: In the names of temperatures, humidities and CO2, which everybody sends in one unit; and such names whole.
_OF_ONE_UNIT = ("temp", "温", "hum", "湿", "co2", "二氧化碳")
_OF_ONE_UNIT_WHOLE = frozenset({"t", "rh", "ts", "tr", "battery", "bat", "电量", "电池"})
#: Texts where a number is missing.
BLANKS = frozenset({"", "-", "--", "---", "n/a", "na", "nan", "null", "none", "无"})

#: What stands between the digits of dates and times; a hyphen first, for sets of regular expressions.
TIME_MARKS = "-:/.年月日时T"


def needs_unit(name: str) -> bool:
    """Whether a channel may be of a quantity that devices send in several units, by its own name.

    >>> [each for each in ("T_sup", "供水温度", "temp2", "co2", "rssi", "energy", "meter.power") if needs_unit(each)]
    ['energy', 'meter.power']
    """
    own = last_word(name)
    first = _BETWEEN.split(name.rpartition(".")[2].lower())[0].rstrip("0123456789")
    known = any(each in own for each in _OF_ONE_UNIT) or first in _OF_ONE_UNIT_WHOLE
    return not known and own not in OTHERS


def is_time_word(own: str) -> bool:
    """Whether a compared name says that a time may stand there.

    >>> is_time_word("ts"), is_time_word("gatewaytime"), is_time_word("flow")
    (True, True, False)
    """
    return own in TIMES or own.endswith(_TIME_ENDS)


def last_word(name: str) -> str:
    """The member's own name, without the objects that it is in, as it is compared.

    >>> last_word("meter.Read_Time")
    'readtime'
    """
    return word(name.rpartition(".")[2])


def word(name: str) -> str:
    """A name as it is compared.

    >>> word("Device_ID"), word("采集 时间")
    ('deviceid', '采集时间')
    """
    return _BETWEEN.sub("", name).lower()
