"""Quality marks: a closed list that files keep as small integers."""

from domain.quality import USABLE, Quality, TimeKind


def test_the_numbers_that_files_keep_do_not_change() -> None:
    assert [(each.value, each.name) for each in Quality] == [
        (0, "GOOD"), (1, "DEVICE_ERROR"), (2, "OUT_OF_RANGE"), (3, "CLOCK_WRONG"),
        (4, "CLOCK_CORRECTED"), (5, "RETAINED"), (6, "CONFLICT"), (7, "MISSING"),
        (8, "UNCHANGED"), (9, "JUMPED"), (10, "TIME_OF_RECEIPT"),
    ]  # fmt: skip
    assert [each.name for each in TimeKind] == ["METER", "GATEWAY", "SERVER", "RECEIVER"]


def test_what_is_missing_or_in_conflict_is_never_used() -> None:
    assert not USABLE & {Quality.MISSING, Quality.CONFLICT, Quality.DEVICE_ERROR}
    assert Quality.GOOD in USABLE
