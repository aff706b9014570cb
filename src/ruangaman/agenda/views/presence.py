"""When and where the reported person is likely to be."""

from django.urls import URLPattern

addresses: list[URLPattern] = []
