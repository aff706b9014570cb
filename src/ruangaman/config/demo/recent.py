"""Two reports of yesterday: the hours of the hospital run, and a decision on the police is still to be made."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar

from ruangaman.access.models import Dossier
from ruangaman.cases import actions as cases
from ruangaman.cases.states import Form, Penetration, Setting
from ruangaman.config.demo.arrival import LOCAL, Arrival, Staff
from ruangaman.config.demo.years import Planned
from ruangaman.intake.states import ReporterKind

CITY = "31.73"


class Recent(Arrival):
    """A case that has come as far as its assessment, an hour for each step."""

    told_by: ClassVar[ReporterKind]

    def walk(self) -> Dossier:
        """This will take the case from the report to the assessment."""
        self.report()
        for step in (self.triage, self.reach, self.meet):
            step()
        return self.dossier

    def later(self, least: float, most: float) -> bool:
        """This will let one hour pass, whatever else it usually takes."""
        self.at += timedelta(hours=1)
        return True

    def reporter(self) -> str:
        return self.told_by

    def comes_herself(self) -> bool:
        return True

    def until_outreach(self) -> float:
        return 1

    def code_assault(self, happened: date, hour: time) -> None:
        """This will code sexual violence at home."""
        cases.code_incident(
            viewer=self.staff[self.companion],
            dossier=self.dossier,
            client=self.client,
            happened_on=happened,
            happened_from=hour,
            penetration=Penetration.YES,
            setting=Setting.HOME,
            place_code=CITY,
            online="",
            forms={Form.SEXUAL},
            at=self.at,
        )


class NightBefore(Recent):
    """A health centre tells of what happened the night before: the 72 hours run. Source: care.md 8."""

    told_by = ReporterKind.INSTITUTION

    def code(self, happened: date) -> None:
        day = self.planned.received_at.astimezone(LOCAL).date()
        self.code_assault(day - timedelta(days=1), time(22))


class HerOwnReport(Recent):
    """She tells of last week herself: whether it is reported to the police waits for a decision. Source: care.md 9."""

    told_by = ReporterKind.VICTIM

    def code(self, happened: date) -> None:
        day = self.planned.received_at.astimezone(LOCAL).date()
        self.code_assault(day - timedelta(days=8), time(20))


def yesterdays(staff: Staff, districts: list[str], *, number: int, seed: int) -> list[Arrival]:
    """This will give both, still to be walked; ``number``: the first one's."""
    yesterday = staff.at.astimezone(LOCAL).date() - timedelta(days=1)
    return [
        kind(
            staff,
            Planned(
                number + order,
                datetime.combine(yesterday, time(8 + order), LOCAL),
                CITY,
                "woman",
                online=False,
                seed=seed,
            ),
            districts,
            staff.at,
        )
        for order, kind in enumerate((NightBefore, HerOwnReport))
    ]
