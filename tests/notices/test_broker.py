"""The real sending of a bell, with brokers that are not there."""

import socket
import time
from contextlib import suppress

import pytest
from celery import Celery

from miaoli_kaohsiung.lib.broker import SECONDS_TO_CONNECT, transport_options
from miaoli_kaohsiung.notices import services
from miaoli_kaohsiung.notices.models import EmailState, Notice
from tests.factories.accounts import UserFactory


@pytest.fixture
def broker(monkeypatch):
    monkeypatch.setattr(services, "_silent_until", 0.0)

    def use(url: str, **options: object) -> None:
        app = Celery(broker=url, set_as_current=False)
        app.conf.update(
            broker_transport_options=options, task_publish_retry=False, broker_connection_timeout=SECONDS_TO_CONNECT
        )
        monkeypatch.setattr(services, "current_app", app)

    return use


def tell() -> None:
    person = UserFactory()
    services.notify(person, "receipt", "award:1", services.clock.today(), "主旨", "內容")


@pytest.mark.django_db(transaction=True)
def test_a_redis_that_refuses_connections(broker):
    broker("redis://127.0.0.1:1/0")
    tell()
    assert Notice.objects.get().email_state == EmailState.PENDING


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("folders", [("gone", "here"), ("here", "gone"), ("gone", "gone")])
def test_a_folder_that_is_not_there(broker, tmp_path, folders):
    (tmp_path / "here").mkdir()
    messages, control = (tmp_path / name / "x" for name in folders)
    broker("filesystem://", data_folder_in=str(messages), data_folder_out=str(messages), control_folder=str(control))
    tell()
    assert Notice.objects.get().email_state == EmailState.PENDING


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_there_gets_one_message(broker, tmp_path):
    broker(
        "filesystem://",
        data_folder_in=str(tmp_path),
        data_folder_out=str(tmp_path),
        control_folder=str(tmp_path / "control"),
    )
    tell()
    (message,) = tmp_path.glob("*.msg")
    assert "notices.deliver" in message.read_text()


@pytest.fixture
def frozen():
    """A server that takes connections and never says a word, as Redis does under `kill -STOP`."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        server.setblocking(False)
        yield server


def came(server: socket.socket) -> int:
    """How many connections have come since it was asked last."""
    count = 0
    with suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_hangs_costs_a_page_two_seconds_at_most_and_then_nothing(broker, frozen, scheme, tmp_path):
    broker(f"{scheme}://127.0.0.1:{frozen.getsockname()[1]}//", **transport_options(f"{scheme}://", tmp_path))
    began = time.monotonic()
    tell()
    # Of the portal's own two seconds; without them it would hang for ever.
    assert time.monotonic() - began < 20
    assert came(frozen) == 1
    tell()
    assert came(frozen) == 0
    assert Notice.objects.filter(email_state=EmailState.PENDING).count() == 2
