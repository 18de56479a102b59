"""The `toadlane` command: what whoever runs the server needs at hand."""

import json
import os
import sys

import click

from toadlane.config.environment import Misset

# Read only when one is called: `toadlane --help` needs no database, and `demo` sets the stage before Django wakes.
COMMANDS = {
    "demo": "server", "serve": "server", "worker": "server", "doctor": "health", "verify": "health", "jobs": "health",
    "export": "records",
    "backup": "archive", "restore": "archive", "found": "coops", "token": "coops", "import": "arriving", "clock": "coops",
    "companies": "coops", "ledger": "coops",
    "reindex": "coops", "recount": "coops", "tally": "tally", "manage": "server",
}  # fmt: skip
# Words that Python keeps for itself.
ATTRIBUTES = {"import": "import_"}


class Toadlane(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        import importlib

        if name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"toadlane.config.cli.{COMMANDS[name]}"), ATTRIBUTES.get(name, name))
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Toadlane, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="toadlane")
def toadlane() -> None:
    """Found, run and own platform co-operatives together."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    for_programs = "--json" in sys.argv
    try:
        sys.exit(toadlane.main(prog_name="toadlane", standalone_mode=not for_programs) or 0)
    except click.ClickException as fault:
        asked = fault.ctx.command_path if isinstance(fault, click.UsageError) and fault.ctx else "toadlane"
        _tell("usage", fault.format_message(), f"`{asked} --help` says how to ask.")
        sys.exit(fault.exit_code)
    except Misset as fault:
        if for_programs:
            _tell("misset", f"{fault.name} {fault.problem}", fault.hint)
        else:
            click.secho(f"{fault.name} {fault.problem}", fg="red", err=True)
            click.echo(fault.hint, err=True)
        sys.exit(2)
    except Exception as fault:
        from toadlane.config.cli import common

        if not common.is_behind(fault):
            raise
        common.tell_and_end(common.NotReady(), as_json=for_programs)


def _tell(code: str, detail: str, hint: str) -> None:
    """Tell a program what was wrong with how it asked, in the form of all other errors."""
    click.echo(json.dumps({"error": code, "detail": detail, "hint": hint}))
