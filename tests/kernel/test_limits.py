"""Attempts are counted without anybody's address, and what is counted can run nothing."""

import pickle
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import RequestFactory

from ruangaman.kernel import limits
from tests.worlds import World


def test_a_limit_ends_with_its_own_time_however_often_it_is_met(world: World) -> None:
    for _ in range(5):
        limits.allow("code", "somebody", most=1, seconds=60)
    ((left,),) = world.rows("SELECT extract(epoch FROM expires - now()) FROM kernel_cache")
    assert 50 < left <= 60


def test_attempts_beyond_the_most_are_refused_and_begin_anew_when_their_time_is_over(world: World) -> None:
    assert [limits.allow("code", "somebody", most=2, seconds=60) for _ in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    world.rows("UPDATE kernel_cache SET expires = now() - interval '1 second'")
    assert limits.allow("code", "somebody", most=2, seconds=60)


def test_attempts_at_the_same_moment_are_all_counted(world: World) -> None:
    def attempt(_number: int) -> bool:
        try:
            return limits.allow("code", "somebody", most=100, seconds=60)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(attempt, range(40)))
    assert world.rows("SELECT value FROM kernel_cache") == [("40",)]


def test_a_value_written_by_sql_that_slipped_in_runs_no_code(world: World) -> None:
    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("the value was run",))

    cache.set("history", [1.5])
    world.rows("UPDATE kernel_cache SET value = %s", [b64encode(pickle.dumps(Attack())).decode()])
    with pytest.raises(ValueError):
        cache.get("history")


def test_what_is_kept_is_given_back_until_it_ends(world: World) -> None:
    cache.set("history", [1.5, 2.5], 60)
    assert cache.get("history") == [1.5, 2.5]
    assert not cache.add("history", [], 60)
    assert cache.touch("history", -1)
    assert cache.get("history", "nothing") == "nothing"
    assert cache.add("history", [3.5], 60)
    assert cache.delete("history")
    assert not cache.delete("history")


def test_a_caller_who_changes_address_within_one_household_is_the_same_caller() -> None:
    def of(address: str) -> str:
        return limits.caller(RequestFactory().get("/", REMOTE_ADDR=address))

    assert of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9")
    assert of("2001:db8:1:2::1") != of("2001:db8:1:3::1")
    assert of("192.0.2.1") != of("192.0.2.2")
