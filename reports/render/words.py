"""The report's words in Chinese and English; both lists have the same keys (a test says so)."""

import re

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "title": "供热日合规报告",
        "of_day": "报告日",
        "company": "供热企业",
        "season": "采暖期",
        "policy": "适用规定",
        "standard": "室温标准",
        "as_of": "数据截至第 {flush} 次落盘",
        "made_at": "生成时间",
        "summary": "概览",
        "households": "供热户数",
        "measured": "已测户数",
        "share": "达标率",
        "at_standard": "达标",
        "below": "不达标",
        "unknown": "不能判定",
        "degree_hours": "度时亏缺",
        "with_deficit": "有亏缺户数",
        "availability": "数据到达率",
        "refused": "隔离报文（累计）",
        "stations": "换热站",
        "station": "换热站",
        "no_station": "无换热站",
        "outage_h": "停热小时",
        "worst": "亏缺最大的住户",
        "household": "住户",
        "address": "地址",
        "lowest_hour": "最低小时均温",
        "hours_below": "低于标准小时",
        "known_h": "已知小时",
        "outages": "停热",
        "place": "位置",
        "since": "开始",
        "until": "结束",
        "hours_of_day": "当日小时",
        "planned": "计划",
        "source": "依据",
        "recorded": "调度记录",
        "seen": "仅计量表",
        "yes": "是",
        "no": "否",
        "open_end": "未恢复",
        "close": "计量表明{at}已恢复：请补记结束",
        "losses": "经计量确认而调度无记录的停热：{not_recorded} 次；只记录了一部分：{partly} 次。无记录者不计入退费。",
        "none": "无",
        "refunds": "退费",
        "draft": "最新草案",
        "draft_line": "第 {run} 号（截至第 {flush} 次落盘）",
        "no_draft": "尚无草案",
        "refund_households": "应退户数",
        "refund_total": "应退金额",
        "refund_undetermined": "部分未定户数",
        "approved": "已批准入账",
        "tasks": "待测温任务",
        "overdue": "其中逾期",
        "how": "怎样计算",
        "how_text": (
            "住户以最差的居室为准。任一钟点均温（该小时至少 45 分钟已知）低于标准者为不达标；"
            "否则各居室当日已知时间均不少于 {known} % 者为达标，其余不能判定。"
            "缺测既不算暖也不算冷。度时亏缺为低于标准的温差对时间的积分。"
        ),
        "chart_title": "各换热站住户状况",
        "chart_count": "户",
        "one_home": "户",
        "check": "内容摘要（SHA-256）",
        "page": "第",
    },
    "en": {
        "title": "Daily heat-supply compliance report",
        "of_day": "Day",
        "company": "Company",
        "season": "Heating season",
        "policy": "Rules applied",
        "standard": "Room standard",
        "as_of": "Readings as of flush {flush}",
        "made_at": "Made at",
        "summary": "Overview",
        "households": "Households",
        "measured": "Measured",
        "share": "At or above the standard",
        "at_standard": "At standard",
        "below": "Below",
        "unknown": "Undetermined",
        "degree_hours": "Degree-hour deficit",
        "with_deficit": "Households with a deficit",
        "availability": "Data availability",
        "refused": "Messages in quarantine (to date)",
        "stations": "Stations",
        "station": "Station",
        "no_station": "without station",
        "outage_h": "Outage hours",
        "worst": "Largest deficits",
        "household": "Household",
        "address": "Address",
        "lowest_hour": "Lowest hourly mean",
        "hours_below": "Hours below",
        "known_h": "Known hours",
        "outages": "Outages",
        "place": "Place",
        "since": "From",
        "until": "Until",
        "hours_of_day": "Hours this day",
        "planned": "Planned",
        "source": "Source",
        "recorded": "dispatch record",
        "seen": "meters only",
        "yes": "yes",
        "no": "no",
        "open_end": "not restored",
        "close": "back since {at} by the meters: close the record",
        "losses": (
            "Verified losses of supply without a dispatch record: {not_recorded}; recorded in part: "
            "{partly}. What is not recorded counts toward no refund."
        ),
        "none": "none",
        "refunds": "Refunds",
        "draft": "Newest draft",
        "draft_line": "No. {run} (as of flush {flush})",
        "no_draft": "no draft yet",
        "refund_households": "Households to be paid",
        "refund_total": "Sum to be paid",
        "refund_undetermined": "Households partly undetermined",
        "approved": "Approved in the ledger",
        "tasks": "Open measurement tasks",
        "overdue": "of these overdue",
        "how": "How this is worked out",
        "how_text": (
            "A household counts by its worst covered room. It is below when the mean of any clock "
            "hour (at least 45 minutes known) is under the standard; otherwise it is at standard "
            "when at least {known} % of the day is known in each room, else undetermined. Missing "
            "is neither warm nor cold. The degree-hour deficit is the shortfall below the standard "
            "summed over time."
        ),
        "chart_title": "Homes by station",
        "chart_count": "homes",
        "one_home": "home",
        "check": "Digest of the content (SHA-256)",
        "page": "Page",
    },
}

_ARTICLES = re.compile(r"arts?\.? (\d+( ¶\d+)?(, \d+( ¶\d+)?)*)")


def clause_in(clause: str, language: str) -> str:
    """A policy's clause as people of a language cite it; what is no list of articles stays.

    >>> clause_in("art. 27 ¶1; arts 24, 30", "zh")
    '第27条第1款；第24条、第30条'
    >>> clause_in("art. 27 ¶2", "en")
    'art. 27 ¶2'
    """
    if language != "zh":
        return clause
    return "；".join(_articles_zh(part) for part in clause.split("; "))


def _articles_zh(part: str) -> str:
    found = _ARTICLES.fullmatch(part)
    if found is None:
        return part
    numbers = (each.partition(" ¶") for each in found[1].split(", "))
    return "、".join(f"第{art}条" + (f"第{para}款" if para else "") for art, _, para in numbers)
