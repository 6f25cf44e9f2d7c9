"""Playbooks as immutable versions: proposed, shown, put in force without a deploy.

A version is the files' own text. One pointer says which is in force, moved by optimistic lock. What fits a case is
``playbooks``'s to say.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.playbook_files import Names, PlaybookFindings, read_playbooks
from chalicelib.domain.playbook_rows import ActivePlaybooks, PlaybookVersion
from chalicelib.domain.playbooks import Playbook
from chalicelib.domain.teamfile.faults import Fault
from chalicelib.errors import Conflict, Misconfigured, NotFound
from chalicelib.services.ports import Clock, Lost, Put, Store, Write

FRESH = timedelta(seconds=30)
"""How old the version in force may be when it is read from memory."""


class PlaybookFaults(Misconfigured):
    """Everything that is wrong with the playbooks. ``faults`` is never empty."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the playbooks"
        super().__init__("\n  ".join((f"{count}:", *map(str, faults))))


@dataclass(frozen=True, slots=True)
class PlaybookProposal:
    """A version that could be put in force: what is wrong with it, and what it adds, changes and drops."""

    version: PlaybookVersion
    findings: PlaybookFindings
    replaces: ActivePlaybooks | None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Tell whether it says what the version in force says."""
        return self.replaces is not None and self.replaces.version == self.version.id


class PlaybookVersions:
    """The playbooks as the installation knows them."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._read: tuple[datetime, str, tuple[Playbook, ...]] | None = None

    def current(self, known: Names) -> tuple[Playbook, ...]:
        """Return the playbooks in force, at most 30 s old; none before the first push.

        They were right when they were pushed: what the team file has dropped since is no fault now.
        """
        now = self._clock.now()
        if self._read is not None and timedelta(0) <= now - self._read[0] < FRESH:
            return self._read[2]
        active = self._store.get(ActivePlaybooks)
        if active is None:
            return ()
        same = self._read is not None and self._read[1] == active.version
        found = self._read[2] if same and self._read else self._parsed(active.version, known)
        self._read = now, active.version, found
        return found

    def stored(self, version: str | None = None) -> PlaybookVersion:
        """Return a version's row, or that in force. Raises: NotFound."""
        name = version or self._in_force().version
        row = self._store.get(PlaybookVersion, name)
        if row is None:
            raise NotFound(f"there is no version {name!r} of the playbooks")
        return row

    def propose(self, files: Mapping[str, str], known: Names, *, by: str) -> PlaybookProposal:
        """Say what the files would change, and change nothing. Raises: Misconfigured when one is no TOML."""
        version = _version_of(files, self._clock.now(), by)
        active = self._store.get(ActivePlaybooks)
        before = dict(self.stored(active.version).files) if active else {}
        findings = examined(files, known)
        both = files.keys() & before.keys()
        return PlaybookProposal(
            version,
            findings,
            active,
            added=tuple(sorted(files.keys() - before.keys())),
            changed=tuple(sorted(name for name in both if files[name] != before[name])),
            dropped=tuple(sorted(before.keys() - files.keys())),
        )

    def activate(self, proposal: PlaybookProposal) -> None:
        """Put a proposal in force. Raises: PlaybookFaults, or Conflict when another came first."""
        if proposal.findings.faults:
            raise PlaybookFaults(proposal.findings.faults)
        if proposal.is_in_force:
            return
        version, replaces = proposal.version, proposal.replaces
        rev = 1 if replaces is None else replaces.rev + 1
        pointer = ActivePlaybooks(version.id, self._clock.now(), version.by, rev)
        try:
            self._store.commit(*self._unless_kept(version), Put(pointer))
        except Lost as lost:
            sentence = "the playbooks were changed meanwhile: look at the changes again and push again"
            raise Conflict(sentence) from lost
        self._read = None

    def _unless_kept(self, version: PlaybookVersion) -> Iterator[Write]:
        if self._store.get(PlaybookVersion, version.id) is None:
            yield Put(version)

    def _parsed(self, version: str, known: Names) -> tuple[Playbook, ...]:
        return examined(dict(self.stored(version).files), known).playbooks

    def _in_force(self) -> ActivePlaybooks:
        active = self._store.get(ActivePlaybooks)
        if active is None:
            raise NotFound("no playbooks have been pushed: python -m infra playbooks push")
        return active


def examined(files: Mapping[str, str], known: Names) -> PlaybookFindings:
    """Read the files and say everything about them, those that are no TOML included."""
    documents: dict[str, Mapping[str, object]] = {}
    unread: list[Fault] = []
    for name, text in files.items():
        try:
            documents[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            unread.append(Fault(name, f"it is not TOML: {fault}", "mend it there"))
    found = read_playbooks(documents, known)
    return replace(found, faults=(*unread, *found.faults))


def _version_of(files: Mapping[str, str], at: datetime, by: str) -> PlaybookVersion:
    """Return the row; its id follows from what it says, so that the same files are the same version."""
    listed = tuple(sorted(files.items()))
    said = hashlib.sha256(json.dumps(listed).encode()).hexdigest()
    return PlaybookVersion(said[:12], listed, at, by)
