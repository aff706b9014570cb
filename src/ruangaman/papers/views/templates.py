"""The texts of letters and the letterhead, written in the browser by head and supervisor."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.access.doors import StaffRequest, Stranger, kept_form, staff
from ruangaman.access.queries import Seat
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Refused
from ruangaman.papers import typesetting
from ruangaman.papers.actions import templates as actions
from ruangaman.papers.forms.letters import Letterhead as LetterheadForm
from ruangaman.papers.forms.letters import Template as TemplateForm
from ruangaman.papers.models import Template
from ruangaman.papers.policies.layout import Content, Document, Head, lay_out
from ruangaman.papers.policies.letters import FIELDS, FIELDS_OF, WITHOUT_RECIPIENT, number_of, redact
from ruangaman.papers.policies.writing import fields_in, parse
from ruangaman.papers.queries import letters as queries
from ruangaman.papers.states import LetterKind
from ruangaman.papers.views.letters import PDF, as_file

KEEPERS = frozenset({Role.HEAD, Role.SUPERVISOR})
SAMPLE = "CONTOH"
SAMPLE_SCHEME = "{nomor}/{kode}/UPTD-PPA/{bulan}/{tahun}"


@staff(roles=KEEPERS)
@require_safe
def templates(request: StaffRequest) -> HttpResponse:
    """Head and supervisor: the texts in force in their unit."""
    unit = _unit(request)
    found = queries.templates_of(request.viewer, unit.organisation_id)
    rows = [
        {
            "kind": kind,
            "label": kind.label,
            "template": found.get(kind),
            "own": bool(found.get(kind) and found[kind].owner_id),
        }
        for kind in LetterKind
    ]
    look = queries.letterhead_of(request.viewer, unit.organisation_id)
    context = {"unit": unit.organisation_name, "rows": rows, "letterhead": look}
    return render(request, "papers/templates.html", context)


@staff(roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: StaffRequest, kind: str) -> HttpResponse:
    """Head and supervisor: a new version of a text, with what it looks like on made-up data."""
    if kind not in LetterKind.values:
        raise Stranger
    unit = _unit(request)
    versions = queries.template_versions(request.viewer, unit.organisation_id, kind)
    own = next((one.version for one in versions if one.owner_id), 0)
    wanted = request.GET.get("dari", "")
    shown = next((one for one in versions if str(one.id) == wanted), versions[0] if versions else None)
    initial = {
        "version": own,
        **({"title": shown.title, "code": shown.code, "body": shown.body} if shown else {}),
        **(kept_form(request, request.path) or {}),
    }
    form = TemplateForm(request.POST if request.method == "POST" else None, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if request.POST.get("act") == "preview":
            return _preview(request, unit, kind, given["title"], given["code"], given["body"])
        try:
            actions.write_template(
                viewer=request.viewer,
                unit_id=unit.organisation_id,
                kind=kind,
                title=given["title"],
                code=given["code"],
                body=given["body"],
                after=given["version"],
                at=clock.now(),
            )
            messages.success(request, _("Versi baru tersimpan. Surat yang sudah terbit tidak berubah."))
            return redirect("papers:template", kind)
        except Refused as no:
            form.add_error(None, str(no.message))
    return _template_page(request, unit, kind, form, versions)


def _template_page(
    request: StaffRequest, unit: Seat, kind: str, form: TemplateForm, versions: list[Template]
) -> HttpResponse:
    context = {
        "unit": unit.organisation_name,
        "title": LetterKind(kind).label,
        "kind": kind,
        "form": form,
        "fields": [(name, FIELDS[name].label, FIELDS[name].sample) for name in FIELDS_OF[kind]],
        "versions": versions,
    }
    status = 400 if request.method == "POST" else 200
    return render(request, "papers/template.html", context, status=status)


def _preview(request: StaffRequest, unit: Seat, kind: str, title: str, code: str, body: str) -> HttpResponse:
    look = queries.letterhead_of(request.viewer, unit.organisation_id)
    head = queries.head_from(look) if look else _sample_head(unit)
    scheme = look.scheme if look else SAMPLE_SCHEME
    return as_file(
        typesetting.pdf(_sample(kind, title, code, body, head, scheme, unit.organisation_name)),
        "contoh.pdf",
        PDF,
        inline=True,
    )


def _sample_head(unit: Seat) -> Head:
    return Head(
        [unit.organisation_name],
        FIELDS["kota"].sample,
        FIELDS["jabatan_pejabat"].sample,
        FIELDS["nama_pejabat"].sample,
        FIELDS["nip_pejabat"].sample,
    )


def _sample(kind: str, title: str, code: str, body: str, head: Head, scheme: str, unit: str) -> Document:
    """A letter about nobody."""
    asked = fields_in(body)
    day = date(2026, 11, 23)
    content = Content(
        kind=kind,
        title=title,
        blocks=parse(body),
        values=queries.sample_of(kind),
        redaction=redact(kind, asked, covered=[field.section for field in FIELDS.values()], extra=()),
        recipient=() if kind in WITHOUT_RECIPIENT else (FIELDS["penerima"].sample, "di Kota Contoh"),
        copies=(),
    )
    number = number_of(scheme, 12, code=code, day=day, unit=unit)
    return lay_out(content, head, number=number, day=day, mark=SAMPLE)


@staff(roles=KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: StaffRequest) -> HttpResponse:
    """Head and supervisor: how the letters of their unit look and are numbered."""
    unit = _unit(request)
    look = queries.letterhead_of(request.viewer, unit.organisation_id)
    names = ("lines", "town", "signer_title", "signer_name", "signer_number", "scheme")
    initial = {name: getattr(look, name) for name in names} if look else {"scheme": SAMPLE_SCHEME}
    form = LetterheadForm(
        request.POST if request.method == "POST" else None,
        unit_name=unit.organisation_name,
        initial={**initial, **(kept_form(request, request.path) or {})},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if request.POST.get("act") == "preview":
            head = Head(
                given["lines"].splitlines(),
                given["town"],
                given["signer_title"],
                given["signer_name"],
                given["signer_number"],
            )
            kind = LetterKind.EXAMINATION
            text = queries.template_of(request.viewer, unit.organisation_id, kind)
            if text is None:
                raise Stranger
            made = _sample(
                kind, text.title, text.code, text.body, head, given["scheme"], unit.organisation_name
            )
            return as_file(typesetting.pdf(made), "contoh.pdf", PDF, inline=True)
        try:
            actions.set_letterhead(
                viewer=request.viewer,
                unit_id=unit.organisation_id,
                unit_name=unit.organisation_name,
                at=clock.now(),
                **{name: given[name] for name in names},
            )
            messages.success(request, _("Kop surat tersimpan. Surat berikutnya memakainya."))
            return redirect("papers:templates")
        except Refused as no:
            form.add_error(None, str(no.message))
    scheme = form["scheme"].value() or ""
    context = {"unit": unit.organisation_name, "form": form, "example": _example(scheme, unit)}
    status = 400 if request.method == "POST" else 200
    return render(request, "papers/letterhead.html", context, status=status)


def _example(scheme: str, unit: Seat) -> str:
    """What a number looks like with this scheme; empty where it is not one."""
    try:
        return number_of(scheme, 12, code="ST", day=date(2026, 11, 23), unit=unit.organisation_name)
    except KeyError:
        return ""


def _unit(request: StaffRequest) -> Seat:
    """The unit whose letters are looked after: the one asked for, else the first where the viewer holds the role."""
    seats = [
        seat
        for seat in request.viewer.seats
        if seat.role in KEEPERS and seat.organisation_kind == OrganisationKind.UNIT
    ]
    wanted = request.GET.get("unit", "")
    seat = next((one for one in seats if str(one.organisation_id) == wanted), seats[0] if seats else None)
    if seat is None:
        raise Stranger
    return seat
