"""Sessions in the database, as Django has them, by a statement that is built once: every page of a signed-in person asks it."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session

from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.prepared import Prepared

_GOING_ON = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        """Return the row of a session that is not over; without one the key is given up, so that nobody can choose it."""
        found = _GOING_ON.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found
