"""Messages of files and folders, and how many of them are looked at."""

from pathlib import Path

import pytest

from domain.errors import WrongCall
from ingest.connect.seen import MOST_OF_TOPIC, Kept, Seen, as_lines, lines, of_path


def test_a_file_of_seen_messages_is_read_to_the_same_messages(tmp_path: Path) -> None:
    seen = [
        Seen("a/b c", b"\x00\xff"),
        Seen("one", '{"t": "21,5 °C"}'.encode()),
        Seen("a/b c", b""),
    ]
    (tmp_path / "seen.txt").write_bytes(as_lines(seen))
    assert [*of_path(tmp_path / "seen.txt")] == seen


def test_files_of_a_folder_are_payloads_named_by_their_topics(tmp_path: Path) -> None:
    (tmp_path / "scada" / "S1").mkdir(parents=True)
    (tmp_path / "scada" / "S1" / "telemetry.json").write_text('{"t": 1}')
    (tmp_path / "scada" / "S1" / "frame.bin").write_bytes(b"\x68\x03")
    (tmp_path / "two.json").write_text(
        '{"topic": "x/y", "payload": "5"}\n{"topic": "x/z", "payload": "6"}\n'
    )
    assert [*of_path(tmp_path)] == [
        Seen("scada/S1/frame", b"\x68\x03"), Seen("scada/S1/telemetry", b'{"t": 1}'),
        Seen("x/y", b"5"), Seen("x/z", b"6"),
    ]  # fmt: skip


def test_a_folder_instead_of_a_payload_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"nothing.txt can't be read"):
        [*of_path(tmp_path / "nothing.txt")]


def test_lines_of_json_are_messages_of_one_topic_and_anything_else_is_one() -> None:
    assert lines(b'{"a": 1}\n{"a": 2}\n', "t") == [Seen("t", b'{"a": 1}'), Seen("t", b'{"a": 2}')]
    assert lines(b"21.5\n22\n", "t") == [Seen("t", b"21.5\n22\n")]


def test_of_a_busy_topic_so_many_are_kept_and_all_are_counted() -> None:
    kept = Kept()
    for n in range(MOST_OF_TOPIC + 5):
        kept.add(Seen("busy", str(n).encode()))
    kept.add(Seen("quiet", b"1"))
    assert (len(kept.messages), kept.count, kept.topics) == (
        MOST_OF_TOPIC + 1,
        MOST_OF_TOPIC + 6,
        2,
    )


def test_a_line_that_is_no_message_among_others_is_named(tmp_path: Path) -> None:
    (tmp_path / "seen.txt").write_bytes(b"a/b 3132\nConnection error: lost\na/b 33\n")
    with pytest.raises(WrongCall, match=r"seen.txt, line 2: no topic with a payload"):
        [*of_path(tmp_path / "seen.txt")]


def test_topics_with_json_are_lines_too_and_an_empty_file_has_no_message(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b'a/b {"t": 1}\na/c [{"t": 2}]\n')
    (tmp_path / "b.txt").write_bytes(b"\n")
    assert [*of_path(tmp_path)] == [Seen("a/b", b'{"t": 1}'), Seen("a/c", b'[{"t": 2}]')]


def test_topics_with_numbers_are_lines_and_the_first_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "seen.txt"
    path.write_bytes(b'a/b {"t": 1}\na/c 21.5\na/d -0.5\ngw {"t": 2}\n')
    assert [each.payload for each in of_path(path)] == [b'{"t": 1}', b"21.5", b"-0.5", b'{"t": 2}']
    path.write_bytes(b'a/b {"t": 1}\na/c offline\n')
    with pytest.raises(WrongCall, match=r"seen.txt, line 2: no topic with a payload"):
        [*of_path(path)]
    path.write_bytes(b'{"list": [\n"x/y": {"a": 1},\n5]}')
    assert len([*of_path(path)]) == 1
