"""A lock counts while its block is open: what was locked before, elsewhere or in vain is no proof."""

import copy

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib.locks import (
    NotLockedError,
    lock,
    lock_all,
    lock_first,
    lock_prepared,
    locking,
    require_lock,
)
from miaoli_kaohsiung.lib.prepared import Prepared
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def locked(user: User) -> User:
    return lock(User.objects.all(), pk=user.pk)


def test_a_row_that_nobody_locked_is_refused(user):
    with pytest.raises(NotLockedError, match=f"accounts.User {user.pk} is not locked"):
        require_lock(user)


def test_a_locked_row_counts_in_its_block_and_in_those_within(user):
    with transaction.atomic():
        rows = [locked(user), lock_first(User.objects.filter(pk=user.pk)), *lock_all(User.objects.filter(pk=user.pk))]
        assert rows == [user, user, user]
        for row in rows:
            require_lock(row)
            require_lock(copy.copy(row))
            with transaction.atomic():
                require_lock(row)
            require_lock(row)


PREPARED = Prepared(lambda key: locking(User.objects.filter(pk=key), no_key=True))


def test_a_prepared_statement_locks_as_well(user):
    for _time in range(2):
        with transaction.atomic(), CaptureQueriesContext(connection) as sent:
            require_lock(lock_prepared(PREPARED, key=user.pk))
        assert sent.captured_queries[-1]["sql"].endswith('FOR NO KEY UPDATE OF "accounts_user"')


def test_a_prepared_lock_of_nothing_is_an_error():
    with transaction.atomic(), pytest.raises(ObjectDoesNotExist):
        lock_prepared(PREPARED, key=0)


@pytest.mark.django_db(transaction=True)
def test_a_prepared_lock_outside_of_a_block_is_refused(user):
    with pytest.raises(NotLockedError):
        lock_prepared(PREPARED, key=user.pk)


def test_nothing_there_locks_nothing():
    with transaction.atomic():
        assert lock_first(User.objects.none()) is None
        assert lock_all(User.objects.none()) == []


def test_a_lock_of_an_earlier_block_is_refused(user):
    with transaction.atomic():
        row = locked(user)
    with pytest.raises(NotLockedError):
        require_lock(row)
    with transaction.atomic(), pytest.raises(NotLockedError):
        require_lock(row)


def test_a_lock_that_a_savepoint_took_back_is_refused(user):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            row = locked(user)
            raise ZeroDivisionError
        with pytest.raises(NotLockedError):
            require_lock(row)


@pytest.mark.django_db(transaction=True)
def test_a_lock_of_an_earlier_transaction_or_of_none_is_refused(user):
    with transaction.atomic():
        row = locked(user)
    with transaction.atomic(), pytest.raises(NotLockedError):
        require_lock(row)
    with pytest.raises(transaction.TransactionManagementError):
        locked(user)
