"""For tests of what is counted: attempts to sign in, addresses, mails."""

import pytest


@pytest.fixture
def nothing_counted(db) -> None:
    """Nobody has tried anything before the test."""
    from django.core.cache import cache

    cache.clear()
