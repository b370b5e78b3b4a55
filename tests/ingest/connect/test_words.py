"""Names are compared in one form, and none stands in two lists that exclude each other."""

from ingest.connect import words


def test_each_word_stands_in_its_list_as_it_is_compared() -> None:
    for each in (
        words.DEVICES,
        words.CHANNELS,
        words.VALUES,
        words.UNITS,
        words.TIMES,
        words.OTHERS,
        words.KINDS,
    ):
        assert [words.word(name) for name in each] == list(each)


def test_no_word_is_a_time_and_a_device() -> None:
    assert not set(words.TIMES) & set(words.DEVICES)


def test_energy_and_its_like_need_a_unit_and_temperatures_do_not() -> None:
    needs = ["energy", "累计热量", "Power", "e1", "m.flow", "p_sup", "volume_total"]
    none = ["t_sup_prim", "T1", "回水温度", "Temperature", "humidity", "CO2", "rh", "rssi", "ts"]
    assert [each for each in (*needs, *none) if words.needs_unit(each)] == needs
