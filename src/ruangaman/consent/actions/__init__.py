"""Writes of consent: what was answered, what was taken back, and what was decided against it."""

from ruangaman.consent.actions.answering import record_consent as record_consent
from ruangaman.consent.actions.answering import record_consents as record_consents
from ruangaman.consent.actions.disclosing import decide_disclosure as decide_disclosure
from ruangaman.consent.actions.withdrawing import withdraw_consent as withdraw_consent
from ruangaman.consent.actions.withdrawing import withdraw_consents as withdraw_consents
