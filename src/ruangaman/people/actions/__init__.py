"""Writes of people: sealing an identity, the parts people have, and who may be a child's guardian."""

from ruangaman.people.actions.contact import OPEN_FACTS as OPEN_FACTS
from ruangaman.people.actions.contact import confirm_contact as confirm_contact
from ruangaman.people.actions.contact import open_contact as open_contact
from ruangaman.people.actions.contact import set_contact as set_contact
from ruangaman.people.actions.correcting import Corrected as Corrected
from ruangaman.people.actions.correcting import correct_identity as correct_identity
from ruangaman.people.actions.correcting import open_to_correct as open_to_correct
from ruangaman.people.actions.guardians import bar_guardians as bar_guardians
from ruangaman.people.actions.guardians import decide_guardian as decide_guardian
from ruangaman.people.actions.guardians import name_guardian as name_guardian
from ruangaman.people.actions.opening import open_identity as open_identity
from ruangaman.people.actions.openings import note_opening as note_opening
from ruangaman.people.actions.recording import add_part as add_part
from ruangaman.people.actions.recording import add_person as add_person
from ruangaman.people.actions.recording import end_part as end_part
from ruangaman.people.actions.recording import make_client as make_client
from ruangaman.people.actions.sealing import give_part as give_part
from ruangaman.people.actions.sealing import seal_person as seal_person
from ruangaman.people.actions.unborn import end_unborn as end_unborn
from ruangaman.people.actions.unborn import record_unborn as record_unborn
from ruangaman.people.policies import Identity as Identity  # for who calls the writes
