"""Tables of intake, one file a noun. Each is one section, because a row can't be half visible."""

from ruangaman.intake.models.client import ClientMessage as ClientMessage
from ruangaman.intake.models.client import ClientThread as ClientThread
from ruangaman.intake.models.client import Wish as Wish
from ruangaman.intake.models.drafts import CallDraft as CallDraft
from ruangaman.intake.models.drafts import Draft as Draft
from ruangaman.intake.models.drafts import DraftFile as DraftFile
from ruangaman.intake.models.handling import FirstAct as FirstAct
from ruangaman.intake.models.handling import Joining as Joining
from ruangaman.intake.models.handling import Transfer as Transfer
from ruangaman.intake.models.outreach import Outreach as Outreach
from ruangaman.intake.models.reports import Message as Message
from ruangaman.intake.models.reports import Report as Report
from ruangaman.intake.models.reports import SafeContact as SafeContact
from ruangaman.intake.models.reports import Story as Story
from ruangaman.intake.models.reports import Thread as Thread
from ruangaman.intake.models.reports import TriageMove as TriageMove
from ruangaman.intake.models.roster import DutyRule as DutyRule
from ruangaman.intake.models.roster import HandOver as HandOver
from ruangaman.intake.models.roster import Ring as Ring
from ruangaman.intake.models.roster import Shift as Shift
from ruangaman.intake.models.ways import AppKey as AppKey
from ruangaman.intake.models.ways import CallBack as CallBack
from ruangaman.intake.models.ways import CallTry as CallTry
from ruangaman.intake.models.ways import Delivery as Delivery
from ruangaman.intake.models.ways import Talk as Talk
from ruangaman.intake.models.ways import Way as Way
