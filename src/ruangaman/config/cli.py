"""The `ruangaman` command: what a system administrator works with."""

import os
import subprocess
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import click
import psycopg

from ruangaman.config import doctor, supervisor
from ruangaman.config.cli_keeping import KEEPING
from ruangaman.config.cluster import PostgresTrouble
from ruangaman.config.environment import ALSO, APP_URL, OWNER_URL, PROCESS, address_of, for_process, keys_of
from ruangaman.config.owning import SETTINGS, as_owner, become, make_keyring, make_roles, run_django
from ruangaman.kernel import roles

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Sentences(click.Group):
    """A group whose refusals are one sentence and exit code 1, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (doctor.Refusal, PostgresTrouble) as trouble:
            raise click.ClickException(str(trouble)) from None
        except KeyError as missing:
            if missing.args and str(missing.args[0]).startswith("RUANGAMAN_"):
                raise click.ClickException(f"{missing.args[0]} is not set. See `ruangaman --help`.") from None
            raise


@click.group(cls=Sentences, context_settings=HELP)
def main() -> None:
    """Ruang Aman: one safe system for women's and children's protection services.

    \b
    To try it:        ruangaman run           everything in one command, on 127.0.0.1:8000
    In production:    ruangaman db prepare    makes the database roles (or prints the SQL)
                      ruangaman setup         brings the database up to date; after every update
                      ruangaman begin FILE    makes organisations, offices and the first people
                      ruangaman serve, worker, sealer    three services that stay

    Everything that differs between installations is an environment variable:

    \b
    RUANGAMAN_OWNER_URL      postgresql://… of the role that owns the database. Needed by setup, db,
                             backup, restore, keys, ledger. Never give it to serve, worker or sealer.
                             Not set: the embedded PostgreSQL under RUANGAMAN_VAR is used.
    RUANGAMAN_DATABASE_URL   postgresql://… of the role ruangaman_app.
    RUANGAMAN_WORKER_URL, RUANGAMAN_SEALER_URL, RUANGAMAN_COUNTER_URL
                             Derived from RUANGAMAN_DATABASE_URL where not set.
    RUANGAMAN_VAR            Folder for everything written. Default: ./var
    RUANGAMAN_KEYS           Folder of the keyring. Default: keys/ in RUANGAMAN_VAR. Keep it, and its
                             backup, apart from the database.
    RUANGAMAN_HOST, RUANGAMAN_PORT     Where the web server listens. Default: 127.0.0.1, 8000
    RUANGAMAN_TRUSTED_PROXY  Addresses (10.0.0.5, 10.0.0.0/24) of the proxy that ends TLS.
    RUANGAMAN_DEMO           1 for the demonstration: made-up data, sign-in without a second factor.
    """


# --- processes that stay -------------------------------------------------------------------------------------


@main.command()
def run() -> None:
    """Start everything and keep it running, until Ctrl-C.

    Starts the embedded PostgreSQL (unless RUANGAMAN_OWNER_URL is set), does what `setup` does, then runs web
    server, task worker and ledger sealer, and starts again what dies. Logs are in log/ of RUANGAMAN_VAR.
    """
    sys.exit(supervisor.run(dict(os.environ)))


@main.command()
@click.option("--host", help="Address to listen on. Default: RUANGAMAN_HOST, or 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Default: RUANGAMAN_PORT, or 8000.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
def serve(host: str | None, port: int | None, workers: int) -> None:
    """Run the web server alone, in the foreground (one service of your service manager)."""
    from ruangaman.config import front

    _stay("app")
    default_host, default_port = address_of(os.environ)
    doctor.check_port(host or default_host, port or default_port)
    front.serve(host or default_host, port or default_port, workers=workers)


@main.command()
def worker() -> None:
    """Run the task worker alone, in the foreground. More than one may run."""
    _stay("worker")
    run_django("procrastinate", "worker")


@main.command()
def sealer() -> None:
    """Run the ledger sealer alone, in the foreground. One is enough; a second one waits."""
    _stay("sealer")
    run_django("seal_ledger")


# --- the database --------------------------------------------------------------------------------------------


@main.command()
def setup() -> None:
    """Make roles and keyring, bring database and static files up to date. To be run after every update.

    With RUANGAMAN_DEMO=1 it also loads the demonstration once. It may be run again at any time, and refuses
    where the database holds data but the keyring is missing. At the end it prints who can sign in to the
    demonstration.
    """
    with as_owner() as env:
        doctor.check_keyring(keys_of(env), env[OWNER_URL], env)
        make_keyring(env)
        make_roles(env)
        run_django("ruangaman_migrate", "--verbosity=0")
        run_django("erase")
        if env.get("RUANGAMAN_DEMO") == "1":
            run_django("ruangaman_demo", "--small")
            _print_hints()


@main.command()
def migrate() -> None:
    """Bring the database's tables, places and access matrix up to date, and nothing else."""
    with as_owner():
        run_django("ruangaman_migrate")


@main.command()
@click.option(
    "--cases",
    type=click.IntRange(1, 1_000_000),
    default=3_000,
    show_default=True,
    help="How many clients, from 2021 to today.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The number that decides all of them.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many load side by side.",
)
def demo(cases: int, seed: int, processes: int) -> None:
    """Load years of made-up cases and print who can sign in. Never into an installation in use.

    Each case goes through the product's own actions: six to twelve a second with two processes. 2021 and South Jakarta
    in 2022 have the totals of the source documents; the same seed gives the same cases.
    """
    if os.environ.get("RUANGAMAN_DEMO") != "1":
        raise doctor.Refusal(
            "This loads made-up people and open sign-ins. If that is meant: RUANGAMAN_DEMO=1"
        )
    with as_owner():
        run_django("ruangaman_demo", f"--cases={cases}", f"--seed={seed}", f"--processes={processes}")
        _print_hints()


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def begin(file: Path) -> None:
    """Make organisations, offices and the first people of an installation from FILE (docs/begin-example.yaml).

    May be run again to add organisations and offices. People only the first time: after that every role needs
    four eyes, on the pages Akun and Peran.
    """
    with as_owner():
        run_django("begin", str(file))


@main.group()
def db() -> None:
    """The database: its roles, and a shell."""


@db.command()
@click.option("--sql", is_flag=True, help="Print the SQL for a database administrator, and change nothing.")
def prepare(sql: bool) -> None:
    """Make the run-time roles with the passwords in their addresses, or print the SQL that does.

    \b
    Needs RUANGAMAN_DATABASE_URL; without --sql also RUANGAMAN_OWNER_URL, whose role must have CREATEROLE.
    The printed SQL holds passwords: pass it on as you would a password.
    """

    if sql:
        for statement in roles.prepare_sql(roles.derive_urls(os.environ)):
            click.echo(f"{statement};")
        return
    with as_owner() as env:
        make_roles(env)
    click.echo("The roles stand: " + ", ".join(roles.RUNTIME_ROLES))


@db.command()
@click.argument("arguments", nargs=-1)
def shell(arguments: tuple[str, ...]) -> None:
    """Open psql as the owner. What is sealed shows sealed; what you do here is in no ledger.

    Arguments after -- go to psql: ruangaman db shell -- -c '\\dt'
    """
    from psycopg.conninfo import conninfo_to_dict

    with as_owner() as env:
        parts = conninfo_to_dict(env[OWNER_URL])
        # The password goes by the environment: a command line can be read by every user of the machine.
        names = {
            "PGHOST": "host",
            "PGPORT": "port",
            "PGUSER": "user",
            "PGPASSWORD": "password",
            "PGDATABASE": "dbname",
        }
        given = {name: str(parts[key]) for name, key in names.items() if parts.get(key)}
        sys.exit(subprocess.run(["psql", *arguments], env={**env, **given}).returncode)


for command in KEEPING:
    main.add_command(command)


# --- looking -------------------------------------------------------------------------------------------------


@main.command()
def check() -> None:
    """Look at folder, disk, port, database and keyring, and say what is wrong. Nothing is changed in them."""
    found = doctor.examine(os.environ)
    for passed, line in found:
        click.echo(("ok     " if passed else "WRONG  ") + line)
    if not all(passed for passed, _line in found):
        sys.exit(1)


@main.command()
def version() -> None:
    """Show the versions of what runs."""
    click.echo(
        f"ruangaman {version_of('ruangaman')}, Django {version_of('django')}, Python {sys.version.split()[0]}"
    )


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--as", "process", type=click.Choice(["owner", "app", "worker", "sealer", "counter"]), default="owner",
    show_default=True, help="Whose rights in the database the command gets.",
)  # fmt: skip
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(process: str, arguments: tuple[str, ...]) -> None:
    """Run any Django command (for developers): ruangaman manage makemigrations --check"""
    from django.core.management import execute_from_command_line

    with as_owner() as env:
        if process != "owner":
            become(for_process(env, process))
        execute_from_command_line(["ruangaman manage", *arguments])


def _stay(process: str) -> None:
    """This will make this process one that stays: with its own address, and without the owner's."""
    if os.environ.get(OWNER_URL):
        raise doctor.Refusal(
            f"{OWNER_URL} is set. A process that stays must not know it: who broke into it would own the database. "
            f"Unset it for this command."
        )
    if not os.environ.get(APP_URL):
        raise doctor.Refusal(f"{APP_URL} is not set. For everything in one command: ruangaman run")
    if os.environ.get(PROCESS) != process:
        become(for_process(os.environ, process))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        urls = roles.derive_urls(os.environ)
        for url in (os.environ[APP_URL], *(urls[role] for role in ALSO.get(process, ()))):
            roles.check_safe(url)
    except roles.UnsafeRole as unsafe:
        raise doctor.Refusal(str(unsafe)) from None
    except psycopg.OperationalError as error:
        raise doctor.Refusal(f"The database does not answer: {str(error).splitlines()[0]}") from None
    if process != "sealer":  # it has no access to dossiers at all
        doctor.check_destructions(keys_of(os.environ), os.environ[APP_URL])


def _print_hints() -> None:
    from ruangaman.config.demo import hints

    for line in hints():
        click.echo(line)


if __name__ == "__main__":
    main()
