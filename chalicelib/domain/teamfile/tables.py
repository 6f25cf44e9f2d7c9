"""Reading TOML tables: each asks for the keys it knows, and whatever is left over is a fault.

Faults are collected, never raised, so that a person sees them all at once; a faulty value reads as None.
It must not know which keys exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import TypeVar

from chalicelib.domain.oncall_words import Misworded
from chalicelib.domain.teamfile.faults import Fault

T = TypeVar("T")


class Table:
    """One table of the file, at ``path``; all tables of a file share one list of ``faults``."""

    def __init__(self, values: Mapping[str, object], path: str, faults: list[Fault]) -> None:
        self.path = path
        self._values = values
        self._faults = faults
        self._known: list[str] = []

    def at(self, key: str) -> str:
        """Return the path of a key of this table."""
        return f"{self.path}.{key}" if self.path else key

    def fault(self, key: str, wrong: str, write: str) -> None:
        """Note that a key's value is wrong."""
        self._faults.append(Fault(self.at(key) if key else self.path, wrong, write))

    def text(self, key: str, write: str | None = None) -> str | None:
        """Read a string; dates and times written bare become their words. ``write`` demands it."""
        value = self._take(key, write)
        if isinstance(value, datetime):
            return value.isoformat(" ")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self._typed(key, value, str, f'a string in quotes: {key} = "…"')

    def prose(self, key: str) -> str | None:
        """Read a string that people will read; a number is none."""
        return self._typed(key, self._take(key, None), str, f'a string in quotes: {key} = "…"')

    def number(self, key: str, write: str) -> float | None:
        """Read a number; ``write`` says how."""
        value = self._take(key, None)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self.fault(key, "it is not a number", write)
        return None

    def word(self, key: str, read: Callable[[str], T], write: str | None = None) -> T | None:
        """Read a string's meaning; a reader that raises ``Misworded`` makes a fault."""
        words = self.text(key, write)
        return None if words is None else self.meaning(key, words, read)

    def meaning(self, key: str, words: str, read: Callable[[str], T]) -> T | None:
        """Return what the words mean, or note why they mean nothing."""
        try:
            return read(words)
        except Misworded as fault:
            self.fault(key, fault.wrong, fault.write)
            return None

    def texts(self, key: str, write: str | None = None) -> tuple[str, ...]:
        """Read a list of strings; one string alone stands for a list of one."""
        value = self._take(key, write)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str | date) else value
        if isinstance(listed, list) and all(isinstance(item, str | date) for item in listed):
            return tuple(map(str, listed))
        self.fault(key, "it is not a list of strings", f'write {key} = ["…", "…"]')
        return ()

    def words(self, key: str, read: Callable[[str], T], write: str | None = None) -> tuple[T, ...]:
        """Read a list of strings' meanings, leaving out those that have none."""
        texts = self.texts(key, write)
        paths = (f"{key}[{n}]" if isinstance(self._values.get(key), list) else key for n in range(len(texts)))
        meanings = (self.meaning(path, text, read) for path, text in zip(paths, texts, strict=True))
        return tuple(meaning for meaning in meanings if meaning is not None)

    def table(self, key: str) -> Table:
        """Read a table; one that is absent is empty."""
        return self._child(self._take(key, None), key)

    def named(self, key: str) -> Iterator[tuple[str, Table]]:
        """Read ``[key.name]`` tables by name."""
        inner = self.table(key)
        for name in inner.names():
            yield name, inner.table(name)

    def tables(self, key: str) -> Iterator[Table]:
        """Read ``[[key]]`` tables in order."""
        value = self._take(key, None)
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(key, "it is not a list of tables", f"write [[{self.at(key)}]] before each")
            return
        for n, item in enumerate(value):
            yield self._child(item, f"{key}[{n}]")

    def names(self) -> tuple[str, ...]:
        """Return the keys that are there."""
        return tuple(self._values)

    def close(self) -> None:
        """Note every key nobody asked for."""
        for key in self._values:
            if key not in self._known:
                self.fault(key, "nothing reads this key", self._suggestion(key))

    def _suggestion(self, key: str) -> str:
        close = get_close_matches(key, self._known, 1)
        known = ", ".join(self._known)
        return f"did you mean {close[0]!r}?" if close else f"remove it; the keys here are: {known}"

    def _take(self, key: str, write: str | None) -> object:
        self._known.append(key)
        value = self._values.get(key)
        if value is None and write is not None:
            self.fault(key, "it is missing", write)
        return value

    def _child(self, value: object, key: str) -> Table:
        if value is not None and not isinstance(value, Mapping):
            self.fault(key, "it is not a table", f"write [{self.at(key)}] and its keys below")
            value = None
        return Table(value or {}, self.at(key), self._faults)

    def _typed(self, key: str, value: object, kind: type[T], write: str) -> T | None:
        if value is None or isinstance(value, kind):
            return value
        self.fault(key, f"it is {type(value).__name__}, and must be a text", f"write {write}")
        return None
