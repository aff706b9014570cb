"""Demonstration data: made-up people and cases, through the product's own rules. Never in a real installation."""

from ruangaman.config.demo.loading import REPORTS, check_years, hints, is_there, load, load_years
from ruangaman.config.demo.people import PASSWORD, PEOPLE, address

__all__ = [
    "PASSWORD",
    "PEOPLE",
    "REPORTS",
    "address",
    "check_years",
    "hints",
    "is_there",
    "load",
    "load_years",
]
