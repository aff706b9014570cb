"""What a dossier seldom has, marked as its page reads the dossier: for what is not there nothing is asked."""

from django.db.models import Exists, OuterRef, Q

from ruangaman.intake.models import CallBack, Joining, Outreach, Talk

OF_IT = Q(dossier_id=OuterRef("id"))
# By the attribute that says so (access.panels.Look.has).
MARKS = {
    "has_joinings": Exists(Joining.objects.filter(OF_IT | Q(other_id=OuterRef("id")))),
    "has_outreach": Exists(Outreach.objects.filter(OF_IT)),
    "has_talks": Exists(Talk.objects.filter(OF_IT)),
    "has_call_backs": Exists(CallBack.objects.filter(OF_IT)),
}
