"""Reads of intake: the list of reports, the parts of one report, the thread."""

from ruangaman.intake.queries.outreach import companions_for as companions_for
from ruangaman.intake.queries.outreach import open_outreach as open_outreach
from ruangaman.intake.queries.outreach import outreach_of as outreach_of
from ruangaman.intake.queries.outreach import outreaches_of as outreaches_of
from ruangaman.intake.queries.reports import PAGE as PAGE
from ruangaman.intake.queries.reports import Page as Page
from ruangaman.intake.queries.reports import awaiting_outreach as awaiting_outreach
from ruangaman.intake.queries.reports import contact_of as contact_of
from ruangaman.intake.queries.reports import count_unanswered as count_unanswered
from ruangaman.intake.queries.reports import report_of as report_of
from ruangaman.intake.queries.reports import reports as reports
from ruangaman.intake.queries.reports import story_of as story_of
from ruangaman.intake.queries.reports import unit_for as unit_for
from ruangaman.intake.queries.reports import untriaged as untriaged
from ruangaman.intake.queries.threads import locate as locate
from ruangaman.intake.queries.threads import opened_messages as opened_messages
from ruangaman.intake.queries.threads import thread_of as thread_of
from ruangaman.intake.queries.threads import thread_status as thread_status
from ruangaman.intake.queries.triage import has_declined as has_declined
from ruangaman.intake.queries.triage import moves_of as moves_of
from ruangaman.intake.queries.triage import was_met as was_met
