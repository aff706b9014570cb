"""Short commands at work as the owner of the database: its address, its roles, its keyring."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg

from ruangaman.config import doctor
from ruangaman.config.environment import OWNER_URL, Environment, keys_of, owner, var_of
from ruangaman.kernel import keyring, roles

SETTINGS = "ruangaman.config.settings"


@contextmanager
def as_owner(into: str = "") -> Iterator[Environment]:
    """This will make this process the owner's, for a ``with`` block; ``into`` names another database than its own."""
    if not os.environ.get(OWNER_URL):
        doctor.check_var(var_of(os.environ))
    with owner(os.environ) as env:
        env[OWNER_URL] = into or env[OWNER_URL]
        doctor.check_database(env[OWNER_URL])
        become(env)
        yield env


def become(env: Environment) -> None:
    """This will give this process another environment, before Django reads it."""
    os.environ.clear()
    os.environ.update(env, DJANGO_SETTINGS_MODULE=SETTINGS)


def run_django(command: str, *arguments: str) -> None:
    """This will run a Django command; what it refuses is one sentence and exit code 1."""
    import django
    from django.apps import apps
    from django.core.management import CommandError, call_command

    if not apps.ready:
        django.setup()
    try:
        call_command(command, *arguments)
    except CommandError as error:
        raise click.ClickException(str(error)) from None


def make_keyring(env: Environment) -> None:
    """This will make the keyring where there is none."""
    keyring.ensure(keys_of(env))


def make_roles(env: Environment) -> None:
    """This will make the roles that processes sign in with.

    :raises doctor.Refusal: where the owner may not make roles.
    """
    try:
        roles.prepare(env[OWNER_URL], roles.derive_urls(env))
    except psycopg.errors.InsufficientPrivilege:
        raise doctor.Refusal(
            "The owner's role may not make roles. Give `ruangaman db prepare --sql` to your database administrator."
        ) from None
