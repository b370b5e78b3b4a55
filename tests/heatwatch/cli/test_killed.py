"""Commands of a season killed by SIGKILL at any moment: all or nothing, nothing twice, the next call goes on."""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.analytics.books import SEASON, ZONE
from tests.heatwatch.cli.killed import KILLED, Program, program
from tests.heatwatch.towns import answer, town

#: Facts come in (each with its row of history), and runs with their results, lines and entries.
TABLES = ("request", "measurement_record", "change_record", "settlement_run", "settlement_result",
          "settlement_line", "ledger_entry")  # fmt: skip
OF_SEASON = ("--season", SEASON)
FACTS = {
    "requests": "household,at,by\nH3,2025-01-10T06:00,app\n",
    "measurements": 'room,at,celsius,signed_by\nH1-bed,2025-01-11T09:00,15.0,"Li; Wu"\n'
    'H3-bed,2025-01-11T09:00,15.0,"Li; Wu"\n',
}
CORRECTED = FACTS["measurements"].replace("15.0", "13.5", 1)
KILLS = 3  # of each command
#: Command -> before how many writes it can be killed, about.
STEPS = {
    "import": 5, "draft": 27, "approve": 9, "pay": 7, "answers": 7, "correct": 11, "record": 7,
    "withdraw": 7, "draft again": 36, "approve again": 9, "pay again": 7,
}  # fmt: skip


class Season:
    """A town, the commands of its season and what the books hold."""

    def __init__(self, folder: Path, runs: Program, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, world = town(folder)
        self.books: Engine = world.books
        world.journal.close()
        self._folder, self._program, self._capsys = folder, runs, capsys
        (folder / "facts").mkdir()
        for kind, rows in FACTS.items():
            (folder / "facts" / f"{kind}.csv").write_text(rows, encoding="utf-8")
        (folder / "measurements.csv").write_text(CORRECTED, encoding="utf-8")

    def words(self, step: str) -> tuple[str, ...]:
        return {
            "import": ("registry", "import", str(self._folder / "facts"), "--by", "Li Wei"),
            "draft": ("settle", "draft", *OF_SEASON),
            "approve": ("settle", "approve", *OF_SEASON, "--by", "Wu Hao"),
            "pay": ("settle", "payments", "export", *OF_SEASON, "--out", str(self._folder / "bank")),
            "correct": (
                "registry", "import", str(self._folder / "measurements.csv"), "--by", "Li Wei",
                "--reason", "misread",
            ),
            "answers": ("settle", "payments", "import-returns", str(self._folder / "returns.csv")),
            "record": (
                "evidence", "record", "requests", "household=H2", "at=2025-01-12T08:00", "by=app",
                "--by", "Li Wei",
            ),
            "withdraw": (
                "evidence", "withdraw", "measurements", "H3-bed", "2025-01-11T09:00", "--by", "Li Wei",
                "--reason", "another flat",
            ),
            "draft again": ("settle", "draft", *OF_SEASON, "--correction"),
        }[step.removesuffix(" again") if step != "draft again" else step]  # fmt: skip

    def answer_of_bank(self) -> None:
        """Every payment of the first batch was paid, and the last one came back."""
        with (self._folder / "bank/payments-1.csv").open(encoding="utf-8", newline="") as file:
            sent = list(csv.DictReader(file))
        last = sent[-1]["reference"]
        rows = [
            f"{row['reference']},{'rejected' if row['reference'] == last else 'paid'},{row['amount']},"
            f"CNY,{datetime.now(ZONE):%Y-%m-%d},{'closed account' if row['reference'] == last else ''}\n"
            for row in sent
        ]
        text_of_file = "reference,status,amount,currency,date,reason\n" + "".join(rows)
        (self._folder / "returns.csv").write_text(text_of_file, encoding="utf-8")

    def killed(self, step: str, moment: int) -> bool:
        code = self._program.run([*self.words(step), "--config", str(self.config)], moment)
        assert code in (0, KILLED), f"{step}, killed before its write {moment}, ended with {code}"
        return code == KILLED

    def says(self, *words: str) -> dict[str, Any]:
        return answer(self.config, self._capsys, *words)

    def rows(self) -> dict[str, int]:
        with self.books.connect() as link:
            return {
                each: link.execute(text(f"SELECT count(*) FROM {each}")).scalar_one()
                for each in TABLES
            }

    def runs(self) -> set[tuple[int, str, str]]:
        """Results, their sum and that of the lines of every run since the last approved one."""
        query = (
            "SELECT (SELECT count(*) FROM settlement_result WHERE run_id = run.id), run.total,"
            " (SELECT sum(line.amount) FROM settlement_line line JOIN settlement_result own"
            " ON own.id = line.result_id WHERE own.run_id = run.id) FROM settlement_run run"
            " WHERE run.id > coalesce((SELECT max(id) FROM settlement_run WHERE state = 'approved'), 0)"
        )
        with self.books.connect() as link:
            return {
                (count, str(total), str(lines)) for count, total, lines in link.execute(text(query))
            }

    def sent(self) -> list[list[tuple[str, str]]]:
        """Household and amount of each row of each batch that lies there for the bank."""
        found = []
        for path in sorted((self._folder / "bank").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                found.append([(row["household"], row["amount"]) for row in csv.DictReader(file)])
        return found

    def posted(self) -> list[tuple[str, str, str]]:
        """Kind, household and amount of each entry of the ledger that has a household."""
        query = (
            "SELECT e.kind, p.code, e.amount FROM ledger_entry e JOIN place p ON p.id = e.household_id"
            " ORDER BY e.number"
        )
        with self.books.connect() as link:
            return [(kind, code, str(amount)) for kind, code, amount in link.execute(text(query))]


@pytest.fixture
def season(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Season]:
    with program() as runs:
        made = Season(tmp_path, runs, capsys)
        yield made
        made.books.dispose()


def through(season: Season, rng: random.Random) -> Counter[str]:
    """Goes through the season, each command killed some times and then left alone -> kills by command."""
    kills: Counter[str] = Counter()
    for step, most in STEPS.items():
        if step == "answers":
            season.answer_of_bank()
        before, left = (season.rows(), season.sent()), []
        for moment in rng.sample(range(1, most + 1), KILLS):
            kills[step] += season.killed(step, moment)
            left.append((season.rows(), season.sent()))
        season.says(*season.words(step))
        after = season.rows(), season.sent()
        if step.startswith("draft"):  # each call is a draft of its own
            assert len(season.runs()) == 1, f"{step}: some of a run: {season.runs()}"
            continue
        assert after != before
        for rows, sent in left:
            assert rows in (before[0], after[0]), f"{step}: some of {after[0]}: {rows}"
            assert sent in (before[1], after[1]), f"{step}: some of {after[1]}: {sent}"
    return kills


@pytest.mark.parametrize("seed", [1])
def test_a_season_killed_at_random_moments_is_counted_and_paid_once(
    season: Season, seed: int
) -> None:
    kills = through(season, random.Random(seed))
    assert min(kills[step] for step in STEPS) > 0, kills
    assert season.sent() == [
        [("H1", "50.00"), ("H2", "100.00"), ("H3", "65.00"), ("H4", "15.00")],
        [("H1", "10.00"), ("H4", "15.00")],
    ]  # fmt: skip
    first, again = ([(code, amount) for code, amount in each] for each in season.sent())
    assert season.posted() == [
        *(("refund", *each) for each in first), *(("payment", *each) for each in first),
        *(("payment_paid", *each) for each in first[:-1]), ("payment_rejected", *first[-1]),
        ("correction", "H1", "10.00"),
        *(("payment", *each) for each in again),
    ]  # fmt: skip
    assert season.says("settle", "verify", "--all")["holds"]
