"""How a line of code lives here: where writes stand, what a file may hold, and what no text may say."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.rooms import PACKAGE, ROOT, committed_texts, lines_with, place, python_files, said_at, tree

LONGEST_FILE = 400
Function = ast.FunctionDef | ast.AsyncFunctionDef
# Who a write is done by: somebody who looks, an id, or a visit without an account.
ACTORS = {"by", "viewer", "visit", "entry", "app"}
# Actions that are told less, each with its reason.
WITHOUT_ACTOR = {
    "clocks/actions/loading.py::load_days_off": "reference data, loaded by the owner at `ruangaman migrate`",
    "clocks/actions/loading.py::load_definitions": "reference data, loaded by the owner at `ruangaman migrate`",
    "ledger/actions.py::authentication_code": "computes a code and writes nothing",
    "access/actions/powers.py::seat": "the owner's, for the first people and the demonstration; later four eyes decide",
    "access/actions/__init__.py::make_key": "a step of a larger write, which names its actor",
    "access/actions/__init__.py::open_dossier": "a step of receiving a report, which names its actor",
    "people/actions/sealing.py::seal_person": "a step of receiving a report, which names its actor",
    "papers/actions/templates.py::load_templates": "texts that are shipped, loaded by the owner at `ruangaman migrate`",
    "places/actions.py::load_places": "reference data, loaded by the owner at `ruangaman migrate`",
}
# These say by their names what comes first: record(verb), locator(code); all but record write nothing.
BY_PLACE = {
    "access/actions/__init__.py::is_erased",
    "intake/actions/drafts.py::drafting",
    "intake/actions/drafts.py::facts_of",
    "intake/actions/drafts.py::key_of_files",
    "intake/actions/drafts.py::resume",
    "intake/actions/drafts.py::told_in",
    "intake/actions/drafts.py::work_for",
    "intake/actions/receiving.py::filing",
    "intake/actions/receiving.py::locator",
    "intake/actions/receiving.py::code_key",
    "intake/actions/receiving.py::wrap_for",
    "intake/actions/receiving.py::thread_key",
    "ledger/actions.py::record",
    "ledger/actions.py::authentication_code",
}
# A step of file_report, which holds the transaction.
IN_ANOTHER = {"intake/actions/receiving.py::receive", "papers/actions/strangers.py::keep"}
UNSAID = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
# Spelled apart so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)", "/simp" + "le/"])
)
CLOCKS = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}
# Where the time is asked for outside kernel.clock, each with its reason.
ASKS_TIME: dict[str, str] = {}


def functions(path: Path) -> Iterator[Function]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def slots(name: str) -> list[Path]:
    """Each room's module or folder of that name."""
    return [p for p in python_files() if p.stem == name or p.parent.name == name]


def arguments(function: Function) -> tuple[list[str], list[str]]:
    """(those that may be given by place, those given by name only)"""
    given = function.args
    return [a.arg for a in (*given.posonlyargs, *given.args)], [a.arg for a in given.kwonlyargs]


def public_actions() -> Iterator[tuple[str, Function]]:
    for path in slots("actions"):
        for function in functions(path):
            if not function.name.startswith("_"):
                yield f"{place(path)}::{function.name}", function


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_actions_take_their_arguments_by_name() -> None:
    by_place = {name for name, function in public_actions() if arguments(function)[0]}
    assert by_place == BY_PLACE


def test_a_write_is_one_transaction() -> None:
    loose = {
        name
        for name, function in public_actions()
        if _writes(function) and not _is_atomic(function) and name not in WITHOUT_ACTOR
    }
    assert loose == IN_ANOTHER


def test_an_action_that_writes_is_told_who_and_when() -> None:
    wrong = []
    for name, function in public_actions():
        named = set(arguments(function)[1])
        if _writes(function) and name not in WITHOUT_ACTOR:
            if not named & ACTORS and not _is_by_the_reporter(function):
                wrong.append(f"{name} has none of {sorted(ACTORS)}")
            if "at" not in named:
                wrong.append(f"{name} has no `at`")
    assert not wrong


def test_the_exceptions_are_still_there() -> None:
    there = {name for name, _function in public_actions()}
    assert WITHOUT_ACTOR.keys() | BY_PLACE | IN_ANOTHER <= there
    assert ASKS_TIME.keys() <= {place(path) for path in python_files()}


def test_reads_take_the_viewer_first_if_at_all() -> None:
    wrong = [
        f"{place(path)}::{function.name}"
        for path in slots("queries")
        for function in functions(path)
        if "viewer" in (given := [*arguments(function)[0], *arguments(function)[1]]) and given[0] != "viewer"
    ]
    assert not wrong


def test_only_the_clock_asks_for_the_time() -> None:
    asked = [
        said_at(path, node.lineno)
        for path in python_files()
        if place(path) != "kernel/clock.py" and place(path) not in ASKS_TIME
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and dotted(node.func) in CLOCKS and not _is_let_off(path, node.lineno)
    ]
    assert not asked


def test_neither_actions_nor_policies_nor_queries_ask_the_clock() -> None:
    below = [*slots("actions"), *slots("policies"), *slots("queries"), *slots("models"), *slots("states")]
    assert not [place(p) for p in below if "clock" in _imported(p)]


def test_models_hold_no_verbs_and_nothing_listens() -> None:
    verbs = {"save", "delete", "full_clean", "clean"}
    wrong = [
        f"{said_at(path, node.lineno)} {node.name}"
        for path in slots("models")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name in verbs
    ]
    wrong += [place(p) for p in python_files() if "signals" in _imported(p) or "receiver" in _imported(p)]
    assert not wrong


def test_every_public_function_of_the_furniture_says_what_it_will_do() -> None:
    silent = []
    for slot in ("actions", "queries", "policies", "panels", "jobs", "sealing", "views"):
        for path in slots(slot):
            for function in functions(path):
                told = ast.get_docstring(function) or ""
                begins = bool(told) if slot == "views" else told.startswith("This will ")
                if not function.name.startswith("_") and not begins:
                    silent.append(f"{place(path)}::{function.name}")
    assert not silent


def test_every_module_says_what_it_is() -> None:
    # A list of addresses, an application's name and empty packages say it by their names.
    # A command has its help.
    named = {"urls", "apps", "__init__"}
    told = [p for p in python_files() if p.stem not in named and p.parent.name != "commands"]
    assert not [place(p) for p in told if not ast.get_docstring(tree(p))]


def test_no_slot_is_a_cellar() -> None:
    cellars = {"utils", "util", "helpers", "helper", "managers", "misc", "common", "lib", "signals"}
    assert not [place(p) for p in python_files() if cellars & {p.stem, *p.relative_to(PACKAGE).parts[:-1]}]


def test_no_file_of_code_is_longer_than_a_person_reads() -> None:
    generated = {"0001_initial.py"}
    sources = [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *PACKAGE.rglob("*.html")]
    long = [
        str(p.relative_to(ROOT)) for p in sources if _length(p) > LONGEST_FILE and p.name not in generated
    ]
    assert not long


def test_nothing_is_left_to_be_done_in_the_code() -> None:
    sources = [p for p in committed_texts() if p.suffix in {".py", ".html", ".js", ".scss", ".yaml", ".toml"}]
    assert not lines_with(UNSAID, [p for p in sources if p.name != Path(__file__).name])


def test_no_text_names_a_package_registry() -> None:
    assert not lines_with(REGISTRIES, committed_texts())


def test_each_dependency_says_why_it_is_here() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    silent = [name for name in wanted if not re.search(re.escape(f'"{name}"') + r",\s*# \w+", text)]
    assert not silent


def test_no_address_of_another_site_stands_in_a_template() -> None:
    assert not lines_with(re.compile(r"(src|href|action)=.https?://"), list(PACKAGE.rglob("*.html")))


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    # The Content-Security-Policy would refuse them without a word.
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE
    )
    assert not lines_with(inline, list(PACKAGE.rglob("*.html")))


def test_titles_of_public_pages_say_nothing_of_violence() -> None:
    telling = re.compile(r"kekerasan|korban|perempuan|anak|lapor", re.IGNORECASE)
    titles = re.compile(r"<title>(.*?)</title>|{% block title %}(.*?){% endblock", re.DOTALL)
    for path in [
        *(PACKAGE / "intake/templates").rglob("*.html"),
        PACKAGE / "kernel/templates/kernel/base_public.html",
    ]:
        for found in titles.finditer(path.read_text()):
            if "base_staff" not in path.read_text():
                assert not telling.search(found[0]), path


def _writes(function: Function) -> bool:
    """Whether a function, as far as its own lines say, changes rows or records something."""
    verbs = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "record"}
    called = {
        dotted(node.func).rpartition(".")[2] for node in ast.walk(function) if isinstance(node, ast.Call)
    }
    return bool(called & verbs)


def _is_atomic(function: Function) -> bool:
    """Whether a function opens a transaction, as its decorator or within."""
    opened = [*function.decorator_list, *(n for n in ast.walk(function) if isinstance(n, ast.Call))]
    return any(dotted(getattr(n, "func", n)) == "transaction.atomic" for n in opened)


def _is_by_the_reporter(function: Function) -> bool:
    """A reporter or client has no id: what they write is recorded as theirs, in what their code or form opens."""
    theirs = {"ActorKind.REPORTER", "ActorKind.CLIENT"}
    return any(isinstance(n, ast.Attribute) and dotted(n) in theirs for n in ast.walk(function))


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names} | set((node.module or "").split("."))
        elif isinstance(node, ast.Import):
            names |= {part for alias in node.names for part in alias.name.split(".")}
    return names


def _is_let_off(path: Path, number: int) -> bool:
    """A line may ask for the time where it says why: ``# noqa: DTZ…`` with a reason."""
    return bool(re.search(r"# noqa: DTZ\d+\s+\w+", path.read_text().splitlines()[number - 1]))


def _length(path: Path) -> int:
    return len(path.read_text().splitlines())
