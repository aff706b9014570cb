"""The rows of one dossier, sealed by the product's own functions, in PostgreSQL's binary form."""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from benchmarks.copying import NO, NULL, YES, field, moment, since_2000, small
from benchmarks.plan import COMPANIONS, Plan
from ruangaman.access.matrix import cells
from ruangaman.access.states import Role, Section, Stage
from ruangaman.config.madeup import narrative, person_name, phone
from ruangaman.intake.actions.receiving import EVERY_DAY, locator, wrap_for
from ruangaman.intake.models import Message, SafeContact, Story
from ruangaman.intake.states import Means, Proof, PublicStatus, ReporterKind, Triage
from ruangaman.kernel import keyring, names
from ruangaman.kernel.codes import SECRET_BITS, SECRET_BYTES, Code
from ruangaman.kernel.fields import Key, seal, wrap
from ruangaman.kernel.ids import ALPHABET, REFERENCE_LENGTH, check_character
from ruangaman.kernel.tokens import about, tokens
from ruangaman.people.models import Person
from ruangaman.people.policies import age_band, initials
from ruangaman.people.queries import token_key
from ruangaman.people.states import SECTION_OF, PartStatus, PersonRole, Relation, Sex

PLACE = ("id", "dossier_id", "unit_id", "stage")
COLUMNS = {
    "access_dossier": ("id", "unit_id", "stage", "reference", "opened_at"),
    "access_datakey": (*PLACE, "section", "kek_number", "wrapped"),
    "access_grant": (
        *PLACE, "section", "principal_id", "writes", "source", "given_by_id", "given_at", "until", "withdrawn_at",
    ),
    "access_wall": (*PLACE, "person_id", "raised_by_id", "raised_at"),
    "intake_report": (
        *PLACE, "channel", "reporter_kind", "for_whom", "age_band", "about_staff", "danger_now", "proof", "in_flood",
        "place_id", "received_at", "first_answered_at", "triage", "triaged_at", "awaits_outreach",
    ),
    "intake_story": (*PLACE, "key_id", "text"),
    "intake_safecontact": (*PLACE, "key_id", "means", "never_call", "weekdays", "phone", "hours"),
    "intake_thread": (*PLACE, "key_id", "locator", "code_wrap", "known_to_staff", "status"),
    "intake_message": (*PLACE, "key_id", "author_id", "body", "sent_at"),
    "people_person": (
        *PLACE, "one_id", "section", "key_id", "name", "initials", "born_on", "born_estimated", "sex", "age_band",
    ),
    "people_part": (*PLACE, "section", "person_id", "role", "relation", "status", "refusal", "since"),
    "people_nametoken": (*PLACE, "section", "person_id", "opened_at", "token"),
}  # fmt: skip
COUNT = {table: len(columns).to_bytes(2, "big") for table, columns in COLUMNS.items()}
BIG = ("people_nametoken",)

ANSWER = "Terima kasih sudah menulis. Laporanmu sudah kami baca. Kapan waktu yang aman untuk bertanya?"
HOURS = "Senin sampai Jumat, 09.00-12.00"
LIFE = timedelta(days=180)
_BYTE = [bytes((number,)) for number in range(256)]
_TEXT = {
    text: field(str(text).encode())
    for choices in (
        Stage,
        Section,
        Means,
        PublicStatus,
        ReporterKind,
        PersonRole,
        Sex,
        Relation,
        PartStatus,
        Triage,
        Proof,
    )
    for text in choices.values
}
_WEB, _TEAM, _EMPTY = field(b"web"), field(b"team"), field(b"")
_SPREAD = 22_695_477  # odd, so that the references of all places differ


def granted(role: str, stage: str) -> list[tuple[bytes, bytes]]:
    """This will give the sections that a role is granted at a stage, each with whether it may write there."""
    wanted = [c for c in cells() if (c.role, c.reach, c.stage) == (role, "grant", stage)]
    return [(_TEXT[c.section], YES if c.writes else NO) for c in wanted]


def reference(plan: Plan, place: int) -> str:
    """This will give the reference of the dossier at a place; no two places have the same."""
    number = (place * _SPREAD + plan.seed) % 32**REFERENCE_LENGTH
    body = "".join(ALPHABET[number >> 5 * digit & 31] for digit in range(REFERENCE_LENGTH))
    return f"RA-{body[:4]}-{body[4:]}{check_character(body)}"


class Writer:
    """Writes the rows of one dossier after another, by table."""

    def __init__(self, plan: Plan, rng: random.Random) -> None:
        self.plan, self.rng, self.ring = plan, rng, keyring.current()
        self.rows: dict[str, list[bytes]] = {table: [] for table in COLUMNS}
        self.units = [field(unit.bytes) for unit in plan.units]
        self.token_keys = [token_key(unit) for unit in plan.units]
        self.kinds = [_TEXT[kind] for kind in ReporterKind.values]
        self.companions = [plan.person(Role.COMPANION, number).id.bytes for number in range(COMPANIONS + 1)]
        self.officer = field(plan.person(Role.INTAKE_OFFICER).id.bytes)
        self.supervisor = field(plan.person(Role.SUPERVISOR).id.bytes)
        self.head = plan.person(Role.HEAD).id.bytes
        self.manager = plan.person(Role.CASE_MANAGER).id.bytes
        self.grants = {
            (role, stage): granted(role, stage)
            for role in (Role.COMPANION, Role.CASE_MANAGER)
            for stage in (Stage.INTAKE, Stage.CASE)
        }
        # One row of each kind is used again and again: sealing asks it for its table and its id, no more.
        self.story, self.contact, self.message, self.person = Story(), SafeContact(), Message(), Person()
        # Only here: made-up names may stay in memory, a survivor's may not; and no key changes while a load runs.
        if not hasattr(names.sound, "cache_info"):
            names.sound = lru_cache(maxsize=None)(names.sound)
            keyring.current = lru_cache(maxsize=1)(keyring.current)

    def add(self, place: int) -> None:
        """This will add the dossier at a place, and all that belongs to it."""
        plan, rng = self.plan, self.rng
        opened = plan.opened_at(place)
        stage = plan.stage_of(place)
        unit = plan.unit_of(place)
        ids = self._ids(int(opened.timestamp() * 1000))
        dossier = ids()
        where = field(dossier) + self.units[unit] + _TEXT[stage]
        at = since_2000(opened)
        rows = self.rows
        rows["access_dossier"].append(
            COUNT["access_dossier"] + where + field(reference(plan, place).encode()) + moment(at)
        )
        answered = NULL if plan.waits(place) else moment(at + 86_400_000_000)
        rows["intake_report"].append(
            COUNT["intake_report"] + field(ids()) + where + _WEB + self.kinds[place % 5]
            + _EMPTY + _EMPTY + NO + (YES if place % 10 == 0 else NO) + _TEXT[Proof.WORKED] + NO
            + field(self._place(unit, place)) + moment(at) + answered
            + self._triage(place, stage, answered)
        )  # fmt: skip
        self._story(ids, where)
        self._thread(ids, where, at, answered is not NULL)
        reporter = self._contact(ids, where) if rng.random() < 0.6 else None
        name = plan.names.get(place) or person_name(rng, "f" if rng.random() < 0.7 else "m")
        self._person(ids, where, unit, place, name, reporter)
        if unit == 0:
            self._grants(ids, where, place, stage, at)
            self._walls(ids, where, place, at)

    def _ids(self, milliseconds: int) -> Callable[[], bytes]:
        """Ids of version 7 from the seed: the moment, 68 bits of chance for the dossier, a number for the row."""
        noise = self.rng.randbytes(9)
        stem = (
            milliseconds.to_bytes(6, "big")
            + _BYTE[0x70 | noise[0] >> 4]
            + noise[1:2]
            + _BYTE[0x80 | noise[2] >> 2]
        )
        stem += noise[3:]
        numbers = iter(_BYTE)
        return lambda: stem + next(numbers)

    def _triage(self, place: int, stage: str, answered: bytes) -> bytes:
        """Decided with the answer, but for what waits; and whether somebody is to be reached whom nobody set out to."""
        waits_for = self.plan.fresh.get(place, "")
        if waits_for == "untriaged" or (answered is NULL and stage == Stage.INTAKE):
            return _TEXT[Triage.RECEIVED] + NULL + NO
        decided = moment(since_2000(self.plan.opened_at(place)) + 86_400_000_000)
        return _TEXT[Triage.OUTREACH] + decided + (YES if waits_for == "awaited" else NO)

    def _place(self, unit: int, place: int) -> bytes:
        return (
            f"31.7{1 + place % 5}.0{1 + place % 6}".encode() if not unit else self.plan.places[unit].encode()
        )

    def _key(self, ids: Callable[[], bytes], where: bytes, section: str) -> tuple[Key, bytes]:
        raw = ids()
        key = Key(UUID(bytes=raw), os.urandom(keyring.KEY_BYTES))
        number, wrapped = wrap(key, self.ring)
        self.rows["access_datakey"].append(
            COUNT["access_datakey"] + field(raw) + where + _TEXT[section] + small(number) + field(wrapped)
        )
        return key, field(raw)

    def _story(self, ids: Callable[[], bytes], where: bytes) -> None:
        key, key_id = self._key(ids, where, Section.NARRATIVE)
        raw, row = ids(), self.story
        row.id = UUID(bytes=raw)
        seal(row, "text", narrative(self.rng), key)
        self.rows["intake_story"].append(
            COUNT["intake_story"] + field(raw) + where + key_id + field(row.text or b"")
        )

    def _thread(self, ids: Callable[[], bytes], where: bytes, at: int, answered: bool) -> None:
        key, key_id = self._key(ids, where, Section.THREAD)
        code = Code(self.rng.getrandbits(SECRET_BITS).to_bytes(SECRET_BYTES, "big"))
        status = PublicStatus.IN_PROGRESS if answered else PublicStatus.RECEIVED
        self.rows["intake_thread"].append(
            COUNT["intake_thread"]
            + field(ids())
            + where
            + key_id
            + field(locator(code))
            + field(wrap_for(code, key))
            + NO
            + _TEXT[status]
        )
        if answered:
            raw, row = ids(), self.message
            row.id = UUID(bytes=raw)
            seal(row, "body", ANSWER, key)
            self.rows["intake_message"].append(
                COUNT["intake_message"] + field(raw) + where + key_id + self.officer + field(row.body or b"")
                + moment(at + 86_400_000_000)
            )  # fmt: skip

    def _contact(self, ids: Callable[[], bytes], where: bytes) -> tuple[Key, bytes]:
        """A reporter's contact; gives the key of its section, which the reporter's name stands under too."""
        key, key_id = self._key(ids, where, Section.REPORTER)
        raw, row = ids(), self.contact
        row.id = UUID(bytes=raw)
        seal(row, "phone", phone(self.rng), key)
        seal(row, "hours", HOURS, key)
        self.rows["intake_safecontact"].append(
            COUNT["intake_safecontact"] + field(raw) + where + key_id + _TEXT[Means.TEXT] + NO
            + small(EVERY_DAY) + field(row.phone or b"") + field(row.hours or b"")
        )  # fmt: skip
        return key, key_id

    def _person(
        self,
        ids: Callable[[], bytes],
        where: bytes,
        unit: int,
        place: int,
        name: str,
        reporter: tuple[Key, bytes] | None,
    ) -> None:
        raw, row = ids(), self.person
        opened, born, home = self.plan.opened_at(place), self.plan.birth_of(place), self.plan.home_of(place)
        at = since_2000(opened)
        role = PersonRole.REPORTER if raw[-1] % 3 else PersonRole.CLIENT
        section = SECTION_OF[role]
        shared = reporter if role == PersonRole.REPORTER else None
        key, key_id = shared or self._key(ids, where, section)
        row.id = UUID(bytes=raw)
        seal(row, "name", name, key)
        seal(row, "initials", initials(name), key)
        seal(row, "born_on", born.isoformat() if born else None, key)
        person = field(raw)
        self.rows["people_person"].append(
            COUNT["people_person"]
            + person
            + where
            + person
            + _TEXT[section]
            + key_id
            + field(row.name or b"")
            + field(row.initials or b"")
            + (field(row.born_on) if row.born_on else NULL)
            + NO
            + _TEXT[Sex.UNKNOWN]
            + field(age_band(born, opened.date()).encode())
        )
        self.rows["people_part"].append(
            COUNT["people_part"] + field(ids()) + where + _TEXT[section] + person + _TEXT[role]
            + _TEXT[Relation.UNKNOWN] + _TEXT[PartStatus.ACTIVE] + _EMPTY + moment(at)
        )  # fmt: skip
        same = where + _TEXT[section] + person + moment(at)
        count = COUNT["people_nametoken"]
        self.rows["people_nametoken"].extend(
            count + field(ids()) + same + field(token)
            for token in sorted(
                tokens(name, self.token_keys[unit])
                | about(
                    name,
                    self.token_keys[unit],
                    birth_years=[born.year] if born else [],
                    areas=[home[:5], home] if home else [],
                )
            )
        )

    def _grants(self, ids: Callable[[], bytes], where: bytes, place: int, stage: str, at: int) -> None:
        plan = self.plan
        given, until = at + 3_600_000_000, at + int(LIFE.total_seconds()) * 1_000_000
        if place in plan.live:
            person, until = self.companions[0], since_2000(plan.now + LIFE)
        elif place in plan.past:
            person, until = self.companions[0], since_2000(plan.now) - 86_400_000_000
        elif place % 50 < 21 and stage != Stage.CLOSED:
            person = self.companions[1 + place // 50 % COMPANIONS]
        else:
            return
        rest = _TEAM + self.supervisor + moment(given) + moment(until) + NULL
        told = Stage.INTAKE if stage == Stage.INTAKE else Stage.CASE
        team = [(Role.COMPANION, person)]
        if place in plan.live or place in plan.past:
            team.append((Role.CASE_MANAGER, self.manager))
        for role, member in team:
            for section, writes in self.grants[role, told]:
                self.rows["access_grant"].append(
                    COUNT["access_grant"] + field(ids()) + where + section + field(member) + writes + rest
                )

    def _walls(self, ids: Callable[[], bytes], where: bytes, place: int, at: int) -> None:
        if place in self.plan.walled:
            person = self.head
        elif place % 200 == 7:
            person = self.companions[1 + place // 200 % COMPANIONS]
        else:
            return
        self.rows["access_wall"].append(
            COUNT["access_wall"] + field(ids()) + where + field(person) + self.supervisor + moment(at)
        )
