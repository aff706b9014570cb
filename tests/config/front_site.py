"""A site of the test's own, behind the real door: what the door does shows in what this site receives."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from ruangaman.config.front import Front, Limits

left_behind: ContextVar[str] = ContextVar("left_behind", default="nothing")
done = Path(os.environ.get("FRONT_SITE_FOLDER", "."))


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("halo", headers={"Content-Length": "4"})


def echo(request: HttpRequest, **_: str) -> HttpResponse:
    return JsonResponse({"bytes": len(request.body), "text": request.POST.get("cerita", "")})


def work(request: HttpRequest) -> HttpResponse:
    (done / "began").write_text("began")
    time.sleep(0.7)
    (done / "work").write_text("finished")
    return HttpResponse("selesai")


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("kue")
    response.set_cookie("satu", "1", httponly=True)
    response.set_cookie("dua", "2")
    return response


def pieces(request: HttpRequest) -> StreamingHttpResponse:
    def generate() -> Iterator[bytes]:
        try:
            for number in range(50):
                yield b"%05d" % number * 1000
                if number == 20 and "putus" in request.GET:
                    raise RuntimeError("Siti Rahmawati")
        finally:
            (done / "closed").write_text("closed")

    return StreamingHttpResponse(generate(), content_type="text/plain")


def context(request: HttpRequest) -> HttpResponse:
    found = left_behind.get()
    left_behind.set("a ticket")
    return HttpResponse(found)


def meta(request: HttpRequest, **_: str) -> HttpResponse:
    return JsonResponse({key: value for key, value in request.META.items() if isinstance(value, str)})


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urlpatterns = [
    path("halo/", hello),
    path("kirim/", echo),
    path("unggah/<str:name>/", echo),
    path("unggah/utuh/<str:name>/", echo),
    path("kerja/", work),
    path("kue/", cookies),
    path("alir/", pieces),
    path("konteks/", context),
    path("kosong/", empty),
    path("meta/<path:rest>", meta),
]


def make() -> Front:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    settings.configure(
        ROOT_URLCONF="front_site", ALLOWED_HOSTS=["*"], SECRET_KEY="only for this test", DEBUG=False
    )
    django = get_wsgi_application()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/meledak/":
            raise ValueError("Siti Rahmawati")
        return django(environ, start)

    limits = Limits(body=100_000, piece=20_000, whole=300_000, held=650_000, grace=1.0, total=8.0)
    trusted = [ip_network("127.0.0.1/32")] if "FRONT_SITE_TRUSTS" in os.environ else []
    return Front(application, limits, trusted)
