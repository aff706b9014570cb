from django.urls import path

from ruangaman.cases import plan_views, views

app_name = "cases"
urlpatterns = [
    path("<str:reference>/asesmen/", views.assess, name="assess"),
    path("<str:reference>/keamanan/", views.safety, name="safety"),
    path("<str:reference>/kejadian/", views.incident, name="incident"),
    path("<str:reference>/kebutuhan/", views.needs, name="needs"),
    path("<str:reference>/tim/", views.team, name="team"),
    path("<str:reference>/ambil/", views.take, name="take"),
    path("<str:reference>/rencana/", plan_views.plan, name="plan"),
    path("<str:reference>/rencana/tidak/", plan_views.unmet, name="unmet"),
    path("<str:reference>/rencana/hentikan/", plan_views.drop, name="drop"),
]
