from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "ruangaman.services"
    label = "services"

    def ready(self) -> None:
        from ruangaman.access import duties as todo
        from ruangaman.access.panels import register
        from ruangaman.consent.states import SECTION_OF
        from ruangaman.services import duties, panels

        register(25, panels.table)
        register(60, panels.referrals)
        for section in dict.fromkeys(SECTION_OF.values()):
            register(65, panels.deliveries_in(section))
        todo.register(duties.to_answer)
        todo.register(duties.declined)
