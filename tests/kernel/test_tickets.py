"""A ticket as the application makes it; what the database makes of it stands in tests/access/test_door.py."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from ruangaman.kernel import clock, tickets
from tests.worlds import World

NOON = datetime(2026, 7, 6, 12, tzinfo=UTC)


def shown() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.ticket', true), '')")
        return str(cursor.fetchone()[0])


def test_a_ticket_names_who_what_for_and_until_when(world: World) -> None:
    person, scope = uuid4(), uuid4()
    number, who, purpose, where, expires, _mac = tickets.sign(
        purpose="staff", person=person, scope=scope, at=NOON
    ).split("|")
    assert (who, purpose, where) == (str(person), "staff", str(scope))
    assert int(expires) == int((NOON + timedelta(minutes=5)).timestamp())
    assert number == tickets.key_number(tickets.signing_key())
    assert tickets.signing_key().hex() not in number


def test_the_pads_are_those_of_hmac(world: World) -> None:
    key, text = tickets.signing_key(), b"what is signed"
    inner, outer = tickets.pads(key)
    made = hashlib.sha256(outer + hashlib.sha256(inner + text).digest()).digest()
    assert made == hmac.new(key, text, hashlib.sha256).digest()
    assert key not in inner + outer


def test_the_database_holds_the_pads_of_this_key_and_no_other(world: World) -> None:
    key = tickets.signing_key()
    rows = world.rows("SELECT number, inner_pad, outer_pad FROM door.ticket_key")
    assert [(n, bytes(i), bytes(o)) for n, i, o in rows] == [(tickets.key_number(key), *tickets.pads(key))]


def test_a_ticket_is_carried_within_its_block_and_no_longer(world: World) -> None:
    ticket = tickets.sign(purpose="staff", person=uuid4(), at=clock.now())
    assert tickets.carried() == ""
    with tickets.carry(ticket):
        assert tickets.carried() == ticket
        with transaction.atomic():
            assert shown() == ticket
        assert shown() == ""
    assert tickets.carried() == ""
    with transaction.atomic():
        assert shown() == ""


def test_a_transaction_that_is_open_already_is_shown_the_ticket_and_the_one_before_it(world: World) -> None:
    first, second = (tickets.sign(purpose="staff", person=uuid4(), at=clock.now()) for _ in range(2))
    with tickets.carry(first), transaction.atomic():
        with tickets.carry(second):
            assert shown() == second
        assert shown() == first


def test_an_error_leaves_no_ticket_behind(world: World) -> None:
    ticket = tickets.sign(purpose="staff", person=uuid4(), at=clock.now())
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        tickets.carry(ticket),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")
    assert tickets.carried() == ""
    assert shown() == ""
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), tickets.carry(ticket):
            raise ZeroDivisionError
        assert shown() == ""


def test_a_block_within_that_is_rolled_back_shows_the_ticket_from_before(world: World) -> None:
    outer, inner = (tickets.sign(purpose="staff", person=uuid4(), at=clock.now()) for _ in range(2))
    with tickets.carry(outer), transaction.atomic():
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            tickets.carry(inner),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert shown() == outer
