"""A template settles once a person has confirmed its text, for a company, by a document."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from analytics.law.policy import Policy
from heatwatch.cli.app import run
from store.books import registry as reg
from tests.actors import changing
from tests.analytics.books import SEASON
from tests.analytics.law.test_overlays import overlay
from tests.analytics.law.test_policy import at_20_degrees
from tests.heatwatch.cli.test_policy_folder import with_folder
from tests.heatwatch.cli.test_settle_verify import DRAFT, VERIFY, WRONG_CALL, Town

OWN = "CN-HA-2018-at-20"
CONFIRM = (
    "policy",
    "confirm",
    OWN,
    "--document",
    "gazette 12",
    "--date",
    "2024-10-08",
    "--by",
    "Li",
)
APPROVE = ("settle", "approve", "--season", SEASON)


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Town]:
    """The town, whose season names a policy of grade B of its folder."""
    made = Town(tmp_path, capsys)
    path = with_folder(made.config) / "henan-at-20.toml"
    path.write_text(at_20_degrees().replace('grade = "A"', 'grade = "B"'), encoding="utf-8")
    with changing(made.world.books) as session:
        session.execute(update(reg.Season).values(policy=OWN))
    yield made
    made.world.books.dispose()


def refused(city: Town, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a command is refused with."""
    end = ("--lang", "en", "--config", str(city.config))
    assert run([*command, *end]) == WRONG_CALL
    return " ".join(capsys.readouterr().err.split())


def sheet(city: Town, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert run([*command, "--lang", "en", "--config", str(city.config)]) == 0
    return " ".join(capsys.readouterr().out.replace("│", " ").split())


def test_a_what_if_on_a_template_settles_once_the_template_is_confirmed(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = city.config.with_name("mine.toml")
    text = overlay("sla.complaint_days = 3", base=OWN)
    mine.write_text(text, encoding="utf-8")
    why = refused(city, capsys, *DRAFT, "--policy", str(mine))
    assert f"policy {OWN} is a template of grade B" in why
    assert f"heatwatch policy confirm {OWN} --document" in why
    city.says(*CONFIRM)
    drafted = city.says(*DRAFT, "--policy", str(mine))
    assert (drafted["what_if"], drafted["overlay"]["base"]) == (True, OWN)
    assert city.says("policy", "show", str(mine))["confirmed"]
    own = city.says(*DRAFT)
    assert own["what_if"] is False
    refused(city, capsys, *APPROVE, "--run", str(drafted["run"]), "--by", "Li")
    approved = city.says(*APPROVE, "--run", str(own["run"]), "--by", "Li")
    assert approved["run"] == own["run"]


def test_a_template_does_not_settle_and_says_how_it_does(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    why = refused(city, capsys, *DRAFT)
    assert f"policy {OWN} is a template of grade B" in why
    assert f"heatwatch policy confirm {OWN} --document DOCUMENT --date DATE --by NAME" in why
    what_if = refused(city, capsys, *DRAFT, "--policy", OWN)
    assert "is a template of grade B" in what_if
    assert city.says(*DRAFT, "--policy", "CN-HA-2018")["what_if"] is True
    shown = sheet(city, capsys, "explain", "H1", "--season", SEASON, "--policy", OWN)
    assert "a trial: the text of this policy is not confirmed" in shown


def test_a_confirmed_template_settles_and_list_sheet_and_run_say_who_confirmed_it(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "template, not confirmed" in sheet(city, capsys, "policy", "show", OWN)
    found = city.says(*CONFIRM)
    assert (found["company"], found["by"], found["dated"]) == ("co", "user:Li", "2024-10-08")
    rows = {each["id"]: each for each in city.says("policy", "list")["policies"]}
    assert (rows["CN-HA-2018"]["template"], rows["CN-HA-2018"]["confirmed"]) == (False, [])
    assert rows[OWN]["template"] is True
    assert [(one["company"], one["document"]) for one in rows[OWN]["confirmed"]] == [
        ("co", "gazette 12")
    ]
    assert "co: confirmed by Li, gazette 12 of 2024-10-08" in sheet(
        city, capsys, "policy", "show", OWN
    )
    assert city.says(*DRAFT)["what_if"] is False
    said = "the policy's text was confirmed by Li: gazette 12 of 2024-10-08"
    assert said in sheet(city, capsys, "explain", "H1", "--season", SEASON)
    assert city.says(*APPROVE)["refunds"] > 0
    city.says(*CONFIRM[:3], "--withdraw", "--reason", "wrong gazette", "--by", "Li")
    assert city.says(*VERIFY)["holds"] is True, "the run keeps who had confirmed it"
    assert "is a template of grade B" in refused(city, capsys, *DRAFT)


@pytest.mark.parametrize("grade", ["A", "A-"])
def test_a_text_that_does_not_ship_is_confirmed_whatever_grade_it_gives_itself(
    city: Town, capsys: pytest.CaptureFixture[str], grade: str
) -> None:
    """A copy of a template settled with nobody's confirmation once its id and grade were edited."""
    path = city.config.parent / "policies" / "henan-at-20.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('grade = "B"', f'grade = "{grade}"'), encoding="utf-8")
    assert "own text, not confirmed" in sheet(city, capsys, "policy", "show", OWN)
    why = refused(city, capsys, *DRAFT)
    assert (
        f"policy {OWN} is a text of the company's own: grade {grade} is what its file says" in why
    )
    assert f"heatwatch policy confirm {OWN} --document" in why
    city.says("explain", "H1", "--season", SEASON, "--policy", OWN)
    city.says("case", "open", "--season", SEASON)
    city.says(*CONFIRM)
    drafted = city.says(*DRAFT)
    said = "the policy's text was confirmed by Li: gazette 12 of 2024-10-08"
    assert said in sheet(city, capsys, "explain", "H1", "--season", SEASON)
    city.says(*CONFIRM[:3], "--withdraw", "--reason", "wrong gazette")
    assert "whose text is not confirmed" in refused(city, capsys, *APPROVE)
    city.says(*CONFIRM)
    city.says(*DRAFT)
    assert city.says(*APPROVE)["run"] == drafted["run"] + 1


def test_a_draft_of_before_own_texts_were_confirmed_is_not_approved(
    city: Town, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = city.config.parent / "policies" / "henan-at-20.toml"
    path.write_text(at_20_degrees(), encoding="utf-8")
    with monkeypatch.context() as before:
        before.setattr(Policy, "to_confirm", Policy.is_template)
        city.says(*DRAFT)
    assert "whose text is not confirmed" in refused(city, capsys, *APPROVE)
    city.says(*CONFIRM)
    city.says(*DRAFT)
    assert city.says(*APPROVE)["refunds"] > 0


def test_a_what_if_under_a_text_that_does_not_ship_needs_no_confirmation(city: Town) -> None:
    mine = city.config.with_name("mine.toml")
    mine.write_text(at_20_degrees(), encoding="utf-8")
    city.change(update(reg.Season).values(policy="CN-HA-2018"))
    (city.config.parent / "policies" / "henan-at-20.toml").unlink()
    assert city.says(*DRAFT, "--policy", str(mine))["what_if"] is True
    assert city.says(*DRAFT)["what_if"] is False, "a text that ships, of grade A"


def test_a_changed_text_is_to_be_confirmed_anew(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*CONFIRM)
    path = city.config.parent / "policies" / "henan-at-20.toml"
    path.write_text(path.read_text(encoding="utf-8") + "# another word\n", encoding="utf-8")
    assert "is a template of grade B" in refused(city, capsys, *DRAFT)


def test_a_draft_is_not_approved_once_its_confirmation_was_withdrawn(
    city: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    city.says(*CONFIRM)
    city.says(*DRAFT)
    city.says(*CONFIRM[:3], "--withdraw", "--reason", "wrong gazette")
    assert "whose text is not confirmed" in refused(city, capsys, *APPROVE)
    city.says(*CONFIRM)  # after the run was made
    assert "draft the season anew" in refused(city, capsys, *APPROVE)
    city.says(*DRAFT)
    assert city.says(*APPROVE)["refunds"] > 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("CN-HA-2018", *CONFIRM[3:]), "is of grade A and settles without a confirmation"),
        ((OWN, "--document", "x", "--date", "soon"), "--date 'soon'; allowed: a day such as"),
        ((OWN, "--date", "2024-10-08"), "needs its document"),
        ((OWN, *CONFIRM[3:7], "--by", "program:ingest"), "is no person"),
        (("XX-NONE", *CONFIRM[3:]), "policy 'XX-NONE' is not known"),
    ],
)
def test_what_is_no_confirmation_is_refused_by_name(
    city: Town, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], said: str
) -> None:
    assert said in refused(city, capsys, "policy", "confirm", *command)
