"""What a new installation begins with: its organisations, its doors to the public, and its first people.

Read from one YAML file (docs/begin-example.yaml). Organisations and facilities may be added later in the same way;
people only as long as there are none: after that every role needs four eyes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

import yaml
from django.db import transaction

from ruangaman.access.actions import seat, temporary_password
from ruangaman.access.models import Organisation, User
from ruangaman.access.states import OrganisationKind, Role
from ruangaman.kernel.errors import Refused
from ruangaman.network.models import Facility, OpeningHours
from ruangaman.network.states import FacilityKind

DAYS = {"senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "sabtu": 5, "minggu": 6}
LEAST_PEOPLE = 2


@dataclass(slots=True)
class Begun:
    """What was made; the passwords are good for the first sign-in and are told once."""

    organisations: int = 0
    facilities: int = 0
    passwords: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def begin(text: str, *, at: datetime) -> Begun:
    """This will make what the file says, all of it or nothing.

    :raises Refused: where the file can't be understood, names something unknown, or names people too late or too few.
    """
    told = _read(text)
    made = Begun()
    for entry in told.get("organisations", []):
        made.organisations += _organisation(entry)
    for entry in told.get("facilities", []):
        made.facilities += _facility(entry)
    people = told.get("people", [])
    if people:
        if User.objects.exists():
            raise Refused(
                "There are accounts already. New ones are made on the page Akun, their roles on the page Peran."
            )
        if len({person.get("email", "").lower() for person in people}) < LEAST_PEOPLE:
            raise Refused(
                "Name at least two people: roles need four eyes, so one alone could never give one."
            )
        for person in people:
            made.passwords[person["email"]] = _person(person, at)
    return made


def _read(text: str) -> Mapping[str, Any]:
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(f"The file is not YAML: {error}") from None
    if not isinstance(told, dict) or not set(told) <= {"organisations", "facilities", "people"}:
        raise Refused("The file has the parts organisations, facilities and people, and no others.")
    return told


def _choice(value: str, kinds: Any, what: str) -> str:
    if value not in kinds.values:
        raise Refused(f"{what}: {value!r} is not one of {', '.join(kinds.values)}.")
    return value


def _named(name: str | None) -> Organisation | None:
    if not name:
        return None
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        raise Refused(f"There is no organisation {name!r} (yet): name it before what refers to it.")
    return found


def _organisation(entry: Mapping[str, Any]) -> bool:
    kind = _choice(entry.get("kind", ""), OrganisationKind, f"organisation {entry.get('name')!r}, kind")
    _, made = Organisation.objects.update_or_create(
        name=entry["name"],
        kind=kind,
        defaults={
            "parent": _named(entry.get("parent")),
            "place_id": entry.get("place"),
            "mailbox": entry.get("mailbox", ""),
        },
    )
    return made


def _facility(entry: Mapping[str, Any]) -> bool:
    kind = _choice(entry.get("kind", ""), FacilityKind, f"facility {entry.get('name')!r}, kind")
    owner = _named(entry.get("organisation"))
    if owner is None:
        raise Refused(f"facility {entry.get('name')!r}: say whose it is (organisation).")
    facility, made = Facility.objects.update_or_create(
        name=entry["name"],
        organisation=owner,
        defaults={
            "kind": kind,
            "place_id": entry.get("place"),
            "address": entry.get("address", ""),
            "phone": str(entry.get("phone", "")),
            "note": entry.get("note", ""),
            "always_open": bool(entry.get("always_open", False)),
            "rank": entry.get("rank", 100),
        },
    )
    facility.hours.all().delete()
    for day, span in entry.get("hours", {}).items():
        if day not in DAYS or "-" not in str(span):
            raise Refused(
                f"facility {facility.name!r}: hours are written as 'senin: 08:00-15:00', not {day}: {span}."
            )
        opens, closes = (time.fromisoformat(part.strip()) for part in str(span).split("-", 1))
        OpeningHours.objects.create(facility=facility, weekday=DAYS[day], opens=opens, closes=closes)
    return made


def _person(entry: Mapping[str, Any], at: datetime) -> str:
    password = temporary_password()
    user = User(email=entry["email"].lower(), name=entry["name"])
    user.set_password(password)
    user.save(force_insert=True)
    owner = _named(entry.get("organisation"))
    if owner is None:
        raise Refused(f"{entry['email']}: say where this person works (organisation).")
    for role in entry.get("roles", []):
        seat(user=user, organisation=owner, role=_choice(role, Role, entry["email"]), since=at, at=at)
    return password
