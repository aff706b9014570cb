"""The telephone in the demonstration: a call that was broken off, and three reporters who are to be called back."""

from datetime import time, timedelta
from typing import Any

from ruangaman.access.models import Dossier
from ruangaman.config.demo.arrival import LOCAL, Staff
from ruangaman.intake.actions.calling_back import ask_call_back
from ruangaman.intake.actions.calls import begin_call, save_call, send_call
from ruangaman.intake.actions.receiving import Told
from ruangaman.intake.models import SafeContact
from ruangaman.intake.queries.calls import starts
from ruangaman.intake.states import Channel, ForWhom, Means, ReporterKind
from ruangaman.kernel.ids import new_id

OFFICER = "petugas"
BROKEN_OFF = {
    "safe_now": "no",
    "where_reported": "Di depan rumah, di motor",
    "children_there": "yes",
    "phone": "0812-0000-0119",
    "limits": "no_time",
    "reporter_kind": "victim",
    "for_whom": "me",
    "age_band": "adult",
    "name": "Ibu Ratna",
    "story": "Suaminya pulang mabuk dan memukul pintu. Ia dan anaknya di kamar mandi. Telepon terputus.",
}


def take_calls(staff: Staff, districts: list[str]) -> None:
    """This will leave an unfinished call, and call-backs: one at any hour, one in days, one never."""
    with staff.acting(OFFICER) as officer:
        way = next(one for one in starts(officer) if one.channel == Channel.PHONE_112)
        began = staff.at - timedelta(minutes=25)
        draft = begin_call(viewer=officer, code=way.code, at=began)
        save_call(
            viewer=officer, draft_id=draft.id, typed=BROKEN_OFF, seen=began, window="",
            at=began + timedelta(minutes=4),
        )  # fmt: skip
    in_days = staff.at.astimezone(LOCAL).date() + timedelta(days=3)
    _call_back(
        staff,
        districts[0],
        "Memastikan ia sampai di rumah kakaknya.",
        from_time=time(0),
        until_time=time(23, 59),
    )
    _call_back(
        staff, districts[1], "Menanyakan kapan ia bisa datang.", weekdays=1 << in_days.weekday(),
        from_time=time(9), until_time=time(11),
    )  # fmt: skip
    never = _call_back(staff, districts[2], "Menyampaikan nomor pendamping.")
    with staff.acting(OFFICER):
        # Told after the call-back was asked for: it stays on the list, and nobody may call.
        SafeContact.objects.filter(dossier=never).update(never_call=True)


def _call_back(staff: Staff, place: str, why: str, **contact: Any) -> Dossier:
    told = Told(
        story="Tetangga saya sering dipukul suaminya. Saya mendengarnya lagi tadi malam.",
        reporter_kind=ReporterKind.PUBLIC,
        for_whom=ForWhom.ADULT,
        place=place,
        name="Warga Rekaan",
        means=Means.CALL,
        phone="0812-0000-0129",
        code_word="kue lapis",
        **contact,
    )
    at = staff.at - timedelta(hours=3)
    with staff.acting(OFFICER) as officer:
        way = next(one for one in starts(officer) if one.channel == Channel.CALL_CENTRE)
        draft = begin_call(viewer=officer, code=way.code, at=at)
        send_call(
            viewer=officer, draft_id=draft.id, told=told, subject="", limits="read", wants_code=False,
            call_again=False, at=at,
        )  # fmt: skip
        dossier = Dossier.objects.get(id=draft.id)
        ask_call_back(viewer=officer, dossier=dossier, call_id=new_id(), why=why, wanted=at, at=at)
    return dossier
