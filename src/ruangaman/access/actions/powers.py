"""Writes about accounts and powers: four eyes give and take them; the owner gives the first."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ruangaman.access import policies
from ruangaman.access.models import Membership, Organisation, PowerProposal, Session, User
from ruangaman.access.queries import Viewer, home_of
from ruangaman.access.states import Decision, PowerKind
from ruangaman.ledger.actions import record
from ruangaman.ledger.states import ActorKind, Verb


@transaction.atomic
def make_account(*, email: str, name: str, by: UUID, at: datetime) -> User:
    """This will make an account without any power; its owner sets the password by a link sent to the address."""
    user = User(email=email.lower(), name=name)
    user.set_unusable_password()
    user.save(force_insert=True)
    record(Verb.ACCOUNT_MADE, at=at, by=by, unit=home_of(by, at), objects=[user.id])
    return user


@transaction.atomic
def propose_power(
    *, viewer: Viewer, kind: PowerKind, user: User, organisation: Organisation, role: str, at: datetime
) -> PowerProposal:
    """This will ask for a role to be given or taken; nothing changes until a second person decides.

    :raises Refused: for oneself, or without the power to ask.
    """
    policies.check_can_propose(roles=viewer.roles, proposer=viewer.id, subject=user.id)
    proposal = PowerProposal.objects.create(
        kind=kind, user=user, organisation=organisation, role=role, proposed_by_id=viewer.id, proposed_at=at
    )
    record(
        Verb.POWER_PROPOSED,
        at=at,
        by=viewer.id,
        unit=organisation.id,
        objects=[proposal.id, user.id],
        fields=[role],
    )
    return proposal


@transaction.atomic
def decide_power(*, viewer: Viewer, proposal_id: UUID, approve: bool, at: datetime) -> PowerProposal:
    """This will decide a proposal, and give or take the role where it is approved.

    The membership itself is written by the database, which checks the two persons once more.

    :raises Refused: for the proposer, for the subject, or where it was decided already.
    """
    waiting = PowerProposal.objects.select_for_update().filter(id=proposal_id).first()
    # Only what is open can be locked: what is seen and can't be locked was decided meanwhile.
    proposal = waiting or PowerProposal.objects.get(id=proposal_id)
    policies.check_can_decide(
        roles=viewer.roles,
        decider=viewer.id,
        proposer=proposal.proposed_by_id,
        subject=proposal.user_id,
        decision=proposal.decision,
    )
    proposal.decision = Decision.APPROVED if approve else Decision.REFUSED
    proposal.decided_by_id, proposal.decided_at = viewer.id, at
    proposal.save(update_fields=["decision", "decided_by", "decided_at"])
    if approve:
        with connection.cursor() as cursor:
            cursor.execute("SELECT door.apply_power(%s)", [proposal.id])
    record(
        Verb.POWER_APPROVED if approve else Verb.POWER_REFUSED,
        at=at,
        by=viewer.id,
        unit=proposal.organisation_id,
        objects=[proposal.id, proposal.user_id],
        fields=[proposal.role],
    )
    return proposal


@transaction.atomic
def end_device(*, viewer: Viewer, key_hash: bytes, at: datetime) -> None:
    """This will sign one of the viewer's own browsers out."""
    Session.objects.filter(key_hash=key_hash, user_id=viewer.id).delete()
    record(Verb.SESSION_ENDED, at=at, by=viewer.id)


# --- what the owner does when an installation is made (no ticket) ----------------------------------------------------


@transaction.atomic
def seat(*, user: User, organisation: Organisation, role: str, since: datetime, at: datetime) -> Membership:
    """This will give a first role, where nobody is there yet to propose and decide. The owner's connection only."""
    made = Membership.objects.create(user=user, organisation=organisation, role=role, since=since)
    record(
        Verb.POWER_APPROVED,
        at=at,
        kind=ActorKind.OWNER,
        unit=organisation.id,
        objects=[made.id, user.id],
        fields=[role],
    )
    return made


def temporary_password() -> str:
    """This will make a password that is only good for the first sign-in."""
    return secrets.token_urlsafe(12)
