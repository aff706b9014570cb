"""Writes of intake."""

from ruangaman.intake.actions.drafts import Visit as Visit
from ruangaman.intake.actions.drafts import drop_draft as drop_draft
from ruangaman.intake.actions.drafts import file_report as file_report
from ruangaman.intake.actions.drafts import keep_draft as keep_draft
from ruangaman.intake.actions.drafts import new_visit as new_visit
from ruangaman.intake.actions.drafts import read_draft as read_draft
from ruangaman.intake.actions.drafts import told_in as told_in
from ruangaman.intake.actions.outreach import end_outreach as end_outreach
from ruangaman.intake.actions.outreach import plan_outreach as plan_outreach
from ruangaman.intake.actions.receiving import Told as Told
from ruangaman.intake.actions.receiving import locator as locator
from ruangaman.intake.actions.receiving import receive as receive
from ruangaman.intake.actions.receiving import thread_key as thread_key
from ruangaman.intake.actions.threads import answer as answer
from ruangaman.intake.actions.threads import write_as_reporter as write_as_reporter
from ruangaman.intake.actions.triage import finish_thread as finish_thread
from ruangaman.intake.actions.triage import reopen_thread as reopen_thread
from ruangaman.intake.actions.triage import triage as triage
