"""Drivers: each telegram of each file holds what the file says, and a wrong file says what is wrong."""

from pathlib import Path

import pytest

from ingest.codecs import codec_of
from ingest.codecs.memory import Memory
from ingest.codecs.message import Message, Sample
from ingest.config import FeedConfig
from ingest.drivers.load import FOLDER, Driver, Example, driver_of, drivers, read_driver
from ingest.formats import CODECS

FILES = sorted(FOLDER.glob("*.toml"))
TELEGRAMS = [
    pytest.param(driver, telegram, id=f"{path.stem}-{i}")
    for path in FILES
    for driver in [read_driver(path)]
    for i, telegram in enumerate(driver.telegrams)
]


def shown(sample: Sample) -> tuple[str, str | None, str | None, str, int]:
    value = None if sample.value is None else str(sample.value)
    quality = "DEVICE_ERROR" if sample.failed else "GOOD"
    return sample.channel, value, sample.unit, quality, sample.storage


@pytest.mark.parametrize(("driver", "telegram"), TELEGRAMS)
def test_a_telegram_holds_what_its_driver_says(driver: Driver, telegram: Example) -> None:
    form = telegram.format or driver.formats[0]
    feed = FeedConfig(name="meters", topic="#", format=form)
    message = Message("meters", telegram.hex.encode(), 0)
    samples, flaws = codec_of(feed)(message, Memory("meters", {}))
    assert not flaws
    assert [shown(each) for each in samples] == [
        (each.channel, each.value, each.unit, each.quality, each.storage)
        for each in telegram.readings
    ]
    assert {each.device for each in samples} == {telegram.device}
    assert {each.faults for each in samples} == {telegram.faults}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_driver_is_of_formats_that_there_are_and_of_a_name_of_its_own(path: Path) -> None:
    driver = read_driver(path)
    assert driver.formats
    assert set(driver.formats) <= set(CODECS)
    assert [each.name for each in drivers()].count(driver.name) == 1


def test_a_meter_has_the_driver_of_its_maker_version_and_medium() -> None:
    found = driver_of("mbus", "EFE", 1, 4)
    assert found is not None
    assert found.name == "Engelmann SensoStar"
    kamstrup = [driver_of("wmbus", "KAM", version, 4) for version in (0x34, 0x1C, 0x30)]
    assert [each and each.name for each in kamstrup] == [
        "Kamstrup MULTICAL 403", "Kamstrup MULTICAL 602", "Kamstrup",
    ]  # fmt: skip
    assert driver_of("mbus", "ZZZ", 1, 4) is None  # a maker of whom there is none
    assert driver_of("native", "EFE", 1, 4) is None


GOOD = """name = "N"
formats = ["mbus"]
manufacturer = "HEW"
[[telegrams]]
hex = "68"
device = "1"
readings = []
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD.replace('name = "N"', "name ="), "Invalid value"),
        (GOOD.replace("name", "nmae"), "unknown field `nmae`"),
        (GOOD.replace('"HEW"', "5"), "Expected `str`, got `int` - at `$.manufacturer`"),
        (GOOD.split("[[", maxsplit=1)[0] + "telegrams = []", "no [[telegrams]]"),
        (GOOD + '[[fields]]\nchannel = "a"\nrecord = { function = "mean" }', "Invalid enum value 'mean'"),
        (GOOD + '[[fields]]\nchannel = "a"\nrecord = {}\n' * 2, "channel 'a' stands twice"),
        (GOOD + '[[fields]]\nchannel = "a"\nrecord = {}\nrole = "heat"', "heat"),
        (GOOD + '[[fields]]\nchannel = "a"\nrecord = {}\nfactor = "ten"', "'ten' is not a number"),
        (GOOD + '[[status]]\nbits = [{ mask = 0, word = "W" }]', "mask of 'W' is not positive"),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_wrong_file_is_named_with_what_is_wrong(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "hew.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"driver hew\.toml: ") as wrong:
        read_driver(tmp_path / "hew.toml")
    assert why in str(wrong.value)
