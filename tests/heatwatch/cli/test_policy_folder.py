"""Policies of the configured folder: listed, named by a season, kept with a run, approved."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from heatwatch.cli.app import run
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import SEASON
from tests.analytics.law.test_policy import OWN as OWN_MEANING
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.sample import asked
from tests.heatwatch.towns import answer, town

OWN = "CN-HA-2018-at-20"


def with_folder(config: Path, name: str = "policies") -> Path:
    """The configuration with a folder of policies; the folder."""
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}\n[law]\npolicies = "{name}"\n', encoding="utf-8")
    folder = config.parent / name
    folder.mkdir()
    (folder / "henan-at-20.toml").write_text(at_20_degrees(), encoding="utf-8")
    return folder


def confirmed(config: Path, capsys: pytest.CaptureFixture[str], policy: str = OWN) -> None:
    """An administrator confirms the text of a policy of the folder as its file is now."""
    why = ("--document", "gazette 12", "--date", "2024-10-08", "--by", "Li")
    answer(config, capsys, "policy", "confirm", policy, *why)


def test_a_season_names_a_policy_of_the_folder_by_its_id_and_its_runs_are_owed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    folder = with_folder(config)
    listed = answer(config, capsys, "policy", "list")["policies"]
    assert {OWN, "CN-HA-2018", "CN-NM-ORDOS"} <= {each["id"] for each in listed}
    assert answer(config, capsys, "policy", "show", OWN)["id"] == OWN
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    confirmed(config, capsys)
    drafted = answer(config, capsys, "settle", "draft", "--season", SEASON)
    assert (drafted["policy"], drafted["what_if"]) == (OWN, False)
    assert answer(config, capsys, "settle", "approve", "--season", SEASON)["refunds"] > 0
    told = answer(config, capsys, "explain", "H1", "--season", SEASON)
    (folder / "henan-at-20.toml").unlink()  # it is kept with the run, by its hash
    assert answer(config, capsys, "settle", "verify", "--run", "1")["holds"] is True
    assert answer(config, capsys, "explain", "H1", "--season", SEASON) == told
    world.books.dispose()


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_run_keeps_of_a_policy_is_enough_to_look_at_it_once_its_file_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], whole: bool
) -> None:
    config, world = town(tmp_path)
    folder = with_folder(config)
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    season = ("--season", SEASON)
    confirmed(config, capsys)
    answer(config, capsys, "settle", "draft", *season)
    answer(config, capsys, "settle", "draft", *season, "--policy", "CN-HA-2018")  # a what-if
    text = (folder / "henan-at-20.toml").read_bytes()
    shutil.rmtree(folder)
    if not whole:
        folder.mkdir()
    for words in (
        ("settle", "verify"), ("settle", "verify", "--run", "2"), ("settle", "review", *season),
        ("settle", "review", *season, "--run", "2"), ("settle", "show", *season, "--run", "2"),
        ("explain", "H1", *season), ("evidence", "open", *season),
        ("evidence", "show", "requests", "H1", "2025-01-10T06:00"),
    ):  # fmt: skip
        answer(config, capsys, *words)
    assert run(["settle", "draft", *season, "--lang", "en", "-c", str(config)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    named = f"law.policies = '{folder}' "
    assert named + ("is not there; allowed" if whole else "has no file of this id") in said
    assert "settle export --season SEASON --run N --out FOLDER writes as policy.toml" in said
    out = tmp_path / "out"
    answer(config, capsys, "settle", "export", *season, "--run", "1", "--out", str(out))
    assert (out / "policy.toml").read_bytes() == text
    folder.mkdir(exist_ok=True)
    shutil.copy(out / "policy.toml", folder / "mine.toml")
    assert answer(config, capsys, "settle", "draft", *season)["policy"] == OWN
    world.books.dispose()


@pytest.mark.parametrize(
    ("language", "titled"), [("en", "A night setback is no outage"), ("zh", "夜间降温不属停热")]
)
def test_the_sheet_cites_an_interpretation_of_the_policys_own_by_its_title(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, titled: str
) -> None:
    config, world = town(tmp_path)
    path = with_folder(config) / "henan-at-20.toml"
    path.write_text(at_20_degrees() + OWN_MEANING, encoding="utf-8")
    end = ["--lang", language, "--config", str(config)]
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    assert run(["policy", "check", str(path)]) == 0
    assert run(["policy", "show", OWN, *end]) == 0
    assert titled in capsys.readouterr().out
    confirmed(config, capsys)
    assert run(["settle", "draft", "--season", SEASON, *end]) == 0
    path.unlink()  # it is kept with the run
    capsys.readouterr()
    assert run(["explain", "H3", "--season", SEASON, *end]) == 0  # it had an outage
    assert titled in capsys.readouterr().out
    world.books.dispose()


def test_what_the_folder_may_not_hold_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    folder = with_folder(config)
    twice = at_20_degrees().replace(OWN, "CN-HA-2018")
    (folder / "twice.toml").write_text(twice, encoding="utf-8")
    capsys.readouterr()
    assert run(["policy", "list", "--config", str(config)]) == 2
    assert "twice.toml: id 'CN-HA-2018' is that of" in capsys.readouterr().err
    (folder / "twice.toml").unlink()
    (folder / "henan-at-20.toml").unlink()
    folder.rmdir()
    assert run(["policy", "list", "--config", str(config)]) == 2
    assert "law.policies = " in capsys.readouterr().err
    world.books.dispose()


def test_a_season_of_an_older_store_that_names_a_file_is_told_how_to_go_on_and_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    file = tmp_path / "my own.toml"
    file.write_text(at_20_degrees(), encoding="utf-8")
    with changing(world.books) as session:
        session.execute(update(reg.Season).values(policy=str(file)))
    of_config = ("--config", str(config))
    assert run(["settle", "draft", "--season", SEASON, *of_config]) == 2
    assert "heatwatch policy adopt --season SEASON" in capsys.readouterr().err
    assert run(["policy", "adopt", "--season", SEASON, *of_config]) == 2
    assert "policies = " in capsys.readouterr().err
    config.write_text(config.read_text("utf-8") + '\n[law]\npolicies = "own"\n', encoding="utf-8")
    (config.parent / "own").mkdir()
    adopt = ("policy", "adopt", "--season", SEASON, "--by", "Li Wei")
    for _ in range(2):  # the second changes nothing
        done = answer(config, capsys, *adopt, "--file", str(file))
        assert (done["policy"], Path(done["file"]).read_bytes()) == (OWN, file.read_bytes())
    confirmed(config, capsys)
    assert answer(config, capsys, "settle", "draft", "--season", SEASON)["policy"] == OWN
    changes = asked(capsys, "registry", "history", "-c", str(config))[1]
    assert [each["actor"] for each in changes if "seasons.csv" in json.dumps(each)] == [
        "user:Li Wei"
    ]
    file.write_text(at_20_degrees() + "\n# another text\n", encoding="utf-8")
    assert run([*adopt, "--file", str(file), *of_config]) == 2
    assert f"id {OWN!r} is that of" in capsys.readouterr().err
    world.books.dispose()


def test_seasons_of_ordos_and_yinchuan_are_drafted_and_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, world = town(tmp_path)
    for policy, code in (("CN-NM-ORDOS", "not_tested"), ("CN-NX-YINCHUAN-2010", "no_outage")):
        with changing(world.books) as session:
            session.execute(update(reg.Season).values(policy=policy))
        drafted = answer(config, capsys, "settle", "draft", "--season", SEASON)
        assert drafted["policy"] == policy
        assert drafted["reasons"][code] >= 2
        told = answer(config, capsys, "explain", "H3", "--season", SEASON)
        assert told["policy"] == policy
        assert json.dumps(told["steps"])
        for language in ("zh", "en"):
            where = ("--season", SEASON, "--lang", language, "--config", str(config))
            assert run(["explain", "H3", *where]) == 0
            assert ("停热" if language == "zh" else "outage") in capsys.readouterr().out
    world.books.dispose()
