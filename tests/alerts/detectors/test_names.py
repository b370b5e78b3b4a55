"""Titles and icons of kinds of alerts, also of one whose detector is gone."""

from alerts.detectors import kinds
from alerts.detectors.names import icon_of, title_of


def test_a_kind_is_called_as_its_detector_says() -> None:
    for name, kind in kinds().items():
        assert (title_of(name).to("zh"), icon_of(name)) == (kind.title.to("zh"), kind.icon)


def test_a_kind_whose_detector_is_gone_is_shown_by_its_name() -> None:
    assert title_of("old_kind").to("zh") == "old_kind"
    assert icon_of("old_kind") == ("warning", "orange")
