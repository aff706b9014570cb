"""What *Hari ini* and the list of cases read: the work on the cases of a filled database, one statement a table.

What is open is the same at every size, and lies on the dossiers of the measured companion and case manager or of the
intake officer; what is done grows with the years. Sealed fields hold no text: no list opens one.
"""

from collections.abc import Iterable

import psycopg

from benchmarks.plan import COMPANIONS, Plan
from benchmarks.rows import reference
from ruangaman.access.states import Role

# `n` counts the dossiers in hand, `b` busy cases of others (null elsewhere); `waits_for` says what a fresh report
# waits for; `h` is of chance.
CHANCE = "('x' || substr(md5(d.id::text), {}, 7))::bit(28)::int"
DOSSIERS = f"""
CREATE TEMPORARY TABLE worked AS
SELECT d.id AS dossier_id, d.unit_id, d.stage, d.opened_at, k.id AS key_id, p.id AS client_id,
       live.n, busy.n AS b, fresh.waits_for, past.n IS NOT NULL AS past,
       {CHANCE.format(1)} AS h,
       CASE WHEN live.n IS NOT NULL OR past.n IS NOT NULL THEN %(companion)s::uuid
            ELSE (%(companions)s::uuid[])[1 + {CHANCE.format(8)} %% %(many)s] END AS companion,
       CASE WHEN live.n IS NOT NULL OR past.n IS NOT NULL AND d.stage = 'closed' THEN %(manager)s::uuid
            ELSE (%(companions)s::uuid[])[1 + {CHANCE.format(15)} %% %(many)s] END AS manager
FROM access_dossier d
JOIN access_datakey k ON k.dossier_id = d.id AND k.section = 'narrative'
JOIN people_person p ON p.dossier_id = d.id
LEFT JOIN unnest(%(live)s::text[]) WITH ORDINALITY live (reference, n) ON live.reference = d.reference
LEFT JOIN unnest(%(busy)s::text[]) WITH ORDINALITY busy (reference, n) ON busy.reference = d.reference
LEFT JOIN unnest(%(past)s::text[]) WITH ORDINALITY past (reference, n) ON past.reference = d.reference
LEFT JOIN unnest(%(fresh)s::text[], %(waits_for)s::text[]) fresh (reference, waits_for)
    ON fresh.reference = d.reference"""

WHERE = "dossier_id, unit_id, stage"
CASES = "FROM worked WHERE stage <> 'intake'"
CONSENTS = f"""
INSERT INTO consent_consent (id, {WHERE}, client_id, service, scope, answer, basis, assent, method, understood,
    words, key_id, recipient_id, recorded_by_id, answered_at, until)
SELECT md5(dossier_id || service || 'consent')::uuid, {WHERE}, client_id, service, '[]', 'given', 'client', '',
       'signed', 'well', 1, key_id, CASE service WHEN 'medical' THEN %(partner)s::uuid END, companion,
       opened_at + '3 days', %(now)s + interval '300 days'
FROM worked CROSS JOIN unnest(array['medical', 'psychological']) service WHERE stage <> 'intake'"""
OUTREACH = f"""
INSERT INTO intake_outreach (id, {WHERE}, key_id, place_kind, place_name, cover_reason, safety_plan, companion_id,
    planned_by_id, planned_at, starts_at, proposed_why, tells_neighbours, neighbours_ground, safe_now, result, ended_at)
SELECT md5(dossier_id || 'outreach')::uuid, {WHERE}, key_id, 'office', '\\x00', '\\x00', '\\x00', companion,
       %(officer)s, opened_at + '1 day',
       CASE WHEN waiting THEN %(now)s + h %% 5 * interval '1 day' ELSE opened_at + '2 days' END, '', false, '', '',
       CASE WHEN waiting THEN '' ELSE 'reached' END, CASE WHEN NOT waiting THEN opened_at + '2 days' END
FROM (SELECT *, coalesce(waits_for = 'planned' OR n %% 5 = 0 OR b %% 5 = 1, false) AS waiting FROM worked
      WHERE stage <> 'intake' OR waits_for = 'planned') o"""
CASE = f"""
INSERT INTO cases_case (id, {WHERE}, manager_id, taken_at, risk, ended_at)
SELECT md5(dossier_id || 'case')::uuid, {WHERE}, manager, opened_at + '5 days', 'low',
       CASE stage WHEN 'closed' THEN opened_at + '90 days' END {CASES}"""
ASSESSMENTS = f"""
INSERT INTO cases_assessment (id, {WHERE}, key_id, seen_alone, done_by_id, done_at, version)
SELECT md5(dossier_id || 'assessment')::uuid, {WHERE}, key_id, true, companion, opened_at + '3 days', 1 {CASES}"""
NEEDS = f"""
INSERT INTO cases_need (id, {WHERE}, client_id, service, state, unmet, recorded_by_id, recorded_at)
SELECT md5(dossier_id || service || 'need')::uuid, {WHERE}, client_id, service,
       CASE WHEN service = 'medical' AND (n %% 3 = 0 OR b > 0) THEN 'open' WHEN n IS NULL THEN 'met' ELSE 'planned' END,
       '', companion, opened_at + '3 days'
FROM worked CROSS JOIN unnest(array['medical', 'psychological']) service WHERE stage <> 'intake'"""
# Of the dossiers in hand ten items wait for the companion and six for the manager; in busy ones for others.
ITEMS = f"""
INSERT INTO cases_planitem (id, {WHERE}, need_id, consent_id, service, provider_id, sessions, starts_on, key_id,
    planned_by_id, planned_at, given, last_given_on)
SELECT md5(dossier_id || 'item')::uuid, {WHERE}, md5(dossier_id || 'psychologicalneed')::uuid,
       md5(dossier_id || 'psychologicalconsent')::uuid, 'psychological',
       CASE WHEN n BETWEEN 11 AND 16 THEN manager ELSE companion END, 2,
       CASE WHEN n <= 16 OR b > 0 THEN %(now)s::date + h %% 6 ELSE (opened_at + '10 days')::date END, key_id, manager,
       opened_at + '5 days', CASE WHEN n <= 16 OR b > 0 THEN 0 ELSE 2 END,
       CASE WHEN n <= 16 OR b > 0 THEN NULL ELSE (opened_at + '20 days')::date END {CASES}"""
REFERRALS = f"""
INSERT INTO services_referral (id, {WHERE}, client_id, service, organisation_id, consent_id, key_id, visum_wanted,
    status, sent_by_id, sent_at, decline, answered_by_id, answered_at, ended_at)
SELECT md5(dossier_id || 'referral')::uuid, {WHERE}, client_id, 'medical', %(partner)s,
       md5(dossier_id || 'medicalconsent')::uuid, key_id, false,
       CASE WHEN n <= 15 OR b %% 5 = 0 THEN 'sent' ELSE 'done' END, manager,
       CASE WHEN n <= 15 OR b %% 5 = 0 THEN %(now)s - interval '5 days' ELSE opened_at + '6 days' END, '',
       CASE WHEN n <= 15 OR b %% 5 = 0 THEN NULL ELSE %(officer)s::uuid END,
       CASE WHEN n <= 15 OR b %% 5 = 0 THEN NULL ELSE opened_at + '7 days' END,
       CASE WHEN n <= 15 OR b %% 5 = 0 THEN NULL ELSE opened_at + '9 days' END {CASES}"""
RETURNS = f"""
INSERT INTO closure_return (id, {WHERE}, client_id, destination, key_id, prepared_by_id, prepared_at, returned_on)
SELECT md5(dossier_id || 'return')::uuid, {WHERE}, client_id, 'own_family', key_id, manager, opened_at + '20 days',
       CASE WHEN n IS NULL THEN (opened_at + '30 days')::date ELSE %(now)s::date - 20 END
{CASES} AND (n > 20 OR n IS NULL AND h %% 3 = 0)"""
VISITS = f"""
INSERT INTO closure_homevisit (id, {WHERE}, visited_on, no_violence, no_stigma, supported, key_id, next_on,
    visited_by_id, recorded_at)
SELECT md5(dossier_id || 'visit' || number)::uuid, {WHERE},
       CASE WHEN n IS NULL THEN (opened_at + number * interval '40 days')::date ELSE %(now)s::date - 10 END,
       true, true, true, key_id,
       CASE WHEN n IS NOT NULL THEN %(now)s::date + 3 WHEN number = 1 THEN (opened_at + '80 days')::date END,
       companion, opened_at + number * interval '40 days'
FROM worked CROSS JOIN generate_series(1, 2) number
WHERE stage <> 'intake' AND (n > 25 AND number = 1 OR n IS NULL AND h %% 3 = 0)"""
ENDINGS = f"""
INSERT INTO closure_ending (id, {WHERE}, reason, word_of, asked_privately, key_id, decided_by_id, decided_at, reopening)
SELECT md5(dossier_id || 'ending')::uuid, {WHERE}, 'needs_met', 'both', true, key_id, manager, opened_at + '90 days', ''
FROM worked WHERE stage = 'closed'"""

# Each report has had its clock, each case those of its plan, its referral and its visits; what is open is late or due
# within days. Times are those of a national version, whatever the real one says: only when they end is measured.
CLOCKS = f"""
INSERT INTO clocks_clock (id, {WHERE}, section, definition_id, code, started_at, due_at, fired, ended_at, ending,
    holder_id)
SELECT md5(c.dossier_id || c.code || 'clock')::uuid, c.dossier_id, c.unit_id, c.stage, c.section, def.id, c.code,
       c.begun, CASE WHEN c.runs THEN %(now)s + (h %% 6 - 2) * interval '1 day' ELSE c.begun + interval '3 days' END,
       '{{}}', CASE WHEN NOT c.runs THEN c.begun + interval '2 days' END, CASE WHEN c.runs THEN '' ELSE 'met' END,
       c.holder
FROM (
    SELECT w.dossier_id, w.unit_id, w.stage, w.h, 'administration' AS section, 'answer' AS code, w.opened_at AS begun,
           w.stage = 'intake' AND r.first_answered_at IS NULL AS runs, NULL::uuid AS holder
    FROM worked w JOIN intake_report r ON r.dossier_id = w.dossier_id
    UNION ALL
    SELECT dossier_id, unit_id, stage, h, 'plan', 'plan', opened_at + interval '3 days',
           coalesce(n %% 3 = 0 OR b > 0, false), manager {CASES}
    UNION ALL
    SELECT dossier_id, unit_id, stage, h, 'plan', 'referral', opened_at + interval '6 days',
           coalesce(n <= 15 OR b %% 5 = 0, false), manager {CASES}
    UNION ALL
    SELECT dossier_id, unit_id, stage, h, 'plan', 'first-visit', opened_at + interval '30 days',
           coalesce(n > 25, false), NULL {CASES} AND (n > 20 OR n IS NULL AND h %% 3 = 0)) c
JOIN LATERAL (SELECT id FROM clocks_definition d WHERE d.code = c.code AND d.owner_id IS NULL
              ORDER BY from_on DESC LIMIT 1) def ON true"""

TABLES = {
    "consent_consent": CONSENTS,
    "intake_outreach": OUTREACH,
    "cases_case": CASE,
    "cases_assessment": ASSESSMENTS,
    "cases_need": NEEDS,
    "cases_planitem": ITEMS,
    "services_referral": REFERRALS,
    "closure_return": RETURNS,
    "closure_homevisit": VISITS,
    "closure_ending": ENDINGS,
    "clocks_clock": CLOCKS,
}


def fill(url: str, plan: Plan) -> int:
    """This will add the work on all cases, as the owner, and give how many rows that were."""

    def named(places: Iterable[int]) -> list[str]:
        return [reference(plan, place) for place in sorted(places)]

    values = {
        "now": plan.now,
        "partner": plan.partner,
        "officer": plan.person(Role.INTAKE_OFFICER).id,
        "manager": plan.person(Role.CASE_MANAGER).id,
        "companion": plan.person(Role.COMPANION).id,
        "companions": [plan.person(Role.COMPANION, number).id for number in range(1, COMPANIONS + 1)],
        "many": COMPANIONS,
        "live": named(plan.live),
        "busy": named(plan.busy),
        "past": named(plan.past),
        "fresh": named(plan.fresh),
        "waits_for": [plan.fresh[place] for place in sorted(plan.fresh)],
    }
    with psycopg.connect(url) as owner, psycopg.ClientCursor(owner) as cursor:
        cursor.execute(DOSSIERS, values)
        rows = 0
        for statement in TABLES.values():
            cursor.execute(statement, values)
            rows += cursor.rowcount
    return rows
