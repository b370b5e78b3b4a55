"""How the answers of `heatwatch bench` look in a terminal."""

from decimal import Decimal
from typing import Any

from rich.console import Group
from rich.text import Text as Styled

from domain.language import Text, msg
from heatwatch.output import formats, grid, said


def settle_table(answer: dict[str, Any]) -> Any:
    from heatwatch.bench.settle import sides_of

    number = formats().number
    sizes = answer.get("sizes", [answer])
    title = msg(
        "{readings} readings of {interval} s, {cores} cores",
        readings=" + ".join(number(each["readings"]) for each in sizes),
        interval=number(sizes[0]["interval_s"]), cores=sizes[0]["cores"],
    )  # fmt: skip
    rows = [
        [
            number(each["households"]), _named(name), round(side["seconds"], 2),
            round(side["wall_seconds"], 2), round(side["cpu_seconds"], 2),
            round(side["cpu_us_per_household"], 1), round(side["times_first"], 2),
            round(side["peak_mb"]),
        ]
        for each in sizes
        for name, side in sides_of(each).items()
    ]  # fmt: skip
    names = [
        msg("households"), msg("program"), msg("seconds"), msg("seconds with start"),
        msg("CPU seconds"), msg("CPU µs a household"), msg("times the first size"), msg("peak [MB]"),
    ]  # fmt: skip
    timed = sizes[0]["explicit_times"]
    beside = msg(
        "Readings with times of their own: {rate} GB/s, {share} % of what memory is read at",
        rate=number(Decimal(f"{timed['sift_gb_s']:.1f}")), share=number(round(100 * timed["of_read"])),
    )  # fmt: skip
    return Group(grid(title, names, rows), Styled(said(beside)), _targets(answer, sizes))


def _targets(answer: dict[str, Any], sizes: list[dict[str, Any]]) -> Any:
    """What was wished for beside what was found, size by size."""
    number = formats().number
    every = [
        (number(each["households"]), name, target)
        for each in sizes
        for name, target in each["targets"].items()
    ]
    if "reached" in answer.get("flat", {}):
        every.append(("", "flat", answer["flat"]))
    rows = [
        [
            households, TARGETS[name], round(each["target"], 3), round(each["found"], 3),
            msg("yes") if each["reached"] else msg("no"),
        ]
        for households, name, each in every
    ]  # fmt: skip
    columns = [
        msg("households"), msg("measured"), msg("target"), msg("found"), msg("reached"),
    ]  # fmt: skip
    return grid(msg("Targets"), columns, rows)


#: Targets of the settlement bench, in words.
TARGETS = {
    "seconds": msg("draft, seconds at most"),
    "peak_mb": msg("draft, memory at most [MB]"),
    "times_polars_cpu": msg("CPU time of a draft, times polars' at most"),
    "correction": msg("CPU time of a correction, of a draft's at most"),
    "of_read": msg("readings with times of their own, of the read bandwidth at least"),
    "flat": msg("CPU time of a further household, differs between sizes by at most"),
}  # fmt: skip


#: What is no draft, in words.
NAMES = {
    "one_day": msg("one day's comfort"), "one_day_polars": msg("one day, polars"),
    "correction_as_city": msg("correction, 1 in 10 cold"), "correction": msg("correction, all cold"),
}  # fmt: skip


def _named(side: str) -> str | Text:
    """A program by its own name, what is no draft in words."""
    return NAMES.get(side, side)


def day_table(answer: dict[str, Any]) -> Any:
    number = formats().number
    rows = [
        [
            DAY_SIDES.get(name, name), round(side["seconds"], 2), round(side["wall_seconds"], 2),
            round(side["cpu_seconds"], 2), round(side["peak_mb"]),
        ]
        for name, side in answer["sides"].items()
    ]  # fmt: skip
    title = msg(
        "One day of {households} households and {stations} stations, {cores} cores",
        households=number(answer["households"]), stations=number(answer["stations"]),
        cores=answer["cores"],
    )  # fmt: skip
    columns = [
        msg("program"), msg("seconds"), msg("seconds with start"), msg("CPU seconds"),
        msg("peak [MB]"),
    ]  # fmt: skip
    beside = msg(
        "target for comfort, outages and figures, each: {seconds} s and {peak} MB: {reached}",
        seconds=number(Decimal(str(answer["target"]["seconds"]))),
        peak=number(Decimal(str(answer["target"]["peak_mb"]))),
        reached=msg("yes") if answer["reached"] else msg("no"),
    )  # fmt: skip
    return Group(grid(title, columns, rows), Styled(said(beside)))


DAY_SIDES = {
    "comfort": msg("comfort"), "outages": msg("outages"),
    "day's figures": msg("the daily report's figures"),
    "daily report": msg("daily report with its pages in two languages"),
    "polars": msg("polars, hours below 18 °C only"),
}  # fmt: skip


def energy_table(answer: dict[str, Any]) -> Any:
    number = formats().number
    title = msg(
        "A year of {meters} meters, {readings} readings of {interval} s, {cores} cores",
        meters=number(answer["meters"]), readings=number(answer["readings"]),
        interval=number(answer["interval_s"]), cores=answer["cores"],
    )  # fmt: skip
    rows = [
        [
            ENERGY_SIDES[which], name, round(side["seconds"], 3), round(side["wall_seconds"], 2),
            round(side["cpu_seconds"], 2), round(side["peak_mb"]), round(side["kwh"]),
        ]
        for which in ENERGY_SIDES
        for name, side in answer[which].items()
    ]  # fmt: skip
    columns = [
        msg("measured"), msg("program"), msg("seconds"), msg("seconds with start"),
        msg("CPU seconds"), msg("peak [MB]"), msg("heat [kWh]"),
    ]  # fmt: skip
    return grid(title, columns, rows)


ENERGY_SIDES = {"one_meter": msg("one meter by day"), "city": msg("the city by day")}


def store_table(answer: dict[str, Any]) -> Any:
    number, growth, scan = formats().number, answer["growth"], answer["scan"]
    grown = [
        [STORE_STEPS[name], growth["first_ms"][name], growth["last_ms"][name], growth["times"].get(name, 0)]
        for name in STORE_STEPS
    ]  # fmt: skip
    scanned = [
        [name, side["readings_per_s"], round(side["seconds"], 2), round(side["cpu_seconds"], 2), round(side["peak_mb"])]
        for name, side in scan["sides"].items()
    ]  # fmt: skip
    steps = msg(
        "CPU time of {flushes} flushes, {readings} readings",
        flushes=number(growth["flushes"]), readings=number(growth["readings"]),
    )  # fmt: skip
    title = msg(
        "{readings} readings of a season, {bytes} bytes each, scanned warm, {cores} cores",
        readings=number(scan["readings"]), bytes=number(Decimal(str(scan["bytes_per_reading"]))),
        cores=answer["cores"],
    )  # fmt: skip
    columns = [msg("step"), msg("first tenth [ms]"), msg("last tenth [ms]"), msg("times")]
    names = [msg("program"), msg("readings/s"), msg("seconds"), msg("CPU seconds"), msg("peak [MB]")]  # fmt: skip
    return Group(grid(steps, columns, grown), grid(title, names, scanned))


STORE_STEPS = {
    "commit": msg("commits to the journal"), "flush": msg("flush into the lake"),
    "trim": msg("trim of the journal"), "follow": msg("a follower"), "compact": msg("compaction"),
}  # fmt: skip
