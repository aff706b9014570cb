"""Writing a letter, looking at it, taking its PDF, taking it back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, kept_form, page_of, staff
from ruangaman.access.models import Dossier
from ruangaman.access.queries import dossier_by_reference, every_key, open_key, reach_of
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused, Unreadable
from ruangaman.kernel.ids import new_id
from ruangaman.papers import typesetting
from ruangaman.papers.actions import letters as actions
from ruangaman.papers.forms.letters import Letter as LetterForm
from ruangaman.papers.models import Letter, Template
from ruangaman.papers.panels import letter_row
from ruangaman.papers.policies.layout import Head, lay_out
from ruangaman.papers.policies.letters import (
    FIELDS,
    NEVER_MORE,
    Redaction,
    Wanted,
    check_recipient,
    number_of,
    section_of,
)
from ruangaman.papers.policies.writing import fields_in
from ruangaman.papers.queries import letters as queries
from ruangaman.papers.states import LetterKind, LetterState
from ruangaman.people.queries import clients_of, contacts_of, initials_in

PDF = "application/pdf"
# What a browser's own page for a PDF asks for; nothing of ours runs in it.
PDF_PAGE = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "KONSEP"  # across a page that was not issued; the letter is Indonesian


@staff(section=Section.ADMINISTRATION)
@require_safe
def letters(request: StaffRequest, reference: str) -> HttpResponse:
    """Who may read letters of this dossier: those that went out, and which can be written."""
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None:
        raise Stranger(reference)
    found = queries.letters_of(request.viewer, dossier.id)
    writes = _writes(request, dossier, clock.now())
    if not found and not writes:
        raise Stranger(reference)
    keys = every_key(dossier.id)
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "letters": [letter_row(letter, keys) for letter in found],
        "kinds": [
            (kind.label, reverse("papers:new_letter", args=[dossier.reference, kind.value]))
            for kind in queries.kinds_for(writes, has_partner=True)
        ],
    }
    return render(request, "papers/letters.html", context)


def _writes(request: StaffRequest, dossier: Dossier, at: datetime) -> frozenset[str]:
    """The sections in which somebody of the unit itself may put letters of this dossier."""
    if not request.viewer.roles_in(dossier.unit_id):
        return frozenset()
    return reach_of(request.viewer, dossier, at)[1]


# --- a new one -------------------------------------------------------------------------------------------------------


@staff(section=Section.ADMINISTRATION)
@require_http_methods(["GET", "HEAD", "POST"])
def new_letter(request: StaffRequest, reference: str, kind: str) -> HttpResponse:
    """Who may write the section in which such a letter lies, in the unit itself: a draft to look at, or the letter."""
    at = clock.now()
    dossier = dossier_by_reference(request.viewer, reference)
    if dossier is None or kind not in LetterKind.values:
        raise Stranger(reference)
    writes = _writes(request, dossier, at)
    partners = queries.partners_of(request.viewer, dossier.id, at) if Section.REFERRAL in writes else []
    partner = next((one for one in partners if str(one.organisation.id) == request.GET.get("kepada")), None)
    template = queries.template_of(request.viewer, dossier.unit_id, kind)
    if section_of(kind, to_partner=partner is not None) not in writes or template is None:
        raise Stranger(reference)
    bare = Wanted(kind=kind, organisation=partner.organisation.id if partner else None)
    redaction = queries.redaction_of(request.viewer, dossier, template, bare, at)
    form = _form(request, dossier, template, partner, redaction, at)
    if request.method == "POST" and form.is_valid():
        try:
            return _carried_out(request, dossier, template, form, at)
        except Refused as no:
            form.add_error(None, str(no.message))
    return _page(request, dossier, template, form, partners, partner, redaction)


def _form(
    request: StaffRequest,
    dossier: Dossier,
    template: Template,
    partner: queries.Partner | None,
    redaction: Redaction,
    at: datetime,
) -> LetterForm:
    asked = fields_in(template.body)
    officers = queries.officers_of(dossier.unit_id, at)
    clients = clients_of(request.viewer, dossier.id)
    initials = initials_in(clients, every_key(dossier.id)) if len(clients) > 1 else {}
    mine = next((code for code, _name, _role in officers if code.startswith(str(request.viewer.id))), "")
    initial = {
        "letter_id": new_id(),
        "officer": mine,
        "client": str(clients[0].id) if clients else "",
        **(kept_form(request, request.path) or {}),
    }
    return LetterForm(
        request.POST if request.method == "POST" else None,
        kind=template.kind,
        asked=asked,
        partner=partner,
        clients=[(str(one.id), initials.get(one.id) or "?") for one in clients] if len(clients) > 1 else [],
        officers=officers,
        areas=queries.areas_of(dossier.unit) if "kelurahan" in asked else [],
        withheld=redaction.sections_withheld,
        initial=initial,
    )


def _carried_out(
    request: StaffRequest, dossier: Dossier, template: Template, form: LetterForm, at: datetime
) -> HttpResponse:
    wanted = form.wanted()
    if request.POST.get("act") == "issue":
        letter = actions.issue(
            viewer=request.viewer,
            dossier=dossier,
            template=template,
            wanted=wanted,
            letter_id=form.cleaned_data["letter_id"],
            at=at,
        )
        return redirect("papers:letter", letter.id)
    check_recipient(wanted)
    head, scheme = _head(request, dossier)
    try:
        content = queries.content_of(request.viewer, dossier, template, wanted, head, at)
    except Unreadable:
        raise Refused(
            _("Ada isi berkas yang tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah.")
        ) from None
    day = at.astimezone(queries.zone_of(dossier.unit)).date()
    number = number_of(scheme, None, code=template.code, day=day, unit=dossier.unit.name)
    document = lay_out(content, head, number=number, day=day, mark=DRAFT)
    if request.POST.get("act") == "docx":
        actions.take_draft(viewer=request.viewer, dossier=dossier, content=content, at=at)
        return as_file(typesetting.docx(document), f"konsep-{slugify(template.title)}.docx", DOCX)
    actions.look_ahead(viewer=request.viewer, dossier=dossier, content=content, at=at)
    return as_file(typesetting.pdf(document), "konsep.pdf", PDF, inline=True)


def _head(request: StaffRequest, dossier: Dossier) -> tuple[Head, str]:
    """The unit's letterhead; before there is one, its name alone, so that a draft can be looked at."""
    look = queries.letterhead_of(request.viewer, dossier.unit_id)
    if look:
        return queries.head_from(look), look.scheme
    return Head([dossier.unit.name], "…", "…", "…", ""), "{nomor}/{kode}/{tahun}"


def _page(
    request: StaffRequest,
    dossier: Dossier,
    template: Template,
    form: LetterForm,
    partners: Sequence[queries.Partner],
    partner: queries.Partner | None,
    redaction: Redaction,
) -> HttpResponse:
    kind = LetterKind(template.kind)
    to_partner = kind not in NEVER_MORE and kind != LetterKind.CONSENT_FORM
    context = {
        "reference": dossier.reference,
        "back": page_of(dossier),
        "title": kind.label,
        "form": form,
        "partners": [
            (f"?kepada={one.organisation.id}", one.organisation.name, one is partner)
            for one in (partners if to_partner else ())
        ],
        "others_url": request.path if partners and to_partner else "",
        "to_others": partner is None,
        "told": [FIELDS[field].label for field in fields_in(template.body) if field in redaction.told],
        "withheld": [FIELDS[field].label for field in redaction.withheld],
        "never_more": kind in NEVER_MORE,
        "consent_form": kind == LetterKind.CONSENT_FORM,
        # The unit sends no letter to where she is reached, and least of all now; who carries one asks her. care.md 7.
        "doubted": any(one.doubted_at for one in contacts_of(request.viewer, dossier.id).values()),
        "has_letterhead": queries.letterhead_of(request.viewer, dossier.unit_id) is not None,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "papers/letter_new.html", context, status=status)


def as_file(content: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """This will send a file that was made here."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    if inline:
        response["Content-Security-Policy"] = PDF_PAGE
    return response


# --- one that went out -----------------------------------------------------------------------------------------------


@staff(section=Section.FILE)
@require_safe
def letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Who may read this letter; its recipient too, where that is a partner: number, to whom, what was left out."""
    return _letter_page(request, _found(request, letter_id))


def _letter_page(request: StaffRequest, found: Letter, why_not: str = "") -> HttpResponse:
    of_unit = bool(request.viewer.roles_in(found.unit_id))
    row = every_key(found.dossier_id).get(found.section)
    try:
        said = queries.opened(found, open_key(row) if row else None)
    except Unreadable:
        said, why_not = (
            {},
            why_not or _("Isi surat ini tidak terbaca: mungkin ada yang diubah. Hubungi pengawas data."),
        )
    withheld = [FIELDS[field].label for field in said.get("withheld", ()) if field in FIELDS]
    context = {
        "reference": found.dossier.reference,
        "back": page_of(found.dossier),
        "letter": found,
        "title": said.get("title", _("Surat")),
        "recipient": said.get("recipient", ()),
        "copies": said.get("copies", ()),
        "withheld": withheld if of_unit else (),
        "extra": [Section(one).label for one in said.get("extra", ())] if of_unit else (),
        "revoked": found.state == LetterState.REVOKED,
        "may_revoke": of_unit
        and found.state == LetterState.ISSUED
        and found.section in reach_of(request.viewer, found.dossier, clock.now())[1],
        "why_not": why_not,
    }
    return render(request, "papers/letter.html", context, status=409 if why_not else 200)


@staff(section=Section.FILE)
@require_POST
def letter_pdf(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Who may read this letter: its PDF as it was issued, with an entry in the ledger."""
    found = _found(request, letter_id)
    try:
        content = actions.take_letter(viewer=request.viewer, letter=found, at=clock.now())
    except Unreadable:
        return _letter_page(
            request,
            found,
            _("Berkas surat ini tidak terbaca. Hubungi pengawas data: mungkin ada yang diubah."),
        )
    return as_file(content, f"surat-{slugify(found.number.replace('/', '-'))}.pdf", PDF)


@staff(section=Section.FILE)
@require_POST
def revoke(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Who may write the section of this letter, in the unit itself: it counts no longer, and its square says so."""
    found = _found(request, letter_id)
    if found.section not in _writes(request, found.dossier, clock.now()):
        raise Stranger(found.dossier.reference)
    try:
        actions.revoke(viewer=request.viewer, letter=found, at=clock.now())
    except Refused as no:
        return _letter_page(request, found, str(no.message))
    return HttpResponseRedirect(reverse("papers:letter", args=[found.id]))


def _found(request: StaffRequest, letter_id: UUID) -> Letter:
    found = queries.letter_by_id(request.viewer, letter_id)
    if found is None:
        raise Stranger
    return found
