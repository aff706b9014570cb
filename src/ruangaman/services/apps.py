from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "ruangaman.services"
    label = "services"

    def ready(self) -> None:
        from ruangaman.access import duties as todo
        from ruangaman.access.panels import register, register_client
        from ruangaman.consent.queries.holdings import register_holding
        from ruangaman.consent.states import SECTION_OF
        from ruangaman.people.queries.likenesses import register_hanging
        from ruangaman.services import duties, panels, queries
        from ruangaman.services.models import Delivery, Referral

        register(25, panels.table)
        register(60, panels.referrals)
        register_client(20, panels.client_rights)
        for section in dict.fromkeys(SECTION_OF.values()):
            register(65, panels.deliveries_in(section))
        todo.register(duties.to_answer)
        todo.register(duties.declined)
        register_holding(queries.held)
        register_hanging(_("Layanan yang diberikan"), Delivery, "client")
        register_hanging(_("Rujukan"), Referral, "client")
