"""Teaches the judge's phrases: filters over three neighbouring pieces, upon the word meanings of the packaged MiniLM.

Needs torch and the packaged weights (the ``distil`` extra). Only the filters and the layers above them are taught; the
meanings stay as they came, so that a word no post has used means what its neighbours mean. The tables are a build
product: ``make train`` puts them into the weights as they are.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import nn

from chalicelib.classifier.phrases import PLACES, Vocabulary, packed
from chalicelib.classifier.text import Text
from infra.train.judge import labels_of
from infra.train.linear import reduced
from infra.train.softlabels import HEADS
from infra.train.targets import targets
from infra.train.teacher import spoiled, weights_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infra.train.examples import Example
    from infra.train.softlabels import Opinion

FILTERS: Final = 64
COMMONEST: Final = 13_000
"""Pieces of MiniLM's vocabulary, which is sorted by how common they are, that are kept though no post has them."""
PIECE: Final = re.compile(r"(?:##)?[a-z]+|(?:##)?0{1,6}|[^\w\s#]")
SPREAD: Final = 4.0
"""How long a word's meaning is, so that filters need not be large."""
COUNTS: Final = {"needs": 1.5, "kind": 0.7, "sentiment": 0.7, "urgency": 0.8, "topic": 0.6}
CRITICAL_COUNTS: Final = 10.0
"""How often a critical post counts for urgency: there is one in thirty, and filters attend to what there is much of."""
UNHEARD: Final = 0.1
"""Share of pieces that are left out at random while teaching, so that no word is relied upon alone."""
BATCH: Final = 64
AT_ONCE: Final = 512
CLIPPED_AT: Final = 0.9999


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to teach."""

    epochs: int = 8
    rate: float = 2e-3
    seed: int = 7


class Filters(nn.Module):
    """One convolution over word meanings, its highest values and its sums, one linear layer per question."""

    def __init__(self, meanings: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("meanings", torch.cat([torch.zeros(1, meanings.shape[1]), meanings]))
        self.filters = nn.Conv1d(meanings.shape[1], FILTERS, PLACES, padding=1)
        self.drop = nn.Dropout(0.3)
        self.layers = nn.ModuleDict({h: nn.Linear(2 * FILTERS, len(labels_of(h))) for h in HEADS})

    def forward(self, pieces: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return each question's scores; ``pieces`` counts from 1, 0 is no piece."""
        there = (pieces > 0).float()
        meant = self.meanings[pieces]
        if self.training:
            meant = meant * (torch.rand(pieces.shape) > UNHEARD).unsqueeze(-1)
        seen = torch.relu(self.filters(meant.transpose(1, 2))) * there.unsqueeze(1)
        long = there.sum(1, keepdim=True).clamp(min=1)
        values = self.drop(torch.cat([seen.max(2).values, seen.sum(2) / long**0.5], 1))
        return {name: layer(values) for name, layer in self.layers.items()}


def meanings() -> tuple[list[str], torch.Tensor]:
    """Return MiniLM's usable pieces, commonest first, and what it makes of each alone: a direction, of one length."""
    from transformers import AutoModel, AutoTokenizer

    body = AutoModel.from_pretrained(weights_folder()).eval()
    numbers = AutoTokenizer.from_pretrained(weights_folder()).get_vocab()
    pieces = [p for p in sorted(numbers, key=lambda p: numbers[p]) if PIECE.fullmatch(p)]
    found = []
    with torch.no_grad():
        for start in range(0, len(pieces), AT_ONCE):
            given = torch.tensor([[101, numbers[p], 102] for p in pieces[start : start + AT_ONCE]])
            found.append(body(given, torch.ones_like(given)).last_hidden_state.mean(1))
    table = torch.cat(found)
    table = table - table.mean(0)
    return pieces, SPREAD * table / table.norm(dim=1, keepdim=True)


def kept(pieces: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Return the places of the pieces that are worth their room: the commonest, and those the posts use."""
    everything = Vocabulary(pieces)
    used = {number for text in texts for number in everything.read(Text(text))}
    return [i for i in range(len(pieces)) if i < COMMONEST or i in used]


def taught(examples: Sequence[Example], opinions: Mapping[bytes, Opinion], plan: Plan) -> bytes:
    """Return the tables taught by ``examples``; the same plan and examples give the same bytes."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    pieces, table = meanings()
    chosen = kept(pieces, [e.text for e in examples])
    vocabulary = Vocabulary([pieces[i] for i in chosen])
    net = Filters(table[chosen])
    _teach(net, vocabulary, examples, opinions, plan)
    return tables(net.eval(), list(vocabulary.numbers))


def _teach(
    net: Filters,
    vocabulary: Vocabulary,
    examples: Sequence[Example],
    opinions: Mapping[bytes, Opinion],
    plan: Plan,
) -> None:
    wanted = {head: _wanted(examples, opinions, head) for head in HEADS}
    chance = random.Random(plan.seed)  # noqa: S311  repeatable, not secret
    steps = plan.epochs * -(-len(examples) // BATCH)
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.rate, total_steps=steps)
    for _ in range(plan.epochs):
        order = list(range(len(examples)))
        chance.shuffle(order)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            scores = net(
                _together([vocabulary.read(Text(spoiled(examples[i].text, chance))) for i in chosen])
            )
            loss = torch.stack(
                [_loss(scores[h], *(t[chosen] for t in wanted[h])) * COUNTS[h] for h in HEADS]
            ).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()


def _wanted(
    examples: Sequence[Example], opinions: Mapping[bytes, Opinion], head: str
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the shares each example should get and what it counts, a row per example; nothing where it teaches nothing."""
    places, shares, weights = targets(examples, opinions, head)
    rows: Any = np.zeros((len(examples), len(labels_of(head))), np.float32)
    counted: Any = np.zeros(len(examples), np.float32)
    if head == "urgency":
        weights = weights * (1 + (CRITICAL_COUNTS - 1) * shares[:, -1])
    rows[places], counted[places] = shares, weights
    return torch.tensor(rows), torch.tensor(counted)


def _loss(scores: torch.Tensor, shares: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    return -(weights * (shares * scores.log_softmax(1)).sum(1)).sum() / BATCH


def _together(posts: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the posts' pieces as one table, counted from 1 and filled up with 0."""
    table = torch.zeros(len(posts), max(map(len, posts)) + 1, dtype=torch.long)
    for row, pieces in zip(table, posts, strict=True):
        row[: len(pieces)] = torch.tensor(pieces, dtype=torch.long) + 1
    return table


def tables(net: Filters, vocabulary: Sequence[str]) -> bytes:
    """Return what the package computes with: a row of whole numbers per piece and place, and the layers."""
    with torch.no_grad():
        rows: Any = torch.einsum("vd,fdp->vpf", net.meanings[1:], net.filters.weight).numpy()
        biases: Any = net.filters.bias.numpy()
    limits = np.quantile(np.abs(rows), CLIPPED_AT, axis=(0, 1))
    scales = np.array([float(f"{limit / 127 or 1.0:.8g}") for limit in limits])
    cells = np.clip(np.round(rows / scales), -127, 127).astype(np.int8)
    filters = {"scales": scales.tolist(), "biases": np.round(biases / scales).astype(int).tolist()}
    layers = {head: _layer(net.layers[head], head) for head in HEADS}
    return packed(vocabulary, cells.tobytes(), filters, layers)


def _layer(layer: nn.Module, head: str) -> dict[str, tuple[float, list[float]]]:
    weights: Any = layer.weight.detach().numpy()
    biases: Any = layer.bias.detach().numpy()
    columns, leads, labels = reduced(weights.T, biases, labels_of(head))
    return {
        label: (float(f"{bias:.8g}"), row.tolist())
        for label, bias, row in zip(labels, leads, columns.T, strict=True)
    }
