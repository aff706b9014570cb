"""A text that can't be stored or read is told in a sentence; and a text shows what it holds."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.kernel.forms import HIDDEN_MARKS, Text


class Told(forms.Form):
    line = Text(max_length=10, required=False)
    story = Text(max_length=50, lines=4, required=False)


def errors_of(**typed: str) -> str:
    return " ".join(error for found in Told(typed).errors.values() for error in found)


def test_a_plain_text_is_kept_as_it_is() -> None:
    form = Told({"line": "Siti", "story": "Satu\nDua"})
    assert form.is_valid()
    assert form.cleaned_data == {"line": "Siti", "story": "Satu\nDua"}


def test_nothing_is_an_empty_text() -> None:
    form = Told({})
    assert form.is_valid()
    assert form.cleaned_data == {"line": "", "story": ""}


def test_a_text_that_is_too_long_is_told_with_both_lengths() -> None:
    assert errors_of(line="x" * 12) == "Teks ini terlalu panjang: paling banyak 10 huruf, sekarang 12."


def test_the_browser_does_not_cut_a_text_without_a_word() -> None:
    assert "maxlength" not in str(Told()["line"])
    assert "maxlength" not in str(Told()["story"])
    assert 'rows="4"' in str(Told()["story"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a\0b", "tidak bisa disimpan"),
        ("a\ufffdb", "tidak terbaca"),
        (f"a{chr(0xD800)}b", "tidak terbaca"),
        (chr(0xDFFF), "tidak terbaca"),
    ],
)
def test_what_can_not_be_stored_or_read_is_told(typed: str, told: str) -> None:
    assert told in errors_of(story=typed)


@pytest.mark.parametrize("mark", sorted(HIDDEN_MARKS))
def test_marks_that_hide_or_turn_a_text_are_taken_out(mark: str) -> None:
    form = Told({"line": f"a{mark}b"})
    assert form.is_valid()
    assert form.cleaned_data["line"] == "ab"


@given(st.text(max_size=60))
def test_any_text_is_either_kept_or_told_and_never_an_error(typed: str) -> None:
    form = Told({"story": typed})
    if form.is_valid():
        kept = form.cleaned_data["story"]
        assert "\0" not in kept
        assert not HIDDEN_MARKS & set(kept)
        kept.encode()
    else:
        assert errors_of(story=typed)
