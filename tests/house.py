"""The rules of the house that a machine can keep, each over a folder: what breaks it, as lines."""

import ast
import gc
import re
import statistics
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from domain.collector import collector_paused

ROOMS = (
    "heatwatch", "dashboards", "reports", "alerts", "cases",
    "analytics", "ingest", "store", "domain", "simulators",
)  # fmt: skip
#: The only file that reads the environment, and those that read TOML with why.
READS_ENVIRONMENT = {"heatwatch/config.py"}
READS_TOML = {
    "heatwatch/config.py",  # heatwatch.toml
    "analytics/law/policy_texts.py",  # policies are data
    "ingest/drivers/load.py",  # drivers are data
    "heatwatch/services/backing_up.py",  # heatwatch.toml is copied without secrets
    "heatwatch/services/restoring.py",  # heatwatch.toml names the restored stores
    "heatwatch/services/connecting.py",  # feeds are added to heatwatch.toml
    "heatwatch/cli/readings_import.py",  # the mapping of an import, a file that the call names
}
MOST_LINES = 400
#: Trees of so many files are worth a search for cycles, after which none looks at them again.
MANY = 100
#: STYLE, section 1: half of all functions have no more lines.
MEDIAN_LINES = 8
KERNELS_MAY_IMPORT = {"numpy", "numba"}


def texts(root: Path, folders: Iterable[str] = ROOMS) -> Iterator[tuple[str, str]]:
    """(path from the root, text) of every Python file of these folders."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def sources(root: Path, folders: Iterable[str] = ROOMS) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of every Python file of these folders."""
    yield from parsed(texts(root, folders))


def parsed(files: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ast.Module]]:
    """(path, syntax tree) of these (path, text), each text once for all rules, which only look.

    Many trees live as long as the tests: no search for cycles need look at them again. It is made
    before they are there, or the open files of what other tests left would stay for good.
    """
    files = list(files)
    new = {text for _, text in files} - _TREES.keys()
    if len(new) > MANY:
        gc.collect()
    with collector_paused():
        _TREES.update({text: ast.parse(text) for text in new})
        if len(new) > MANY:
            gc.freeze()
    yield from ((path, _TREES[text]) for path, text in files)


_TREES: dict[str, ast.Module] = {}


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """What `ast.walk` gives without expressions, which no import and no function stands in."""
    waiting = deque[ast.AST]([tree])
    while waiting:
        node = waiting.popleft()
        yield node
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            waiting.extend(getattr(node, name, ()))


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, module) of every import, relative ones with their dots."""
    for node in statements(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


# --- numbers say their unit ---------------------------------------------------------------


def _is_float(annotation: ast.expr | None) -> bool:
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.right, ast.Constant):
        annotation = annotation.left  # float | None
    return isinstance(annotation, ast.Name) and annotation.id == "float"


def _says_unit(name: str, doc: str) -> bool:
    """The parameter stands in the docstring, and a [unit] before the next paragraph."""
    return bool(re.search(rf"\b{re.escape(name)}\b(?:(?!\n\s*\n)[\s\S])*?\[[^\]\n]+\]", doc))


Documented = ast.FunctionDef | ast.ClassDef


def _public_functions(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, list[Documented]]]:
    """(function, whose docstrings tell of it) of the module and of its public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node, [node]
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                    yield each, [node, each]
                elif isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                    yield each, [each]


def _told(documented: Iterable[Documented]) -> str:
    return "\n\n".join(ast.get_docstring(each) or "" for each in documented)


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    given = function.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def floats_without_unit(root: Path) -> list[str]:
    """Float parameters of public functions whose docstring gives no [unit].

    Commands are left out: their options say the unit in the help text.
    """
    return [
        f"{path}:{function.lineno} {function.name}({each.arg}) has no [unit]"
        for path, tree in sources(root)
        if not path.startswith("heatwatch/cli/")
        for function, documented in _public_functions(tree)
        for each in _arguments(function)
        if _is_float(each.annotation) and not _says_unit(each.arg, _told(documented))
    ]


# --- one door for configuration -------------------------------------------------------------


#: Without one of these words no file does: most need no walk.
_OF_ENVIRONMENT = re.compile("environ|getenv|pydantic_settings|dotenv")


def unsaid_excepts(root: Path) -> list[str]:
    """Handlers that catch every exception and do not say in their line why they have to."""
    found = []
    for path, tree in sources(root):
        handlers = [each for each in statements(tree) if isinstance(each, ast.ExceptHandler)]
        lines = (root / path).read_text(encoding="utf-8").splitlines() if handlers else []
        for node in handlers:
            everything = node.type is None or getattr(node.type, "id", "") == "Exception"
            if everything and "  # " not in lines[node.lineno - 1]:
                found.append(f"{path}:{node.lineno}")
    return found


def _reads_environment(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "environb" | "getenv"):
            return True
        case ast.ImportFrom(module="os", names=names):
            return any(each.name in {"environ", "environb", "getenv"} for each in names)
        case ast.ImportFrom(module="pydantic_settings") | ast.ImportFrom(module="dotenv"):
            return True
    return False


def environment_readers(root: Path) -> list[str]:
    """Places that read the environment and are not heatwatch/config.py."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)} reads the environment"
        for path, tree in sources(root)
        if path not in READS_ENVIRONMENT
        and _OF_ENVIRONMENT.search((root / path).read_text("utf-8"))
        for node in ast.walk(tree)
        if _reads_environment(node)
    ]


def toml_readers(root: Path) -> list[str]:
    """Files that read TOML and are not in the list."""
    return [
        f"{path}:{line} reads TOML"
        for path, tree in sources(root)
        for line, module in imported(tree)
        if module.split(".")[0] in {"tomllib", "tomli", "tomlkit"} and path not in READS_TOML
    ]


def constants_given_twice(root: Path) -> list[str]:
    """Names of a file that it gives a value a second time: the first is read by nobody."""
    found = []
    likely = ((p, t) for p, t in texts(root, (*ROOMS, "tests")) if _may_give_twice(t))
    for path, tree in parsed(likely):
        known = set()
        for node in tree.body:
            single = [node.target] if isinstance(node, ast.AnnAssign) and node.value else []
            targets = node.targets if isinstance(node, ast.Assign) else single
            for each in targets:
                if isinstance(each, ast.Name) and each.id in known:
                    found.append(f"{path}:{node.lineno} gives {each.id} a value again")
                if isinstance(each, ast.Name):
                    known.add(each.id)
    return found


def _may_give_twice(text: str) -> bool:
    """Whether a name stands before a `=` or `:` at the begin of two lines, or of one with others."""
    names = _GIVEN.findall(text)
    return len(names) > len(set(names)) or bool(_WITH_OTHERS.search(text))


_GIVEN = re.compile(r"^(\w+)\s*[=:]", re.MULTILINE)
_WITH_OTHERS = re.compile(r"^\w.*;|^\w+\s*=\s*\w+\s*=[^=]", re.MULTILINE)


# --- kernels --------------------------------------------------------------------------------


def kernel_files(root: Path) -> list[tuple[str, ast.Module]]:
    """Every file of a folder `kernels`, and every `kernels.py`."""
    return [
        (path, tree)
        for path, tree in sources(root)
        if "kernels" in Path(path).parts or Path(path).name == "kernels.py"
    ]


def kernels_with_other_imports(root: Path) -> list[str]:
    """Kernels that import more than numpy and numba; a package's __init__ may name its own files.

    numba keeps compiled code by a function's own file: only where a folder has a `cached.py` that
    counts all of its files may these import each other.
    """
    found = []
    for path, tree in kernel_files(root):
        if Path(path).name == "cached.py":
            continue
        home = Path(path).parent.as_posix().replace("/", ".")
        together = (root / path).with_name("cached.py").exists()
        for line, module in imported(tree):
            own = (together or Path(path).name == "__init__.py") and (module + ".").startswith(
                (home + ".", ".")
            )
            if module.split(".")[0] not in KERNELS_MAY_IMPORT and not own:
                found.append(f"{path}:{line} imports {module}")
    return found


# --- size and repository --------------------------------------------------------------------


def long_files(root: Path, files: Iterable[str]) -> list[str]:
    """Source files of ours longer than the house allows; migrations are written by Alembic."""
    found = []
    for name in files:
        if "/migrations/versions/" in name or not name.endswith(
            (".py", ".js", ".sh", ".html", ".j2", ".css")
        ):
            continue
        lines = len((root / name).read_text("utf-8").splitlines())
        if lines > MOST_LINES:
            found.append(f"{name} has {lines} lines, more than {MOST_LINES}")
    return found


def function_lines(root: Path) -> list[int]:
    """Lines of every function of the rooms, sorted; a decorator counts, what it holds counts twice."""
    return sorted(
        (node.end_lineno or 0) - min(each.lineno for each in (node, *node.decorator_list)) + 1
        for path, tree in sources(root)
        if "/migrations/versions/" not in path
        for node in statements(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def long_functions(root: Path) -> list[str]:
    """What the median function has too much, with the ninth decile for the reader."""
    lines = function_lines(root)
    median, ninth = statistics.median(lines), lines[len(lines) * 9 // 10]
    if median <= MEDIAN_LINES:
        return []
    return [f"the median function has {median:g} lines, more than {MEDIAN_LINES} (p90: {ninth})"]


# --- mirrors, addresses and dependencies ---------------------------------------------------


def mirror_of(module: str) -> str:
    """Where the tests of a module stand: `x/y.py` -> `tests/x/test_y.py`."""
    path = Path(module)
    return f"tests/{path.parent.as_posix()}/test_{path.stem}.py"


def modules(files: Iterable[str]) -> list[str]:
    """The modules of the rooms that have tests of their own; no packages, no migrations."""
    return [
        name
        for name in files
        if name.split("/")[0] in {*ROOMS, "scripts"} and name.endswith(".py")
        if not name.endswith("__init__.py") and "/migrations/versions/" not in name
    ]


def without_mirror(files: Iterable[str]) -> list[str]:
    """Modules whose test is not where it should be."""
    there = set(files)
    return [name for name in modules(there) if mirror_of(name) not in there]


ADDRESSES = re.compile(
    r"(index[-_]url\s*[=:]?\s*https?:|--find-links\s|\"resolved\"\s*:|registry\s*=\s*http"
    r"|https?://[\w.-]+/(simple|packages)\b|https?://registry\.)"
)


def index_addresses(root: Path, files: Iterable[str]) -> list[str]:
    """Committed lines that tie the clone to one package index."""
    found = []
    for name in files:
        try:
            text = (root / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # pictures
        for number, line in enumerate(text.splitlines(), 1):
            if ADDRESSES.search(line) and name not in {"tests/house.py", "tests/test_house.py"}:
                found.append(f"{name}:{number} names a package index")
    return found


#: Used without an import of ours, and how.
USED_UNSEEN = {
    "tzdata": "zones on machines without their own",
    "psycopg": "SQLAlchemy's driver for postgresql+psycopg://",
}


def unused_dependencies(
    root: Path, dependencies: Iterable[str], distributions: dict[str, list[str]]
) -> list[str]:
    """Declared dependencies that no room imports: the lock stays as small as the need."""
    used = {
        module.split(".")[0]
        for _, tree in sources(root)
        for _, module in imported(tree)
        if not module.startswith(".")
    }
    shipped_by = {
        re.sub(r"[-_.]+", "-", name).lower()
        for module in used
        for name in distributions.get(module, [])
    }
    names = [re.split(r"[\[=<>!~; ]", each)[0].lower() for each in dependencies]
    return [
        f"{each} is never imported" for each in names if each not in {*shipped_by, *USED_UNSEEN}
    ]


def foreign_rooms(distributions: dict[str, list[str]]) -> list[str]:
    """Rooms whose name another installed distribution ships, too."""
    return [
        f"{room} is also shipped by {other}"
        for room in ROOMS
        for other in sorted(set(distributions.get(room, [])) - {"heatwatch"})
    ]
