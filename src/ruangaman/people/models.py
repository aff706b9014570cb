"""Sealed identities, the parts people have in a dossier, and the blind tokens that find them again."""

from django.db import models
from django.db.models.functions import Greatest, Least

from ruangaman.access.models import DataKey, Dossier, DossierRow, Organisation, User
from ruangaman.access.states import Section
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.people.states import (
    AgeBand,
    ContactMeans,
    PartStatus,
    PersonRole,
    Refusal,
    Relation,
    Sameness,
    Sex,
    UnbornEnd,
    UnbornGround,
)


class Person(DossierRow):
    """Somebody in a dossier. What identifies is sealed under the key of the person's section of that dossier.

    ``section`` is identity, reporter or parties: the one in which the person was first known. Who turns out to be the
    client is moved to identity and sealed anew. Sex and age band are unsealed: they are what is counted. ``name`` is
    the one somebody goes by; what stands on papers is told in the background. ``one_id`` is the same for all rows of a
    dossier that were found to be one person (kept by the database, see `Likeness`); otherwise it is the row's own id.
    """

    one_id = models.UUIDField(editable=False)
    section = models.CharField(max_length=14, choices=Section.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    name = SealedField()
    initials = SealedField()
    born_on = SealedField()  # ISO date
    born_estimated = models.BooleanField(default=False)
    nik = SealedField()
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    age_band = models.CharField(max_length=5, choices=AgeBand.choices, blank=True, default=AgeBand.UNKNOWN)


class Part(DossierRow):
    """What a person is in the dossier: client, guardian, reported person … In the section of that role.

    A refused guardian is told in the section parties, so that who is shown the client's identity does not learn it.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="parts")
    of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # the child of a guardian
    role = models.CharField(max_length=9, choices=PersonRole.choices)
    relation = models.CharField(
        max_length=16, choices=Relation.choices, default=Relation.UNKNOWN
    )  # to the client
    status = models.CharField(max_length=7, choices=PartStatus.choices, default=PartStatus.ACTIVE)
    refusal = models.CharField(max_length=8, choices=Refusal.choices, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit", "since"],
                condition=models.Q(role=PersonRole.GUARDIAN, status=PartStatus.WAITING),
                name="people_guardian_waiting",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "person", "role", "of"],
                condition=models.Q(status=PartStatus.ACTIVE),
                nulls_distinct=False,
                name="people_one_live_part",
            ),
            models.CheckConstraint(
                condition=models.Q(role=PersonRole.GUARDIAN) ^ models.Q(of=None),
                name="people_guardian_of_a_child",
            ),
            models.UniqueConstraint(
                fields=["of"],
                condition=models.Q(role=PersonRole.GUARDIAN, status=PartStatus.ACTIVE),
                name="people_one_guardian_a_child",
            ),
            models.CheckConstraint(
                condition=models.Q(status=PartStatus.REFUSED) ^ models.Q(refusal=""),
                name="people_refusal_has_reason",
            ),
        ]


class NameToken(models.Model):
    """One blind form of one name: a keyed hash that can be looked up and not be read.

    Unit and stage come first in the index, so that a search touches no row of a unit or stage it may not see, and how
    long it takes tells nothing. Source: security.md 11.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField()
    unit_id = models.UUIDField()
    stage = models.CharField(max_length=8)
    section = models.CharField(max_length=14, choices=Section.choices)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token = models.BinaryField(max_length=16)
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["unit_id", "section", "stage", "token", "-opened_at"],
                include=["person", "dossier_id"],
                name="people_token_lookup",
            ),
            models.Index(fields=["dossier_id"], name="people_token_dossier"),
        ]


class Contact(DossierRow):
    """How a client can be reached without danger, when, and which word proves who calls. Section: contact.

    The newest row counts. It goes stale: it is confirmed again every 30 days and after any move. No reminder and no
    paper unless she said that it is safe. Once she says that it is not safe any more (``doubted_at``), nobody uses it
    until a newer row is there. Source: care.md 7.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    means = models.CharField(max_length=8, choices=ContactMeans.choices)
    never_call = models.BooleanField(default=False)
    address = SealedField()  # the number or account, or through whom
    code_word = SealedField()
    weekdays = models.PositiveSmallIntegerField(default=127)  # bit 0 is Monday
    from_time = models.TimeField(null=True)
    until_time = models.TimeField(null=True)
    reminders_safe = models.BooleanField(default=False)
    paper_safe = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    doubted_at = models.DateTimeField(
        null=True
    )  # written by the database alone (intake: what she asks by her code)

    class Meta:
        indexes = [models.Index(fields=["dossier", "-confirmed_at"], name="people_newest_contact")]


class EarlierIdentity(DossierRow):
    """Who somebody was taken to be before a correction: name, birth date, number, sex, sealed as one text (JSON)."""

    section = models.CharField(max_length=14, choices=Section.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="earlier", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    told = SealedField()
    replaced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-replaced_at"], name="people_earlier")]


class Profile(DossierRow):
    """What is told of a person in one section: support, courtesy or background. The newest row of each counts.

    ``told`` is one sealed text (JSON of `people.policies.profiles`): what she needs, how she wants to be addressed and
    by whom, her papers, school, work and where she lives. Nothing of it is unsealed, so nothing of it is counted.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="profiles", db_constraint=False)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    told = SealedField()
    told_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "section", "person", "-told_at"], name="people_newest_profile")
        ]


class Unborn(DossierRow):
    """An unborn child who was the aim of violence or of trafficking, recorded with the mother's yes (medical).

    It has no name and no part, so it can bar nobody from anything; it is counted apart. Source: care.md 13.
    """

    mother = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    ground = models.CharField(max_length=11, choices=UnbornGround.choices)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ending = models.CharField(max_length=8, choices=UnbornEnd.choices, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mother", "ground"], condition=models.Q(ended_at=None), name="people_one_unborn"
            ),
            models.CheckConstraint(
                condition=models.Q(ending="") ^ models.Q(ended_at__isnull=False),
                name="people_unborn_end_has_reason",
            ),
        ]


class Likeness(DossierRow):
    """That two records are of one person, or are not; decided by somebody who saw both, and undone by a mark only.

    ``dossier`` is that of ``person``; the other may lie in another dossier of the unit, over the years. Both records,
    with all that hangs on them, stay as they are. Section: identity; nobody sees it who does not see both records.
    ``why``: the reasons of the proposal, in codes (`people.policies.likenesses`).
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    other = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=False)
    other_dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+", db_constraint=False)
    decision = models.CharField(max_length=9, choices=Sameness.choices)
    why = models.JSONField(default=list)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["other_dossier"], name="people_likeness_other")]
        constraints = [
            models.UniqueConstraint(
                Least("person", "other"),
                Greatest("person", "other"),
                condition=models.Q(undone_at=None),
                name="people_one_live_likeness",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("other")), name="people_likeness_of_two"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_by=None, undone_at=None)
                | models.Q(undone_by__isnull=False, undone_at__isnull=False),
                name="people_undoing_is_signed",
            ),
        ]


class Probe(models.Model):
    """That somebody looked for a person, by which kinds of identifier, and whether a report came of it.

    Written by the database itself (``door.look_up``). Without a report within the day a supervisor is told.
    Source: care.md 18.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    identifiers = models.JSONField(default=list)
    elsewhere = models.PositiveSmallIntegerField(default=0)  # in how many other units somebody alike is known
    dossier_id = models.UUIDField(null=True)  # the report that was saved, or the file it was about
    settled_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-asked_at"], name="people_probe_unit"),
            models.Index(
                fields=["asked_by", "asked_at"],
                condition=models.Q(settled_at=None),
                name="people_probe_open",
            ),
        ]


class Match(models.Model):
    """That a reported person of one file may be the one of another: for one named officer of the unit, nobody else.

    Written by the database itself (``door.note_matches``). Where the other file is another unit's, only that unit is
    named. Source: care.md 18; security.md, "Hidden matches".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person_id = models.UUIDField()
    other_unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    other_dossier_id = models.UUIDField(null=True)  # null where it is another unit's
    other_person_id = models.UUIDField()
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "other_person_id"], name="people_one_match")
        ]
        indexes = [
            models.Index(
                fields=["officer", "found_at"],
                condition=models.Q(handled_at=None),
                name="people_match_waiting",
            )
        ]
