"""The command line: exit codes are a contract, and no traceback reaches a user."""

import errno
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from domain.errors import Refused, ServerMissing, WrongCall
from heatwatch.__main__ import main
from heatwatch.cli import app as cli
from heatwatch.cli.codes import BUG, DONE, NO_SERVER, SOME_REFUSED, STOPPED, WRONG_CALL


def answering(error: BaseException) -> Callable[[], typer.Typer]:
    """A command line whose command `go` ends in this error."""
    app = typer.Typer()

    @app.callback()
    def main() -> None:
        """A group."""

    @app.command()
    def go() -> None:
        raise error

    return lambda: app


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongCall("--date: expected YYYY-MM-DD"), WRONG_CALL),
        (Refused("3 rows refused"), SOME_REFUSED),
        (ServerMissing("Mosquitto", "apt-get install mosquitto"), NO_SERVER),
    ],
)
def test_each_error_has_its_code_and_one_line(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "build", answering(error))
    assert cli.run(["go"]) == code
    said = capsys.readouterr()
    assert str(error) in said.err
    assert "Traceback" not in said.err + said.out


@pytest.mark.parametrize("language", [[], ["--lang", "zh"]], ids=["en", "zh"])
def test_it_says_which_version_it_is(
    capsys: pytest.CaptureFixture[str], language: list[str]
) -> None:
    assert cli.run(["--version", *language]) == DONE
    assert capsys.readouterr().out == f"heatwatch {version('heatwatch')}\n"
    assert cli.run(["--help", *language]) == DONE
    assert "--version" in capsys.readouterr().out


def test_a_bug_of_ours_is_one_line_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(cli, "build", answering(KeyError("unforeseen")))
    assert cli.run(["go"]) == BUG
    said = capsys.readouterr().err
    assert "unforeseen" in said
    assert "Traceback" not in said
    (trace,) = tmp_path.iterdir()
    assert "Traceback" in trace.read_text(encoding="utf-8")


def test_ctrl_c_is_one_line_and_what_a_shell_expects(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "build", answering(KeyboardInterrupt()))
    assert cli.run(["go"]) == STOPPED == 130
    assert capsys.readouterr().err == "heatwatch: stopped\n"


def test_ctrl_c_before_the_command_is_read_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", stop)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == STOPPED
    assert capsys.readouterr().err == "heatwatch: stopped\n"


@pytest.mark.parametrize(
    "words",
    [["frobnicate"], ["run", "nonsense"], ["report", "--nonsense"], ["demo", "--hours", "0"]],
)
def test_wrong_words_end_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(words) == WRONG_CALL
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_place_that_is_not_ours_to_write_is_named(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "build", answering(OSError(number, "not so", "/city/var/x.locks")))
    assert cli.run(["go"]) == WRONG_CALL
    assert capsys.readouterr().err == (
        "heatwatch: /city/var/x.locks: not so; allowed: a place that this user may write\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        "Parquet magic bytes not found in footer. Either the file is corrupted or ...",
        "Kernel error: Json error: Truncated record whilst reading string\n   0: <unknown>\n",
    ],
)
def test_a_damaged_lake_is_no_bug_of_ours(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "build", answering(ValueError(words)))
    assert cli.run(["go"]) == WRONG_CALL
    (said,) = capsys.readouterr().err.splitlines()
    assert "damaged or gone; put the folder back from a copy" in said


def test_a_bug_whose_message_has_many_lines_is_told_by_its_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for error in (ValueError("one\ntwo\nthree"), ValueError()):
        monkeypatch.setattr(cli, "build", answering(error))
        assert cli.run(["go"]) == BUG
        assert len(capsys.readouterr().err.splitlines()) == 2


#: What help loads nothing of: libraries, and our own lists of plugs with what each plug needs.
NOT_FOR_HELP = (
    "numpy", "numba", "pyarrow", "deltalake", "pandas", "nicegui", "sqlalchemy", "smpplib",
    "paho", "store.books", "alerts", "ingest", "dashboards", "analytics.law.calculators",
    "heatwatch.config_tables",
)  # fmt: skip


@pytest.mark.parametrize(
    "words", [["--help"], ["settle", "--help"], ["run", "--help", "--lang", "zh"]]
)
def test_help_loads_no_heavy_library_and_no_plug(words: list[str]) -> None:
    code = (
        "import sys; from heatwatch.cli.app import run\n"
        f"assert run({words!r}) == 0\n"
        f"sys.exit(' '.join(m for m in {NOT_FOR_HELP!r} if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_command_without_its_configuration_says_how_another_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["case", "list", "-c", str(tmp_path / "none.toml")]) == WRONG_CALL
    said = capsys.readouterr().err
    assert "none.toml is not there" in said
    assert "--config FILE" in said
