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


def test_a_name_with_a_year_has_nothing_in_common_with_the_name_alone_or_another_year() -> None:
    name = "Ratna Dewi Anggraini"
    ninety, other = (tokens.about(name, KEY, birth_years=[year]) for year in (1990, 1991))
    assert ninety and not ninety & other
    assert not ninety & tokens.tokens(name, KEY)
    assert not ninety & tokens.about(name, OTHER, birth_years=[1990])


def test_a_year_an_area_and_a_number_of_the_same_digits_are_kept_apart() -> None:
    by = ({"birth_years": [1990]}, {"areas": ["1990"]}, {"numbers": ["1990"]})
    made = [tokens.about("Ratna Dewi", KEY, **one) for one in by]  # type: ignore[arg-type]
    assert len(frozenset.union(*made)) == sum(map(len, made))
    assert tokens.of_number("1990", KEY) not in frozenset.union(*made)


def test_another_spelling_with_the_same_fact_is_met() -> None:
    kept = tokens.about("Muh. Yusup Hidayat", KEY, birth_years=[1990], areas=["31.73.01.1001"])
    for fact in ({"birth_years": [1990]}, {"areas": ["31.73.01.1001"]}):
        assert set(tokens.asked_about("Moehammad Joesoep", KEY, **fact)[0]) & kept  # type: ignore[arg-type]


def test_a_single_part_with_the_same_year_is_met_bluntly_only() -> None:
    kept = tokens.about("Siti Rohmah", KEY, birth_years=[1990])
    sharp, blunt = tokens.asked_about("Rohmah", KEY, birth_years=[1990])
    assert not set(sharp) & kept
    assert set(blunt) & kept


def test_nothing_without_a_fact_and_no_flood_with_many() -> None:
    assert tokens.about("Ratna Dewi", KEY) == frozenset()
    longest = " ".join(f"nama{letter}a" for letter in "bcdfghjklm")
    assert len(tokens.about(longest, KEY, birth_years=range(1900, 2000))) < 8 * 80


def test_the_whole_of_a_single_part_is_nothing() -> None:
    assert tokens.whole("Bambang", KEY) == []
    assert set(tokens.whole("Bambang Rekaan", KEY)) <= tokens.tokens("Bambang Rekaan", KEY)
