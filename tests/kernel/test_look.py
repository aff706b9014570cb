"""The look: forms in GOV.UK markup, pages that the content security policy lets through, a small first page."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

import ruangaman

PACKAGE = Path(ruangaman.__file__).parent
BUILT = PACKAGE / "kernel" / "static" / "ruangaman"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
TYPEFACE = "fonts/plus-jakarta-sans.woff2"
MOST_BYTES = 60 * 1024
HARMLESS_SITE = "https://www.google.com/search?q=cuaca"


class Report(forms.Form):
    story = forms.CharField(label="Cerita", help_text="Seperlunya saja.", widget=forms.Textarea)
    kind = forms.ChoiceField(
        label="Siapa kamu", choices=[("a", "Saya"), ("b", "Tetangga")], widget=forms.RadioSelect
    )
    name = forms.CharField(label="Nama", required=False)
    danger = forms.BooleanField(label="Ada bahaya", required=False)
    number = forms.UUIDField(widget=forms.HiddenInput)


def drawn(form: forms.Form) -> str:
    return re.sub(r"\s+", " ", str(form))


def test_a_field_that_is_wrong_says_so_beside_it_and_at_the_top() -> None:
    page = drawn(Report({"kind": "a", "number": "6f1c4b9e-3f0e-4d43-8f5e-1d2c3b4a5f60"}))
    assert '<a href="#id_story">' in page
    assert page.index("govuk-error-summary") < page.index('name="story"')
    assert re.search(r'<div id="id_story_error"><p class="govuk-error-message">', page)
    assert 'aria-describedby="id_story_helptext id_story_error"' in page
    assert 'aria-invalid="true"' in page


def test_the_summary_leads_to_a_group_of_choices() -> None:
    page = drawn(Report({"story": "x", "number": "6f1c4b9e-3f0e-4d43-8f5e-1d2c3b4a5f60"}))
    assert '<a href="#id_kind">' in page
    assert '<div class="govuk-radios" id="id_kind">' in page


def test_a_form_that_is_right_has_no_summary() -> None:
    assert "govuk-error-summary" not in drawn(Report())


def test_each_visible_field_has_its_label_and_a_hidden_one_has_none() -> None:
    page = drawn(Report())
    for target in ("id_story", "id_kind_0", "id_kind_1", "id_name", "id_danger"):
        assert f'for="{target}"' in page
    assert 'for="id_number"' not in page
    assert '<input type="hidden" name="number"' in page


def test_only_what_may_stay_empty_is_marked_so() -> None:
    page = drawn(Report())
    assert re.search(r'for="id_name">Nama <span class="optional">', page)
    assert re.search(r'for="id_story">Cerita ?</label>', page)


def test_what_was_typed_cannot_become_markup() -> None:
    page = drawn(Report({"story": "</textarea><script>x</script>", "name": '"><b>'}))
    assert "<script>" not in page
    assert "<b>" not in page


def test_a_panel_is_drawn_with_its_own_values_and_the_form_token_of_the_page() -> None:
    request = RequestFactory().get("/")
    values = {"open_url": "/buka", "people": [{"role": "Pelapor", "initials": "S. R."}]}
    panel = {"template": "people/panel_identity.html", "title": "Identitas", "context": values}
    page = get_template("desk/dossier.html").render(
        {"dossier": {"reference": "RA-1"}, "who": [panel]}, request
    )
    assert 'action="/buka"' in page
    assert "S. R." in page
    assert page.count("csrfmiddlewaretoken") >= 1


def test_an_opened_identity_shows_the_name_and_a_sealed_one_does_not() -> None:
    opened = [{"role": "Pelapor", "name": "Siti Rahmawati"}]
    assert "Siti Rahmawati" in render_to_string(
        "people/identity.html", {"reference": "RA-1", "opened": opened}
    )
    people = [{"role": "Pelapor", "initials": "S. R."}]
    sealed = render_to_string("people/panel_identity.html", {"open_url": "/buka", "people": people})
    assert 'class="seal"' in sealed


def test_the_values_of_one_panel_do_not_reach_the_next() -> None:
    first = {
        "template": "intake/panel_narrative.html",
        "title": "Satu",
        "context": {"story": "rahasia pertama"},
    }
    second = {"template": "intake/panel_narrative.html", "title": "Dua", "context": {}}
    page = get_template("desk/dossier.html").render(
        {"dossier": {"reference": "RA-1"}, "work": [first, second]}
    )
    assert page.count("rahasia pertama") == 1


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_page_holds_style_or_script_of_its_own_or_fetches_from_elsewhere(path: Path) -> None:
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:", text)
    assert not re.search(r'(?:src|href|action)="\s*data:', text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert 'src="{% static' in tag or 'type="application/json"' in tag
    outside = set(re.findall(r"https?://[^\"'\s<]+", text)) - {HARMLESS_SITE, "http://www.w3.org/2000/svg"}
    assert not outside


def test_the_styles_hold_neither_the_crown_nor_its_typeface_and_fetch_nothing_from_elsewhere() -> None:
    for sheet in BUILT.glob("*.css"):
        text = sheet.read_text()
        assert "GDS Transport" not in text
        assert "crest" not in text
        assert {address.strip("\"'") for address in re.findall(r"url\(([^)]*)\)", text)} <= {TYPEFACE}
    assert not [file for file in BUILT.rglob("*") if "crown" in file.name or "crest" in file.name]


def test_the_licences_of_what_is_built_in_stand_beside_it() -> None:
    assert "SIL Open Font License" in (BUILT / "fonts" / "OFL.txt").read_text()
    notice = (BUILT / "licences.txt").read_text()
    assert "Government Digital Service" in notice
    assert "Permission is hereby granted, free of charge" in notice


def test_the_first_public_page_is_at_most_60_kb_even_where_nothing_is_compressed() -> None:
    page = render_to_string(
        "intake/home.html", {"other_language": {"code": "en", "label": "English"}, "here": "/"}
    )
    asked_for = re.findall(r'(?:href|src)="/static/ruangaman/([^"]+)"', page)
    assert {"public.css", "page.js", "leave.js"} <= set(asked_for)
    fetched = [BUILT / name for name in asked_for] + [BUILT / TYPEFACE]
    assert len(page.encode()) + sum(file.stat().st_size for file in fetched) <= MOST_BYTES


@pytest.mark.parametrize(
    "template", ["intake/home.html", "intake/report.html", "intake/receipt.html", "404.html"]
)
def test_every_public_page_has_the_same_neutral_title(template: str) -> None:
    page = render_to_string(
        template, {"site_title": "Informasi Layanan", "step": "what", "number": 2, "total": 5}
    )
    assert re.findall(r"<title>(.*?)</title>", page) == ["Informasi Layanan"]


@pytest.mark.parametrize("template", ["intake/home.html", "intake/thread.html", "intake/gone.html"])
def test_the_way_out_is_the_first_thing_after_the_skip_link_and_needs_no_script_or_token(
    template: str,
) -> None:
    page = render_to_string(template, {})
    form = re.search(r'<form class="exit.*?</form>', page, flags=re.DOTALL)
    assert form is not None
    assert 'method="post"' in form[0]
    assert 'type="submit"' in form[0]
    assert "csrfmiddlewaretoken" not in form[0]
    assert page.index("<form") == form.start()


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "413.html", "429.html", "500.html"])
def test_a_page_that_says_what_went_wrong_needs_nothing_to_be_drawn_and_has_a_way_out(template: str) -> None:
    page = render_to_string(template)
    assert "data-leave" in page
    assert 'href="/"' in page


def test_the_enter_key_goes_on_and_not_back() -> None:
    context = {"step": "reach", "number": 4, "total": 5, "form": Report(), "back": True}
    page = render_to_string("intake/report.html", context)
    assert page.index('value="next"') < page.index('value="back"')


def test_one_that_was_typed_before_the_form_grew_old_is_shown_to_be_copied() -> None:
    page = render_to_string("form_too_old.html", {"typed": ["Tulisan yang tidak boleh hilang."]})
    assert "Tulisan yang tidak boleh hilang." in page
