"""What consent asks of people: to confirm that what they may see no more is deleted.

That somebody is late with it is a deadline of the file, and the clocks ask its case manager or supervisor.
"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.clocks.queries import in_force
from ruangaman.consent.policies.recalls import ASKED
from ruangaman.consent.queries.recalls import open_recalls


def to_confirm(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give who may see something no more what they are to confirm; one query, and one a unit."""
    if not ASKED & viewer.roles:
        return []
    rows = open_recalls(viewer, most=most)
    # Who is asked can't read the unit's clock; the rule is open to all.
    rules = {unit: in_force(unit, "recall", at) for unit in {row.unit_id for row in rows}}
    return [
        Duty(
            Kind.CONSENT,
            rule.due(row.asked_at) if (rule := rules[row.unit_id]) else row.asked_at,
            _("Hapus salinan Anda, lalu konfirmasi"),
            row.reference,
            rule.definition.article if rule else _("Persetujuan"),
            reverse("consent:recall", args=[row.id]),
        )
        for row in rows
    ]
