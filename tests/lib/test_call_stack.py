"""A request's calls lie in one piece of the interpreter's stack, wherever in it a loop stands."""

import resource
from collections.abc import Callable
from typing import Any

from miaoli_kaohsiung.lib.call_stack import in_one_piece

CALLS = 1_000


def nothing() -> None:
    pass


def loop(depth: int) -> None:
    """Call `nothing` again and again, so many calls deep."""
    if depth:
        loop(depth - 1)
        return
    for _ in range(CALLS):
        nothing()


def faults(run: Callable[[int], Any], depth: int) -> int:
    """Pages of memory that the loop got from the system."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    run(depth)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    loop(environ["depth"])
    return [b"done"]


def test_no_depth_of_calls_gets_memory_from_the_system_at_each_call():
    roomy = in_one_piece(application)
    as_it_is = [faults(lambda depth: application({"depth": depth}, nothing), depth) for depth in range(300)]
    with_room = [faults(lambda depth: roomy({"depth": depth}, nothing), depth) for depth in range(300)]
    assert max(as_it_is) >= CALLS
    assert max(with_room) < CALLS / 4


def test_the_application_answers_as_before():
    asked = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        asked.append((status, headers))

    def greeting(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [("X-Name", environ["name"])])
        return [b"hello"]

    assert in_one_piece(greeting)({"name": "one"}, start_response) == [b"hello"]
    assert asked == [("200 OK", [("X-Name", "one")])]
