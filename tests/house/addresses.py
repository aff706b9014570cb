"""Every address × everybody: asked for real in a small world, so that a change of who may enter shows in the diff."""

import base64
from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from ruangaman.access.models import ErasureRequest, PowerProposal, User
from ruangaman.access.states import Decision, ErasureBasis, PowerKind, Role
from ruangaman.clocks.models import Definition, Holiday, UnitClock
from ruangaman.clocks.states import DayOff, Event
from ruangaman.consent.models import Consent
from ruangaman.intake.models import Way
from ruangaman.papers.models import Letter, Opening
from ruangaman.people.models import Likeness, Part, Person
from ruangaman.people.states import PersonRole, Sameness
from ruangaman.services.models import Referral
from tests.agenda.booked import appointment, feed_secret
from tests.clocks.running import happened, one_of
from tests.conftest import LASTING
from tests.desk.full import everything
from tests.intake.applications import way
from tests.intake.reaching import planned
from tests.papers.attaching import attached
from tests.papers.evidences import ask, handed, keep
from tests.papers.lettering import issued, with_letterhead
from tests.people.alike import decided
from tests.people.people import added
from tests.worlds import Filed, World, granted_sections

# Somebody in each role of the unit; then those whom a role alone does not describe.
OTHERS = (
    "anonymous",
    "officer_of_another_unit",
    "head_of_another_unit",
    "companion_on_the_team",
    "companion_of_the_case",
    "manager_of_the_case",
    "psychologist_of_the_case",
    "lawyer_of_the_case",
    "walled_head",
)
PEOPLE = (*OTHERS, *Role.values)
Answers = dict[str, dict[str, str]]
# Pages about a case: asked for with the reference of a case in which everything happened. All others: of a report.
ABOUT_A_CASE = ("kasus/", "persetujuan/", "rujukan/", "hukum/", "pulang/")


def addresses(patterns: Any = None, before: str = "") -> Iterator[tuple[str, bool]]:
    """Every address, as it is written down (``laporan/<str:reference>/jawab/``), and whether it is ours."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern), hasattr(pattern.callback, "door")


class Visitors:
    """Somebody of each kind; a report and a case of the unit that they try to reach.

    Those named by a role alone work on neither: what they reach, they reach by rank.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._signed_in: dict[str, Any] = {}
        self.filed: Filed = world.file(story="Cerita rekaan", name="Nama Rekaan", means="none")
        self.story = everything(world)
        _sought, self.outreach = planned(world)
        self.clock = one_of(
            happened(self.filed, Event.VICTIM_REPORTED, world.person(Role.SUPERVISOR)), "police-duty"
        )
        self.evidence = keep(world, self.filed, world.person(Role.SUPERVISOR))
        self.handed = handed(world, self.evidence, world.person(Role.SUPERVISOR))
        self.attached = attached(world, self.filed, world.person(Role.SUPERVISOR))
        self.booking, self.feed = appointment(world, self.filed), feed_secret(world)
        with_letterhead(world)
        self.companion = world.person(Role.COMPANION, tag="_team")
        for section in granted_sections(Role.COMPANION, "intake"):
            world.grant(self.filed, self.companion.id, section)
        self.walled = world.person(Role.HEAD, tag="_walled")
        world.rows(
            "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
            "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier",
            [self.walled.id],
        )
        self.probe = self._probe()
        self.twice = added(
            self.filed, world.person(Role.SUPERVISOR), PersonRole.WITNESS, "Saksi Rekaan"
        ).person

    def user(self, who: str) -> User | None:
        kinds = {
            "anonymous": None,
            "officer_of_another_unit": (Role.INTAKE_OFFICER, self.world.other),
            "head_of_another_unit": (Role.HEAD, self.world.other),
        }
        if who in kinds:
            found = kinds[who]
            return self.world.person(*found) if found else None
        known = {
            "companion_on_the_team": self.companion,
            "companion_of_the_case": self.story.companion,
            "manager_of_the_case": self.story.manager,
            "psychologist_of_the_case": self.world.person(Role.PSYCHOLOGIST),
            "lawyer_of_the_case": self.world.person(Role.LAWYER),
            "walled_head": self.walled,
        }
        return known.get(who) or self.world.person(who, tag="_visitor")

    def browser(self, who: str, *, afresh: bool) -> Client:
        """A browser of this person that has seen no page yet; signed in anew, or with the cookie of before."""
        if afresh or who not in self._signed_in:
            client = self.world.client(self.user(who))
            if afresh:
                client.raise_request_exception = False
                return client
            self._signed_in[who] = client.cookies
        client = Client(raise_request_exception=False)
        client.cookies = deepcopy(self._signed_in[who])
        return client

    def status(self, browser: Client, method: str, address: str) -> str:
        """What this browser is answered at this address."""
        path = "/" + self.filled(address)
        return str((browser.post(path) if method == "POST" else browser.get(path)).status_code)

    def rows(self) -> dict[str, str]:
        """What every table holds, as one digest each; but for sign-ins, counts of attempts and the ledger."""
        return dict(self.world.rows(self._digests))

    @cached_property
    def _digests(self) -> str:
        names = self.world.rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        digest = "SELECT '{0}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {0} t"
        let_be = {"ledger_entry", "access_session", "kernel_cache", *LASTING}
        return " UNION ALL ".join(digest.format(name) for (name,) in names if name not in let_be)

    def filled(self, address: str) -> str:
        """The address with something real of the unit's in each of its blanks."""
        case = self.story.filed if address.startswith(ABOUT_A_CASE) else self.filed
        blanks = {
            "<str:reference>": case.reference,
            "<uuid:consent>": str(self._of_the_case(Consent)) if "<uuid:consent>" in address else "",
            "<uuid:person>": str(self._person()) if "<uuid:person>" in address else "",
            "<uuid:part>": str(self._part()) if "<uuid:part>" in address else "",
            "<uuid:other>": str(self.twice.id),
            "<uuid:likeness>": str(self._likeness()) if "<uuid:likeness>" in address else "",
            "<uuid:referral>": str(self._of_the_case(Referral)) if "<uuid:referral>" in address else "",
            "<uuid:outreach>": str(self.outreach.id),
            "<uuid:clock>": str(self.clock.id),
            "<uuid:paper_id>": str((self.evidence if address.startswith("bukti/") else self.attached).id),
            "<int:index>": "0",
            "<int:number>": "1",
            "<uuid:opening_id>": str(self._opening().id) if "<uuid:opening_id>" in address else "",
            "<uuid:custody_id>": str(self.handed),
            "<uuid:letter_id>": str(self._letter().id) if "<uuid:letter_id>" in address else "",
            "<str:kind>": "umum" if address.startswith("formulir/") else "summary",
            "<uuid:unit_clock>": str(self._unit_clock().id) if "<uuid:unit_clock>" in address else "",
            "<uuid:day>": str(self._day_off().id) if "<uuid:day>" in address else "",
            "<slug:code>": "answer",
            "<str:what>": "tolak",  # says why, and so an empty form changes nothing
            "<str:code>": "I.1",
            "<uuid:notice>": str(self.filed.dossier.id),  # nobody's: to mark it does nothing
            # Nobody's: what is nowhere ends nothing. Their own tests end what is there.
            "<uuid:outing_id>": str(self.filed.dossier.id),
            "<uuid:presence_id>": str(self.filed.dossier.id),
            "<uuid:booking_id>": str(self.filed.dossier.id),
            "<uuid:row_id>": str(self.filed.dossier.id),
            "<uuid:recall>": str(self.filed.dossier.id),
            "<uuid:file>": str(self.filed.dossier.id),  # of a draft that no browser here holds
            "<uuid:shift>": str(self.filed.dossier.id),
            "<uuid:ring>": str(self.filed.dossier.id),
            "<uuid:row>": str(self.filed.dossier.id),
            "<uuid:match>": str(self.filed.dossier.id),
            "<uuid:joining>": str(self.filed.dossier.id),
            "<uuid:draft>": str(self.filed.dossier.id),
            "<uuid:call>": str(self.filed.dossier.id),
            "<uuid:transfer>": str(self.filed.dossier.id),
            "<uuid:way>": str(self._way()) if "<uuid:way>" in address else "",
            "<uuid:app_key>": str(self.filed.dossier.id),
            "<uuid:talk>": str(self.filed.dossier.id),
            "<uuid:thread>": str(self.filed.dossier.id),
            "<uuid:wish>": str(self.filed.dossier.id),
            "<str:number>": "JA-1",
            "<path:rest>": "v1/",
            "<uuid:unborn>": str(self.filed.dossier.id),
            "<uuid:probe>": str(self.probe),
            "<str:secret>": self.feed,
            "<uuid:appointment>": str(self.booking.id),
            "<uuid:organisation>": str(self.world.unit.id),
            "<uuid:proposal>": str(self._proposal().id) if "<uuid:proposal>" in address else "",
            "<uuid:wanted>": str(self._wish().id) if "<uuid:wanted>" in address else "",
            # An erasure is refused, so that the report is there for the next who tries; an opening as well.
            "<str:answer>": "tolak"
            if {"<uuid:wanted>", "<uuid:opening_id>"} & set(address.split("/"))
            else "setuju",
            "<str:device>": base64.urlsafe_b64encode(b"0" * 32).decode().rstrip("="),
            "<int:pk>": "1",
            "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/abc:def:ghi/",
            "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-abc/",
        }
        for blank, value in blanks.items():
            address = address.replace(blank, value)
        assert not set("<>^$") & set(address), f"Say in tests/house/addresses.py what to put into {address}"
        return address

    def _probe(self) -> UUID:
        """That the supervisor looked for somebody."""
        asker = self.user("supervisor")
        assert asker is not None
        sql = (
            "INSERT INTO people_probe (id, unit_id, asked_by_id, asked_at, identifiers, elsewhere) "
            'VALUES (gen_random_uuid(), %s, %s, now(), \'["name", "nik"]\', 0) RETURNING id'
        )
        found: UUID = self.world.rows(sql, [self.world.unit.id, asker.id])[0][0]
        return found

    def _opening(self) -> Opening:
        """The request to open evidence that waits, or a new one where it was decided."""
        waiting = (
            Opening.objects.using("owner").filter(paper_id=self.evidence.id, decision=Decision.OPEN).first()
        )
        return waiting or ask(self.world, self.evidence, self.world.person(Role.SUPERVISOR))

    def _letter(self) -> Letter:
        """A letter that still counts, or a new one where it was taken back."""
        there = Letter.objects.using("owner").filter(dossier_id=self.filed.dossier.id, state="issued").first()
        return there or issued(self.world, self.filed, self.world.person(Role.SUPERVISOR), kind="summary")

    def _of_the_case(self, model: type[Consent] | type[Referral]) -> UUID:
        rows = model._default_manager.using("owner").filter(dossier_id=self.story.filed.dossier.id)
        found: UUID = rows.order_by("id").values_list("id", flat=True)[0]
        return found

    def _person(self) -> UUID:
        """Somebody of the report."""
        people = Person.objects.using("owner").filter(dossier_id=self.filed.dossier.id)
        found: UUID = people.order_by("id").values_list("id", flat=True)[0]
        return found

    def _part(self) -> UUID:
        """The reporter's, which nobody ends."""
        parts = Part.objects.using("owner").filter(dossier_id=self.filed.dossier.id, role="reporter")
        found: UUID = parts.values_list("id", flat=True)[0]
        return found

    def _likeness(self) -> UUID:
        """What was decided about two records of the report, or a new decision where it was undone."""
        live = (
            Likeness.objects.using("owner").filter(dossier_id=self.filed.dossier.id, undone_at=None).first()
        )
        if live is None:
            one, decider = (
                Person.objects.using("owner").get(id=self._person()),
                self.world.person(Role.SUPERVISOR),
            )
            live = decided(self.world, decider, one, self.twice, Sameness.DIFFERENT)
        return live.id

    def _way(self) -> UUID:
        """A way in of the unit, the same one each time."""
        there = Way.objects.using("owner").filter(unit_id=self.world.unit.id).first()
        return (there or way(self.world)).id

    def _unit_clock(self) -> UnitClock:
        """The unit's report of a half-year, which stays open: it is finished with a note alone."""
        version = Definition.objects.using("owner").get(code="semester", owner=None)
        found, _made = UnitClock.objects.using("owner").get_or_create(
            unit_id=self.world.unit.id,
            code=version.code,
            period="2026-2",
            defaults={
                "definition_id": version.id,
                "started_at": self.world.now,
                "due_at": self.world.now + timedelta(days=30),
            },
        )
        return found

    def _day_off(self) -> Holiday:
        """A day off of the unit, there again for the next who takes it back."""
        found, _made = Holiday.objects.using("owner").get_or_create(
            owner_id=self.world.unit.id,
            day=date(2027, 6, 22),
            defaults={"kind": DayOff.REGIONAL, "name": "HUT Kota Rekaan", "source": "SE 1/2027"},
        )
        return found

    def _proposal(self) -> PowerProposal:
        return PowerProposal.objects.using("owner").create(
            kind=PowerKind.GIVE,
            user_id=self.world.person(Role.LAWYER, tag="_subject").id,
            organisation_id=self.world.unit.id,
            role=Role.COMPANION,
            proposed_by_id=self.world.person(Role.HEAD, tag="_proposer").id,
            proposed_at=self.world.now,
        )

    def _wish(self) -> ErasureRequest:
        """The request for erasure that waits, or a new one where it was decided."""
        filed, asker = self.filed.dossier, self.world.person(Role.DATA_OFFICER, tag="_asker")
        waiting = (
            ErasureRequest.objects.using("owner").filter(dossier_id=filed.id, decision=Decision.OPEN).first()
        )
        return waiting or ErasureRequest.objects.using("owner").create(
            dossier_id=filed.id,
            unit_id=filed.unit_id,
            stage=filed.stage,
            basis=ErasureBasis.values[0],
            asked_by_id=asker.id,
            asked_at=self.world.now,
        )


def spread(told: dict[str, dict[Any, list[str]]]) -> Answers:
    """The file's short form (status → who, ``everybody_else``) as person → status, for each method."""
    found: Answers = {}
    for method, answers in told.items():
        found[method] = {}
        rest = next((str(status) for status, who in answers.items() if who == ["everybody_else"]), None)
        for status, who in answers.items():
            found[method] |= {person: str(status) for person in who if person != "everybody_else"}
        if rest is not None:
            found[method] = {person: found[method].get(person, rest) for person in PEOPLE}
    return found
