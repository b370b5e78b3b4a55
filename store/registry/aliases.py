"""What companies call sheets, columns and values of registry files, beside the names of `store.registry.kinds`.

The one table of it: reading, the template and docs/registry.md follow it. The first word of each is the Chinese
that we write ourselves, of docs/glossary.md. Case, width, blanks, `_`, `-` and `*` do not tell words apart.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeVar

from domain.visible import HIDDEN, SHAPELESS

T = TypeVar("T")
Words = Mapping[str, Sequence[str]]

_NO_DIFFERENCE = re.compile(rf"[\s_*\-{HIDDEN}{SHAPELESS}]+")

#: Kind -> names of its sheet or file.
SHEETS: Words = {
    "places": ("位置", "位置表"),
    "devices": ("设备", "设备表"),
    "certificates": ("检定证书", "证书"),
    "series": ("测点序列", "测点", "测点表"),
    "seasons": ("采暖季",),
    "tariffs": ("收费标准",),
    "contracts": ("供用热合同", "供热合同", "合同"),
    "contract_terms": ("合同约定",),
    "fee_spans": ("收费区间",),
    "corner_rooms": ("角房间", "边角房间"),
    "requests": ("测温申请", "申请"),
    "measurements": ("测温记录", "入户测温记录"),
    "outages": ("停热记录", "停热"),
    "user_faults": ("用户原因",),
    "refusals": ("拒绝测温",),
    "decisions": ("决定",),
    "outage_decisions": ("停热决定",),
    "objections": ("异议",),
}
#: Sheets that say something to people, and nothing to the registry.
NOTES = ("说明", "填写说明", "备注", "目录", "notes", "note", "readme", "instructions", "contents")

#: Kinds of place, each also the name of a sheet or file with places of this kind alone.
LEVELS: Words = {
    "company": ("供热企业", "供热公司", "热力公司"),
    "source": ("热源", "热源厂", "heat source"),
    "station": ("换热站", "热力站"),
    "zone": ("分区",),
    "building": ("楼栋", "楼", "楼宇"),
    "household": ("住户", "用户", "用热户"),
    "room": ("房间",),
}
#: What stands behind a kind of place in the headers of its sheet, by column; `parent`: behind a kind above it.
OF_LEVEL: Words = {
    "code": ("", "编号", "编码", "代码"),
    "parent": ("", "编号", "编码", "代码"),
    "name": ("名称", "名"),
}
#: Words for what is no kind of place here.
NO_LEVELS = ("单元", "小区", "unit")

_FROM = ("开始", "开始时间", "起始时间", "开始日期", "启用时间", "from")
_TO = ("结束", "结束时间", "截止时间", "结束日期", "停用时间", "to")
_DOCUMENT = ("文件", "文号", "文件编号")
_PLACE = ("位置", "位置编号", "位置编码", "place code")
#: Column of all kinds, or `kind.column` of one -> headers.
COLUMNS: Words = {
    "code": ("编号", "编码", "代码", "id"),
    "places.code": ("编号", "编码", "代码", "id", "位置编号", "位置编码"),
    "places.kind": ("类型", "位置类型", "级别", "level"),
    "parent": ("上级", "上级编号", "上级编码", "上级位置", "所属", "parent code"),
    "name": ("名称", "中文名称"),
    "name_en": ("英文名称", "英文名", "English name"),
    "address": ("地址",),
    "area_m2": ("供热面积", "面积", "收费面积", "采暖面积", "area", "heated area"),
    "room_use": ("房间用途", "用途", "use of the room"),
    "since": _FROM,
    "until": _TO,
    "devices.code": ("设备编号", "设备编码", "设备号", "编号", "编码", "代码", "id"),
    "model": ("型号", "设备型号"),
    "verified": ("已检定", "是否检定"),
    "device": ("设备", "设备编号", "设备编码", "设备号", "device code"),
    "certificates.document": ("证书编号", "证书号", "certificate", *_DOCUMENT),
    "channel": ("通道", "通道号"),
    "role": ("测点类型",),
    "place": _PLACE,
    "series.place": (*_PLACE, "安装位置"),
    "interval_s": ("上报间隔", "上报周期", "采集周期", "interval"),
    "rolls_over_at": ("累计值归零点", "量程上限", "满量程"),
    "company": ("供热企业", "企业编号", "企业编码"),
    "policy": ("退费政策", "政策"),
    "seasons.code": ("采暖季编号", "采暖季", "编号", "编码", "代码", "id"),
    "zone": ("时区", "time zone"),
    "design_outdoor": ("设计室外温度", "室外计算温度", "design outdoor temperature"),
    "tariffs.code": ("收费标准编号", "收费标准", "编号", "编码", "代码", "id"),
    "price": ("单价", "价格"),
    "currency": ("币种", "货币"),
    "household": ("住户", "住户编号", "住户编码", "用户编号", "用户编码", "户号", "household code"),
    "season": ("采暖季", "采暖季编号", "供暖季"),
    "tariff": ("收费标准", "收费标准编号"),
    "season_fee": ("采暖费", "season fee"),
    "standing_consent": ("长期授权",),
    "agreed": ("约定室温", "约定温度", "agreed temperature"),
    "basic_fee": ("基本费", "基本热费"),
    "bands": ("退费分档", "分档"),
    "contract_terms.document": ("合同编号", "合同号", "文件", "contract number"),
    "use": ("用热性质",),
    "heat_price": ("计量热价", "热价"),
    "state": ("状态",),
    "fee_spans.state": ("收费状态", "状态"),
    "payer": ("缴费人", "缴费单位"),
    "subsidy_percent": ("补贴比例",),
    "subsidy_by": ("补贴方", "补贴单位"),
    "document": _DOCUMENT,
    "room": ("房间", "房间编号", "房间编码", "房号", "room code"),
    "at": ("时间", "发生时间", "日期", "time"),
    "requests.at": ("申请时间", "申请日期", "时间", "日期", "time"),
    "by": ("受理人", "受理方式", "登记人"),
    "measurements.at": ("测温时间", "测温日期", "时间", "日期", "time"),
    "celsius": ("实测温度", "室温", "温度", "测温结果", "temperature"),
    "signed_by": ("签字人", "签字"),
    "planned": ("计划停热", "是否计划", "计划"),
    "cause": ("停热原因", "原因"),
    "evidence": ("依据", "证据"),
    "proposal": ("疑似停热编号", "疑似停热"),
    "decision": ("确认结果",),
    "announced_at": ("公告时间", "通知时间"),
    "clause": ("条款",),
    "outcome": ("决定结果", "结论"),
    "basis": ("决定方式",),
    "temperature": ("认定温度", "温度"),
    "share": ("退费倍数", "倍数"),
    "refusals.at": ("拒绝时间", "时间", "日期", "time"),
    "objections.at": ("收到时间", "时间", "日期", "time"),
    "run": ("结算批次", "批次"),
    "text": ("异议内容", "内容"),
    "correction": ("更正批次",),
}
#: Headers that may mean several columns, of which a kind may have one alone.
LOOSE: Words = {
    "编号": ("household", "room", "place", "device", "season", "tariff", "run", "document"),
    "编码": ("household", "room", "place", "device", "season", "tariff", "run", "document"),
    "代码": ("household", "room", "place", "device", "season", "tariff", "run", "document"),
    "id": ("household", "room", "place", "device", "season", "tariff", "run", "document"),
    "时间": ("since", "until", "announced_at"),
    "日期": ("since", "until", "announced_at"),
    "time": ("since", "until", "announced_at"),
    "date": ("at", "since", "until", "announced_at"),
    "费用": ("season_fee", "basic_fee"),
    "金额": ("season_fee", "basic_fee", "price"),
    "fee": ("season_fee", "basic_fee"),
    "amount": ("season_fee", "basic_fee", "price"),
}
#: Header of the column with which an import returns what it refused: it is passed over.
REASONS = ("why refused", "被拒原因")
#: Units that may stand in brackets behind a header, 面积(㎡), and behind a number of the column, 65㎡. It
#: has no other ones.
UNITS: Words = {
    "area_m2": ("㎡", "m²", "平方米", "平米"),
    "interval_s": ("秒", "s", "sec"),
    "design_outdoor": ("℃", "°C"),
    "agreed": ("℃", "°C"),
    "celsius": ("℃", "°C"),
    "temperature": ("℃", "°C"),
    "price": ("元/㎡", "元/平方米"),
    "season_fee": ("元",),
    "basic_fee": ("元",),
    "heat_price": ("元/kWh", "元/千瓦时", "元/度"),
    "subsidy_percent": ("%", "％"),
}
#: Columns of money: behind their numbers nothing stands, as the currency has a column of its own.
OF_MONEY = frozenset({"price", "season_fee", "basic_fee", "heat_price"})
#: What people write in brackets behind a header that says nothing of the column.
ASIDES = ("必填", "选填", "可空", "可不填", "required", "optional")

#: A column that says whether or not, as we write it.
YES_OR_NO: Words = {"true": ("是", "yes"), "false": ("否", "no")}
#: Column of all kinds, or `kind.column` of one -> value of its closed list -> words for it.
VALUES: Mapping[str, Words] = {
    "places.kind": LEVELS,
    "room_use": {
        "bedroom": ("卧室", "主卧", "次卧", "主卧室", "次卧室"),
        "living": ("起居室", "客厅", "living room"),
        "kitchen": ("厨房",),
        "bathroom": ("卫生间", "浴室", "厕所"),
        "other": ("其他", "其它"),
    },
    "role": {
        "room_temperature": ("室温", "房间温度", "室内温度"),
        "outdoor_temperature": ("室外温度",),
        "supply_temperature": ("供水温度", "二次供水温度", "二次供温"),
        "return_temperature": ("回水温度", "二次回水温度", "二次回温"),
        "primary_supply_temperature": ("一次供水温度", "一次供温"),
        "primary_return_temperature": ("一次回水温度", "一次回温"),
        "setpoint_temperature": ("设定温度", "set-point temperature"),
        "flow": ("流量", "瞬时流量"),
        "power": ("热功率", "瞬时热量", "heat power"),
        "energy": ("热量", "累计热量", "heat energy"),
        "volume": ("累计流量",),
        "supply_pressure": ("供水压力", "二次供水压力", "二次供压"),
        "return_pressure": ("回水压力", "二次回水压力", "二次回压"),
        "make_up_flow": ("补水流量", "瞬时补水", "make-up water flow"),
        "make_up_volume": ("累计补水", "累计补水量", "make-up water volume"),
        "humidity": ("湿度",),
        "co2": ("二氧化碳",),
    },
    "contract_terms.use": {
        "residential": ("居民", "居民用热"),
        "non_residential": ("非居民", "非居民用热"),
    },
    "fee_spans.state": {
        "charged": ("收费", "正常收费"),
        "moved_in": ("迁入",),
        "sold": ("过户", "出售"),
        "moved_out": ("迁出", "已迁出"),
        "paused": ("报停", "停用"),
        "arrears": ("欠费",),
    },
    "cause": {
        "operator": ("供热企业", "供热公司", "the supplier"),
        "user": ("用户自身", "用户", "the household itself"),
        "third_party": ("第三方",),
        "force_majeure": ("不可抗力",),
    },
    "decision": {"confirmed": ("确认",), "rejected": ("否决",)},
    "outcome": {"below": ("不达标", "below standard"), "compliant": ("达标",)},
    "basis": {
        "authority": ("供热主管部门", "主管部门"),
        "agreement": ("协议", "协商"),
        "presumption": ("推定", "法规推定"),
    },
    "objections.state": {
        "open": ("未答复",),
        "upheld": ("成立",),
        "dismissed": ("不成立",),
    },
}  # fmt: skip


def of_column(table: Mapping[str, T], kind: str, column: str) -> T | None:
    """What a table above has for a column of a kind: its own, else that of all kinds; None: nothing."""
    return table.get(f"{kind}.{column}", table.get(column))


def plain_word(text: str) -> str:
    """A word without what does not tell words apart: case, width, blanks, `_`, `-`, `*`, what can't be seen.

    >>> plain_word(" Area_M2"), plain_word("供热面积*（㎡）")
    ('aream2', '供热面积(m2)')
    """
    return _NO_DIFFERENCE.sub("", unicodedata.normalize("NFKC", text).casefold())


#: What begins a row that is the sum of others.
TOTALS = frozenset(
    {"合计", "总计", "小计", "共计", "总和", "total", "subtotal", "grandtotal", "sum"}
)
#: What people write for a currency, in small letters, where it can be no other one's.
CURRENCIES: Mapping[str, str] = {
    **dict.fromkeys(("元", "人民币", "人民币元", "人民币(元)", "rmb", "yuan"), "CNY"),
    **dict.fromkeys(("€", "欧元", "euro"), "EUR"),
    **dict.fromkeys(("₽", "руб", "руб.", "卢布"), "RUB"),
}
#: Signs of several currencies -> codes of some.
OF_SEVERAL: Mapping[str, str] = {
    "¥": "CNY, JPY", "￥": "CNY, JPY", "$": "USD, CAD, AUD", "£": "GBP, EGP",
}  # fmt: skip
