"""What was really done. Each row lies in the section of its service, so that a profession sees its own part."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.access.states import Section
from ruangaman.cases.models import PlanItem
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Service
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person
from ruangaman.services.states import Decline, Kind, ReferralStatus


class Referral(DossierRow):
    """A request to a partner, resting on a consent for that partner. Section: referral; a partner sees its own alone.

    Not in the section of its service, because who sends it may not read what a psychologist writes there.
    """

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    service = models.CharField(max_length=13, choices=Service.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+")
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    request = SealedField()  # what is asked for, in words for this partner
    visum_wanted = models.BooleanField(default=False)  # the investigator asked for one
    status = models.CharField(max_length=9, choices=ReferralStatus.choices, default=ReferralStatus.SENT)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    decline = models.CharField(max_length=12, choices=Decline.choices, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "sent_at"],
                condition=models.Q(status__in=[ReferralStatus.SENT, ReferralStatus.ACCEPTED]),
                name="services_referral_inbox",
            ),
            models.Index(fields=["dossier", "sent_at"], name="services_referral_dossier"),
            models.Index(
                fields=["unit", "stage", "sent_at"],
                condition=models.Q(status=ReferralStatus.SENT),
                name="services_referral_waiting",
            ),
            models.Index(
                fields=["unit", "ended_at"],
                condition=models.Q(status=ReferralStatus.DECLINED),
                name="services_referral_declined",
            ),
            models.Index(fields=["unit", "-sent_at", "-id"], name="services_referral_sent"),
            models.Index(fields=["organisation", "-sent_at", "-id"], name="services_referral_received"),
        ]
        constraints = [
            # Two clicks, or two colleagues at once, ask a partner once.
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(status__in=[ReferralStatus.SENT, ReferralStatus.ACCEPTED]),
                name="services_one_open_referral",
            )
        ]


class Delivery(DossierRow):
    """One service given on one day. In the section of its service; only ever added, corrected by a further row."""

    section = models.CharField(max_length=14, choices=Section.choices)
    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    service = models.CharField(max_length=13, choices=Service.choices)
    kind = models.CharField(max_length=22, choices=Kind.choices)
    given_on = models.DateField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+"
    )  # who gave it: unit or partner
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, related_name="+", db_constraint=False)
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="deliveries")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    note = SealedField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "given_on"], name="services_delivery_dossier"),
            models.Index(fields=["unit", "given_on"], name="services_delivery_counted"),
        ]


class Visum(DossierRow):
    """Number and date of a visum that the police asked for; never its findings. Section: medical. Source: flow.md 7."""

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    number = SealedField()
    request_number = SealedField()  # of the police letter
    dated_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
