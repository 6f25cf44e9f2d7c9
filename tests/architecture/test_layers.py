"""Who may import whom, what the pure part may touch, and how large things may grow.

`domain ← services ← adapters ← wiring ← {app.py, web, infra}`: the right imports the left, never the reverse.
"""

from __future__ import annotations

import ast
import sys

import pytest

from tests.architecture.source import ROOT, functions, imports, modules, part

ADAPTERS = frozenset({"platforms", "notifiers", "classifier", "store", "queues", "secrets"})
INSIDE = frozenset({"domain", "errors"})
MAY_IMPORT = {
    "errors": frozenset[str](),
    "domain": INSIDE,
    "services": INSIDE,
    "aws": INSIDE,
    **dict.fromkeys(ADAPTERS, INSIDE | {"services", "aws"}),
    "settings": INSIDE,
    "observability": INSIDE | {"services", "settings"},
    "entry": INSIDE | {"services", "observability"},
    "web": INSIDE | {"services", "settings", "observability", "wiring"},
}
# What would make a decision depend on more than its arguments.
IMPURE = frozenset(
    {"os", "random", "secrets", "time", "socket", "subprocess", "pathlib", "tempfile", "urllib", "http"}
)
IMPURE_CALLS = frozenset({"now", "utcnow", "today", "uuid1", "uuid4", "open", "print", "input"})
LONGEST_FUNCTION = 45
LONGEST_FILE = 350


def layered() -> list[str]:
    return [name for name in modules("chalicelib") if part(name) in MAY_IMPORT]


@pytest.mark.parametrize("name", layered())
def test_a_layer_imports_only_what_stands_left_of_it(name: str) -> None:
    """Adapters never import each other, and nothing but wiring, web and the entry points looks right."""
    own = part(name)
    used = {part(used) for used in imports(modules("chalicelib")[name]) if used.startswith("chalicelib.")}
    assert used - {own} <= MAY_IMPORT[own], f"{name} may not import {sorted(used - {own} - MAY_IMPORT[own])}"


def test_every_part_of_chalicelib_has_a_place_in_the_layers() -> None:
    """A new folder must say here what it may import; only wiring and the package itself may import all."""
    known = MAY_IMPORT.keys() | {"wiring", "chalicelib"}
    assert {part(name) for name in modules("chalicelib")} <= known


@pytest.mark.parametrize("name", [name for name in layered() if part(name) == "domain"])
def test_the_domain_depends_on_its_arguments_alone(name: str) -> None:
    """Standard library only, and of that nothing that reads a clock, chance, the environment or the disk."""
    tree = modules("chalicelib")[name]
    used = {used.split(".")[0] for used in imports(tree)}
    assert used <= sys.stdlib_module_names | {"chalicelib"}
    assert not used & IMPURE
    assert not {called(node) for node in ast.walk(tree) if isinstance(node, ast.Call)} & IMPURE_CALLS


@pytest.mark.parametrize("name", sorted(modules("chalicelib").keys() - {"chalicelib.settings"}))
def test_only_settings_reads_the_environment(name: str) -> None:
    """One place says which settings there are, and reports all that is wrong with them at once."""
    words = {node.attr for node in ast.walk(modules("chalicelib")[name]) if isinstance(node, ast.Attribute)}
    assert not words & {"environ", "getenv", "environb"}


@pytest.mark.parametrize("folder", ["chalicelib", "infra"])
def test_functions_and_files_stay_small(folder: str) -> None:
    """Nothing longer than a screen or two."""
    long_functions = [
        f"{name}.{function.name}"
        for name, tree in modules(folder).items()
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    paths = sorted((ROOT / folder).rglob("*.py"))
    long_files = [str(path) for path in paths if path.read_text().count("\n") > LONGEST_FILE]
    assert (long_functions, long_files) == ([], [])


def called(node: ast.Call) -> str:
    """Return the last word of what is called."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
