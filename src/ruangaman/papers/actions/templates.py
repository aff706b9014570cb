"""The texts of letters, the letterhead of a unit, and what is shipped of both."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ruangaman.access.queries import Viewer
from ruangaman.kernel.errors import Refused
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.papers.models import Letterhead, Template
from ruangaman.papers.policies.letters import FIELDS_OF, check_code, check_lines, check_scheme
from ruangaman.papers.policies.shipped import shipped_letters
from ruangaman.papers.policies.writing import check_body
from ruangaman.papers.queries.letters import letterhead_of


@transaction.atomic
def write_template(
    *, viewer: Viewer, unit_id: UUID, kind: str, title: str, code: str, body: str, after: int, at: datetime
) -> Template:
    """This will add a version of a letter's text; letters that went out keep theirs. ``after``: the version that was
    on the screen, so that two people never overwrite each other in silence.

    :raises Refused: for a field that this kind does not have, or where somebody else wrote a version meanwhile.
    """
    check_body(f"{title}\n\n{body}", FIELDS_OF[kind])
    check_code(code)
    made = Template(
        owner_id=unit_id,
        kind=kind,
        version=after + 1,
        title=title,
        code=code,
        body=body,
        written_by_id=viewer.id,
        written_at=at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            _("Orang lain baru saja menyimpan versi baru. Muat ulang halaman ini dan periksa isinya.")
        ) from None
    record(Verb.TEMPLATE_WRITTEN, at=at, by=viewer.id, unit=unit_id, objects=[made.id], fields=[kind])
    return made


@transaction.atomic
def set_letterhead(
    *,
    viewer: Viewer,
    unit_id: UUID,
    unit_name: str,
    lines: str,
    town: str,
    signer_title: str,
    signer_name: str,
    signer_number: str,
    scheme: str,
    at: datetime,
) -> Letterhead:
    """This will set how the letters of a unit look from now on.

    :raises Refused: for a scheme with which two letters could bear the same number, or too many lines.
    """
    check_scheme(scheme, unit_name)
    values = {
        "lines": check_lines(lines),
        "town": town,
        "signer_title": signer_title,
        "signer_name": signer_name,
        "signer_number": signer_number,
        "scheme": scheme,
    }
    there = letterhead_of(viewer, unit_id)
    before = {name: getattr(there, name) for name in values} if there else {}
    signed = {"changed_by_id": viewer.id, "changed_at": at}
    made, _new = Letterhead.objects.update_or_create(unit_id=unit_id, defaults={**values, **signed})
    changed = [name for name, value in values.items() if before.get(name) != value]
    record(Verb.LETTERHEAD_SET, at=at, by=viewer.id, unit=unit_id, objects=[unit_id], fields=changed)
    return made


def load_templates(*, using: str, at: datetime) -> None:
    """This will load the texts that are shipped: a new version where one changed, and nothing where none did."""
    with transaction.atomic(using=using):
        known = Template.objects.using(using).filter(owner=None).order_by("kind", "version")
        newest = {template.kind: template for template in known}
        for kind, title, code, body in shipped_letters():
            there = newest.get(kind)
            if there and (there.title, there.code, there.body) == (title, code, body):
                continue
            check_body(f"{title}\n\n{body}", FIELDS_OF[kind])
            Template.objects.using(using).create(
                kind=kind,
                version=there.version + 1 if there else 1,
                title=title,
                code=code,
                body=body,
                written_at=at,
            )
