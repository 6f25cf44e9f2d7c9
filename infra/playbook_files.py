"""Playbooks on disk: a folder of TOML files, and the ones that ship. Nothing here judges what they say."""

from __future__ import annotations

from pathlib import Path

from chalicelib.errors import Misconfigured

SHIPPED = Path(__file__).with_name("playbooks")


def read_folder(folder: Path) -> dict[str, str]:
    """Return the text of every playbook in a folder by name. Raises: Misconfigured where there is none, OSError."""
    if not folder.is_dir():
        raise Misconfigured(f"{folder} is no folder: name the one that holds the playbooks")
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}
    if not files:
        raise Misconfigured(f"{folder} holds no playbook: each is a file like delays.toml")
    return files
