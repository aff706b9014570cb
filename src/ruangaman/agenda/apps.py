from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "ruangaman.agenda"
    label = "agenda"

    def ready(self) -> None:
        """This will register what the agenda shows on the page of a dossier and asks of people."""
        from ruangaman.access import duties as access
        from ruangaman.access.panels import register
        from ruangaman.agenda import duties
        from ruangaman.agenda.panels.bookings import agenda
        from ruangaman.agenda.panels.presence import presence

        register(24, presence)
        register(55, agenda)
        for maker in (duties.back, duties.late, duties.appointments, duties.remind, duties.apart):
            access.register(maker)
