"""Reads of consent: what was answered, what stands now, and what who is shown by it."""

from ruangaman.consent.queries.answering import capacities as capacities
from ruangaman.consent.queries.answering import kept_away as kept_away
from ruangaman.consent.queries.disclosing import disclosures_of as disclosures_of
from ruangaman.consent.queries.showing import Closing as Closing
from ruangaman.consent.queries.showing import closing as closing
from ruangaman.consent.queries.showing import partners as partners
from ruangaman.consent.queries.showing import shown as shown
from ruangaman.consent.queries.showing import shown_to_partner as shown_to_partner
from ruangaman.consent.queries.standing import Around as Around
from ruangaman.consent.queries.standing import around as around
from ruangaman.consent.queries.standing import barred as barred
from ruangaman.consent.queries.standing import consent_by_id as consent_by_id
from ruangaman.consent.queries.standing import consent_in as consent_in
from ruangaman.consent.queries.standing import consents_of as consents_of
from ruangaman.consent.queries.standing import decides as decides
from ruangaman.consent.queries.standing import deciding as deciding
from ruangaman.consent.queries.standing import holds as holds
from ruangaman.consent.queries.standing import live_consent as live_consent
from ruangaman.consent.queries.standing import newest_answers as newest_answers
from ruangaman.consent.queries.standing import standing as standing
from ruangaman.consent.queries.standing import standing_now as standing_now
from ruangaman.consent.queries.standing import to_ask_again as to_ask_again
