from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "ruangaman.intake"
    label = "intake"

    def ready(self) -> None:
        from ruangaman.access import duties as access
        from ruangaman.access.panels import register
        from ruangaman.intake import duties, panels

        register(25, panels.triage)
        register(27, panels.outreach)
        register(30, panels.narrative)
        register(40, panels.contact)
        register(50, panels.thread)
        for maker in (duties.decisions, duties.plans, duties.outreach):
            access.register(maker)
