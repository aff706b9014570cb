"""Pages about people."""

from ruangaman.people.views.contact import confirm_contact as confirm_contact
from ruangaman.people.views.contact import contact as contact
from ruangaman.people.views.contact import open_contact as open_contact
from ruangaman.people.views.correcting import correct as correct
from ruangaman.people.views.correcting import end_part as end_part
from ruangaman.people.views.guardians import guardian as guardian
from ruangaman.people.views.guardians import guardian_refused as guardian_refused
from ruangaman.people.views.guardians import guardian_ruling as guardian_ruling
from ruangaman.people.views.recording import add as add
from ruangaman.people.views.recording import open_identity as open_identity
from ruangaman.people.views.unborn import end_unborn as end_unborn
from ruangaman.people.views.unborn import unborn as unborn
