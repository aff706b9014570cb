"""The rules of consent written as slowly and plainly as they are said, to lay beside what the database does.

Nothing of the product is used here but the names of things. Source: care.md 10, 11, 13; ADR-0009, 0016.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

NO_VETO = ("medical", "shelter")
OF_EVERYBODY = ("narrative", "risk")
ALWAYS = {"file", "identity", "referral"}
OWN = {"medical": "medical", "legal": "legal", "social": "plan"}
# Of the matrix, for a partner: what it may see, and of that what it may write.
PARTNER_SEES = {"file", "identity", "referral", "contact", "support", "narrative", "risk", "medical", "legal"}
PARTNER_WRITES = {"referral", "medical", "legal"}


@dataclass
class Said:
    """One answer. ``order``: 1 for the first that was given, and so on."""

    order: int
    client: int
    service: str
    recipient: int | None
    answer: str
    basis: str
    given_by: str
    also: frozenset[str]
    until: datetime | None
    withdrawn: bool = False
    row: Any = None


@dataclass
class Standing:
    """Somebody's place as guardian of one child, under a name."""

    guardian: str
    child: int
    status: str


@dataclass
class File:
    """A file of clients 0, 1, 2 …; who of them are one person; who stands for whom; what was said."""

    clients: dict[int, bool]  # whether each is a client of the file now
    adults: set[int]
    guardians: list[Standing] = field(default_factory=list)
    same: set[frozenset[int]] = field(default_factory=set)
    said: list[Said] = field(default_factory=list)

    # --- who is who

    def group(self, client: int) -> frozenset[int]:
        """Everybody who is one person with this client."""
        found = {client}
        while True:
            more = {other for pair in self.same if pair & found for other in pair} | found
            if more == found:
                return frozenset(found)
            found = more

    def is_client(self, client: int) -> bool:
        return any(self.clients[one] for one in self.group(client))

    def humans(self) -> set[frozenset[int]]:
        """The clients of the file, each person once."""
        return {self.group(client) for client in self.clients if self.is_client(client)}

    def guardians_of(self, client: int) -> set[str]:
        """Who stands for this child now."""
        group = self.group(client)
        return {g.guardian for g in self.guardians if g.status == "active" and g.child in group}

    def is_barred(self, guardian: str) -> bool:
        """Refused here, and accepted nowhere in this file since."""
        statuses = [g.status for g in self.guardians if g.guardian == guardian]
        return "refused" in statuses and "active" not in statuses

    def may_be_one(self, client: int, other: int) -> bool:
        """A child has one guardian, so two who have one each are not found to be one child."""
        group = self.group(client) | self.group(other)
        return len([g for g in self.guardians if g.status == "active" and g.child in group]) < 2

    # --- who may answer

    def may_answer(self, client: int, service: str, answer: str, basis: str) -> bool:
        if not self.is_client(client):
            return False
        if client in self.adults:
            return basis == "client"
        if basis == "client":
            return answer != "given"
        if basis == "guardian":
            return bool(self.guardians_of(client))
        return service in NO_VETO  # the supervisor, by the child's best interest

    # --- what stands

    def counts(self, one: Said) -> bool:
        """A guardian's no about medical care and protection is none."""
        return not (one.answer != "given" and one.basis == "guardian" and one.service in NO_VETO)

    def newest(self, human: frozenset[int], service: str, recipient: int | None) -> Said | None:
        about = [
            s
            for s in self.said
            if s.client in human and (s.service, s.recipient) == (service, recipient) and self.counts(s)
        ]
        return max(about, key=lambda s: s.order, default=None)

    def opens(self, human: frozenset[int], service: str, recipient: int | None, now: datetime) -> Said | None:
        """The answer on which a recipient sees something of this person for this service now."""
        one = self.newest(human, service, recipient)
        if one is None or human not in self.humans():
            return None
        if one.answer != "given" or one.withdrawn or one.until is None or one.until <= now:
            return None
        if one.basis == "guardian" and one.service not in NO_VETO and self.is_barred(one.given_by):
            return None
        return one

    def allows(
        self, human: frozenset[int], service: str, recipient: int | None, now: datetime
    ) -> Said | None:
        """The answer on which something new may be planned, sent or given. A barred guardian's is asked again."""
        one = self.opens(human, service, recipient, now)
        return None if one and one.basis == "guardian" and self.is_barred(one.given_by) else one

    # --- what a recipient sees

    def until(self, human: frozenset[int], section: str, recipient: int, now: datetime) -> datetime | None:
        """Until when this person lets the recipient see this section."""
        days = [
            one.until
            for service in OWN
            if (one := self.opens(human, service, recipient, now)) is not None
            and one.until is not None
            and section in ALWAYS | {OWN[service]} | one.also
        ]
        return max(days, default=None)

    def grants(self, recipient: int, now: datetime) -> dict[str, tuple[bool, datetime]]:
        """Section → (may it write, until when)."""
        found = {}
        for section in PARTNER_SEES:
            each = [self.until(human, section, recipient, now) for human in self.humans()]
            days = [day for day in each if day is not None]
            if not days or (section in OF_EVERYBODY and None in each):
                continue
            until = min(days) if section in OF_EVERYBODY else max(days)
            found[section] = (section in PARTNER_WRITES, until)
        return found

    def shown(self, recipient: int, section: str, now: datetime) -> set[Any]:
        """The records the recipient sees in such a section: clients by number, and guardians by name."""
        agreed = {h for h in self.humans() if self.until(h, section, recipient, now) is not None}
        seen: set[Any] = {client for human in agreed for client in human}
        if section == "identity":
            seen |= {
                g.guardian for g in self.guardians if g.status == "active" and self.group(g.child) in agreed
            }
        return seen
