"""A second count of the standards, written apart from the product's: plain SQL as the owner, and sets.

It reads the regulation and the readings of docs/adr/0010, and takes nothing from the code that it checks.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

Rows = Callable[..., list[tuple[Any, ...]]]
COUNTED_STATUTES = {"tpks", "pkdrt", "child_protection", "trafficking", "pornography"}


class Second:
    """One unit, one period, given by its first and its last day."""

    def __init__(self, rows: Rows, unit: UUID, first: date, last: date) -> None:
        self.rows, self.unit, self.first, self.last = rows, unit, first, last
        # A record that somebody decided is another record's person is that person, wherever it is named.
        self.one: dict[UUID, UUID] = dict(rows("SELECT id, one_id FROM people_person"))

    def ids(self, select: str, **more: Any) -> set[Any]:
        values = {"unit": self.unit, "first": self.first, "last": self.last, **more}
        return {row[0] if len(row) == 1 else row for row in self.rows(select, values)}

    def people(self, select: str, **more: Any) -> set[Any]:
        """What was asked for, with people (in the first column) as who they are, not as they were recorded."""
        found = self.ids(select, **more)
        return {(self.one[row[0]], *row[1:]) if isinstance(row, tuple) else self.one[row] for row in found}

    def by_end(self, column: str) -> str:
        return f"({column} AT TIME ZONE 'Asia/Jakarta')::date <= %(last)s"

    def within(self, column: str) -> str:
        return f"({column} AT TIME ZONE 'Asia/Jakarta')::date BETWEEN %(first)s AND %(last)s"

    def clients(self) -> set[UUID]:
        return self.people(
            "SELECT person_id FROM people_part WHERE role = 'client' AND status IN ('active', 'ended')"
        )

    def grown_men(self) -> set[UUID]:
        return self.ids(
            "SELECT id FROM people_person WHERE sex = 'm' AND age_band IN ('18-24', '25-59', '60+')"
        )

    def women_and_children(self) -> set[UUID]:
        return self.clients() - self.grown_men()

    def reports(self) -> tuple[int, int]:
        received = self.ids(
            f"SELECT dossier_id FROM intake_report WHERE unit_id = %(unit)s AND {self.within('received_at')}"
        )
        duplicate = self.ids("SELECT dossier_id FROM intake_report WHERE triage = 'duplicate'")
        met = self.ids(
            "SELECT dossier_id FROM intake_outreach WHERE result NOT IN ('', 'not_found', 'called_off') "
            f"AND {self.by_end('ended_at')}"
        )
        passed_on = self.ids(
            "SELECT m.dossier_id FROM intake_triagemove m LEFT JOIN (SELECT dossier_id, max(decided_at) AS last_back "
            f"FROM intake_triagemove WHERE reason = 'came_back' AND {self.by_end('decided_at')} GROUP BY dossier_id) b "
            f"USING (dossier_id) WHERE m.after LIKE 'other%%' AND {self.by_end('m.decided_at')} "
            "AND (b.last_back IS NULL OR m.decided_at > b.last_back)"
        )
        referred = self.ids(
            "SELECT dossier_id FROM services_referral WHERE status IN ('sent', 'accepted', 'done') "
            f"AND {self.by_end('sent_at')}"
        )
        served = self.ids("SELECT dossier_id FROM services_delivery WHERE given_on <= %(last)s")
        return len((received & (met | passed_on | referred | served)) - duplicate), len(received)

    def health(self) -> tuple[int, int]:
        newest: dict[UUID, tuple[str, int]] = {}
        for organisation, kind, trained in self.rows(
            "SELECT organisation_id, kind, trained_staff FROM network_healthservice WHERE counted_on <= %s "
            "ORDER BY counted_on",
            [self.last],
        ):
            newest[organisation] = (kind, trained)
        able = {o for o, (kind, trained) in newest.items() if trained >= (3 if kind == "hospital" else 2)}
        counts = able | {o for o, (kind, _trained) in newest.items() if kind == "hospital"}
        here = "unit_id = %(unit)s"
        came = self.people(
            f"SELECT client_id, organisation_id FROM services_delivery WHERE {here} "
            "AND given_on BETWEEN %(first)s AND %(last)s "
            f"UNION SELECT client_id, organisation_id FROM services_referral WHERE {here} AND status = 'done' "
            f"AND service IN ('medical', 'psychological') AND {self.within('ended_at')}"
        )
        treated = self.people(
            f"SELECT client_id, organisation_id FROM services_delivery WHERE {here} "
            "AND given_on BETWEEN %(first)s AND %(last)s AND service IN ('medical', 'psychological') "
            "AND kind IN ('examination', 'counselling')"
        )
        counted = self.women_and_children()
        all_who_came = {who for who, where in came if where in counts} & counted
        return len({who for who, where in treated if where in able} & counted), len(all_who_came)

    def need(self, *services: str) -> set[UUID]:
        wanted = self.people(
            "SELECT client_id FROM cases_need WHERE unit_id = %(unit)s AND service = ANY(%(services)s) "
            f"AND unmet <> 'mistaken' AND {self.within('recorded_at')}",
            services=list(services),
        )
        return wanted & self.women_and_children()

    def served(self, *services: str) -> tuple[int, int]:
        need = self.need(*services)
        got = self.people(
            "SELECT client_id FROM services_delivery WHERE service = ANY(%(services)s) AND given_on <= %(last)s",
            services=list(services),
        )
        return len(need & got), len(need)

    def home(self, column: str, where: str = "true") -> set[UUID]:
        return self.people(f"SELECT client_id FROM closure_return WHERE {column} <= %(last)s AND {where}")

    def reunited(self) -> tuple[int, int]:
        need = self.need("reintegration")
        return len(need & self.home("reunited_on")), len(need)

    def returned_home(self) -> set[UUID]:
        return self.home("returned_on", "destination NOT IN ('independent', 'institution')")

    def returned(self) -> tuple[int, int]:
        first: dict[UUID, date] = {}
        for who, day in self.rows(
            "SELECT person_id, min((since AT TIME ZONE 'Asia/Jakarta')::date) FROM people_part "
            "WHERE role = 'client' AND status <> 'refused' AND unit_id = %s GROUP BY person_id",
            [self.unit],
        ):
            first[self.one[who]] = min(day, first.get(self.one[who], day))
        recorded = {who for who, day in first.items() if self.first <= day <= self.last} - self.grown_men()
        return len(recorded & self.returned_home()), len(recorded)

    def returned_of_those_in_need(self) -> tuple[int, int]:
        need = self.need("return")
        return len(need & self.returned_home()), len(need)

    def steps(self, *names: str) -> dict[UUID, list[tuple[UUID, str, date, str]]]:
        found: dict[UUID, list[tuple[UUID, str, date, str]]] = {}
        for dossier, *step in self.rows(
            "SELECT dossier_id, client_id, step, happened_on, statute FROM justice_legalstep "
            "WHERE side = 'hers' AND unit_id = %s AND step = ANY(%s) AND happened_on <= %s",
            [self.unit, list(names), self.last],
        ):
            found.setdefault(dossier, []).append((self.one[step[0]], *step[1:]))
        return found

    def trials(self) -> tuple[int, int]:
        counted, tried, decided = self.women_and_children(), 0, 0
        for steps in self.steps("trial", "verdict").values():
            now = [step for step in steps if step[2] >= self.first]
            if any(client in counted for client, *_rest in now):
                tried += 1
                decided += any(
                    name == "verdict" and statute in COUNTED_STATUTES for _c, name, _day, statute in now
                )
        return decided, tried

    def police(self) -> tuple[int, int]:
        counted, reported, complete = self.women_and_children(), 0, 0
        for steps in self.steps("police_report", "p21", "stage_two").values():
            new = [s for s in steps if s[1] == "police_report" and s[2] >= self.first]
            if any(client in counted for client, *_rest in new):
                reported += 1
                complete += {"p21", "stage_two"} <= {step[1] for step in steps}
        return complete, reported

    def police_by_period(self) -> tuple[int, int]:
        counted, reported, complete = self.women_and_children(), 0, 0
        for steps in self.steps("police_report", "p21", "stage_two").values():
            if not any(step[0] in counted for step in steps):
                continue
            reported += any(s[1] == "police_report" and s[2] >= self.first for s in steps)
            days = [min((s[2] for s in steps if s[1] == name), default=None) for name in ("p21", "stage_two")]
            complete += None not in days and max(d for d in days if d) >= self.first
        return complete, reported

    def all(self) -> dict[str, tuple[int, int]]:
        return {
            "I.1": self.reports(),
            "II.2": self.health(),
            "III.3": self.served("psychological", "social", "shelter"),
            "III.4": self.served("spiritual"),
            "IV.5": self.trials(),
            "IV.5.s1": self.police(),
            "IV.6": self.served("legal"),
            "V.7": self.returned(),
            "V.8": self.reunited(),
        }
