"""Who of the people of an appointment needs an interpreter: said before it is made, and on its page."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from ruangaman.access.doors import StaffRequest
from ruangaman.access.models import Dossier
from ruangaman.access.states import Section
from ruangaman.kernel.errors import Unreadable
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import Verb
from ruangaman.people.models import Person
from ruangaman.people.queries.profiles import interpreters_for, needs_in

log = logging.getLogger("ruangaman.agenda")


def interpreters(
    request: StaffRequest, dossier: Dossier, people: Sequence[tuple[Person, str]], at: datetime
) -> list[str]:
    """This will say of each of ``people`` (and how they are called) that an interpreter is needed, as far as the viewer
    may know of it; what is shown was opened, and is recorded. Two queries. Source: care.md 23.
    """
    called = {person.id: label for person, label in people}
    try:
        needs = needs_in(request.viewer, dossier.id)
    except Unreadable:
        # Said in its place; the rest of the page stays usable.
        log.error("a sealed value of dossier %s does not open (agenda)", dossier.id)
        return [_("Kebutuhan orang di berkas ini tidak terbaca. Tanyakan apakah juru bahasa diperlukan.")]
    found = interpreters_for([person for person, _label in people], needs)
    if found:
        record(
            Verb.OPENED,
            at=at,
            by=request.viewer.id,
            unit=dossier.unit_id,
            dossier=dossier.id,
            objects=sorted(found),
            fields=[Section.SUPPORT.value],
        )
    return [f"{said}: {called[person]}" for person, said in found.items()]
