"""What services ask of people: referrals that wait for a partner's answer, and those that wait too long."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.doors import page_of
from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.access.states import Section
from ruangaman.services import queries
from ruangaman.services.policies import ANSWER_WITHIN, REMEMBERED, answer_due
from ruangaman.services.states import ReferralStatus


def to_answer(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give a partner the referrals it has not answered, or recorded nothing for; one query."""
    if not queries.partners_of(viewer):
        return []
    return [
        Duty(
            Kind.REFERRAL,
            answer_due(row.answered_at or row.sent_at),
            _("Jawab rujukan: %s") % row.get_service_display()
            if row.status == ReferralStatus.SENT
            else _("Catat layanan rujukan: %s") % row.get_service_display(),
            row.dossier.reference,
            _("Rujukan"),
            reverse("services:referral", args=[row.id]),
        )
        for row in queries.inbox(viewer, most=most)
    ]


def unanswered(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give who refers the referrals that no partner answered in time; one query."""
    if queries.partners_of(viewer) or not viewer.reaches(Section.REFERRAL, "w"):
        return []
    return [
        Duty(
            Kind.REFERRAL,
            answer_due(row.sent_at),
            _("%s belum menjawab rujukan") % row.organisation.name,
            row.dossier.reference,
            _("Rujukan"),
            page_of(row.dossier),
        )
        for row in queries.unanswered(viewer, at - ANSWER_WITHIN, most)
    ]


def declined(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give who refers the referrals that a partner declined, until another way is found; one query."""
    if queries.partners_of(viewer) or not viewer.reaches(Section.REFERRAL, "w"):
        return []
    return [
        Duty(
            Kind.REFERRAL,
            answer_due(row.ended_at or row.sent_at),
            _("%s menolak rujukan: cari jalan lain") % row.organisation.name,
            row.dossier.reference,
            _("Rujukan"),
            page_of(row.dossier),
        )
        for row in queries.declined(viewer, at - REMEMBERED, most)
    ]
