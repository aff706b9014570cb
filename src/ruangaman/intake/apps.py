from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "ruangaman.intake"
    label = "intake"

    def ready(self) -> None:
        from ruangaman.access import duties as access
        from ruangaman.access.panels import register, register_client
        from ruangaman.intake import duties
        from ruangaman.intake.panels import calls, clients, joinings, outreach, reports, rings, talks, triage
        from ruangaman.intake.queries.clients import doubted_since
        from ruangaman.people.queries.openings import register_doubt

        register_doubt(doubted_since)
        register(24, rings.rings)
        register(25, triage.triage)
        register(26, joinings.joinings)
        register(27, outreach.outreach)
        register(30, reports.narrative)
        register(40, reports.contact)
        register(50, reports.thread)
        register(42, calls.call_backs)
        access.register(duties.call_backs)
        register(52, clients.clients)
        register_client(10, clients.appointments)
        register(32, talks.talks)
        for maker in (duties.reports, duties.outreach, duties.asked):
            access.register(maker)
