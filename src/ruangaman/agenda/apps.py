from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "ruangaman.agenda"
    label = "agenda"

    def ready(self) -> None:
        """This will register what the agenda shows on the page of a dossier and asks of people."""
        from ruangaman.access import duties as access
        from ruangaman.access.panels import register
        from ruangaman.agenda import duties
        from ruangaman.agenda.models import Seat
        from ruangaman.agenda.panels.bookings import agenda
        from ruangaman.agenda.panels.presence import presence
        from ruangaman.people.queries.likenesses import register_hanging

        register(24, presence)
        register(55, agenda)
        for maker in (duties.back, duties.late, duties.appointments, duties.remind, duties.apart):
            access.register(maker)
        register_hanging(_("Janji temu"), Seat, "person")
