"""Blind tokens: keyed, per unit, of a fixed size."""

import hashlib
import hmac

import pytest

from ruangaman.kernel import names, tokens

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


def test_a_token_is_the_first_16_bytes_of_hmac_sha256() -> None:
    assert tokens.token("siti", KEY) == hmac.new(KEY, b"siti", hashlib.sha256).digest()[:16]


def test_two_units_have_no_token_in_common() -> None:
    assert not tokens.tokens("Siti Aminah", KEY) & tokens.tokens("Siti Aminah", OTHER)


def test_spellings_of_one_name_share_a_sharp_token() -> None:
    sharp, _ = tokens.asked("Moehammad Joesoef", KEY)
    assert set(sharp) & tokens.tokens("Muh. Yusup", KEY)


def test_every_form_becomes_one_token() -> None:
    name = "Ratna Dewi Anggraini"
    assert len(tokens.tokens(name, KEY)) == len(names.forms(name))
    assert tokens.asked(name, KEY)[1] == [tokens.token(form, KEY) for form in names.asked(name)[1]]


def test_no_token_holds_the_name() -> None:
    assert all(
        b"siti" not in token and len(token) == tokens.SIZE for token in tokens.tokens("Siti Aminah", KEY)
    )


def test_text_without_letters_has_no_token() -> None:
    assert tokens.tokens("\x00 \u202e 12", KEY) == frozenset()


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        tokens.token("siti", b"short")
