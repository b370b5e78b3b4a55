"""Every command that changes something has `--by`, and what it changes keeps the name."""

import inspect
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import typer
from sqlalchemy import select

from alerts.messages.codes import code_of
from domain.actor import user
from domain.errors import WrongCall
from heatwatch.cli.app import build, run
from heatwatch.cli.options import actor_of
from heatwatch.config import system_user
from heatwatch.wiring import open_world
from store.books.changes import ChangeRecord
from store.books.registry import Place
from store.books.watch import Episode
from tests.actors import TESTER, changing
from tests.heatwatch.cli.nis_copy import city as nis
from tests.heatwatch.cli.sample import asked, config
from tests.heatwatch.cli.test_readings import ROWS
from tests.store.city import city_without_runs as city
from tests.store.city import write_city

__all__ = ["config", "nis"]  # fixtures

MUTATING = {
    "registry import", "readings import", "readings replay", "readings dismiss", "settle draft", "settle approve", "settle payments export", "settle payments import-returns", "settle payments decide",
    "case open", "case done", "case object", "case uphold", "case dismiss", "alerts ack", "alerts acknowledge", "mirror rebuild",
    "policy adopt", "policy confirm", "report", "evidence record", "evidence withdraw", "evidence confirm", "evidence reject",
}  # fmt: skip
#: Commands without `--by`, and why none is missing.
OTHERS = {
    "run": "starts workers, each an actor of its own: program:ingest, program:alerts, ...",
    "demo": "a simulated city in a folder of its own; it calls the commands above",
    "evaluate law": "makes seasons of its own",
    "evaluate tamper": "changes a town of its own",
    "evaluate codecs": "makes messages of its own",
    "evaluate durability": "runs a city of its own",
    "simulate": "writes files of a simulated world, or sends messages as its devices do",
    "connect": "changes the configuration file alone, of which the system keeps who wrote it",
    "backup": "writes files of its own beside the stores, of which the system keeps who wrote them",
    "restore": "writes an installation that was not there, and changes none of its books",
    "grafana push": "changes Grafana, which keeps who: the owner of the token",
}
READING = {
    "registry check", "registry export", "registry history", "registry template", "readings coverage", "readings refused", "readings lost", "policy list",
    "policy show", "policy check", "policy compare", "settle show", "settle review", "settle verify", "settle export", "settle payments list", "settle payments preview", "explain",
    "refund try", "evaluate seasons", "case list", "case objections", "comfort", "outages", "energy", "balance", "signature", "degree-days", "charges", "alerts list", "alerts messages", "alerts received", "decode",
    "mirror status", "config check", "doctor", "grafana render", "bench ingest", "bench settle", "bench day", "bench energy", "bench store",
    "evidence list", "evidence show", "evidence history", "evidence open",
}  # fmt: skip


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command of the line with the names of its options."""
    app = build()
    yield from _of(app, "")


def _of(app: typer.Typer, before: str) -> Iterator[tuple[str, set[str]]]:
    for each in app.registered_commands:
        assert each.callback is not None
        name = each.name or each.callback.__name__.replace("_", "-")
        yield before + name, set(inspect.signature(each.callback).parameters)
    for group in app.registered_groups:
        assert group.typer_instance is not None
        yield from _of(group.typer_instance, f"{before}{group.name} ")


def test_every_command_either_names_its_actor_or_says_why_it_needs_none() -> None:
    found = dict(commands())
    assert {name for name, options in found.items() if "by" in options} == MUTATING
    assert set(found) - MUTATING == READING | set(OTHERS)


LI = ("--by", "Li Wei")


def test_a_name_given_with_by_is_kept_by_all_that_books_keep(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = city()
    rows["fee_spans"] = [each for each in rows["fee_spans"] if each[0] != "H2"]  # nobody moves out
    rows["requests"].append(["H2", "2025-12-05T08:00:00+08:00", "app"])
    folder = write_city(tmp_path / "city", rows)
    code, report = asked(
        capsys, "registry", "import", str(folder), *LI, "--reason", "new homes", "-c", config
    )
    assert (code, report["actor"]) == (0, "user:Li Wei")
    asked(capsys, "case", "open", "--season", "2025", *LI, "-c", config)
    task = asked(capsys, "case", "list", "-c", config)[1][0]
    assert task["opened_by"] == "user:Li Wei"
    asked(capsys, "case", "done", str(task["id"]), "--by", "Wang", "--reason", "away", "-c", config)
    done = {each["id"]: each for each in asked(capsys, "case", "list", "--all", "-c", config)[1]}
    assert (done[task["id"]]["done_by"], done[task["id"]]["done_reason"]) == ("user:Wang", "away")
    asked(capsys, "settle", "draft", "--season", "2025", *LI, "-c", config)
    asked(capsys, "settle", "approve", "--season", "2025", "--by", "Wang", "-c", config)
    kept = asked(capsys, "settle", "show", "--season", "2025", "-c", config)[1]["run"]
    assert (kept["drafted_by"], kept["approved_by"]) == ("user:Li Wei", "user:Wang")


def test_an_acknowledgement_keeps_the_name_and_when(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_city(tmp_path / "city", city())
    asked(capsys, "registry", "import", str(folder), *LI, "-c", config)
    books = open_world(Path(config)).books
    with changing(books) as session:
        at = datetime(2025, 12, 1, tzinfo=UTC)
        place = session.scalars(select(Place.id).where(Place.code == "S1")).one()
        session.add(
            Episode(
                kind="station_outage", place_id=place, opened_at=at, updated_at=at,
                opened_by=TESTER, evidence={},
            )
        )  # fmt: skip
    assert run(["alerts", "ack", code_of(1), "--by", "Wang", "-c", config]) == 0
    with books.connect() as link:
        kept = link.execute(select(Episode.acknowledged_by, Episode.acknowledged_at)).one()
    books.dispose()
    assert kept.acknowledged_by == user("Wang")
    assert kept.acknowledged_at is not None


def test_an_import_is_recorded_with_reason_and_the_hash_of_each_file(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_city(tmp_path / "city", city())
    call = ("registry", "import", str(folder), *LI, "--reason", "new homes", "-c", config)
    change = asked(capsys, *call)[1]["change"]
    again = asked(capsys, *call)[1]
    assert again["change"] is None  # nothing was changed
    books = open_world(Path(config)).books
    with books.connect() as link:
        kept = link.execute(select(ChangeRecord).where(ChangeRecord.id == change)).one()
        assert set(link.execute(select(Place.change_id)).scalars()) == {change}
    books.dispose()
    assert (kept.actor, kept.reason, kept.action) == (
        user("Li Wei"),
        "new homes",
        "registry import",
    )
    raw = (folder / "places.csv").read_bytes()
    assert {"file": "places.csv", "sha256": sha256(raw).hexdigest()} in kept.files


def test_with_two_approvals_the_drafter_is_refused_and_both_are_named(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(config)
    text = path.read_text(encoding="utf-8").replace("approvals = 1", "approvals = 2")
    assert "approvals = 2" in text
    path.write_text(text, encoding="utf-8")
    asked(capsys, "registry", "import", str(write_city(tmp_path / "city", city())), "-c", config)
    asked(capsys, "settle", "draft", "--season", "2025", *LI, "-c", config)
    call = ("settle", "approve", "--season", "2025", "-c", config)
    assert run([*call, "--by", "ｌｉｗｅｉ"]) == 2
    told = capsys.readouterr().err
    assert "drafted by Li Wei" in told
    assert "let somebody else approve it" in told
    assert run([*call, "--by", "Wang"]) == 0


def test_without_by_it_is_the_systems_user() -> None:
    assert actor_of("") == system_user()
    assert actor_of("Li Wei") == actor_of(" user:Li Wei ") == user("Li Wei")


@pytest.mark.parametrize("by", ["program:alerts", "unknown:x", "phone:1"])
def test_a_person_can_not_be_a_program(by: str) -> None:
    with pytest.raises(WrongCall, match="is no person"):
        actor_of(by)


def test_an_import_of_readings_names_who_and_its_files(
    nis: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (nis / "data.csv").write_text(ROWS)
    call = ("readings", "import", "--mapping", "substation_raw.toml", "data.csv", *LI, "--json")
    capsys.readouterr()
    assert run([*call]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["by"] == "user:Li Wei"
    assert run(["readings", "replay", "--by", "Wang"]) == 0
    books = open_world(nis / "heatwatch.toml").books
    with books.connect() as link:
        kept = link.execute(select(ChangeRecord).where(ChangeRecord.id == report["change"])).one()
        last = select(ChangeRecord.actor).order_by(ChangeRecord.id.desc()).limit(1)
        assert link.execute(last).scalar_one() == user("Wang")
    books.dispose()
    assert (kept.actor, kept.details["readings"]) == (user("Li Wei"), 8)
    assert [each["file"] for each in kept.files] == ["data.csv", "substation_raw.toml"]


@pytest.mark.parametrize(
    "by", ["program:alerts", "program：alerts", "program alerts", "unknown, before version 0.2.0", "Lі"],
    ids=ascii,
)  # fmt: skip
def test_by_takes_a_person_only(by: str) -> None:
    with pytest.raises(WrongCall):
        actor_of(by)
    assert actor_of("ｌｉ").name == "li"


@pytest.mark.parametrize(
    "words",
    [
        ["settle", "approve", "--season", "s", "--reason", "a\udce9"],
        ["alerts", "ack", "\udcff"],
        ["registry", "history", "H\ud83d"],
    ],
    ids=lambda words: words[0],
)
def test_half_characters_on_the_command_line_are_a_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    assert "on the command line is not UTF-8; allowed: text in UTF-8" in capsys.readouterr().err
