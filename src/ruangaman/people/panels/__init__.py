"""What people put on the page of a dossier."""

from ruangaman.people.panels.contact import contact as contact
from ruangaman.people.panels.unborn import unborn as unborn
from ruangaman.people.panels.who import identity as identity
