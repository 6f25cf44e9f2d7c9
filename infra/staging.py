"""Stage the project for Chalice: its sources, the packages they need, their bytecode; then let Chalice package it.

Everything happens in a folder of its own, so that a person may go on editing. It knows no stage and no template.
"""

from __future__ import annotations

import compileall
import hashlib
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from infra.failures import CommandError

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PINS = ROOT / "constraints.txt"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PLATFORMS = ("manylinux2014_aarch64", "manylinux_2_17_aarch64")
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
CACHE_TAG = sys.implementation.cache_tag
# Chalice copies its own run time into the archive, and Lambda's Python brings boto3.
NOT_BUNDLED = frozenset({"boto3", "chalice"})
PIP = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")


def copied(project: Path, place: Path) -> Path:
    """Copy what Chalice packages, and nothing that Python left there."""
    (place / ".chalice").mkdir(parents=True)
    shutil.copy(project / "app.py", place)
    shutil.copy(project / ".chalice" / "config.json", place / ".chalice")
    rubbish = shutil.ignore_patterns("__pycache__")
    shutil.copytree(project / "chalicelib", place / "chalicelib", ignore=rubbish)
    return place


def digest_of_sources(staged: Path, project: Path, template: Path, *, bundled: bool) -> str:
    """Name a package by all that goes into it."""
    files = sorted(path for path in staged.rglob("*") if path.is_file())
    named = [str(path.relative_to(staged)).encode() + b"\0" + path.read_bytes() for path in files]
    others = [path.read_bytes() for path in (project / "requirements.txt", PINS, template)]
    return digest_of(b"\0".join([PYTHON.encode(), str(bundled).encode(), *others, *named]))


def packaged(staged: Path, project: Path, template: Path, *, bundled: bool) -> Path:
    """Let Chalice package what is staged; return the folder of its archive and template. Raises: CommandError."""
    if bundled:
        shutil.copytree(_vendored(project / "requirements.txt"), staged / "vendor")
    _compile(staged)
    out = staged / "out"
    chalice = (sys.executable, "-c", "from chalice.cli import main; main()")
    # Chalice asks for a region, of which only the partition matters, and for a stage, which only names a tag.
    command = ["env", "AWS_DEFAULT_REGION=us-east-1", *chalice, "package", "--stage", "nightdesk"]
    _run([*command, "--merge-template", str(template), str(out)], "Chalice could not package app.py", staged)
    return out


def bundled_requirements(text: str) -> list[str]:
    """Return the lines of requirements.txt that go into the archive."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [line for line in lines if re.split(r"[=<>~!\[; ]", line)[0].lower() not in NOT_BUNDLED]


def digest_of(content: bytes) -> str:
    """Return the name under which content is kept: equal content, equal name."""
    return hashlib.sha256(content).hexdigest()[:32]


def kept(made: Path, place: Path) -> None:
    """Move a folder to its place, unless somebody else put the same there meanwhile."""
    try:
        made.rename(place)
    except OSError:
        if not place.exists():
            raise


def _vendored(requirements: Path) -> Path:
    """Install the run-time packages for Lambda's platform, once per set of pins."""
    wanted = bundled_requirements(requirements.read_text())
    named = " ".join([PYTHON, *PLATFORMS, *wanted, PINS.read_text()])
    target = BUILD / f"vendor-{digest_of(named.encode())}"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="vendor-") as folder:
            packages = Path(folder) / "packages"
            _pip_install(wanted, packages)
            shutil.rmtree(packages / "bin", ignore_errors=True)
            _compile_folder(packages)
            kept(packages, target)
    return target


def _pip_install(wanted: list[str], target: Path) -> None:
    platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
    only = ["--only-binary=:all:", "--implementation", "cp", "--python-version", PYTHON, *platforms]
    place = ["--constraint", str(PINS), "--target", str(target)]
    _run([*PIP, *only, *place, *wanted], "pip could not fetch the run-time packages")


def _compile(staged: Path) -> None:
    """Add bytecode: the archive is unpacked read-only, so without it every cold start compiles it all again.

    Chalice copies `vendor/` as it is, and of itself and of app.py only the sources: their bytecode goes there.
    """
    _compile_folder(staged / "chalicelib")
    for name, source in {"app": staged / "app.py", **_chalice_runtime()}.items():
        module = Path(name)
        compiled = staged / "vendor" / module.parent / "__pycache__" / f"{module.name}.{CACHE_TAG}.pyc"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        py_compile.compile(
            str(source), str(compiled), dfile=f"{name}.py", doraise=True, invalidation_mode=UNCHECKED
        )


def _compile_folder(folder: Path) -> None:
    """Add bytecode that is trusted without a look at its source, which never changes in an archive."""
    compileall.compile_dir(folder, quiet=1, stripdir=str(folder.parent), invalidation_mode=UNCHECKED)


def _chalice_runtime() -> dict[str, Path]:
    from chalice import app

    home = Path(app.__file__).parent
    return {"chalice/__init__": home / "__init__.py", "chalice/app": home / "app.py"}


def _run(command: list[str], failure: str, cwd: Path = ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{failure}:\n{done.stdout}{done.stderr}")
