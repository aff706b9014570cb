"""Which period, and of which unit, the figures are asked for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ruangaman.access.queries import Seat
from ruangaman.kernel.forms import Choice
from ruangaman.standards.policies import Period, offered, period, present


def name_of(one: Period) -> str:
    """This will name a period as people say it: ``Semester II 2026``."""
    if one.half:
        return _("Semester %(half)s %(year)s") % {"half": "I" * one.half, "year": str(one.year)}
    return _("Tahun %(year)s") % {"year": str(one.year)}


class Choosing(forms.Form):
    """Period and unit, in the address; what is not understood counts as the present half-year and the first unit."""

    periode = Choice(choices=[], many=True, label=gettext_lazy("Periode"))
    unit = Choice(choices=[], many=True, label=gettext_lazy("Unit"), required=False)

    def __init__(self, asked: Any, seats: list[Seat], at: datetime) -> None:
        self.period = period(asked.get("periode", "")) or period(present(at))
        assert self.period is not None
        self.seat = next((one for one in seats if str(one.organisation_id) == asked.get("unit")), seats[0])
        super().__init__({"periode": self.period.code, "unit": str(self.unit_id)})
        codes = offered(at)
        if self.period.code not in codes:
            codes.append(self.period.code)
        found = [one for one in map(period, codes) if one is not None]
        self._offer("periode", [(one.code, name_of(one)) for one in found])
        units = dict.fromkeys((str(one.organisation_id), one.organisation_name) for one in seats)
        if len(units) > 1:
            self._offer("unit", list(units))
        else:
            del self.fields["unit"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices

    @property
    def unit_id(self) -> UUID:
        return self.seat.organisation_id

    @property
    def query(self) -> str:
        """What keeps the choice in the address of another page."""
        assert self.period is not None
        kept = f"periode={self.period.code}"
        return f"{kept}&unit={self.unit_id}" if "unit" in self.fields else kept
