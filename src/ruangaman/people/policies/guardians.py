"""Who may stand for a child, and where the choice needs a second judgment."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ruangaman.access.states import Role
from ruangaman.kernel.errors import Refused
from ruangaman.kernel.names import ALIKE, likeness
from ruangaman.people.policies.identity import is_child
from ruangaman.people.states import (
    GUARDIAN_RELATIONS,
    AgeBand,
    PartStatus,
    PersonRole,
    Refusal,
    Relation,
)

# The same in the database (``door.guardian_decided``): of each a child has one, so that no name is needed to know whom
# the child means.
PARENTS = frozenset(
    {Relation.FATHER, Relation.MOTHER, Relation.STEPFATHER, Relation.STEPMOTHER, Relation.FOSTER_PARENT}
)
# Who often lives with, or from, whom.
COUPLES = {
    Relation.MOTHER: {Relation.FATHER, Relation.STEPFATHER},
    Relation.FATHER: {Relation.MOTHER, Relation.STEPMOTHER},
    Relation.STEPMOTHER: {Relation.FATHER},
    Relation.STEPFATHER: {Relation.MOTHER},
    Relation.FOSTER_PARENT: {Relation.FOSTER_PARENT},
    Relation.GRANDPARENT: {Relation.GRANDPARENT},
}


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Somebody of whom the child said that they must not know; often no name was asked. Source: care.md 12."""

    name: str = ""
    relation: str = Relation.UNKNOWN


def guardian_refusal(*, roles: Iterable[str], name: str, reported_names: Iterable[str]) -> Refusal | None:
    """This will say why somebody may not be a guardian, or None: only the reported person is barred.

    ``roles``: the live parts this very person has in the dossier, by whichever of their records; ``name`` and
    ``reported_names`` in clear, because the same man may be written down a second time.
    Source: care.md 10; seed 004, Lampiran I.2.
    """
    if PersonRole.REPORTED in set(roles):
        return Refusal.REPORTED
    if any(likeness(name, reported) >= ALIKE for reported in reported_names):
        return Refusal.NAMESAKE
    return None


def check_can_be_guardian(
    *, relation: str, band: str, own_band: str = AgeBand.UNKNOWN, alone: bool = False
) -> None:
    """This will refuse a guardian for an adult, a child as guardian, and who is neither family nor trusted.

    ``band``: the client's at the report; ``alone``: whether the client has come of age since; ``own_band``: the
    guardian's, where it is known. Disability never moves consent to a guardian (care.md 11), so nothing but age is
    asked here.

    :raises Refused: saying who can. Source: seed 004, Lampiran I.2; care.md 11, 13; UU 1/1974 Pasal 51 (of age).
    """
    if is_child(own_band):
        raise Refused(_("Wali harus sudah dewasa. Pilih orang lain, atau pendamping dari unit."))
    if not is_child(band):
        raise Refused(_("Wali hanya untuk klien di bawah 18 tahun. Orang dewasa memutuskan sendiri."))
    if alone:
        raise Refused(_("Klien ini sudah berumur 18 tahun sejak laporannya. Sekarang ia memutuskan sendiri."))
    if relation not in {choice.value for choice in GUARDIAN_RELATIONS}:
        raise Refused(
            _(
                "Wali adalah orang tua, orang tua asuh, keluarga, tetangga yang dipercaya, atau pendamping unit."
            )
        )


def depends_on(relation: str, relations: Iterable[str]) -> bool:
    """This will say whether a guardian may depend on somebody who is one of ``relations`` to the child.

    Source: care.md 10 (dependence warns and needs a supervised decision; only the reported person is barred).
    """
    return bool(COUPLES.get(Relation(relation), set()) & set(relations))


def is_kept_out(*, roles: Iterable[str], name: str, relation: str, kept_out: Iterable[KeptOut]) -> bool:
    """This will say whether the child asked that this guardian must not know.

    Found by the very person, by a name alike, or, because no name is asked of a child, by who they are to it.
    Source: care.md 11 ("Jangan beri tahu orang tua"), 12.
    """
    meant = list(kept_out)
    return (
        PersonRole.KEPT_OUT in set(roles)
        or any(one.name and likeness(name, one.name) >= ALIKE for one in meant)
        or any(one.relation == relation and (relation in PARENTS or not one.name) for one in meant)
    )


def companion_first(kept_out_relations: Iterable[str]) -> bool:
    """This will say whether the unit's own companion is proposed before anybody else. Source: care.md 11."""
    return bool(PARENTS & set(kept_out_relations))


def check_can_decide(*, status: str, roles: Iterable[str]) -> None:
    """This will refuse to decide about a guardian where nothing waits, or by anybody but a supervisor.

    :raises Refused: saying who decides. Source: care.md 10, 11. The same in the database (``door.guardian_decided``).
    """
    if status != PartStatus.WAITING:
        raise Refused(_("Tentang calon wali ini sudah ada putusan."))
    if Role.SUPERVISOR not in set(roles):
        raise Refused(_("Putusan ini milik penyelia unit."))
