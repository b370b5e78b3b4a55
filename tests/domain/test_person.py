"""What may be the name of a person."""

import pytest

from domain.errors import WrongCall
from domain.person import person


@pytest.mark.parametrize(
    "name",
    ["李伟", "阿不都·热合曼", "José Ñuñez", "Đorđe Šarić", "Иван Петров", "Νίκος", "김민수", "さくら",
     "li.wei@corp", "svc_heat-1", "O’Neill", "O'Neill", "王 Wang", "Program", "电话", "Phoned In",
     "4711", "Unknownsky"],
)  # fmt: skip
def test_names_of_people_are_taken_as_they_are(name: str) -> None:
    assert person(name).name == name


def test_width_and_blanks_are_as_usually_written() -> None:
    assert person(" ｌｉ　ｗｅｉ ").name == "li wei"
    assert person("Jose\u0301").name == "José"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Lі", "mixes letters that look alike .Cyrillic, Latin."),
        ("Li\ufe0f", r"U\+FE0F is not taken"),
        ("Li\u034f", r"U\+034F"),
        ("Li\u3164Wei", r"U\+1160"),
        ("Li\u2800Wei", r"U\+2800"),
        ("Li\u200bWei", r"U\+200B"),
        ("Li‑Wei", r"U\+2010"),
        ("i\u0307s", r"U\+0307"),
        ("---", "no letter and no digit"),
        ("program：alerts", "none of them a colon"),
        ("program alerts", "reads like 'program'"),
        ("Program-alerts", "reads like 'program'"),
        ("PROGRAM\u3000alerts", "reads like 'program'"),
        ("程序 alerts", "reads like 'program'"),
        ("phone +8613800000000", "reads like 'phone'"),
        ("手机 138", "reads like 'phone'"),
        ("data provider east", "reads like 'provider'"),
        ("unknown, before version 0.2.0", "reads like 'unknown'"),
        ("未知（0.2.0 版之前）", "reads like 'unknown'"),
        ("Li \ud83d", "1 to 120 characters"),
        ("", "1 to 120 characters"),
    ],
    ids=ascii,
)
def test_what_is_no_persons_name_is_refused_and_says_why(name: str, why: str) -> None:
    with pytest.raises(WrongCall, match=why):
        person(name)
