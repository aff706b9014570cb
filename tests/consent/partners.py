"""Files that a partner sees a part of: a second client beside the first, a child with her guardian; all made up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction

from ruangaman.access.models import DataKey, Organisation
from ruangaman.access.states import Section
from ruangaman.consent.actions import record_consent
from ruangaman.consent.models import Consent
from ruangaman.consent.states import Answer, Assent, Basis, Method
from ruangaman.kernel import clock
from ruangaman.kernel.fields import new_key, wrap
from ruangaman.people.actions import Identity, add_person, name_guardian
from ruangaman.people.models import Person
from ruangaman.people.states import PersonRole, Relation, Sex
from tests.access.filled import MADE, _complete, protected, row_of
from tests.cases.cases import Way, way
from tests.worlds import Filed, World, acting

BORN = date(1992, 3, 4)
OTHER = "Citra Contoh"
# What is made by the product's own actions, or says nothing of one person.
NOT_FILLED = {"people_person", "people_part", "people_likeness", "consent_consent", "services_referral",
              "services_delivery", "services_visum", "agenda_seat"}  # fmt: skip


def second_client(first: Way, name: str = OTHER, born_on: date = BORN) -> Way:
    """The same file, seen from another client of it."""
    with acting(first.manager):
        part = add_person(
            dossier=first.dossier, role=PersonRole.CLIENT, identity=Identity(name, born_on=born_on, sex=Sex.FEMALE),
            by=first.manager.id, at=clock.now(),
        )  # fmt: skip
    return replace(first, client=part.person)


@dataclass
class ChildsWay(Way):
    """The file of a child, for whom her guardian answers with her own word."""

    def consent(
        self,
        service: str,
        to: Organisation | None = None,
        answer: str = Answer.GIVEN,
        also: Iterable[str] = (),
    ) -> Consent:
        viewer, now = self.world.viewer(self.manager), clock.now()
        with acting(self.manager):
            recipient = Organisation.objects.get(id=to.id) if to else None
            return record_consent(
                viewer=viewer, dossier=self.dossier, client=self.client, service=service, recipient=recipient,
                answer=answer, basis=Basis.GUARDIAN, assent=Assent.GIVEN, method=Method.SIGNED, also=also,
                until=now + timedelta(days=90), at=now,
            )  # fmt: skip


def child_case(world: World, born_on: date, guardian: str = "Dewi Contoh") -> tuple[ChildsWay, Person]:
    """A case of a girl, and the aunt who stands for her."""
    made = way(world)
    supervisor = world.viewer(made.supervisor)
    world.rows("UPDATE people_part SET status = 'ended', until = now() WHERE role = 'client'")
    girl = second_client(made, "Melati Rekaan", born_on)
    with acting(made.supervisor):
        part = name_guardian(
            viewer=supervisor, dossier=made.dossier, client=girl.client, person=None,
            identity=Identity(guardian, born_on=BORN), relation=Relation.AUNT_UNCLE, at=clock.now(),
        )  # fmt: skip
    girl.assess()
    girl.take()
    fields = {name: getattr(girl, name) for name in Way.__dataclass_fields__}
    return ChildsWay(**fields), part.person


def fill_about(one: Way) -> set[str]:
    """A row about this client in every table that can tell of a person, and every section; the tables that took one."""
    world, filed, took = one.world, Filed(one.dossier, None), set()  # type: ignore[arg-type]
    there = {
        row[0]
        for row in world.rows("SELECT section FROM access_datakey WHERE dossier_id = %s", [one.dossier.id])
    }
    for section in set(Section.values) - there:
        key = new_key()
        number, wrapped = wrap(key)
        place = {"dossier": one.dossier, "unit_id": one.dossier.unit_id, "stage": one.dossier.stage}
        DataKey.objects.using("owner").create(
            id=key.id, section=section, kek_number=number, wrapped=wrapped, **place
        )
    _complete(world, filed)
    for model in apps.get_models():
        table = model._meta.db_table
        about = [f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model is Person]
        if table == "clocks_clock":
            about = ["about"]
        if table not in protected() or table in NOT_FILLED or not about:
            continue
        fixed = protected()[table]
        for section in [fixed] if fixed else Section.values:
            values: dict[str, Any] = MADE.get(table, {}) | {
                name: one.client for name in about if name != "of"
            }
            values |= {} if fixed else {"section": section}
            if table == "clocks_clock":
                values |= {"about": one.client.id, "code": f"{section}-{one.client.id}"[:40]}
            took.add(table)
            if not model._default_manager.using("owner").filter(dossier_id=one.dossier.id, **values).exists():
                with transaction.atomic(using="owner"):
                    row_of(world, filed, model, values, {}).save(force_insert=True, using="owner")
    return took


def seen_by(world: World, person: Any) -> dict[str, set[Any]]:
    """The rows of every protected table that somebody gets by raw SQL."""
    with acting(person):
        return {
            table: {row[0] for row in world.rows(f"SELECT id FROM {table}", using="default")}
            for table in sorted(protected())
        }
