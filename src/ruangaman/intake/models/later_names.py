"""Names that came after a report about staff, and were not compared yet with the one that it tells."""

from django.db import models

from ruangaman.access.models import Dossier, User
from ruangaman.kernel.ids import new_id


class LaterName(models.Model):
    """Somebody who came, or took another name, after a report about staff: kept out of it until a task has compared.

    Written by triggers with the owner's rights (0019) and read by ``door.walled``; a page of the web reads none of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    # The name that was theirs before: who was let in by hand under a name that is alike too stays in.
    former = models.CharField(max_length=120)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "dossier"], name="intake_one_later_name")]
