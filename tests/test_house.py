"""The house's rules hold, and each of them fires when it is broken."""

import re
import subprocess
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests import house
from tests.servers.programs import ROOT
from tests.twice import written_twice


def committed() -> list[str]:
    """The files of the repository; outside a clone, those of the rooms."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for path, _ in house.sources(ROOT, (*house.ROOMS, "tests"))]


def test_every_float_parameter_of_a_public_function_says_its_unit() -> None:
    assert house.floats_without_unit(ROOT) == []


def test_whoever_catches_everything_says_why_in_its_line(tmp_path: Path) -> None:
    assert house.unsaid_excepts(ROOT) == []
    (tmp_path / "alerts").mkdir()
    said = "  # of any library"
    lines = ("try:", "    pass", "except Exception:", "    pass")
    for broken, end in ((True, ""), (False, said)):
        text = "\n".join(lines).replace("Exception:", f"Exception:{end}")
        (tmp_path / "alerts/a.py").write_text(f"{text}\n", encoding="utf-8")
        assert house.unsaid_excepts(tmp_path) == (["alerts/a.py:3"] if broken else [])


def test_only_the_configuration_reads_the_environment() -> None:
    assert house.environment_readers(ROOT) == []


def test_only_named_files_read_toml() -> None:
    assert house.toml_readers(ROOT) == []


def test_no_file_gives_a_constant_twice() -> None:
    assert house.constants_given_twice(ROOT) == []


def test_kernels_import_numpy_and_numba_only() -> None:
    assert house.kernel_files(ROOT), "no kernels found: the rule looks in the wrong place"
    assert house.kernels_with_other_imports(ROOT) == []


def test_no_file_of_ours_is_longer_than_four_hundred_lines() -> None:
    assert house.long_files(ROOT, committed()) == []


def test_half_of_all_functions_have_at_most_eight_lines() -> None:
    lines = house.function_lines(ROOT)
    print(f"{len(lines)} functions, p90 {lines[len(lines) * 9 // 10]} lines")
    assert len(lines) > 1000
    assert house.long_functions(ROOT) == []


KERNELS = "analytics/kernels/"
#: Code that may stand twice, and why.
TWINS = {
    frozenset({f"{KERNELS}sums.py"}): (
        "two loops that differ inside: sharing them through a generator was five times slower"
    ),
}


def test_no_six_lines_of_a_function_stand_twice() -> None:
    assert written_twice(ROOT, (*house.ROOMS, "scripts", "tests"), TWINS) == []


def test_an_allowed_pair_that_shares_nothing_is_named(tmp_path: Path) -> None:
    pair = frozenset({"alerts/a.py", "alerts/b.py"})
    assert written_twice(tmp_path, ("alerts",), {pair: "why"}) == [
        "alerts/a.py and alerts/b.py share nothing"
    ]


def test_no_committed_file_names_a_package_index() -> None:
    assert house.index_addresses(ROOT, committed()) == []


def test_no_other_distribution_ships_a_rooms_name() -> None:
    shipped = packages_distributions()
    assert "numpy" in shipped
    assert house.foreign_rooms(dict(shipped)) == []


def test_every_dependency_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["bench"], *extras["dask"]]
    assert house.unused_dependencies(ROOT, wanted, dict(packages_distributions())) == []


def test_a_dependency_that_nothing_imports_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "lake.py").write_text("import paho.mqtt.client\n")
    shipped = {"paho": ["paho_mqtt"], "xxhash": ["xxhash"]}
    wanted = ["paho-mqtt==2.2.0", "xxhash==4.1.0", "tzdata==2026.6"]
    found = house.unused_dependencies(tmp_path, wanted, shipped)
    assert found == ["xxhash is never imported"]


SIX = "".join(f"    a += {i}\n" for i in range(5)) + "    return a\n"
Rule = Callable[[Path], list[str]]
BROKEN: list[tuple[str, Rule, str, str, str]] = [
    (
        "a float without unit",
        house.floats_without_unit,
        "analytics/heat.py",
        'def loss(flow: float) -> None:\n    """Heat lost at a flow."""\n',
        "loss(flow) has no [unit]",
    ),
    (
        "a float without docstring, in a method",
        house.floats_without_unit,
        "analytics/heat.py",
        "class Loss:\n    def at(self, *, after: float | None = None) -> None: ...\n",
        "at(after) has no [unit]",
    ),
    (
        "a unit that belongs to another parameter's paragraph",
        house.floats_without_unit,
        "analytics/heat.py",
        'def loss(flow: float) -> None:\n    """Heat lost at a flow.\n\n    Given in [kW].\n    """\n',
        "loss(flow) has no [unit]",
    ),
    (
        "os.environ",
        house.environment_readers,
        "store/door.py",
        'import os\nURL = os.environ["URL"]\n',
        "store/door.py:2 reads the environment",
    ),
    (
        "getenv by name",
        house.environment_readers,
        "store/door.py",
        "from os import getenv\n",
        "store/door.py:1 reads the environment",
    ),
    (
        "tomllib outside the list",
        house.toml_readers,
        "alerts/door.py",
        "import tomllib\n",
        "alerts/door.py:1 reads TOML",
    ),
    (
        "a constant that is there already",
        house.constants_given_twice,
        "alerts/shown.py",
        "SHOWN = 10\nMORE: int = 3\nSHOWN: int = 10\n",
        "alerts/shown.py:3 gives SHOWN a value again",
    ),
    (
        "a constant that stands in a chain",
        house.constants_given_twice,
        "alerts/shown.py",
        "SHOWN = 10\nMORE = SHOWN = 3\n",
        "alerts/shown.py:2 gives SHOWN a value again",
    ),
    (
        "a constant in the line of another",
        house.constants_given_twice,
        "alerts/shown.py",
        "SHOWN = 10; SHOWN = 3\n",
        "alerts/shown.py:1 gives SHOWN a value again",
    ),
    (
        "a kernel that imports json",
        house.kernels_with_other_imports,
        "analytics/kernels/sums.py",
        "import json\nimport numpy as np\n",
        "analytics/kernels/sums.py:1 imports json",
    ),
    (
        "a kernel that imports a kernel of another file",
        house.kernels_with_other_imports,
        "ingest/kernels/frames.py",
        "from ingest.kernels.hashes import mix\n",
        "ingest/kernels/frames.py:1 imports ingest.kernels.hashes",
    ),
    (
        "a kernel that imports inside a function",
        house.kernels_with_other_imports,
        "store/readings/kernels.py",
        "def f() -> None:\n    import math\n",
        "store/readings/kernels.py:2 imports math",
    ),
    (
        "a long file",
        lambda root: house.long_files(root, ["alerts/long.py"]),
        "alerts/long.py",
        "x = 1\n" * 401,
        "alerts/long.py has 401 lines, more than 400",
    ),
    (
        "long functions",
        house.long_functions,
        "alerts/long.py",
        "".join(f"def f{i}() -> None:\n" + "    x = 1\n" * (i + 6) for i in range(5)),
        "the median function has 9 lines, more than 8 (p90: 11)",
    ),
    (
        "six lines that stand twice, with other spaces and comments",
        written_twice,
        "alerts/twice.py",
        "def f(a: int) -> int:\n"
        + SIX
        + "class G:\n    def g(self, a: int) -> int:\n"
        + SIX.replace("    ", "        ").replace("a += 3", "# why\n        a += 3"),
        "alerts/twice.py:10 stands at alerts/twice.py:2 already",
    ),
    (
        "six lines that stand twice, once around a decorator",
        written_twice,
        "alerts/twice.py",
        "def f(a: int) -> int:\n"
        + SIX.replace("    a += 3", "    def h() -> int:\n        return 3\n    a += 3")
        + "def g(a: int) -> int:\n"
        + SIX.replace(
            "    a += 3", "    @cache\n    def h() -> int:\n        return 3\n    a += 3"
        ),
        "alerts/twice.py:11 stands at alerts/twice.py:2 already",
    ),
    (
        "an index in a lock",
        lambda root: house.index_addresses(root, ["requirements/run.txt"]),
        "requirements/run.txt",
        "--index_url https://example.org/simple\n",
        "requirements/run.txt:1 names a package index",
    ),
    (
        "a registry in an npm lock",
        lambda root: house.index_addresses(root, ["package-lock.json"]),
        "package-lock.json",
        '{\n"resolved": "https://example.org/smpp-0.5.1.tgz"}\n',
        "package-lock.json:2 names a package index",
    ),
]


@pytest.mark.parametrize(
    ("rule", "file", "text", "expected"), [each[1:] for each in BROKEN], ids=[e[0] for e in BROKEN]
)
def test_a_rule_fires_when_it_is_broken(
    tmp_path: Path, rule: Rule, file: str, text: str, expected: str
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    found = rule(tmp_path)
    assert [line for line in found if line.endswith(expected)], found


ALLOWED: list[tuple[str, Rule, str, str]] = [
    (
        "a unit in the sentence",
        house.floats_without_unit,
        "ingest/wait.py",
        'def wait(seconds: float) -> None:\n    """Waits up to `seconds` [s]."""\n',
    ),
    (
        "a unit in a table of parameters",
        house.floats_without_unit,
        "ingest/wait.py",
        'def wait(hold: float) -> None:\n    """Waits.\n\n    hold : float\n        Time. [s]\n    """\n',
    ),
    (
        "the configuration itself",
        house.environment_readers,
        "heatwatch/config.py",
        'import os\nURL = os.environ.get("URL")\n',
    ),
    (
        "five lines that stand twice",
        written_twice,
        "alerts/twice.py",
        "def f(a: int) -> int:\n" + SIX + "def g(a: int) -> int:\n" + SIX.replace("+= 0", "= 0"),
    ),
    (
        "a package of kernels that names its own",
        house.kernels_with_other_imports,
        "analytics/kernels/__init__.py",
        "from analytics.kernels.sums import degree_hours\n",
    ),
]


@pytest.mark.parametrize(
    ("rule", "file", "text"), [each[1:] for each in ALLOWED], ids=[e[0] for e in ALLOWED]
)
def test_a_rule_lets_good_code_be(tmp_path: Path, rule: Rule, file: str, text: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert rule(tmp_path) == []


def test_a_distribution_with_a_rooms_name_is_named() -> None:
    shipped = {"store": ["heatwatch", "store-pkg"], "numpy": ["numpy"], "alerts": ["heatwatch"]}
    assert house.foreign_rooms(shipped) == ["store is also shipped by store-pkg"]


def test_contributing_and_readme_name_files_that_exist() -> None:
    """Paths in backticks; ALL-CAPS parts stand for a name to choose."""
    documents = [
        "CONTRIBUTING.md",
        "README.md",
        *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")),
    ]
    for document in documents:
        text = (ROOT / document).read_text("utf-8")
        paths = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text)
        ours = [path for path in paths if path.split("/")[0] in {*house.ROOMS, "tests", "docker"}]
        missing = [p for p in ours if not re.search(r"[A-Z]{2}", p) and not (ROOT / p).exists()]
        assert missing == [], document
