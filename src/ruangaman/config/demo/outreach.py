"""Going to her: what the companions are good at, hours in which they are free, and an attempt that stands planned."""

from datetime import datetime, time, timedelta

from ruangaman.access.models import Dossier
from ruangaman.config.demo.arrival import LOCAL, Staff
from ruangaman.config.demo.chances import COMPANION_OF
from ruangaman.config.demo.hours import free_hour, kelurahan
from ruangaman.config.demo.scene import Scene
from ruangaman.config.demo.years import Planned
from ruangaman.intake import actions as intake
from ruangaman.intake.actions.assignment import assign
from ruangaman.intake.states import OutreachPlace, ReporterKind
from ruangaman.network.actions import set_aptitudes
from ruangaman.network.states import Skill

CITY = "31.74"
# What each is trained for; where they know their way is the kota that is theirs. Made up.
SKILLS = {
    "pendamping": (Skill.CHILDREN, Skill.SEXUAL_VIOLENCE),
    "pendamping2": (Skill.TRAFFICKING,),
    "pendamping3": (Skill.DISABILITY,),
    "pendamping4": (Skill.CHILDREN, Skill.ONLINE),
    "pendamping5": (Skill.MALE_VICTIMS,),
}


def teach(staff: Staff) -> None:
    """This will write down what each companion is good at and which kota they know."""
    unit, at = staff.organisations["unit"].id, staff.at
    with staff.acting("kepala") as head:
        for city, name in COMPANION_OF.items():
            set_aptitudes(
                viewer=head,
                organisation=unit,
                user=staff.users[name].id,
                skills=SKILLS[name],
                areas=[city, f"{city}.01"],
                at=at,
            )


class Awaited(Scene):
    """A neighbour told of a child; tomorrow at ten a companion goes to her school. Source: care.md 5."""

    told_by = ReporterKind.PUBLIC
    story = "Anak tetangga sering menangis malam-malam dan takut pulang sekolah."

    def walk(self) -> Dossier:
        """This will take the report as far as the plan and its surat tugas."""
        for step in (self.report, self.triage, self.plan):
            with self.staff.acting("petugas"):
                step()
            self.at += timedelta(hours=1)
        return self.dossier

    def meet(self) -> bool:
        return False

    def plan(self) -> None:
        officer, at = self.staff["petugas"], self.staff.at
        tomorrow = at.astimezone(LOCAL).date() + timedelta(days=1)
        starts, ends = free_hour(
            officer,
            self.dossier.unit_id,
            self.staff.users[self.companion].id,
            datetime.combine(tomorrow, time(10), LOCAL),
        )
        made = intake.plan_outreach(
            viewer=officer,
            dossier=self.dossier,
            place_kind=OutreachPlace.SCHOOL,
            place_name="Ruang UKS",
            cover_reason="Pemeriksaan kesehatan sekolah",
            safety_plan="Guru UKS ikut. Kalau terlapor datang, berbicara soal gizi dan pulang.",
            safety_note="Terlapor biasanya menjemput pukul satu siang.",
            companion=self.staff.users[self.companion],
            starts_at=starts,
            ends_at=ends,
            area=kelurahan(CITY),
            skills=[Skill.CHILDREN],
            at=at,
        )
        assign(viewer=officer, outreach=made, at=at)


def show_attempt(staff: Staff, districts: list[str], *, number: int, seed: int) -> Awaited:
    """This will make the walk of the attempt that stands planned."""
    planned = Planned(number, staff.at - timedelta(hours=6), CITY, "girl", False, seed)
    return Awaited(staff, planned, districts, staff.at)
