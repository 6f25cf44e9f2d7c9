"""``python -m infra.train.distil DATA``: teach the teacher, keep its opinions of what it learnt, and teach the phrases.

``--folds`` also teaches the phrases that measuring needs: one table per fold, from labels alone, ignorant of the groups
that stand aside. Those go to ``--build``.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from infra.train import phrases, softlabels
from infra.train.__main__ import PHRASES, SEED
from infra.train.aside import fold_file
from infra.train.folds import FOLDS, split
from infra.train.pool import labelled
from infra.train.teacher import Plan, opinions, taught

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.train.examples import Example
    from infra.train.softlabels import Opinion


def opinions_into(path: Path, kept: Path, learnt: Sequence[Example]) -> None:
    """Teach from ``learnt``, keep the teacher, and keep what it thinks of the same posts."""
    started = time.monotonic()
    teacher = taught(learnt, Plan(seed=SEED))
    print(f"{path.name}: taught in {time.monotonic() - started:.0f} s", flush=True)
    torch.save(teacher.state_dict(), kept)
    texts = [example.text for example in learnt]
    softlabels.write(path, texts, opinions(teacher, texts))
    print(f"{path.name}: {len(texts)} opinions in {time.monotonic() - started:.0f} s", flush=True)


def phrases_into(path: Path, learnt: Sequence[Example], thought: Mapping[bytes, Opinion]) -> None:
    """Teach the phrases of ``learnt`` and keep them."""
    started = time.monotonic()
    path.write_bytes(phrases.taught(learnt, thought, phrases.Plan(seed=SEED)))
    print(f"{path.name}: taught in {time.monotonic() - started:.0f} s", flush=True)


def main(words: list[str] | None = None) -> int:
    """Write ``soft_labels.bin`` and ``phrases.bin`` and, with ``--folds``, phrases per fold into ``--build``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--build", type=Path, default=Path("build/train"))
    parser.add_argument("--folds", action="store_true")
    arguments = parser.parse_args(words)
    arguments.build.mkdir(parents=True, exist_ok=True)
    everything = labelled(arguments.data, SEED)
    opinions_into(softlabels.FILE, arguments.build / "teacher.pt", everything)
    phrases_into(PHRASES, everything, softlabels.read())
    for fold in range(FOLDS if arguments.folds else 0):
        learnt, _ = split(everything, fold)
        phrases_into(fold_file(arguments.build, fold), learnt, {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
