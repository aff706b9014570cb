"""An account can't be taken over with SQL: its password and second factor are changed by its owner only."""

import re

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from ruangaman.access.adapters import AccountAdapter
from ruangaman.access.models import User
from ruangaman.access.states import SIGNING_IN, Role
from tests.worlds import PASSWORD, World, acting


@pytest.mark.parametrize(
    "change",
    ["password = 'x'", "email = 'x@y.example'", "is_active = false", "name = 'x'", "id = gen_random_uuid()"],
)
def test_nobody_changes_somebody_elses_account(world: World, change: str) -> None:
    victim, thief = world.person(Role.HEAD), world.person(Role.INTAKE_OFFICER)
    for person in (thief, None):
        with pytest.raises(DatabaseError), acting(person), connection.cursor() as cursor:
            cursor.execute(f"UPDATE access_user SET {change} WHERE id = %s", [victim.id])


@pytest.mark.parametrize("change", ["email = 'x@y.example'", "is_active = false"])
def test_an_address_is_not_changed_by_its_owner_either(world: World, change: str) -> None:
    person = world.person(Role.HEAD)
    with pytest.raises(DatabaseError), acting(person), connection.cursor() as cursor:
        cursor.execute(f"UPDATE access_user SET {change} WHERE id = %s", [person.id])


def test_only_who_looks_after_people_makes_accounts(world: World) -> None:
    with pytest.raises(DatabaseError), acting(world.person(Role.SUPERVISOR)):
        User(email="baru@x.example", name="Baru").save(force_insert=True)
    with acting(world.person(Role.ADMINISTRATOR)):
        User(email="baru@x.example", name="Baru").save(force_insert=True)


def test_a_password_is_changed_by_its_owner(world: World) -> None:
    person = world.person(Role.HEAD)
    with transaction.atomic():
        AccountAdapter().set_password(person, "kata-sandi-yang-baru-sekali")
    assert User.objects.get(id=person.id).check_password("kata-sandi-yang-baru-sekali")


def test_a_forgotten_password_is_set_by_the_link_that_was_mailed(world: World) -> None:
    mail.outbox.clear()
    person = world.person(Role.HEAD)
    client = world.client()
    client.post("/akun/password/reset/", {"email": person.email})
    found = re.search(r"http://[^/]+(/akun/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert found, "the mail holds a link"
    page = client.get(found[1], follow=True)
    new = "kata-sandi-yang-baru-sekali"
    client.post(
        page.redirect_chain[-1][0] if page.redirect_chain else found[1], {"password1": new, "password2": new}
    )
    assert User.objects.get(id=person.id).check_password(new)
    assert not User.objects.get(id=person.id).check_password(PASSWORD)


def test_an_account_without_a_password_gets_one_by_the_link(world: World) -> None:
    mail.outbox.clear()
    with acting(world.person(Role.ADMINISTRATOR)):
        user = User(email="baru@x.example", name="Baru")
        user.set_unusable_password()
        user.save(force_insert=True)
    world.client().post("/akun/password/reset/", {"email": user.email})
    assert "/akun/password/reset/key/" in str(mail.outbox[0].body)


def factor(person: User, purpose: str, data: str = "{}") -> None:
    with acting(person, purpose=purpose), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', %s, now())",
            [person.id, data],
        )


def test_nobody_adds_a_second_factor_to_somebody_else(world: World) -> None:
    victim, thief = world.person(Role.HEAD), world.person(Role.INTAKE_OFFICER)
    sql = (
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'webauthn', '{}', now())"
    )
    for person in (thief, None):
        with pytest.raises(DatabaseError), acting(person), connection.cursor() as cursor:
            cursor.execute(sql, [victim.id])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE mfa_authenticator SET data = '{\"secret\": 1}' WHERE user_id = %s",
        "UPDATE mfa_authenticator SET user_id = gen_random_uuid() WHERE user_id = %s",
        "DELETE FROM mfa_authenticator WHERE user_id = %s",
    ],
)
def test_nobody_changes_somebody_elses_second_factor(world: World, sql: str) -> None:
    victim, thief = world.person(Role.HEAD), world.person(Role.INTAKE_OFFICER)
    factor(victim, "staff")
    for person in (thief, None):
        with pytest.raises(DatabaseError), acting(person), connection.cursor() as cursor:
            cursor.execute(sql, [victim.id])


def test_when_a_factor_was_used_is_noted_before_its_owner_is_signed_in(world: World) -> None:
    person = world.person(Role.HEAD)
    factor(person, SIGNING_IN)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE mfa_authenticator SET last_used_at = now() WHERE user_id = %s", [person.id])
        assert cursor.rowcount == 1


def test_a_ticket_of_signing_in_reaches_no_dossier(world: World) -> None:
    filed, person = world.file(), world.person(Role.HEAD)
    with acting(person, purpose=SIGNING_IN), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_dossier")
        assert cursor.fetchone()[0] == 0
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT reference FROM access_dossier")
        assert cursor.fetchall() == [(filed.reference,)]
