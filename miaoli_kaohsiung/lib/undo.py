"""What a failed transaction must undo outside the database: callbacks that run when the block ends by an exception.

Only an exception inside the block counts. A failing COMMIT may have been carried out all the same, so nothing is undone
then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_pending: ContextVar[list[Callable[[], None]] | None] = ContextVar("undo", default=None)


def remember(callback: Callable[[], None]) -> None:
    """Run `callback` if the block around ends by an exception; outside any block it is dropped."""
    pending = _pending.get()
    if pending is not None:
        pending.append(callback)


@contextmanager
def on_exception() -> Iterator[None]:
    """A block whose callbacks run, newest first, if it ends by an exception; else they are passed to the block around
    it.
    """
    outer = _pending.get()
    mine: list[Callable[[], None]] = []
    token = _pending.set(mine)
    try:
        yield
    except BaseException:
        for callback in reversed(mine):
            callback()
        raise
    else:
        if outer is not None:
            outer.extend(mine)
    finally:
        _pending.reset(token)
