"""The configuration: one clear message per mistake, secrets only from the environment."""

import re
from pathlib import Path

import pytest

from domain.errors import NoConfiguration, WrongCall
from heatwatch.cli.app import run
from heatwatch.config import load
from heatwatch.config_faults import SECRETS
from heatwatch.wiring import World

SAMPLE = Path(__file__).parents[2] / "heatwatch.toml"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text, "the sample has changed"
    path = tmp_path / "heatwatch.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def refused(folder: Path, old: str, new: str, told: tuple[str, ...]) -> str:
    """What the changed sample is refused with; all of `told` stands in it."""
    with pytest.raises(WrongCall) as wrong:
        load(changed(folder, old, new), {})
    for part in told:
        assert part in str(wrong.value)
    return str(wrong.value)


def test_the_commented_sample_is_a_good_configuration() -> None:
    config = load(SAMPLE, {})
    assert config.city.company == "heat-co"
    assert config.store.books == str(SAMPLE.parent / "var/books.sqlite")
    assert config.store.influx is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "quiet_ms = 2.0",
            "quiet_ms = -1",
            ("ingest.quiet_ms = -1", "out of range; allowed: above 0 to 100"),
        ),
        ('zone = "Asia/Shanghai"', 'zone = "Mars/Base"', ("city.zone", "Mars/Base", "IANA")),
        ("port = 1883", "prot = 1883", ("broker.prot", "did you mean port?")),
        ('company = "heat-co"', "", ("city.company", "needed")),
        ('channel = "in-tray"', 'channel = "pigeon"', ("alerts.sms.channel", "smpp")),
        ("port = 8080", "port = 80808", ("console.port = 80808", "65535")),
        ('format = "native"', 'format = "avro"', ("ingest.feeds.0.format", "native")),
    ],
)
def test_a_wrong_key_is_named_with_its_value_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, told: tuple[str, ...]
) -> None:
    assert "heatwatch.toml" in refused(tmp_path, old, new, told)


def test_a_wrong_zone_of_the_city_is_one_mistake(tmp_path: Path) -> None:
    path = changed(tmp_path, 'zone = "Asia/Shanghai"', 'zone = "Mars/Base"')
    with pytest.raises(WrongCall) as wrong:
        load(path, {})
    (line,) = str(wrong.value).splitlines()
    assert "city.zone = 'Mars/Base': not an IANA time zone, e.g. Asia/Shanghai" in line


def test_a_secret_in_the_file_is_refused_and_the_variable_is_named(tmp_path: Path) -> None:
    path = changed(tmp_path, "port = 1883", 'port = 1883\npassword = "hush"')
    with pytest.raises(WrongCall, match="HEATWATCH_BROKER_PASSWORD") as wrong:
        load(path, {})
    assert "hush" not in str(wrong.value)


def test_secrets_and_addresses_come_from_the_environment(tmp_path: Path) -> None:
    path = changed(tmp_path, "# username", "username")
    text = path.read_text("utf-8").replace('mode = "embedded"', 'mode = "external"', 1)
    path.write_text(text, encoding="utf-8")
    variables = {
        SECRETS[("broker", "password")]: "hush",
        "HEATWATCH_BOOKS_URL": "postgresql+psycopg://u@h/d",
    }
    config = load(path, variables)
    assert config.broker.password == "hush"
    assert config.store.books == "postgresql+psycopg://u@h/d"


def test_a_missing_file_and_a_broken_one_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoConfiguration, match="a TOML file"):
        load(tmp_path / "none.toml", {})
    path = tmp_path / "broken.toml"
    path.write_text("[city\n", encoding="utf-8")
    with pytest.raises(WrongCall, match="not TOML"):
        load(path, {})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', ("broker.host = '0.0.0.0'", "127.0.0.0/8")),
        (
            "[broker]",
            '[store.influx]\nurl = "http://h"\norg = "o"\nbucket = "b"\nzone = "Mars/X"\n[broker]',
            ("store.influx.zone = 'Mars/X'", "IANA"),
        ),
    ],
    ids=["broker", "zone"],
)
def test_what_would_open_the_broker_or_shift_the_days_is_refused(
    tmp_path: Path, old: str, new: str, told: tuple[str, ...]
) -> None:
    refused(tmp_path, old, new, told)


def test_a_mirror_without_its_token_names_the_variable(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        "[broker]",
        '[store.influx]\nurl = "http://127.0.0.1:8086"\norg = "heat"\nbucket = "b"\n\n[broker]',
    )
    world = World(load(path, {}), path)
    with pytest.raises(WrongCall, match="HEATWATCH_INFLUX_TOKEN"):
        _ = world.influx
    with_token = World(load(path, {"HEATWATCH_INFLUX_TOKEN": "t"}), path)
    assert with_token.influx is not None
    assert with_token.influx.token == "t"


def test_secrets_are_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEATWATCH_CONSOLE_PASSWORD", "s3cret")
    monkeypatch.setenv("HEATWATCH_INFLUX_TOKEN", "s3cret")
    influx = '[store.influx]\nurl = "http://h:1"\norg = "o"\nbucket = "b"\n\n[broker]'
    path = changed(tmp_path, "[broker]", influx)
    for words in (["config", "check", "--json"], ["config", "check"]):
        assert run([*words, "-c", str(path)]) == 0
    said = capsys.readouterr()
    assert "s3cret" not in said.out + said.err
    assert "(set, not shown)" in said.out
    with pytest.raises(WrongCall) as wrong:  # a password without a user name
        load(SAMPLE, {"HEATWATCH_BROKER_PASSWORD": "s3cret"})
    assert "s3cret" not in str(wrong.value)


def test_config_check_shows_ports_without_separators_and_one_value_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(tmp_path, "port = 1883 ", "port = 18830")
    for language, no in (("en", "no"), ("zh", "否")):
        assert run(["config", "check", "--lang", language, "-c", str(path)]) == 0
        said = capsys.readouterr().out
        assert "18830" in said
        assert "18,830" not in said
        assert re.search(rf"broker +│ tls +│ {no} ", said)
        assert re.search(r"feeds.stations.mapping.channels.t_sup.unit +│ Cel ", said)
        assert not re.search(
            r"None|\[\]|\{|: \"", said.replace("{device}", "").replace("{company}", "")
        )


def test_zones_are_the_citys_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    path = changed(tmp_path, 'zone = "Asia/Shanghai"', 'zone = "Europe/Belgrade"')
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('zone = "Asia/Shanghai" ', "# "), encoding="utf-8")
    assert load(path, {}).alerts.zone == "Europe/Belgrade"


def test_a_recipient_without_a_language_reads_what_people_see(tmp_path: Path) -> None:
    path = changed(
        tmp_path, 'language = "en"                # en or zh; without', "# language: without"
    )
    text = path.read_text(encoding="utf-8")
    for shown in ("en", "zh"):
        said = re.sub(r'(\[display\].*\nlanguage = )"\w+"', rf'\1"{shown}"', text)
        path.write_text(said, encoding="utf-8")
        assert [each.language for each in load(path, {}).alerts.recipients] == [shown]
        none = re.sub(r"\[\[alerts.recipients\]\](.*\n)+?\n", "", said)
        path.write_text(none, encoding="utf-8")
        assert [each.language for each in load(path, {}).alerts.recipients] == [shown]


URL = "postgresql+psycopg://u:secretpw@127.0.0.1:1/d?sslpassword=secretpw"


def test_the_password_in_an_address_is_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = "[store.lake_options]\nAWS_SECRET_ACCESS_KEY = 'secretpw'\n\n[broker]"
    path = changed(tmp_path, "[broker]", options)
    monkeypatch.setenv("HEATWATCH_BOOKS_URL", URL)
    monkeypatch.setenv("HEATWATCH_JOURNAL_URL", URL)
    for words in (["config", "check", "--json"], ["config", "check"]):
        assert run([*words, "-c", str(path)]) == 0
    assert run(["alerts", "list", "-c", str(path)]) == 4
    assert run(["readings", "refused", "-c", str(path)]) == 4
    monkeypatch.setenv("HEATWATCH_BOOKS_URL", URL.replace(":1/", ":port/"))
    assert run(["config", "check", "-c", str(path)]) == 2
    said = capsys.readouterr()
    assert "secretpw" not in said.out + said.err
    assert "u:***@127.0.0.1" in said.out
    assert "u:***@127.0.0.1:port" in said.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'journal = "var/journal.sqlite"',
            'journal = "mysql://x"',
            "store.journal = 'mysql://x'",
        ),
        ('lake = "var/lake"', 'lake = "ftp://x"', "store.lake = 'ftp://x'"),
        ('books = "var/books.sqlite"', 'books = "postgresql://h:p/d"', "store.books = "),
    ],
)
def test_an_address_nobody_can_open_is_refused_by_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    assert run(["config", "check", "-c", str(changed(tmp_path, old, new))]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "allowed: " in said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('journal = "var/journal.sqlite"', 'journal = ""', "store.journal = '': no path"),
        ('lake = "var/lake"', 'lake = " "', "store.lake = ' ': no path"),
        ('folder = "var/reports"', 'folder = "a\\u0000b"', "reports.folder = 'a\\x00b': no path"),
        (
            'heat_unit = "GJ" ',
            f'heat_unit = "{"x" * 5000}" ',
            "xxx... (5,002 characters)",
        ),
    ],
    ids=["empty", "blank", "nul", "long"],
)
def test_a_path_that_is_none_and_a_text_without_end_are_one_short_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(WrongCall) as wrong:
        load(changed(tmp_path, old, new), {})
    assert told in str(wrong.value)
    assert len(str(wrong.value)) < 600


def test_a_configuration_that_is_a_folder_or_in_another_encoding_is_named_so(
    tmp_path: Path,
) -> None:
    with pytest.raises(WrongCall, match="is a folder; allowed: a TOML file"):
        load(tmp_path, {})
    path = tmp_path / "heatwatch.toml"
    path.write_bytes('[city]\nname = "Niš"'.encode("utf-16-le"))
    with pytest.raises(WrongCall, match="is not TOML"):
        load(path, {})
    path.write_bytes('[city]\nname = "郑州"'.encode("gbk"))
    with pytest.raises(WrongCall, match="byte 17 is not UTF-8"):
        load(path, {})


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2025-01-10T08:00:00", "must have its offset, as in 2025-01-10T08:00:00+08:00"),
        ("2025-01-10", "not a time; expected one like 2025-01-10T08:00:00Z"),
        ("-1", "clock.start = -1: not a time"),
        ("0001-01-01T00:00:00Z", "out of range; allowed: the years 1971 to 9998"),
        ("9999-12-31T23:59:59Z", "out of range; allowed: the years 1971 to 9998"),
    ],
)
def test_a_clock_starts_at_an_instant(tmp_path: Path, start: str, told: str) -> None:
    clock = f'[clock]\nstart = {start}\nstarted = "clock"\n'
    with pytest.raises(WrongCall, match=re.escape(told)):
        load(changed(tmp_path, "[city]", f"{clock}\n[city]"), {})


@pytest.mark.parametrize("text", ["", "garbage\n", "2025-01-10T08:00:00\n"])
def test_a_clock_file_that_says_no_time_is_named(tmp_path: Path, text: str) -> None:
    clock = '[clock]\nstart = 2025-01-10T08:00:00Z\nstarted = "clock"\n'
    path = changed(tmp_path, "[city]", f"{clock}\n[city]")
    (tmp_path / "clock").write_text(text, encoding="utf-8")
    with pytest.raises(WrongCall, match=r"clock.started = .* does not say when"):
        World(load(path, {}), path).now()


def test_a_file_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "heatwatch.toml"
    path.write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert load(path, {}).city.company == "heat-co"


def test_a_feed_that_no_company_can_have_is_refused_with_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    text = SAMPLE.read_text("utf-8").replace('company = "heat-co"', "", 1)
    path.write_text(text + '\n[[companies]]\ncode = "east"\nfeeds = ["elsewhere"]\n', "utf-8")
    with pytest.raises(WrongCall, match=r"companies\.0\.feeds = 'elsewhere' is no feed; allowed: "):
        load(path, {})


def test_the_check_shows_each_of_several_companies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "two.toml"
    text = SAMPLE.read_text("utf-8").replace('company = "heat-co"', "", 1)
    text += '\n[[companies]]\ncode = "east"\n\n[[companies]]\ncode = "west"\n'
    path.write_text(text, "utf-8")
    assert run(["config", "check", "-c", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "east" in shown
    assert "west" in shown


def test_keys_of_meters_are_in_a_file_beside_the_configuration_or_one_of_the_environment(
    tmp_path: Path,
) -> None:
    feed = '[[ingest.feeds]]\nname = "air"\ntopic = "air/+"\nformat = "wmbus"\n'
    named = changed(tmp_path, "[alerts]", f'{feed}keys_file = "meter-keys"\n\n[alerts]')
    given = {"HEATWATCH_METER_KEYS": "/run/secrets/meter-keys"}
    assert load(named, given).ingest.feeds[-1].keys_file == tmp_path / "meter-keys"
    without = changed(tmp_path, "[alerts]", f"{feed}\n[alerts]")
    feeds = load(without, given).ingest.feeds
    assert [str(each.keys_file) for each in feeds] == ["None", "None", "/run/secrets/meter-keys"]
    assert load(without, {}).ingest.feeds[-1].keys_file is None
