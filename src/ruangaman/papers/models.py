"""Files that were sealed as they came in, the record of whose hands evidence passed through, and letters."""

import pgtrigger
from django.db import models

from ruangaman.access.models import DataKey, DossierRow, Organisation, User
from ruangaman.access.states import Decision, Section
from ruangaman.consent.models import Consent
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.papers.states import Act, LetterKind, LetterState, Origin, PaperKind, PaperState, Scan
from ruangaman.people.models import Person


class Paper(DossierRow):
    """A file in its section. Its pieces lie sealed in the storage under its id; name and digest are sealed here.

    ``pieces`` counts those that have come in, one after the other. ``digest`` is the SHA-256 of what came in, taken
    at entry, in hexadecimal. Without a file (``hash_only``) the digest was taken elsewhere, by who may look at it.
    """

    section = models.CharField(max_length=14, choices=Section.choices)
    kind = models.CharField(max_length=13, choices=PaperKind.choices)
    subject = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_constraint=False)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+", db_constraint=False)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    is_evidence = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=PaperState.choices, default=PaperState.RECEIVING)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    name = SealedField()
    note = SealedField()
    digest = SealedField()
    content_type = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes; while it comes in, as announced
    pieces = models.PositiveIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)  # pictures that can be looked at; 0: none
    scan = models.CharField(max_length=9, choices=Scan.choices, default=Scan.UNSCANNED)
    scanned_at = models.DateTimeField(null=True)
    # None: somebody without an account brought it, in a thread of theirs.
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "-added_at"], name="papers_of_dossier"),
            models.Index(
                fields=["added_at"],
                condition=models.Q(state=PaperState.RECEIVING),
                name="papers_unfinished",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=PaperState.RECEIVING) ^ models.Q(kept_at__isnull=False),
                name="papers_kept_has_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(added_by__isnull=False)
                | models.Q(section__in=[Section.THREAD, Section.CLIENT_THREAD]),
                name="papers_by_a_stranger_in_a_thread",
            ),
        ]


class Opening(DossierRow):
    """That somebody wants to open evidence, why, and what the second person said. In the paper's section."""

    section = models.CharField(max_length=14, choices=Section.choices)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="openings")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    reason = SealedField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(decision=Decision.OPEN),
                name="papers_openings_waiting",
            ),
            models.Index(fields=["paper", "-asked_at"], name="papers_openings_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("asked_by")), name="papers_opening_four_eyes"
            ),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.OPEN, decided_by=None, decided_at=None, until=None)
                | models.Q(
                    decision=Decision.APPROVED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    until__isnull=False,
                )
                | models.Q(
                    decision=Decision.REFUSED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    until=None,
                ),
                name="papers_opening_is_signed",
            ),
        ]


class Custody(DossierRow):
    """One link of the chain of custody of evidence. Only ever added. In the paper's section."""

    section = models.CharField(max_length=14, choices=Section.choices)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="custody")
    act = models.CharField(max_length=10, choices=Act.choices)
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="+")
    to_whom = SealedField()
    note = SealedField()
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["paper", "done_at"], name="papers_custody_order")]


class Letterhead(models.Model):
    """How the letters of a unit look: name and address on top, who signs, how they are numbered."""

    unit = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="+")
    lines = models.TextField(max_length=600)  # the lines of the letterhead, the first one large
    town = models.CharField(max_length=60)  # where letters are dated
    signer_title = models.CharField(max_length=120)
    signer_name = models.CharField(max_length=120)
    signer_number = models.CharField(max_length=40, blank=True)  # NIP
    scheme = models.CharField(max_length=120)  # such as {nomor}/{kode}/UPTD-PPA/{bulan}/{tahun}
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()


class Template(models.Model):
    """One version of the text of a letter. Rows are only ever added; without an owner it is the one shipped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=13, choices=LetterKind.choices)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    code = models.CharField(max_length=12)  # of the kind, within the number
    body = models.TextField(max_length=20_000)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "version"], nulls_distinct=False, name="papers_one_version"
            )
        ]
        triggers = [pgtrigger.Protect(name="versions_stay", operation=pgtrigger.Update | pgtrigger.Delete)]


class Series(models.Model):
    """The last number of a unit's letters in a year. It moves in the transaction that writes the letter."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="papers_one_series")]


class Letter(DossierRow):
    """A letter that went out: its number, to whom, what it said and what was left out. The PDF lies in ``paper``."""

    section = models.CharField(max_length=14, choices=Section.choices)
    template = models.ForeignKey(Template, models.PROTECT, related_name="+")
    paper = models.OneToOneField(Paper, models.PROTECT, related_name="letter")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )  # a recipient we know
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    content = SealedField()  # JSON: the blocks, the recipient, carbon copies, what was left out
    reason = SealedField()  # why it tells more than a grant covers
    genuine_hash = models.BinaryField(max_length=32, unique=True, null=True)  # of the code; gone once erased
    state = models.CharField(max_length=7, choices=LetterState.choices, default=LetterState.ISSUED)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "serial"], name="papers_no_number_twice"),
            models.CheckConstraint(
                condition=models.Q(state=LetterState.ISSUED) ^ models.Q(revoked_at__isnull=False),
                name="papers_revoked_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["dossier", "-issued_at"], name="papers_letter_order")]
