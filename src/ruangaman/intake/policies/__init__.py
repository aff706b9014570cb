"""Rules of a report, of its triage, and of the attempt to reach her."""

from ruangaman.intake.policies.outreach import TEAM_TIME as TEAM_TIME
from ruangaman.intake.policies.outreach import check_can_end_outreach as check_can_end_outreach
from ruangaman.intake.policies.outreach import check_can_plan_outreach as check_can_plan_outreach
from ruangaman.intake.policies.reports import DRAFT_LIFE as DRAFT_LIFE
from ruangaman.intake.policies.reports import LONGEST_MESSAGE as LONGEST_MESSAGE
from ruangaman.intake.policies.reports import LONGEST_NOTE as LONGEST_NOTE
from ruangaman.intake.policies.reports import LONGEST_STORY as LONGEST_STORY
from ruangaman.intake.policies.reports import check_can_write as check_can_write
from ruangaman.intake.policies.reports import check_has_story as check_has_story
from ruangaman.intake.policies.reports import is_from_victim as is_from_victim
from ruangaman.intake.policies.triage import FOLLOW_UP_SOURCE as FOLLOW_UP_SOURCE
from ruangaman.intake.policies.triage import OUTREACH_SOURCE as OUTREACH_SOURCE
from ruangaman.intake.policies.triage import SENIOR as SENIOR
from ruangaman.intake.policies.triage import check_can_triage as check_can_triage
from ruangaman.intake.policies.triage import offered_moves as offered_moves
from ruangaman.intake.policies.triage import outreach_rule as outreach_rule
