"""What is being written: by a reporter, and by staff while somebody is on the line."""

from django.db import models

from ruangaman.access.models import Organisation, User
from ruangaman.kernel.fields import SealedField


class Draft(models.Model):
    """A report being written: sealed under a key that only the reporter's browser holds, gone after 30 minutes.

    Its id becomes the dossier's, so sending it twice can't make two reports.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    answers = SealedField()
    receipt = SealedField()
    # Where she took a code to go on later: found by its keyed hash, opened by it (security.md 13).
    locator = models.BinaryField(max_length=32, unique=True, null=True)
    code_wrap = models.BinaryField(null=True)
    expires_at = models.DateTimeField(db_index=True)


class DraftFile(models.Model):
    """A file of a report that is being written. Its pieces lie sealed under the key of the thread to come."""

    id = models.UUIDField(primary_key=True, editable=False)  # of the paper that it becomes
    draft = models.ForeignKey(Draft, models.DO_NOTHING, related_name="files")
    facts = SealedField()  # JSON: name, size, pieces, and once it is examined: type, digest, pages, scan
    added_at = models.DateTimeField()


class CallDraft(models.Model):
    """What an officer takes down while somebody speaks. Sealed for that officer alone, gone after twelve hours."""

    id = models.UUIDField(primary_key=True, editable=False)  # of the dossier that it becomes
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    answers = SealedField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
