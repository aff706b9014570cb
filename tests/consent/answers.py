"""A made-up case with a child, her aunt as guardian and the man reported; and answers through the product's actions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ruangaman.access.models import Organisation, User
from ruangaman.access.queries import key_of
from ruangaman.access.states import Section
from ruangaman.consent import actions
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Assent, Basis, Method, Service
from ruangaman.kernel import clock
from ruangaman.kernel.fields import seal
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Relation
from tests.people.people import added, case, guardian
from tests.worlds import Filed, World, acting


@dataclass
class Case:
    """Who is who."""

    world: World
    filed: Filed
    manager: User
    client: Person

    def answer(
        self,
        service: str = Service.MEDICAL,
        answer: str = Answer.GIVEN,
        *,
        recipient: Organisation | None = None,
        by: User | None = None,
        days: int = 30,
        **more: Any,
    ) -> Consent:
        """One answer, of an adult for herself or of a child's guardian with the child's word."""
        person, now = by or self.manager, clock.now()
        child = self.client.age_band in ("0-5", "6-12", "13-17")
        given = {
            "basis": Basis.GUARDIAN if child else Basis.CLIENT,
            "assent": Assent.GIVEN if child else Assent.NOT_NEEDED,
            "method": Method.SIGNED,
            "until": now + timedelta(days=days),
            **more,
        }
        viewer = self.world.viewer(person)
        with acting(person):
            return actions.record_consent(
                viewer=viewer,
                dossier=self.filed.dossier,
                client=self.client,
                service=service,
                recipient=recipient,
                answer=answer,
                at=now,
                **given,
            )

    def withdraw(self, *consents: Consent, by: User | None = None, **more: Any) -> None:
        person = by or self.manager
        viewer = self.world.viewer(person)
        with acting(person):
            found = list(Consent.objects.select_related("client").filter(id__in=[c.id for c in consents]))
            actions.withdraw_consents(
                viewer=viewer, dossier=self.filed.dossier, consents=found, at=clock.now(), **more
            )

    def granted(self, organisation: Organisation) -> set[str]:
        """The sections a partner holds now, as the database has them."""
        rows = self.world.rows(
            "SELECT section FROM access_grant WHERE principal_id = %s AND source = 'consent' "
            "AND withdrawn_at IS NULL AND until > now()",
            [organisation.id],
        )
        return {row[0] for row in rows}


def woman(world: World) -> Case:
    """A case of an adult, who answers for herself."""
    filed, manager = case(world, name="Tetangga Rekaan")
    client = added(filed, manager, PersonRole.CLIENT, "Ayu Rekaan", age=30).person
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.SPOUSE)
    return Case(world, filed, manager, client)


def girl(world: World, *, with_guardian: bool = True) -> Case:
    """A case of a girl of 15 and her aunt."""
    filed, manager = case(world, name="Tetangga Rekaan")
    client = added(filed, manager, PersonRole.CLIENT, "Melati Rekaan", age=15).person
    added(filed, manager, PersonRole.REPORTED, "Bambang Rekaan", relation=Relation.FATHER)
    if with_guardian:
        guardian(world, filed, manager, client, "Dewi Contoh", Relation.AUNT_UNCLE)
    return Case(world, filed, manager, client)


def set_born(one: Case, day: date) -> None:
    """The client was born on that day; her age at the report stays as it was counted."""
    with acting(one.manager):
        key = key_of(one.filed.dossier.id, Section.IDENTITY)
        assert key is not None
        seal(one.client, "born_on", day.isoformat(), key)
        one.client.save(update_fields=["born_on"])
