"""What a text wants: a command, the code of an alert, and the number of a command that has one.

What is not clear is not guessed. A command without a number takes every digit of the text for its
code, which people write with blanks. One with a number wants two groups of digits: the code, then
the number; or in any order where the unit stands behind the number.
"""

import re
import unicodedata
from typing import NamedTuple

from alerts.inbound.command import Command, Number
from alerts.inbound.commands import commands
from alerts.messages.codes import number_of, plain

#: A command, a code and a number are shorter. [characters]
LONGEST_COMMAND = 100
_DIGITS = "0123456789"
_GROUP = re.compile("[0-9]+")
#: What may stand around a command and its numbers, in compatible forms; a question mark may not.
_MARKS = str.maketrans(
    "", "", " \t\r\n#.,:;=/!-+()[]\"'\u3002\u3001\u3010\u3011\u201c\u201d\u2018\u2019"
)

#: What people write before a code, beside the word of a command.
_BEFORE_CODE = ("告警编号", "编号", "告警", "alert code", "code", "alert")
_DECIMAL = re.compile("-?[0-9]+[.][0-9]+")


class Understood(NamedTuple):
    """What a text says, not yet whether it can be done."""

    command: Command
    code: str
    given: str = ""  # what stands where the command's number belongs; "": nothing
    with_unit: bool = False  # and its unit is written behind it


def understood(text: str) -> Understood | None:
    """What a text wants; None where it is no command.

    >>> [(each.command.name, each.code) for each in map(understood, ["ACK 174", "１７４ 收到"])]
    [('acknowledge', '174'), ('acknowledge', '174')]
    >>> understood("hi")
    """
    if len(text) > LONGEST_COMMAND:
        return None
    seen = _seen(text)
    for command in commands().values():
        words = {word_of(each) for each in command.words}
        if command.number is None:
            found = _with_code(seen, command, words)
        else:
            found = _with_number(seen, command, command.number, words)
        if found is not None:
            return found
    return None


def meant(text: str) -> Command | None:
    """The one command whose word is in a text that is not understood; None: no one command.

    >>> found = meant("please ack no. 174")
    >>> found and found.name
    'acknowledge'
    """
    if len(text) > LONGEST_COMMAND:
        return None
    seen = _seen(text)
    found = [one for one in commands().values() if any(_has(seen, each) for each in one.words)]
    return found[0] if len(found) == 1 else None


def several_codes(code: str) -> bool:
    """Whether these digits are codes of several alerts, each whole by itself.

    Two codes in a row are always a code, too: a check digit says nothing about what stands before.

    >>> several_codes("174 182"), several_codes("1 7 4"), several_codes("174182")
    (True, False, False)
    """
    groups = _GROUP.findall(code)
    return len(groups) > 1 and all(number_of(each) is not None for each in groups)


def _with_code(seen: str, command: Command, words: set[str]) -> Understood | None:
    places = [place for place, each in enumerate(seen) if each in _DIGITS]
    if not places:
        return None
    begin, end = places[0], places[-1] + 1
    code = seen[begin:end]
    said = word_of(seen[:begin]), word_of(seen[end:])
    before, after = (_without_before_code(each) for each in said)
    if (before and after) or code.translate(_MARKS).strip(_DIGITS):
        return None
    if (before, after) != said and not (before or after):  # "alert 174" says nothing of it
        return None
    return Understood(command, code) if (before or after) in words else None


def _with_number(seen: str, command: Command, number: Number, words: set[str]) -> Understood | None:
    groups = list(_GROUP.finditer(seen))
    if not groups:
        return None
    rest, measured = [_without_before_code(word_of(seen[: groups[0].start()]))], []
    ends = [each.start() for each in groups[1:]] + [len(seen)]
    for place, (group, end) in enumerate(zip(groups, ends, strict=True)):
        said = _without_before_code(word_of(seen[group.end() : end]))
        left = _without_unit(said, number, words)
        rest.append(left)
        if left != said:
            measured.append(place)
    if [each for each in rest if each] not in [[word] for word in words]:
        return None
    if 0 in measured:
        return _number_first(seen, command, groups) if measured == [0] else None
    given = _given(seen, groups[1:])
    codes = [groups[0][0], *_other_codes(given, groups, measured)]
    return Understood(command, " ".join(codes), given, with_unit=bool(measured))


def _number_first(seen: str, command: Command, groups: list[re.Match[str]]) -> Understood | None:
    """Said by the unit behind it; what follows is the code, or several."""
    code = seen[groups[1].start() : groups[-1].end()] if len(groups) > 1 else ""
    if not code or code.translate(_MARKS).strip(_DIGITS):
        return None
    return Understood(command, code, groups[0][0], with_unit=True)


def _other_codes(given: str, groups: list[re.Match[str]], measured: list[int]) -> list[str]:
    """Codes behind the first one where more than one number follows it: `13 25, 21 18`."""
    if len(groups) < 3 or _DECIMAL.fullmatch(given) or number_of(groups[0][0]) is None:
        return []
    bare = [each[0] for place, each in enumerate(groups) if place and place not in measured]
    return [each for each in bare if number_of(each) is not None]


def _without_unit(said: str, number: Number, words: set[str]) -> str:
    """What is left of a text behind digits without the unit that it begins with."""
    if said in words:
        return said
    for unit in sorted(map(word_of, number.units), key=len, reverse=True):
        if said.startswith(unit) and said[len(unit) :] in {"", *words}:
            return said[len(unit) :]
    return said


def _given(seen: str, groups: list[re.Match[str]]) -> str:
    """What stands from the first to the last of these digits, a minus before them included.

    A minus has a blank before it and none behind: between numbers it is a dash.
    """
    if not groups:
        return ""
    begin = groups[0].start()
    if begin > 1 and seen[begin - 1] == "-" and seen[begin - 2].isspace():
        begin -= 1
    return seen[begin : groups[-1].end()]


def _without_before_code(said: str) -> str:
    """A word without what people write between it and the code."""
    for each in map(word_of, _BEFORE_CODE):
        if said.endswith(each):
            return said.removesuffix(each)
    return said


def _has(seen: str, word: str) -> bool:
    """Whether a word of at least two letters is in a text, in Latin letters by itself."""
    word = plain(word)
    if len(word) < 2 or not word.isascii():
        return len(word) > 1 and word in seen
    return re.search(f"(?<![a-z]){re.escape(word)}(?![a-z])", seen) is not None


def _seen(text: str) -> str:
    """A text without characters that nobody sees, full-width ones as the usual."""
    return "".join(each for each in plain(text) if unicodedata.category(each) != "Cf")


def word_of(text: str) -> str:
    """A word as it is compared: without marks and blanks, in lower case."""
    return plain(text).translate(_MARKS)
