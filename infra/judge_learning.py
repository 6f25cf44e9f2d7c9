"""``python -m infra judge …``: what people said of the judge's answers: told in figures, exported, added to.

Reads labels through the services the functions use; nothing here counts or decides.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.acting import person
from infra.failures import explained

if TYPE_CHECKING:
    from chalicelib.domain.judge_report import Figures, Rate, Report
    from chalicelib.domain.labels import Label
    from chalicelib.wiring import Container

DAYS = 30
YEARS = 730
Act = Callable[["Container", argparse.Namespace], int]

_CORRECTIONS = ("needed_answer", "needed_no_answer", "not_a_complaint", "was_urgent", "wrong_queue")


def register(commands: Any) -> None:  # noqa: ANN401 - argparse keeps the type of add_subparsers to itself
    """Add `judge` with its actions."""
    judge = commands.add_parser("judge", help="what people say of the judge: report, export, correct, check")
    actions = judge.add_subparsers(title="actions", metavar="ACTION", required=True)
    report = _action(
        actions, "report", _report, "tell how often the judge was wrong, by sample and corrections",
        example="python -m infra judge report --days 90",
    )  # fmt: skip
    report.add_argument("--days", type=int, default=DAYS, help=f"how far back ({DAYS})")
    report.add_argument("--json", action="store_true", help="print JSON")
    export = _action(
        actions, "export", _export, "write every labelled post as JSON lines, for `make train`",
        example="python -m infra judge export corrections.jsonl",
    )  # fmt: skip
    export.add_argument("file", metavar="FILE", type=Path, help="where to write")
    export.add_argument("--days", type=int, default=YEARS, help=f"how far back ({YEARS}: all that is kept)")
    check = _action(
        actions, "check", _check, "list the posts that people are asked about, drawn by chance",
        example="python -m infra judge check",
    )  # fmt: skip
    check.add_argument("--json", action="store_true", help="print JSON")
    _add_correct(actions)


def _add_correct(actions: Any) -> None:  # noqa: ANN401 - as above
    correct = _action(
        actions, "correct", _correct, "say how the judge was wrong about a conversation, or right",
        example="python -m infra judge correct 3f2a9c0d1e4b5a697881 was_urgent --by ana",
    )  # fmt: skip
    correct.add_argument("conversation", metavar="CONVERSATION", help="its id, as the queue shows it")
    correct.add_argument("correction", metavar="WORD", choices=_CORRECTIONS, help=", ".join(_CORRECTIONS))
    correct.add_argument("--by", metavar="PERSON", help="who says so (your user name)")
    correct.add_argument("--post", metavar="ID", help="which post (the one that is shown)")
    correct.add_argument("--queue", metavar="QUEUE", help="the right one, for wrong_queue")


def _action(actions: Any, name: str, act: Act, help_: str, *, example: str) -> argparse.ArgumentParser:  # noqa: ANN401
    action: argparse.ArgumentParser = actions.add_parser(
        name, help=help_, description=f"{help_[:1].upper()}{help_[1:]}.", epilog=f"example: {example}"
    )
    action.add_argument("--stage", default="prod", help="which installation (prod)")
    action.set_defaults(func=explained(run), act=act)
    return action


def run(args: argparse.Namespace) -> int:
    """Do one action on an installation."""
    from infra.deployed import installation

    act: Act = args.act
    return act(installation(args.stage), args)


# --- report -----------------------------------------------------------------------------------------------


def _report(box: Container, args: argparse.Namespace) -> int:
    """Print how often the judge was wrong."""
    from chalicelib.domain.judge_report import report

    found = report(_labels(box, args.days))
    if args.json:
        print(json.dumps({"days": args.days, **report_facts(found)}, indent=1))
    else:
        print("\n".join(report_lines(found, args.days)))
    return 0


def report_lines(found: Report, days: int) -> Iterator[str]:
    """Yield the report for people, at most 100 columns wide."""
    whole = found.whole
    if not whole.labels:
        yield f"Nobody has said anything of the judge's answers in {days} days, and none was drawn."
        return
    yield f"The last {days} days, {whole.labels} labelled posts. Intervals hold 95 times in 100."
    yield ""
    yield f"closed, and needed an answer   {rate_words(whole.misses)} of those drawn and checked"
    yield f"in doubt, and needed an answer {rate_words(whole.doubts)} of those somebody checked"
    yield f"queued, and needed none        {rate_words(whole.false_alarms)} of those drawn: at least, since only clicks count"
    if whole.unanswered:
        yield f"{whole.unanswered} drawn posts nobody has checked yet: python -m infra judge check"
    yield from _corrections_lines(whole.corrections)
    for name, parts in found.parts.items():
        yield ""
        yield f"{'by ' + name:<18} {'missed':<26} {'needless alarms':<26} corrections"
        yield from (_part_line(which, figures) for which, figures in parts.items())


def _corrections_lines(corrections: Mapping[str, int]) -> Iterator[str]:
    if corrections:
        yield ""
        yield "corrections: " + ", ".join(f"{name} {count}" for name, count in corrections.items())


def _part_line(name: str, figures: Figures) -> str:
    corrected = sum(figures.corrections.values())
    return (
        f"{name[:18]:<18} {rate_words(figures.misses):<26} {rate_words(figures.false_alarms):<26} {corrected}"
    )


def rate_words(rate: Rate) -> str:
    """Return a rate as ``3/120, 2.5% (0.9-7.1%)``."""
    if rate.share is None:
        return "none seen"
    low, high = rate.interval
    return f"{rate.wrong}/{rate.of}, {rate.share:.1%} ({low * 100:.1f}-{high:.1%})"


def report_facts(found: Report) -> dict[str, Any]:
    """Return the report for programs."""
    parts = {
        f"by_{name}": {which: _facts(figures) for which, figures in each.items()}
        for name, each in found.parts.items()
    }
    return {**_facts(found.whole), **parts}


def _facts(figures: Figures) -> dict[str, Any]:
    return {
        "labels": figures.labels,
        "misses": _rate_facts(figures.misses),
        "doubts": _rate_facts(figures.doubts),
        "false_alarms": _rate_facts(figures.false_alarms),
        "corrections": dict(figures.corrections),
        "unanswered": figures.unanswered,
    }


def _rate_facts(rate: Rate) -> dict[str, Any]:
    low, high = rate.interval
    share = None if rate.share is None else round(rate.share, 4)
    return {"wrong": rate.wrong, "of": rate.of, "share": share, "low": round(low, 4), "high": round(high, 4)}


# --- export, check, correct -------------------------------------------------------------------------------


def _export(box: Container, args: argparse.Namespace) -> int:
    """Write the labelled posts; their words are masked, and nothing leads to who wrote them."""
    told = [label for label in _labels(box, args.days) if is_example(label)]
    with args.file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(example_of(label), ensure_ascii=False) + "\n" for label in told)
    print(f"Wrote {len(told)} labelled posts to {args.file}.")
    return 0


def is_example(label: Label) -> bool:
    """Tell whether a label teaches anything: somebody spoke, and the words are still there."""
    return label.told_at is not None and label.text is not None


def example_of(label: Label) -> dict[str, Any]:
    """Return a label as one line of an export."""
    said, verdict = label.said, label.verdict
    return {
        "text": label.text,
        "needs_response": verdict.needs_response,
        "kind": verdict.kind,
        "urgency": verdict.urgency,
        "queue": verdict.queue,
        "said": {
            "needs_response": said.needs_response,
            "kind": said.kind,
            "urgency": said.urgency,
            "queue": said.queue,
            "band": said.band,
            "likely": said.likely,
            "model": said.model,
        },
        "platform": label.platform,
        "surface": label.surface,
        "hour": label.hour,
        "language": label.language,
        "sampled": label.sampled,
        "by": label.by,
        "told_at": label.told_at.isoformat().replace("+00:00", "Z") if label.told_at else None,
    }


def _check(box: Container, args: argparse.Namespace) -> int:
    """Print what people are asked about."""
    from chalicelib.services.labels import Labels

    asked = Labels(box.store).to_check(box.clock.now())
    if args.json:
        print(json.dumps([check_facts(label) for label in asked], ensure_ascii=False, indent=1))
    else:
        print("\n".join(check_lines(asked)))
    return 0


def check_lines(asked: Sequence[Label]) -> Iterator[str]:
    """Yield the open questions, two lines each."""
    if not asked:
        yield "Nothing is waiting to be checked."
    for label in asked:
        yield f"{label.conversation_id}  {label.posted_at:%Y-%m-%d %H:00} UTC  {label.platform}  held for {label.said.kind}"
        yield f"    {(label.text or '')[:90]}"


def check_facts(label: Label) -> dict[str, Any]:
    """Return one open question for programs."""
    return {
        "conversation": label.conversation_id,
        "post": label.post_id,
        "team": label.team,
        "platform": label.platform,
        "kind": label.said.kind,
        "text": label.text,
    }


def _correct(box: Container, args: argparse.Namespace) -> int:
    """Correct one judgement, as the buttons do."""
    from chalicelib.domain.labels import Correction

    word = Correction(args.correction)
    by = person(args.by, box.teams.current())
    found = box.corrections.correct(
        args.conversation, word, by=by, at=box.clock.now(), post_id=args.post, queue=args.queue
    )
    due = f", due {found.deadline_at:%Y-%m-%d %H:%M} UTC" if found.deadline_at else ""
    print(f"Noted: {found.id} is {found.state.replace('_', ' ')}{due}.")
    return 0


def _labels(box: Container, days: int) -> list[Label]:
    from chalicelib.services.labels import Labels

    now = box.clock.now()
    return Labels(box.store).between(now - timedelta(days=days), now)
