"""Writes of cases: assessment, safety, coding, team, needs, plan."""

from ruangaman.cases.actions.assessing import code_incident as code_incident
from ruangaman.cases.actions.assessing import note_safety as note_safety
from ruangaman.cases.actions.assessing import record_assessment as record_assessment
from ruangaman.cases.actions.planning import drop_item as drop_item
from ruangaman.cases.actions.planning import leave_unmet as leave_unmet
from ruangaman.cases.actions.planning import plan as plan
from ruangaman.cases.actions.planning import record_needs as record_needs
from ruangaman.cases.actions.teams import assign as assign
from ruangaman.cases.actions.teams import take_case as take_case
from ruangaman.cases.actions.teams import unassign as unassign
