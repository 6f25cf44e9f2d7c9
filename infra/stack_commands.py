"""`deploy` and `destroy` for people: arguments, questions, explanations.

The work is done in `deploy`, `execute` and `bucket`; nothing here is used by the local emulator.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.failures import CommandError, explained

if TYPE_CHECKING:
    from infra.deploy import Target

__all__ = ["explained"]

STAGE_HELP = "names the installation: prod, staging, test-..."
Subparsers = Any  # argparse keeps the type of add_subparsers to itself


def register(commands: Subparsers) -> None:
    """Add `deploy` and `destroy`."""
    deploy = commands.add_parser(
        "deploy",
        help="show what would change, ask, and deploy the stack",
        description="Package the stack, show what would change, ask, deploy, and put the team file in force.",
        epilog="example: python -m infra deploy --stage prod --team infra/team.toml",
    )
    deploy.add_argument("--stage", required=True, help=STAGE_HELP)
    deploy.add_argument("--plan", action="store_true", help="only show what would change")
    deploy.add_argument("--yes", action="store_true", help="do not ask")
    deploy.add_argument(
        "--team", type=Path, default=Path("infra/team.toml"), help="the team file (infra/team.toml)"
    )
    deploy.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a template parameter"
    )
    deploy.set_defaults(func=run_deploy)
    destroy = commands.add_parser(
        "destroy",
        help="ask twice and delete the stack; the table stays",
        description="Ask twice and delete the stack and its bucket. The table stays unless you say otherwise.",
        epilog="example: python -m infra destroy --stage test-ana",
    )
    destroy.add_argument("--stage", required=True, help=STAGE_HELP)
    destroy.add_argument("--delete-table", action="store_true", help="delete the table and all it holds, too")
    destroy.set_defaults(func=run_destroy)


def run_deploy(args: argparse.Namespace) -> int:
    """Plan, ask, deploy, and say what comes next."""
    from infra import deploy, sms_setup

    team = read_team(args.team)
    check_team(args.team)
    given = lead_parameters(team) | assignments(args.set)
    require_alarm_contact(given, args.team)
    deploy.refuse_what_the_template_would(args.stage, given)
    deploy.refuse_table_clock(args.stage, given)
    target = target_for(args.stage)
    parameters = sms_setup.kept(target.stacks.find(target.stack)) | given
    sms_setup.require_sms(parameters)
    print(f"Packaging for {target.stack} in {target.region} ...")
    change_set = deploy.propose(target, parameters)
    print("\n".join(change_set.plan.lines()))
    if args.plan or not change_set.plan.changes:
        target.stacks.discard(change_set)
    elif not (args.yes or confirmed(f"Deploy this to {args.stage}? [y/N] ", "y")):
        target.stacks.discard(change_set)
        print("Nothing was changed.")
        return 1
    else:
        target.stacks.execute(change_set, told_at_once)
    if not args.plan:
        activate_team(args.stage, args.team)
        outputs = target.stacks.outputs(target.stack)
        print("\n".join(next_steps(outputs, team, args.stage, sms_setup.steps(parameters, args.stage))))
    return 0


def run_destroy(args: argparse.Namespace) -> int:
    """Ask twice and delete the stack, its bucket and, only where told so, its table."""
    target = target_for(args.stage)
    kept = "The table and all it holds are DELETED." if args.delete_table else "The table stays."
    print(f"This deletes {target.stack} in {target.region}: nobody will be paged any more. {kept}")
    if not (confirmed("Go on? [y/N] ", "y") and confirmed(f"Type {args.stage} to confirm: ", args.stage)):
        print("Nothing was deleted.")
        return 1
    destroy(target, delete_table=args.delete_table)
    return 0


def destroy(target: Target, *, delete_table: bool) -> None:
    """Delete the stack and its bucket without asking. Raises: DeployError."""
    target.stacks.delete(target.stack, told_at_once)
    if target.bucket.exists():
        target.bucket.remove()
    if delete_table:
        target.delete_table()
        print(f"Deleted table {target.table}.")
    else:
        print(f"Table {target.table} is kept; the next deployment of {target.stage} adopts it.")


def told_at_once(line: str) -> None:
    """Print progress while it is news, into a pipe too."""
    print(line, flush=True)


def target_for(stage: str) -> Target:
    """Return where this person's AWS settings point."""
    import boto3

    from infra.deploy import Target

    return Target.of(boto3.session.Session(), stage)


def read_team(path: Path) -> dict[str, Any]:
    """Read the team file's words; validating them is its own command. Raises: CommandError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CommandError(
            f"There is no team file {path}. Copy infra/team.toml and name yours with --team."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} is not TOML: {error}.") from error


def check_team(path: Path) -> None:
    """Refuse a file that would be refused after the deployment, when nobody could be paged. Raises: CommandError."""
    from infra.oncall_lint import examined, moment, show

    findings = examined(path, moment(None), to_deploy=True)
    if findings.faults:
        show(findings, as_json=False)
        raise CommandError(f"Nothing was deployed: correct {path} first.")


def lead_parameters(team: Mapping[str, Any]) -> dict[str, str]:
    """Return the contacts of the person called `lead`, whom alarms reach directly."""
    lead = team.get("people", {}).get("lead", {})
    named = {"LeadPhone": lead.get("phone"), "LeadEmail": lead.get("email")}
    return {name: value for name, value in named.items() if value}


def assignments(words: list[str]) -> dict[str, str]:
    """Read `NAME=VALUE` words. Raises: CommandError."""
    wrong = [word for word in words if "=" not in word]
    if wrong:
        raise CommandError(f"--set takes NAME=VALUE, such as SmsProvider=sns; got {wrong[0]}.")
    return dict(word.split("=", 1) for word in words)


def require_alarm_contact(parameters: Mapping[str, str], team: Path) -> None:
    """Refuse alarms that reach nobody. Raises: CommandError."""
    if not (parameters.get("LeadPhone") or parameters.get("LeadEmail")):
        raise CommandError(
            f"Alarms would reach nobody. Give people.lead a phone or email in {team}, or --set LeadPhone=+..."
        )


def confirmed(question: str, wanted: str) -> bool:
    """Ask a person; no terminal means no."""
    try:
        return input(question).strip() == wanted
    except EOFError:
        return False


def activate_team(stage: str, path: Path) -> None:
    """Push the team file, where the table has none that says the same, and playbooks where it has none."""
    from infra import playbook_commands, team_commands
    from infra.deployed import installation

    if not team_commands.push(stage, path):
        raise CommandError(f"Deployed, but {path} is not in force: python -m infra team push --stage {stage}")
    playbook_commands.push_first(installation(stage))


def next_steps(
    outputs: Mapping[str, str], team: Mapping[str, Any], stage: str, texts: Sequence[str] = ()
) -> list[str]:
    """Return the webhook addresses and what a person does with them; ``texts`` is what their carrier asks for."""
    base = outputs["PublicBaseUrl"]
    apps = sorted({(account["platform"], account["app"]) for account in team.get("accounts", {}).values()})
    secrets = [
        f"apps/{platform}/{app}/{what}" for platform, app in apps for what in ("secret", "verify_token")
    ]
    return [
        "",
        "Webhook addresses:",
        *(f"  {base}/hooks/{platform}/{app}" for platform, app in apps),
        "",
        "Next, once:",
        "  1. Store these secrets (aws ssm put-parameter --type SecureString --name NAME --value VALUE):",
        *(
            f"       /nightdesk/{stage}/{name}"
            for name in (*secrets, "slack/bot_token", "slack/signing_secret")
        ),
        *texts,
        "  2. Enter each webhook address and its verify token at the platform.",
        f"  3. In Slack, set the interactivity address to {base}/slack/interactions,",
        f"     and the slash command /oncall to {base}/slack/commands.",
        "  4. Confirm the alarms' subscription that was mailed to the lead.",
        f"Then look: python -m infra queue --stage {stage}",
    ]
