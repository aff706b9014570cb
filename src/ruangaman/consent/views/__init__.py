"""Pages of consent: asking, seeing all of it and taking it back, deciding against it, and asking back."""

from ruangaman.consent.views.asking import print_sheet as print_sheet
from ruangaman.consent.views.asking import record as record
from ruangaman.consent.views.asking import sheet as sheet
from ruangaman.consent.views.disclosing import disclose as disclose
from ruangaman.consent.views.reviewing import review as review
from ruangaman.consent.views.reviewing import withdraw as withdraw
from ruangaman.consent.views.reviewing import withdraw_several as withdraw_several
