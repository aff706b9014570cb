"""Forms of consent."""

from ruangaman.consent.forms.asking import Consent as Consent
from ruangaman.consent.forms.disclosing import Disclosure as Disclosure
from ruangaman.consent.forms.withdrawing import Withdrawal as Withdrawal
