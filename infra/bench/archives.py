"""The functions as they are packaged, unpacked as Lambda unpacks them: ours, and a bare one to compare with."""

from __future__ import annotations

import compileall
import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import package
from infra.bench import bare
from infra.failures import CommandError
from infra.staging import UNCHECKED

CHILD = Path(__file__).with_name("child.py")
BARE = Path(bare.__file__).parent
PLAIN = "without bytecode"
COMPILED = "with bytecode"

Taken = tuple[float, float]
"""Seconds on the clock, and of the processor."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One function's files on disk."""

    name: str
    home: Path
    environment: Mapping[str, str]

    def run(self, event: Mapping[str, Any] | None, times: int) -> tuple[Taken, list[Taken]]:
        """Import it in a fresh interpreter and answer some times; return how long each took. Raises: CommandError."""
        order = json.dumps({"event": event, "times": times})
        done = subprocess.run(
            [sys.executable, "-S", str(CHILD)],
            input=order, capture_output=True, text=True, check=False, cwd=self.home, env=self._variables(),
        )  # fmt: skip
        if done.returncode:
            raise CommandError(f"The {self.name} function does not run here:\n{done.stdout}{done.stderr}")
        told = json.loads(done.stdout.splitlines()[-1])
        return tuple(told["import"]), [tuple(taken) for taken in told["answers"]]

    def _variables(self) -> dict[str, str]:
        """Return the environment: the archive first, then what Lambda's Python brings, which is boto3."""
        runtime = sysconfig.get_path("purelib")
        return dict(self.environment) | {
            "PYTHONPATH": f"{self.home}:{runtime}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
        }


def ours(folder: Path, environment: Mapping[str, str]) -> dict[str, Unpacked]:
    """Return Nightdesk's functions, as packaged and stripped of bytecode."""
    archive = package.build("bench", bundled=True).archive
    return _both("nightdesk", archive, folder, environment)


def bare_one(archive: Path, folder: Path, environment: Mapping[str, str]) -> dict[str, Unpacked]:
    """Return the bare function, with bytecode and without."""
    return _both("bare", archive, folder, environment)


def packaged_bare(folder: Path) -> Path:
    """Let Chalice package the bare application; return the folder of its archive and template."""
    project = folder / "bare-project"
    (project / ".chalice").mkdir(parents=True)
    shutil.copy(BARE / "app.py", project)
    (project / "requirements.txt").write_text("")
    (project / ".chalice" / "config.json").write_text(
        json.dumps({"version": "2.0", "app_name": "bare", "autogen_policy": False, "stages": {"bench": {}}})
    )
    (project / ".chalice" / "policy-bench.json").write_text(json.dumps(_MAY_SEND))
    command = [
        sys.executable,
        "-c",
        "from chalice.cli import main; main()",
        "package",
        "--stage",
        "bench",
        "out",
    ]
    environment = {"PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": "us-east-1", "HOME": str(folder)}
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise CommandError(f"Chalice could not package the bare application:\n{done.stdout}{done.stderr}")
    return project / "out"


def apart(taken: Sequence[Taken]) -> tuple[list[float], list[float]]:
    """Return the seconds on the clock, and those of the processor."""
    return [wall for wall, _ in taken], [cpu for _, cpu in taken]


_MAY_SEND = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": "*"}],
}


def _both(name: str, archive: Path, folder: Path, environment: Mapping[str, str]) -> dict[str, Unpacked]:
    plain, compiled = (folder / f"{name}-{kind.split()[0]}" for kind in (PLAIN, COMPILED))
    for home in (plain, compiled):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(home)
    for cache in [*plain.rglob("__pycache__")]:
        shutil.rmtree(cache)
    compileall.compile_dir(compiled, quiet=2, invalidation_mode=UNCHECKED)
    return {
        PLAIN: Unpacked(name, plain, environment),
        COMPILED: Unpacked(name, compiled, environment),
    }
