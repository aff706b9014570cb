"""What a case is made of. Each table is one section of the dossier."""

from django.db import models

from ruangaman.access.models import DataKey, DossierRow, OnlyRow, Organisation, User
from ruangaman.cases.states import Form, NeedState, Online, Penetration, RiskLevel, Setting, Unmet
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Service
from ruangaman.kernel.fields import SealedField
from ruangaman.people.models import Person
from ruangaman.places.models import Place


class Case(OnlyRow):
    """That a report became a case, and who holds it whole. Section: administration."""

    manager = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    risk = models.CharField(max_length=6, choices=RiskLevel.choices, blank=True)  # a copy, for lists
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "stage", "-taken_at", "-id"], name="cases_list"),
            models.Index(fields=["manager"], condition=models.Q(ended_at=None), name="cases_of_manager"),
        ]


class Incident(DossierRow):
    """What happened to one client, coded once; a correction replaces the row and keeps it. Section: coding.

    Figures count rows that were not replaced, and the forms of those.
    """

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    happened_on = models.DateField(null=True)  # empty: not known
    setting = models.CharField(max_length=11, choices=Setting.choices, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    online = models.CharField(max_length=15, choices=Online.choices, blank=True)
    # Whether care within 72 hours can matter; unknown counts as yes. Source: care.md 8.
    penetration = models.CharField(max_length=7, choices=Penetration.choices, blank=True)
    happened_from = models.TimeField(null=True)  # empty: the hour is not known
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "client"],
                condition=models.Q(replaced_at=None),
                name="cases_one_live_incident",
            )
        ]


class Violence(DossierRow):
    """One form of violence in an incident: forms are counted apart from victims and cases. Section: coding."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="forms")
    form = models.CharField(max_length=13, choices=Form.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "form"], name="cases_one_of_each_form")]


class Assessment(OnlyRow):
    """The initial assessment: chronology and hopes, in one row that is edited with a version. Section: narrative."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    chronology = SealedField()
    hopes = SealedField()
    seen_alone = models.BooleanField(default=False)  # part of it was alone with her. Source: care.md 11
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)


class SafetyNote(DossierRow):
    """How dangerous it is and how to meet her safely; the newest stands on top. Section: risk. Only added."""

    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6, choices=RiskLevel.choices)
    text = SealedField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "-written_at"], name="cases_newest_note")]


class Need(DossierRow):
    """That a client needs a service: the denominators of the standards. Section: plan."""

    client = models.ForeignKey(Person, models.PROTECT, related_name="+")
    service = models.CharField(max_length=13, choices=Service.choices)
    state = models.CharField(max_length=7, choices=NeedState.choices, default=NeedState.OPEN)
    unmet = models.CharField(max_length=11, choices=Unmet.choices, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "client", "service"], name="cases_one_need"),
            models.CheckConstraint(
                condition=models.Q(state=NeedState.UNMET) ^ models.Q(unmet=""), name="cases_unmet_has_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["dossier"], condition=models.Q(state=NeedState.OPEN), name="cases_need_open"
            ),
            models.Index(fields=["unit", "service", "recorded_at"], name="cases_need_counted"),
        ]


class PlanItem(DossierRow):
    """What the plan does about a need. The database refuses one without a live consent to it. Section: plan."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="items")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="+")
    service = models.CharField(max_length=13, choices=Service.choices)
    provider = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # of the unit
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # a partner
    sessions = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    aim = SealedField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    # Kept by the database as services are recorded, so that a plan is followed by who may not read what was said there.
    given = models.PositiveSmallIntegerField(default=0)
    last_given_on = models.DateField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["provider", "starts_on"],
                condition=models.Q(given=0, dropped_at=None),
                name="cases_plan_due",
            ),
            models.Index(fields=["dossier"], name="cases_plan_dossier"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(provider=None) ^ models.Q(organisation=None),
                name="cases_plan_one_provider",
            )
        ]
