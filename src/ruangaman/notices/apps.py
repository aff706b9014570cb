from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "ruangaman.notices"
    label = "notices"

    def ready(self) -> None:
        from ruangaman.access.context import COUNTS
        from ruangaman.notices.queries import count_unread

        COUNTS["notices:own"] = count_unread
