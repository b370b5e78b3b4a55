"""A season under a law without money: from a confirmed template to an approved run and letters."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from heatwatch.cli.app import run
from store.books import registry as reg
from store.books.ledger import LedgerEntry
from tests.actors import changing
from tests.analytics.books import SEASON
from tests.heatwatch.cli.settled_town import OK, WRONG_CALL
from tests.heatwatch.cli.test_settle_verify import DRAFT, Town

NEW_YORK = "US-NYC-HEAT"
OF_SEASON = ("--season", SEASON)
CONFIRM = (
    "policy", "confirm", NEW_YORK, "--document", "the code", "--date", "2024-10-01", "--by", "Li",
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Town]]:
    """Four homes, one below 62 °F in six nights; nothing is known of the outdoor temperature."""
    folder = tmp_path_factory.mktemp("findings")
    made = Town(folder, None)  # type: ignore[arg-type]  # each test gives its own
    with changing(made.world.books) as session:
        session.execute(update(reg.Season).values(policy=NEW_YORK))
    yield folder, made
    made.world.books.dispose()


@pytest.fixture
def city(town: tuple[Path, Town], capsys: pytest.CaptureFixture[str]) -> Town:
    town[1]._capsys = capsys
    return town[1]


def shown(city: Town, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command prints in both languages, without any amount."""
    capsys.readouterr()
    for language in ("en", "zh"):
        assert run([*command, "--lang", language, "--config", str(city.config)]) == OK
    said = capsys.readouterr().out
    assert not any(money in said for money in ("CNY", "USD", "元", "refund is due"))
    return said


def test_a_season_without_money_from_template_to_ledger(
    city: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run([*DRAFT, "--lang", "en", "--config", str(city.config)]) == WRONG_CALL
    assert f"policy {NEW_YORK} is a template of grade C" in " ".join(
        capsys.readouterr().err.split()
    )
    assert run([*CONFIRM, "--config", str(city.config)]) == OK
    drafted = city.says(*DRAFT)
    assert (drafted["total"], drafted["paid"], drafted["undetermined"]) == (None, 0, 4)
    assert drafted["currency"] is None, "nothing is paid, in no currency"
    assert drafted["reasons"] == {"limit_open": 3, "non_compliant": 1}
    rows = {row["household"]: row for row in city.says("settle", "show", *OF_SEASON)["results"]}
    assert (rows["H2"]["findings"], rows["H2"]["hours"], rows["H2"]["lowest"]) == (
        6, "40.00", "13.000",
    )  # fmt: skip
    assert (rows["H1"]["findings"], rows["H1"]["total"]) == (0, None)
    found = city.says("settle", "review", *OF_SEASON)["findings"]
    assert (found["households"], found["findings"], found["hours"], found["lowest"]) == (
        1, 6, "40.00", "13.000",
    )  # fmt: skip
    for command in (DRAFT, ("settle", "show", *OF_SEASON), ("settle", "review", *OF_SEASON)):
        assert "40.00" in shown(city, capsys, *command) or command == DRAFT
    city.says("settle", "export", *OF_SEASON, "--out", str(tmp_path))
    rows_out = (tmp_path / "results.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows_out[2].startswith("H2,,,True,non_compliant,")
    approved = city.says("settle", "approve", *OF_SEASON)
    assert (approved["refunds"], approved["corrections"], approved["added"]) == (0, 0, "0.00")
    assert city.says("settle", "verify")["holds"] is True
    assert city.says("settle", "verify", "--run", str(approved["run"]))["holds"] is True
    city.says(*DRAFT)
    again = city.says("settle", "review", *OF_SEASON)
    assert (again["last"], again["differences"]["households"]) == (approved["run"], 0)
    assert again["differences"]["after"] == {"findings": 6, "hours": "40.00", "lowest": "13.000"}
    said = "".join(shown(city, capsys, "settle", "review", *OF_SEASON).split())
    assert "findings6then,6now;hoursbelow40.00then,40.00now" in said
    assert "不达标认定由6次变为6次" in said
    with city.world.books.connect() as link:
        of_homes = select(func.count()).where(LedgerEntry.household_id.is_not(None))
        assert link.scalar(of_homes) == 0


def test_sheet_and_letter_say_non_compliance_hours_and_the_lowest_and_no_amount(
    city: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if run([*CONFIRM, "--config", str(city.config)]) == OK:
        city.says(*DRAFT)
    told = city.says("explain", "H2", *OF_SEASON)
    assert (told["total"], len(told["findings"])) == (None, 6)
    sheet = " ".join(shown(city, capsys, "explain", "H2", *OF_SEASON).replace("│", " ").split())
    assert "6 findings of non-compliance" in sheet
    assert "55.4 °F (13.000 °C)" in sheet
    for name in ("letter.txt", "letter.html"):
        out = tmp_path / name
        shown(city, capsys, "explain", "H2", *OF_SEASON, "--out", str(out))
        for language, words in (
            ("en", ("Statement on room temperatures", "40.00 h", "55.4 °F (13.000 °C)")),
            ("zh", ("室温情况告知书", "40.00小时", "不达标认定6次")),
        ):
            end = ("--out", str(out), "--lang", language, "--config", str(city.config))
            assert run(["explain", "H2", *OF_SEASON, *end]) == OK
            letter = out.read_text(encoding="utf-8")
            assert all(each in letter for each in words), (name, language)
            assert not any(each in letter for each in ("CNY", "USD", "2420", "应退", "efund"))
    page = tmp_path / "warm.txt"
    assert run(["explain", "H1", *OF_SEASON, "--out", str(page), "--lang", "en", "--config", str(city.config)]) == OK  # fmt: skip
    assert "that is no finding, and undetermined" in page.read_text(encoding="utf-8")
