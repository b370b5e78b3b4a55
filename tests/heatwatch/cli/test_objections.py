"""`heatwatch case object`, `uphold`, `dismiss`, `objections`, and what a review shows of them."""

from datetime import datetime
from pathlib import Path

import pytest

from domain.time import local_day
from heatwatch.cli.app import run
from tests.analytics.books import SEASON, ZONE
from tests.heatwatch.cli.sample import asked
from tests.heatwatch.towns import town


def test_an_objection_goes_from_receipt_to_answer_and_the_review_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, world = town(tmp_path)
    config = ["-c", str(path)]
    for _ in range(2):
        assert run(["settle", "draft", "--season", SEASON, *config]) == 0
    capsys.readouterr()
    early = ["--run", "1", "--received", "2025-05-20", "--text", "cold", "--lang", "en", *config]
    assert run(["case", "object", "H1", *early]) == 2
    assert "run 1 was drafted on" in capsys.readouterr().err
    day = str(local_day(world.now(), ZONE))  # of the runs
    text = "the living room was never above 16"
    received = ["--run", "1", "--received", day, "--text", text, "--by", "Li Wei"]
    code, (one,) = asked(capsys, "case", "object", "H1", *received, *config)
    assert (code, one["state"], one["text"]) == (0, "open", text)
    review = asked(capsys, "settle", "review", "--season", SEASON, *config)[1]
    assert [each["household"] for each in review["objections"]] == ["H1"]
    assert run(["settle", "review", "--season", SEASON, "--lang", "zh", *config]) == 0
    said = capsys.readouterr().out
    assert "异议" in said
    assert f"{day} 00:00" in said, "the local day that was given, not UTC's"
    dismissed = ["--document", "letter 9", "--reason", "no request"]
    code, (done,) = asked(capsys, "case", "dismiss", "H1", day, *dismissed, *config)
    assert (code, done["state"], done["document"]) == (0, "dismissed", "letter 9")
    upheld = ["--correction", "2", "--reason", "measured again"]
    assert run(["case", "uphold", "H1", day, *upheld, "--lang", "en", *config]) == 2
    assert "dismissed by letter 9; to answer it otherwise" in capsys.readouterr().err
    again = ["--reason", "an error", *config]
    assert run(["evidence", "withdraw", "objections", "H1", day, *again]) == 0
    assert run(["case", "object", "H1", *received, *again]) == 0
    assert run(["settle", "approve", "--season", SEASON, "--run", "2", *config]) == 0
    capsys.readouterr()
    code, (done,) = asked(capsys, "case", "uphold", "H1", day, *upheld, *config)
    assert (code, done["state"], done["correction"]) == (0, "upheld", 2)
    assert run(["case", "objections", "--lang", "en", *config]) == 0
    assert "upheld" in capsys.readouterr().out
    assert run(["case", "uphold", "H3", day, *upheld, "--lang", "en", *config]) == 2
    assert "objection" in capsys.readouterr().err


def test_an_objection_of_now_is_answered_by_the_time_or_the_day_that_a_list_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, _ = town(tmp_path)
    config = ["-c", str(path)]
    assert run(["settle", "draft", "--season", SEASON, *config]) == 0
    made = {}
    for home in ("H1", "H3"):
        own = ["--run", "1", "--text", "cold", *config]
        code, (one,) = asked(capsys, "case", "object", home, *own)
        assert code == 0
        made[home] = datetime.fromisoformat(one["received"])
    shown = {home: f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" for home, at in made.items()}
    assert run(["case", "objections", "--lang", "en", *config]) == 0
    said = capsys.readouterr().out
    assert all(each in said for each in shown.values())
    reply = ["--document", "letter 9", "--reason", "no request", *config]
    assert run(["case", "dismiss", "H1", shown["H1"].replace(" ", "T"), *reply]) == 0
    capsys.readouterr()
    code, (done,) = asked(capsys, "case", "dismiss", "H3", shown["H3"][:10], *reply)
    assert (code, done["state"]) == (0, "dismissed")
    assert datetime.fromisoformat(done["received"]) == made["H3"]
    assert run(["case", "dismiss", "H3", "2020-01-01", "--lang", "en", *reply]) == 2
    assert "objection" in capsys.readouterr().err
