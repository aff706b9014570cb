"""Who somebody is, who may stand for a child, and how a client is reached."""

from ruangaman.people.forms.contact import SafeContact as SafeContact
from ruangaman.people.forms.contact import hour as hour
from ruangaman.people.forms.contact import weekdays as weekdays
from ruangaman.people.forms.guardians import ACCEPT as ACCEPT
from ruangaman.people.forms.guardians import Guardian as Guardian
from ruangaman.people.forms.guardians import Ruling as Ruling
from ruangaman.people.forms.identity import NEW as NEW
from ruangaman.people.forms.identity import Birth as Birth
from ruangaman.people.forms.identity import Correction as Correction
from ruangaman.people.forms.identity import Known as Known
from ruangaman.people.forms.identity import Someone as Someone
from ruangaman.people.forms.identity import as_initial as as_initial
from ruangaman.people.forms.unborn import NewUnborn as NewUnborn
from ruangaman.people.forms.unborn import UnbornEnding as UnbornEnding
