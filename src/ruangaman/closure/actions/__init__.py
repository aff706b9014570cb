"""Writes of the way home and of the end of a case."""

from ruangaman.closure.actions.ending import end_case as end_case
from ruangaman.closure.actions.ending import reopen_case as reopen_case
from ruangaman.closure.actions.returning import Overtaken as Overtaken
from ruangaman.closure.actions.returning import hold_meeting as hold_meeting
from ruangaman.closure.actions.returning import prepare_return as prepare_return
from ruangaman.closure.actions.returning import record_return as record_return
from ruangaman.closure.actions.returning import record_reunion as record_reunion
from ruangaman.closure.actions.returning import visit_home as visit_home
