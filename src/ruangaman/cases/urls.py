from django.urls import path

from ruangaman.cases.views import planning, writing

app_name = "cases"
urlpatterns = [
    path("<str:reference>/asesmen/", writing.assess, name="assess"),
    path("<str:reference>/keamanan/", writing.safety, name="safety"),
    path("<str:reference>/kejadian/", writing.incident, name="incident"),
    path("<str:reference>/kebutuhan/", writing.needs, name="needs"),
    path("<str:reference>/tim/", writing.team, name="team"),
    path("<str:reference>/ambil/", writing.take, name="take"),
    path("<str:reference>/rencana/", planning.plan, name="plan"),
    path("<str:reference>/rencana/tidak/", planning.unmet, name="unmet"),
    path("<str:reference>/rencana/hentikan/", planning.drop, name="drop"),
]
