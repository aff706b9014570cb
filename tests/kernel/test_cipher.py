"""What is sealed opens with its key at its place, whole, and in no other way; and keys never show themselves."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.intake.models import SafeContact, Story
from ruangaman.kernel import keyring
from ruangaman.kernel.cipher import Key, decrypt, encrypt
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import SealedField, new_key, open_under, seal, seal_under, unseal, unwrap, wrap
from ruangaman.people.models import Person

SECRET = bytes(range(32))


def sealed(text: str = "Sulastri Anggraini") -> tuple[Person, Key]:
    person, key = Person(), new_key()
    seal(person, "name", text, key)
    return person, key


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_is_sealed_opens_again(text: str) -> None:
    person, key = sealed(text)
    assert unseal(person, "name", key) == text


@given(st.binary(), st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_bytes_under_a_derived_key_open_again_at_their_place(text: bytes, place: str) -> None:
    assert open_under(SECRET, seal_under(SECRET, text, place), place) == text


def test_nothing_is_sealed_where_there_is_nothing() -> None:
    person, key = Person(), new_key()
    seal(person, "name", None, key)
    assert person.name is None
    assert unseal(person, "name", key) is None


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert len({encrypt(SECRET, b"Siti", "here") for _ in range(100)}) == 100


def test_a_name_moved_to_another_row_does_not_open() -> None:
    person, key = sealed()
    with pytest.raises(Unreadable):
        unseal(Person(name=person.name), "name", key)


def test_a_name_moved_to_another_field_does_not_open() -> None:
    person, key = sealed()
    person.initials = person.name
    with pytest.raises(Unreadable):
        unseal(person, "initials", key)


def test_a_text_moved_to_another_table_does_not_open() -> None:
    story, key = Story(), new_key()
    seal(story, "text", "Cerita", key)
    with pytest.raises(Unreadable):
        unseal(SafeContact(id=story.id, phone=story.text), "phone", key)


def test_a_name_does_not_open_with_another_key_nor_under_another_keys_id() -> None:
    person, key = sealed()
    for wrong in (new_key(), Key(key.id, new_key().secret), Key(uuid4(), key.secret)):
        with pytest.raises(Unreadable):
            unseal(person, "name", wrong)


def test_every_bit_counts() -> None:
    text = encrypt(SECRET, b"Siti", "here")
    for place in range(len(text)):
        for bit in range(8):
            broken = bytearray(text)
            broken[place] ^= 1 << bit
            with pytest.raises(Unreadable):
                decrypt(SECRET, bytes(broken), "here")


def test_a_text_that_was_cut_or_made_longer_does_not_open() -> None:
    text = encrypt(SECRET, b"Siti", "here")
    for length in range(len(text)):
        with pytest.raises(Unreadable):
            decrypt(SECRET, text[:length], "here")
    with pytest.raises(Unreadable):
        decrypt(SECRET, text + b"\0", "here")


def test_a_later_version_is_told_apart_from_damage() -> None:
    with pytest.raises(Unreadable, match="unknown version"):
        decrypt(SECRET, b"\x02" + encrypt(SECRET, b"Siti", "here")[1:], "here")


# --- wrapped keys -----------------------------------------------------------------------------------------------


def test_a_key_is_wrapped_and_unwrapped_under_the_active_root() -> None:
    ring, key = keyring.new_keyring(), new_key()
    number, wrapped = wrap(key, ring)
    assert number == ring.active
    assert key.secret not in wrapped
    assert unwrap(key.id, number, wrapped, ring) == key


def test_a_wrap_that_was_exchanged_or_altered_gives_no_key() -> None:
    ring, first, second = keyring.new_keyring(), new_key(), new_key()
    number, wrapped = wrap(first, ring)
    with pytest.raises(Unreadable):
        unwrap(second.id, number, wrapped, ring)
    with pytest.raises(Unreadable):
        unwrap(first.id, number, wrapped[:-1] + bytes([wrapped[-1] ^ 1]), ring)
    with pytest.raises(Unreadable):
        unwrap(first.id, number, b"", ring)
    with pytest.raises(Unreadable):
        unwrap(first.id, number, wrapped, keyring.new_keyring())


def test_an_old_wrap_opens_until_its_root_is_retired() -> None:
    ring, key = keyring.new_keyring(), new_key()
    number, wrapped = wrap(key, ring)
    turned = keyring.with_new_root(ring)
    assert unwrap(key.id, number, wrapped, turned) == key
    assert wrap(key, turned)[0] == turned.active != number
    with pytest.raises(Unreadable, match="retired"):
        unwrap(key.id, number, wrapped, keyring.without_root(turned, number))


def test_a_key_of_one_number_does_not_open_what_another_wrapped() -> None:
    ring, key = keyring.with_new_root(keyring.new_keyring()), new_key()
    _number, wrapped = wrap(key, ring)
    with pytest.raises(Unreadable):
        unwrap(key.id, 1, wrapped, ring)


def test_neither_keys_nor_keyrings_show_what_they_hold() -> None:
    key, ring = new_key(), keyring.new_keyring()
    for shown in (repr(key), str(key), f"{key}", repr([key])):
        assert key.secret.hex() not in shown
        assert repr(key.secret) not in shown
    for shown in (repr(ring), str(ring)):
        for secret in (ring.base, *ring.roots.values()):
            assert repr(secret) not in shown
            assert secret.hex() not in shown


def test_a_sealed_field_is_never_offered_in_a_form() -> None:
    field = Person._meta.get_field("name")
    assert isinstance(field, SealedField)
    assert not field.editable
    assert field.null
    assert field.blank
