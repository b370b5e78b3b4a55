"""Clauses in the reader's language."""

import re

import pytest

from analytics.law.clauses import clause_in
from analytics.law.policy import shipped


@pytest.mark.parametrize(
    ("clause", "zh", "en"),
    [
        ("art. 27 ¶2", "第二十七条第二款", "art. 27 para. 2"),
        ("arts 24, 30", "第二十四条、第三十条", "arts 24, 30"),
        ("art. 27 ¶1; arts 24, 30", "第二十七条第一款；第二十四条、第三十条", "art. 27 para. 1; arts 24, 30"),
        ("art. 35 no. 2", "第三十五条第二项", "art. 35 no. 2"),
        ("art. 27 ¶2 no. 10", "第二十七条第二款第十项", "art. 27 para. 2 no. 10"),
        ("民法典 art. 1165", "《民法典》第一千一百六十五条", "民法典 art. 1165"),
        ("arts 1005, 1010, 1000", "第一千零五条、第一千零一十条、第一千条", "arts 1005, 1010, 1000"),
        ("arts 10000, 0", "第10000条、第零条", "arts 10000, 0"),
        ("arts 35 no. 2, 36", "第三十五条第二项、第三十六条", "arts 35 no. 2, 36"),
        ("山东省供热条例 art. 21 no. 1", "《山东省供热条例》第二十一条第一项", "山东省供热条例 art. 21 no. 1"),
        ("sec. 5 item 3", "（五）第3项", "sec. 5 item 3"),
        ("山东省供热条例 art. 21", "《山东省供热条例》第二十一条", "山东省供热条例 art. 21"),
        ("item 14", "第14项", "item 14"),
        ("heat season, by night", "供热期夜间", "heat season, by night"),
        ("by agreement", "by agreement", "by agreement"),
    ],
)  # fmt: skip
def test_a_clause_is_cited_as_its_reader_does(clause: str, zh: str, en: str) -> None:
    assert (clause_in(clause, "zh"), clause_in(clause, "en")) == (zh, en)


def test_every_clause_of_the_policies_that_ship_is_chinese_in_chinese() -> None:
    for file in shipped():
        cited = [clause for *_, clause in file.policy.rows()]
        cited += [each.interprets for each in file.policy.interpretations]
        english = re.compile("art|[a-z]{4}")
        assert not [clause for clause in cited if english.search(clause_in(clause, "zh"))]
