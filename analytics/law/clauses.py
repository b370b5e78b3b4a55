"""Clauses as a policy writes them, cited in the reader's language.

A clause is data: articles with their paragraphs and numbers ("art. 27 ¶2", "arts 24, 30", "art. 35
no. 2"), sections with their items ("sec. 5 item 3"), items alone ("items 14, 15"), several with "; "
between them, an act's title before one where it is another act's, rules that have a name and no
number. What is none of these stays as it stands.
"""

import re

from domain.language import msg_in

_ARTICLE = r"\d+(?: ¶\d+)?(?: no\. \d+)?"
_NUMBERED = re.compile(r"(¶|no\. |)(\d+)")
_UNITS = {"": "条", "¶": "款", "no. ": "项"}
_PART = re.compile(
    r"(?P<act>.*? )?"
    rf"(?:arts?\.? (?P<articles>{_ARTICLE}(?:, {_ARTICLE})*)"
    r"|sec\. (?P<section>\d+)(?: item (?P<item>\d+))?)"
)
_ITEMS = re.compile(r"items? (\d+(?:, \d+)*)")
#: Rules that are cited by what they are about.
_NAMED = {
    each.message: each
    for each in (
        msg_in("clause", "basic charge relief"),
        msg_in("clause", "outage compensation"),
        msg_in("clause", "outage payment"),
        msg_in("clause", "heat season"),
        msg_in("clause", "heat season, by day"),
        msg_in("clause", "heat season, by night"),
    )
}
_DIGITS = "零一二三四五六七八九"


#: Where only the act is known, of which the text that was read gives no article.
_UNSEEN = msg_in("clause", "article not seen")


def clause_in(clause: str, language: str, act: str = "") -> str:
    """The clause as people of this language cite it; `act` is the title that goes without saying.

    >>> clause_in("art. 27 ¶2; arts 24, 130", "zh")
    '第二十七条第二款；第二十四条、第一百三十条'
    >>> clause_in("art. 27 ¶2", "en")
    'art. 27 para. 2'
    >>> clause_in("art. 35 no. 2", "zh")
    '第三十五条第二项'
    >>> clause_in("sec. 5 item 3", "zh"), clause_in("sec. 5 item 3", "en")
    ('（五）第3项', 'sec. 5 item 3')
    >>> clause_in("items 14, 15", "zh"), clause_in("heat season, by day", "zh")
    ('第14项、第15项', '供热期日间')
    >>> clause_in("西安市集中供热条例; art. 2", "en", "西安市集中供热条例")
    'article not seen; art. 2'
    """
    parts = clause.split("; ")
    if act and act in parts:
        between = "；" if language == "zh" else "; "
        unseen = _UNSEEN.to(language)
        return between.join(unseen if e == act else clause_in(e, language) for e in parts)
    if language != "zh":
        return clause.replace("¶", "para. ")
    return "；".join(_chinese(part) for part in parts)


def _chinese(part: str) -> str:
    if items := _ITEMS.fullmatch(part):
        return "、".join(f"第{each}项" for each in items[1].split(", "))
    found = _PART.fullmatch(part)
    if found is None:
        return _NAMED[part].to("zh") if part in _NAMED else part
    act = (found["act"] or "").strip()
    act = f"《{act}》" if act else ""
    if found["section"]:
        item = f"第{found['item']}项" if found["item"] else ""
        return f"{act}（{numeral(int(found['section']))}）{item}"
    return act + "、".join(map(_article, found["articles"].split(", ")))


def _article(text: str) -> str:
    return "".join(
        f"第{numeral(int(number))}{_UNITS[mark]}" for mark, number in _NUMBERED.findall(text)
    )


def numeral(number: int) -> str:
    """A number as Chinese acts write it; above 9999, which no act has, in digits.

    >>> [numeral(n) for n in (5, 10, 12, 20, 27, 105, 110, 130, 1165)]
    ['五', '十', '十二', '二十', '二十七', '一百零五', '一百一十', '一百三十', '一千一百六十五']
    """
    if number > 9999:
        return str(number)
    shown, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        if not (digit := number // unit % 10):
            gap = bool(shown)
            continue
        one = unit == 10 and digit == 1 and not shown  # 十二, but 一百一十二
        shown += ("零" if gap else "") + ("" if one else _DIGITS[digit]) + word
        gap = False
    return shown or _DIGITS[0]
