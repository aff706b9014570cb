"""Tickets are signed by one clock and read by another: clocks that differ are told before anybody wonders."""

import pytest

from ruangaman.config import doctor
from ruangaman.config.postgres import Server


def test_a_database_whose_clock_agrees_is_well(server: Server) -> None:
    assert "PostgreSQL" in doctor.check_database(server.owner_url)


def test_a_clock_that_differs_by_more_than_is_borne_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor, "MOST_SKEW_SECONDS", -1
    )  # so that even this machine's own clock differs too much
    with pytest.raises(doctor.Refusal, match="clocks"):
        doctor.check_database(server.owner_url)
