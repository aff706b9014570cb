"""Evidence for tests: kept as the product keeps it, with made-up bytes."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction

from ruangaman.access.actions import join_team, key_for
from ruangaman.access.models import User
from ruangaman.access.states import Role, Section, Stage
from ruangaman.kernel import clock
from ruangaman.kernel.fields import seal
from ruangaman.kernel.ids import new_id
from ruangaman.papers import storing
from ruangaman.papers.actions import evidence as actions
from ruangaman.papers.models import Opening, Paper
from ruangaman.papers.states import Origin, PaperKind, PaperState
from tests.worlds import Filed, World, acting

CONTENT = bytes(range(256)) * 2_500  # three pieces, the last one shorter


def companion_of(world: World, filed: Filed) -> User:
    """A companion on the team of a case: she may write the story."""
    world.move(filed, Stage.CASE)
    return on_team(world, filed, Role.COMPANION)


def on_team(world: World, filed: Filed, role: str, tag: str = "") -> User:
    supervisor, person = world.person(Role.SUPERVISOR), world.person(role, tag=tag)
    now = clock.now()
    with acting(supervisor):
        join_team(
            dossier=filed.dossier,
            person=person.id,
            role=role,
            until=now + timedelta(days=90),
            by=supervisor.id,
            at=now,
        )
    return person


def keep(
    world: World,
    filed: Filed,
    who: User,
    content: bytes = CONTENT,
    section: str = Section.NARRATIVE,
    **other: Any,
) -> Paper:
    """A piece of evidence that came in: its pieces in the storage, its row, and the first link of its chain."""
    now, dossier = clock.now(), filed.dossier
    with acting(who), transaction.atomic():
        key = key_for(dossier=dossier, section=section)
        paper = Paper(
            id=new_id(),
            dossier=dossier,
            unit_id=dossier.unit_id,
            stage=dossier.stage,
            section=section,
            kind=PaperKind.PHOTO,
            origin=Origin.CLIENT,
            is_evidence=True,
            key_id=key.id,
            size=len(content),
            content_type="image/jpeg",
            added_by_id=who.id,
            added_at=now,
            **other,
        )
        parts = [content[at : at + storing.PIECE] for at in range(0, len(content), storing.PIECE)]
        for index, part in enumerate(parts):
            storing.write_piece(paper.id, index, part, key)
        seal(paper, "name", "foto ancaman.jpg", key)
        seal(paper, "digest", hashlib.sha256(content).hexdigest(), key)
        paper.save(force_insert=True)
        paper.state, paper.pieces, paper.kept_at = PaperState.KEPT, len(parts), now
        paper.save(update_fields=["state", "pieces", "kept_at"])
        actions.begin_chain(viewer=world.viewer(who), paper=paper, at=now)
    return paper


def ask(world: World, paper: Paper, who: User, reason: str = "Diminta penyidik.") -> Opening:
    with acting(who):
        return actions.ask_opening(
            viewer=world.viewer(who), paper=paper, reason=reason, opening_id=new_id(), at=clock.now()
        )


def allow(world: World, paper: Paper, opening: Opening, who: User, yes: bool = True) -> None:
    with acting(who):
        actions.decide_opening(
            viewer=world.viewer(who), paper=paper, opening=opening, allow=yes, at=clock.now()
        )


def handed(world: World, paper: Paper, who: User) -> UUID:
    """A hand-over in the chain; its id."""
    link = new_id()
    with acting(who):
        actions.hand_over(
            viewer=world.viewer(who),
            paper=Paper.objects.select_related("key").get(id=paper.id),
            to_whom="Siber kepolisian: Ipda Rekaan",
            reason="Surat permintaan penyidik.",
            custody_id=link,
            at=clock.now(),
        )
    return link


def chain(world: World, paper: Paper) -> list[str]:
    """The acts of the chain, the first one first."""
    return chain_by_id(world, paper.id)


def chain_by_id(world: World, paper_id: UUID) -> list[str]:
    sql = "SELECT act FROM papers_custody WHERE paper_id = %s ORDER BY done_at, id"
    return [act for (act,) in world.rows(sql, [paper_id])]


def file_of(paper: Paper, index: int = 0) -> Path:
    """Where a piece lies on the disk."""
    name = f"{paper.id.hex[-2:]}/{paper.id.hex[-4:-2]}/{paper.id.hex}/{index}"
    return Path(storages["papers"].path(name))  # type: ignore[attr-defined]
