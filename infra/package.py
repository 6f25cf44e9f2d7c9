"""Build what a deployment uploads: one archive of code and the template that describes the stack.

It reads the project and writes below `build/`; it must not speak to AWS. The template is the same for every
stage and for the local emulator: what differs arrives as parameters.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.failures import CommandError

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
MERGED = ROOT / "infra" / "template.json"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PLATFORMS = ("manylinux2014_aarch64", "manylinux_2_17_aarch64")
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
CACHE_TAG = sys.implementation.cache_tag
# Chalice copies its own run time into the archive, and Lambda's Python brings boto3.
NOT_BUNDLED = frozenset({"boto3", "chalice"})


class PackageError(CommandError):
    """The package could not be built; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """An archive on disk, the digest of its sources, and the template whose functions run it."""

    archive: Path
    digest: str
    template: dict[str, Any]


def build(stage: str, region: str, *, bundled: bool = True, project: Path = ROOT) -> Package:
    """Package the project for `stage`.

    `bundled=False` leaves third-party packages out: the emulator runs functions with this very environment, which
    holds the same pinned ones. Raises: PackageError.
    """
    staged = _staged(project, stage)
    if bundled:
        shutil.copytree(_vendored(project / "requirements.txt"), staged / "vendor")
    _compile(staged)
    out = staged / "out"
    _run_chalice(staged, out, stage, region)
    template = json.loads((out / "sam.json").read_text())
    archive = out / "deployment.zip"
    return Package(archive, _digest(archive), with_table_named(without_cycle(template), stage))


def without_cycle(template: dict[str, Any]) -> dict[str, Any]:
    """Let the API name its function by text, so that the function may know the API's address."""
    arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:nightdesk-${Stage}-api"
    resources = dict(template["Resources"])
    rest_api = json.dumps(resources["RestAPI"]).replace("${APIHandler.Arn}", arn)
    return template | {"Resources": resources | {"RestAPI": json.loads(rest_api)}}


def with_table_named(template: dict[str, Any], stage: str) -> dict[str, Any]:
    """Write the table's name out: CloudFormation adopts a kept resource only by a literal name, not by Fn::Sub."""
    named: dict[str, Any] = json.loads(json.dumps(template))
    named["Resources"]["Table"]["Properties"]["TableName"] = f"nightdesk-{stage}"
    return named


def located(template: dict[str, Any], bucket: str, key: str) -> dict[str, Any]:
    """Return the template with every function's code at `bucket` and `key`."""
    placed: dict[str, Any] = json.loads(json.dumps(template))
    for resource in placed["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return placed


def bundled_requirements(text: str) -> list[str]:
    """Return the lines of requirements.txt that go into the archive."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line for line in lines if re.split(r"[=<>~!\[; ]", line)[0].lower() not in NOT_BUNDLED]


def digest_of(content: bytes) -> str:
    """Return the name under which content is kept: equal content, equal name."""
    return hashlib.sha256(content).hexdigest()[:32]


def _staged(project: Path, stage: str) -> Path:
    staged = BUILD / stage
    shutil.rmtree(staged, ignore_errors=True)
    (staged / ".chalice").mkdir(parents=True)
    shutil.copy(project / "app.py", staged)
    shutil.copy(project / ".chalice" / "config.json", staged / ".chalice")
    shutil.copytree(
        project / "chalicelib", staged / "chalicelib", ignore=shutil.ignore_patterns("__pycache__")
    )
    return staged


def _vendored(requirements: Path) -> Path:
    """Install the run-time packages for Lambda's platform, once per set of pins."""
    wanted = bundled_requirements(requirements.read_text())
    pins = (ROOT / "constraints.txt").read_text()
    target = BUILD / f"vendor-{digest_of(' '.join([PYTHON, *PLATFORMS, *wanted, pins]).encode())}"
    if not target.exists():
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        _pip_install(wanted, partial)
        shutil.rmtree(partial / "bin", ignore_errors=True)
        compile_folder(partial)
        partial.rename(target)
    return target


def _pip_install(wanted: list[str], target: Path) -> None:
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
    ]
    options = ["--target", str(target), "--only-binary=:all:", "--implementation", "cp"]
    _run(
        [*command, *options, "--python-version", PYTHON, *platforms, *wanted],
        "pip could not fetch the packages",
    )


def _compile(staged: Path) -> None:
    """Add bytecode: the archive is unpacked read-only, so without it every cold start compiles it all again.

    Chalice copies `vendor/` as it is, and of itself and of app.py only the sources: their bytecode goes there.
    """
    compile_folder(staged / "chalicelib")
    for name, source in {"app": staged / "app.py", **_chalice_runtime()}.items():
        module = Path(name)
        compiled = staged / "vendor" / module.parent / "__pycache__" / f"{module.name}.{CACHE_TAG}.pyc"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        py_compile.compile(
            str(source), str(compiled), dfile=f"{name}.py", doraise=True, invalidation_mode=UNCHECKED
        )


def compile_folder(folder: Path) -> None:
    """Add bytecode that is trusted without a look at its source, which never changes in an archive."""
    compileall.compile_dir(folder, quiet=1, stripdir=str(folder.parent), invalidation_mode=UNCHECKED)


def _chalice_runtime() -> dict[str, Path]:
    from chalice import app

    home = Path(app.__file__).parent
    return {"chalice/__init__": home / "__init__.py", "chalice/app": home / "app.py"}


def _run_chalice(staged: Path, out: Path, stage: str, region: str) -> None:
    command = [sys.executable, "-c", "from chalice.cli import main; main()", "package", "--stage", stage]
    _run(
        ["env", f"AWS_DEFAULT_REGION={region}", *command, "--merge-template", str(MERGED), str(out)],
        "Chalice could not package app.py",
        cwd=staged,
    )


def _run(command: list[str], failure: str, cwd: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackageError(f"{failure}:\n{done.stdout}{done.stderr}")


def _digest(archive: Path) -> str:
    """Name the archive by its sources, which unlike the file's bytes do not change with the hour it was made."""
    with zipfile.ZipFile(archive) as opened:
        sources = sorted(name for name in opened.namelist() if not name.endswith(".pyc"))
        return digest_of(
            b"".join([PYTHON.encode(), *(name.encode() + b"\0" + opened.read(name) for name in sources)])
        )
