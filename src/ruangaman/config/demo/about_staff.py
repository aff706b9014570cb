"""A report about an officer of a unit without supervisor: the task of every minute hands it to the unit shown here."""

from datetime import timedelta

from ruangaman.config.demo.arrival import Staff
from ruangaman.intake.actions.receiving import Told, filing, receive
from ruangaman.intake.states import Channel, ForWhom, Proof, ReporterKind
from ruangaman.kernel.codes import new_code
from ruangaman.kernel.ids import new_id


def tell_of_staff(staff: Staff) -> None:
    """This will file it there; the supervisor and the head of the unit shown here find the parcel waiting."""
    unit, number = staff.organisations["other"], new_id()
    told = Told(
        story="Petugas yang mencatat laporan saya menelepon malam-malam dan meminta bertemu berdua.",
        reporter_kind=ReporterKind.VICTIM,
        for_whom=ForWhom.ME,
        about_staff=True,
        accused="Pak Joko",
        place=unit.place_id or "",
    )
    with filing(number, staff.at):
        receive(
            dossier_id=number,
            told=told,
            code=new_code(),
            channel=Channel.WEB,
            proof=Proof.WORKED,
            unit=unit,
            at=staff.at - timedelta(hours=1),
        )
