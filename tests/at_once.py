"""Two calls of a command at the same time."""

import json
import subprocess
import sys
from typing import Any

_CALL = """
import importlib, sys, time
module = importlib.import_module({module!r})
real = getattr(module, {name!r})
def slowly(*given):
    found = real(*given)
    time.sleep(2)  # between the look and what follows from it
    return found
setattr(module, {name!r}, slowly)
from heatwatch.__main__ import main
sys.argv = ["heatwatch", *{words!r}, "--json"]
main()
"""


def both(module: str, name: str, *words: str) -> list[Any]:
    """What two processes say in JSON, both in this folder; `module.name`, which looks what is there, takes long in each."""
    code = _CALL.format(module=module, name=name, words=words)
    calls = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(2)
    ]
    return [json.loads(each.communicate(timeout=120)[0]) for each in calls]
