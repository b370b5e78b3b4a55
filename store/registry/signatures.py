"""How many people signed a measurement record."""

import re

_BETWEEN = re.compile(r"[;；,，、/&+\n]| and ")  # 和 stands in names


def signatures(signed_by: str) -> int:
    """How many different names stand in a record's `signed_by`.

    >>> [signatures(each) for each in ("", " ", "张三", "张三, 李四", "张三；张三", "Li Wei and Wu Hao")]
    [0, 0, 1, 2, 1, 2]
    """
    names = (each.strip() for each in _BETWEEN.split(signed_by))
    return len({each for each in names if each})
