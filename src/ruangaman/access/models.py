"""Who works where, the dossier spine, and who reaches what."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from ruangaman.access.states import (
    Decision,
    ErasureBasis,
    GrantSource,
    OrganisationKind,
    PowerKind,
    Role,
    Section,
    Stage,
)
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.places.models import Place


class Organisation(models.Model):
    """A government, a service unit, one of its posts, or a partner agency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=OrganisationKind.choices)
    name = models.CharField(max_length=160)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    mailbox = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "name"], name="access_org_kind_name")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Looks people up by their e-mail address, in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody with an account. What they may do stands in memberships, not here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="id")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """This will compare only. Django would also write a newer hash, while nobody is signed in who may."""
        return bool(check_password(raw_password or "", self.password))


class Membership(models.Model):
    """A role that somebody holds in an organisation, from when, until when. Rows end; they are not deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(until=None),
                name="access_one_live_membership",
            )
        ]
        indexes = [models.Index(fields=["user", "role"], name="access_member_user_role")]


class PowerProposal(models.Model):
    """A role asked for one person by another, in force only when a third pair of eyes says yes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=5, choices=PowerKind.choices)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="access_four_eyes_proposer"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("user")), name="access_four_eyes_subject"
            ),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.OPEN, decided_by=None, decided_at=None)
                | (
                    ~models.Q(decision=Decision.OPEN)
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="access_decision_is_signed",
            ),
        ]


class Session(models.Model):
    """A browser that is signed in. The key is kept as a hash and the data sealed under it: a dump opens nothing."""

    key_hash = models.BinaryField(primary_key=True, max_length=32)
    data = SealedField()
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    device = models.CharField(max_length=60, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField(db_index=True)


class MatrixCell(models.Model):
    """One cell of policy/matrix.yaml, as the database enforces it. Written by ``ruangaman migrate`` only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.CharField(max_length=20)
    reach = models.CharField(max_length=5)
    stage = models.CharField(max_length=8, choices=Stage.choices)
    section = models.CharField(max_length=14, choices=Section.choices)
    reads = models.BooleanField()
    writes = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "reach", "stage", "section"], name="access_one_cell")
        ]


class Dossier(models.Model):
    """The spine of a report or a case. It knows its unit, its stage and its reference, and nothing about anybody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.INTAKE)
    reference = models.CharField(max_length=12, unique=True)
    opened_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "unit", "stage"], name="access_dossier_place")]
        indexes = [models.Index(fields=["unit", "stage", "opened_at", "id"], name="access_dossier_list")]

    def __str__(self) -> str:
        return self.reference


class DossierRow(models.Model):
    """What every protected row carries: its dossier, and the unit and stage that the database copies from it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+", db_constraint=False)
    unit = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.INTAKE)

    class Meta:
        abstract = True


class OnlyRow(DossierRow):
    """A row of which a dossier has one at most. It can be read along with its dossier, as ``dossier.report``."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="%(class)s", db_constraint=False)

    class Meta:
        abstract = True


class DataKey(DossierRow):
    """The wrapped key of one section of one dossier. Destroying it is what erasure is (security.md 10)."""

    section = models.CharField(max_length=14, choices=Section.choices)
    kek_number = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "section"], name="access_one_key_a_section"),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False, destroyed_at=None)
                | models.Q(wrapped=None, destroyed_at__isnull=False),
                name="access_key_lives_or_is_destroyed",
            ),
        ]
        indexes = [models.Index(fields=["kek_number"], name="access_key_kek")]


class Grant(DossierRow):
    """One section of one dossier, for one person or partner agency, until a moment, for a reason."""

    section = models.CharField(max_length=14, choices=Section.choices)
    principal_id = models.UUIDField()
    writes = models.BooleanField(default=False)
    source = models.CharField(max_length=11, choices=GrantSource.choices)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "section", "principal_id", "source"], name="access_one_grant_a_source"
            )
        ]
        indexes = [
            models.Index(fields=["principal_id", "section", "-given_at"], name="access_grant_principal")
        ]

    def lives(self, at: datetime) -> bool:
        """This will say whether the grant opens anything at ``at``."""
        return self.withdrawn_at is None and self.until > at


class Wall(DossierRow):
    """Somebody who must not see this dossier, whatever their role: the reported person, kin, a named colleague."""

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=models.Q(lifted_at=None), name="access_wall_person")
        ]


class ErasureRequest(DossierRow):
    """The wish to erase a dossier, carried out only when a second person, the head, says yes."""

    basis = models.CharField(max_length=20, choices=ErasureBasis.choices)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(decision=Decision.OPEN), name="access_one_open_erasure"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by")), name="access_erasure_four_eyes"
            ),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.OPEN, decided_by=None, decided_at=None)
                | (
                    ~models.Q(decision=Decision.OPEN)
                    & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="access_erasure_is_signed",
            ),
        ]


class Destruction(models.Model):
    """The record that a dossier's keys were destroyed: kept for ever, and replayed after a restore."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField()
    unit_id = models.UUIDField()
    key_ids = models.JSONField()
    destroyed_at = models.DateTimeField()
    basis = models.CharField(max_length=20)
