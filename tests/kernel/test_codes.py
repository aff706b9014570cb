"""Receipt codes: the list of words, what a code is, and reading one back from what people write."""

import itertools
import re
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.kernel.codes import SECRET_BITS, WORDS, Code, UnreadableCode, new_code, read_code

codes = st.integers(0, 2**SECRET_BITS - 1).map(lambda bits: Code(bits.to_bytes(9)))
FIXED = Code((0x2_3456_789A_BCDE_F012 & (2**66 - 1)).to_bytes(9))


def one_slip(word: str) -> set[str]:
    """Everything at Damerau-Levenshtein distance 1, by another way than the reader's."""
    found = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    for i, letter in itertools.product(range(len(word) + 1), ["", *ascii_lowercase]):
        found |= {word[:i] + letter + word[i:], word[:i] + letter + word[i + 1 :]}
    return found - {word}


# The list


def test_the_list_has_2048_sorted_words_and_none_twice() -> None:
    assert len(WORDS) == len(set(WORDS)) == 2048
    assert list(WORDS) == sorted(WORDS)


def test_every_word_has_three_to_eight_plain_letters() -> None:
    assert [word for word in WORDS if not re.fullmatch("[a-z]{3,8}", word)] == []


def test_four_letters_tell_every_word_from_every_other() -> None:
    assert len({word[:4] for word in WORDS}) == 2048


def test_no_word_is_one_slip_away_from_another() -> None:
    assert {word: near for word in WORDS if (near := one_slip(word) & set(WORDS))} == {}


FRIGHTENING = """
polisi lapor korban pelaku takut mati luka darah bunuh pukul paksa ayah ibu bapak suami istri anak
kakak adik anjing babi monyet buaya ular pisau golok sakit obat gila janda cinta cium peluk tidur
doa dosa tuhan
"""


def test_no_word_frightens_or_tells_why_she_holds_the_paper() -> None:
    assert set(FRIGHTENING.split()) & set(WORDS) == set()


# A code


def test_a_new_code_has_seven_words_and_66_bits() -> None:
    code = new_code()
    assert len(code.words) == 7
    assert len(code.secret) == 9
    assert int.from_bytes(code.secret) < 2**66


def test_every_one_of_the_66_bits_is_drawn() -> None:
    drawn = [int.from_bytes(new_code().secret) for _ in range(200)]
    assert len(set(drawn)) == 200
    ever, always = 0, 2**66 - 1
    for bits in drawn:
        ever, always = ever | bits, always & bits
    assert ever == 2**66 - 1  # a bit that stays nought in 200 codes has a chance of 66 in 2^200
    assert always == 0


def test_each_bit_of_the_secret_changes_the_words() -> None:
    bits = int.from_bytes(FIXED.secret)
    others = {Code((bits ^ 1 << place).to_bytes(9)).words[:6] for place in range(66)}
    assert len(others | {FIXED.words[:6]}) == 67


def test_printing_a_code_for_programmers_hides_it() -> None:
    shown = repr(FIXED)
    assert not [word for word in FIXED.words if word in shown]
    assert FIXED.secret.hex() not in shown
    assert repr(FIXED.secret) not in shown


@pytest.mark.parametrize("secret", [b"", b"\0" * 8, b"\0" * 10, b"\x04" + b"\0" * 8])
def test_a_secret_of_another_size_is_no_code(secret: bytes) -> None:
    with pytest.raises(ValueError, match="66 bits"):
        Code(secret)


# Reading it back

FORMS = {
    "as printed": lambda words: "-".join(words),
    "in capitals": lambda words: " ".join(words).upper(),
    "with capitals and full stops": lambda words: ". ".join(map(str.capitalize, words)) + ".",
    "numbered on one line": lambda words: " ".join(f"{n}. {word}" for n, word in enumerate(words, 1)),
    "numbered without a space": lambda words: "\r\n".join(f"{n}){word}" for n, word in enumerate(words, 1)),
    "with commas": lambda words: " , ".join(words) + "\n",
    "four letters each": lambda words: " ".join(word[:4] for word in words),
    "without the check word": lambda words: " ".join(words[:6]),
    "in wide letters": lambda words: " ".join("".join(chr(ord(c) + 0xFEE0) for c in word) for word in words),
    "with marks a paste brings along": lambda words: "\ufeff\u202a" + "\u00a0".join(words) + "\u202c",
    "spoilt at the end of each": lambda words: " ".join(
        word if len(word) < 5 else word[:-1] + "q" for word in words
    ),
}


@pytest.mark.parametrize("form", FORMS)
@given(code=codes)
@settings(max_examples=60)
def test_any_code_survives_being_written_by_hand(form: str, code: Code) -> None:
    assert read_code(FORMS[form](code.words)) == code


@given(code=codes, place=st.integers(0, 6), data=st.data())
def test_one_slip_is_mended_or_told_and_never_becomes_another_code(
    code: Code, place: int, data: st.DataObject
) -> None:
    slip = data.draw(st.sampled_from(sorted(one_slip(code.words[place]))))
    typed = [*code.words[:place], slip, *code.words[place + 1 :]]
    meant = one_slip(slip) & set(WORDS)
    try:
        assert read_code(" ".join(typed)) == code
    except UnreadableCode as refusal:
        assert meant != {code.words[place]} or any(word.startswith(slip) for word in WORDS), (
            "this one can be mended"
        )
        assert refusal.positions in ((place,), ())


def test_a_slip_without_the_check_word_is_not_guessed() -> None:
    spoilt = FIXED.words[0][:-1] + "q"
    assert read_code(" ".join([spoilt, *FIXED.words[1:]])) == FIXED
    with pytest.raises(UnreadableCode) as refusal:
        read_code(" ".join([spoilt, *FIXED.words[1:6]]))
    assert refusal.value.positions == (0,)


@pytest.mark.parametrize("place", range(7))
def test_each_wrong_word_of_the_list_is_noticed_at_each_place(place: int) -> None:
    right = FIXED.words[place]
    for wrong in WORDS:
        if wrong != right:
            with pytest.raises(UnreadableCode):
                read_code(" ".join([*FIXED.words[:place], wrong, *FIXED.words[place + 1 :]]))


@given(code=codes, places=st.sets(st.integers(0, 6), min_size=2, max_size=2).map(sorted))
@settings(max_examples=300)
def test_two_words_that_changed_places_are_noticed(code: Code, places: list[int]) -> None:
    swapped = list(code.words)
    swapped[places[0]], swapped[places[1]] = swapped[places[1]], swapped[places[0]]
    if tuple(swapped) == code.words:
        assert read_code(" ".join(swapped)) == code
    else:
        with pytest.raises(UnreadableCode):
            read_code(" ".join(swapped))


def test_the_refusal_names_places_and_never_words() -> None:
    typed = ["xyzxyz", *FIXED.words[1:3], "qqqq", *FIXED.words[4:]]
    with pytest.raises(UnreadableCode) as refusal:
        read_code(" ".join(typed))
    assert refusal.value.positions == (0, 3)
    assert "kata ke-1, kata ke-4" in str(refusal.value)
    assert not [
        word for word in typed if word in re.findall(r"\w+", str(refusal.value) + repr(refusal.value))
    ]
    assert refusal.value.__cause__ is refusal.value.__context__ is None


@pytest.mark.parametrize("count", [0, 1, 5, 8, 20, 21])
def test_another_number_of_words_is_told(count: int) -> None:
    with pytest.raises(UnreadableCode, match="tujuh kata") as refusal:
        read_code(" ".join((FIXED.words * 3)[:count]))
    assert refusal.value.positions == ()


def test_a_text_longer_than_any_code_is_not_looked_at() -> None:
    room = " " * (400 - len(str(FIXED)))
    assert read_code(str(FIXED) + room) == FIXED
    with pytest.raises(UnreadableCode):
        read_code(str(FIXED) + room + " ")
    with pytest.raises(UnreadableCode):
        read_code("kopi " * 1_000_000)


@given(st.text(max_size=450))
@settings(max_examples=300)
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(UnreadableCode) as refusal:
        read_code(text)
    assert str(refusal.value).endswith(".")


@given(st.lists(st.text(ascii_lowercase, min_size=1, max_size=60), min_size=6, max_size=7))
def test_seven_runs_of_letters_are_read_or_refused_and_nothing_else_happens(runs: list[str]) -> None:
    try:
        assert read_code(" ".join(runs)).words
    except UnreadableCode as refusal:
        assert all(0 <= place < len(runs) for place in refusal.positions)
