"""Reads the project's own sources for the rules below; it imports none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def modules(folder: str) -> dict[str, ast.Module]:
    """Return every module below a folder by its dotted name."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {dotted(path): ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths}


def dotted(path: Path) -> str:
    """Return the name a path is imported by."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.Module) -> Iterator[str]:
    """Yield every module that a tree imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module: str) -> str:
    """Return the layer a module belongs to: `chalicelib.store.keys` is of `store`."""
    words = module.split(".")
    return words[1] if words[0] == "chalicelib" and len(words) > 1 else words[0]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
