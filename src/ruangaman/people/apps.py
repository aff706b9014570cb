from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ruangaman.people"
    label = "people"

    def ready(self) -> None:
        from ruangaman.access.panels import register
        from ruangaman.people.panels import contact, identity

        register(20, identity)
        register(22, contact)
