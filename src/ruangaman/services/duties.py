"""What services ask of people: referrals that wait for a partner, and those that one declined.

That a partner is late is a deadline of who referred, and the clocks ask for it.
"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.clocks.queries import in_force
from ruangaman.services import queries
from ruangaman.services.policies import REMEMBERED
from ruangaman.services.states import ReferralStatus


def to_answer(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give a partner the referrals it has to answer, or to record work for; one query, and one a unit."""
    if not queries.partners_of(viewer):
        return []
    rows = queries.inbox(viewer, most=most)
    # A partner can't read the unit's clock; the rule is open to all.
    rules = {unit: in_force(unit, "referral", at) for unit in {row.unit_id for row in rows}}
    return [
        Duty(
            Kind.REFERRAL,
            rule.due(since) if (rule := rules[row.unit_id]) else since,
            _("Jawab rujukan: %s") % row.get_service_display()
            if row.status == ReferralStatus.SENT
            else _("Catat layanan rujukan: %s") % row.get_service_display(),
            row.dossier.reference,
            _("Rujukan"),
            reverse("services:referral", args=[row.id]),
        )
        for row in rows
        for since in [row.answered_at or row.sent_at]
    ]


def declined(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give who refers the referrals that a partner declined, until another way is found; one query."""
    if queries.partners_of(viewer) or not viewer.reaches(Section.REFERRAL, "w"):
        return []
    return [
        Duty(
            Kind.REFERRAL,
            row.ended_at or row.sent_at,
            _("%s menolak rujukan: cari jalan lain") % row.organisation.name,
            row.dossier.reference,
            _("Rujukan"),
            page_of(row.dossier),
        )
        for row in queries.declined(viewer, at - REMEMBERED, most)
    ]
