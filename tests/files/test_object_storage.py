"""Uploads in a bucket instead of a folder: the same answers, by a server that speaks S3's protocol (moto)."""

import datetime as dt
import io
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.backups import making
from miaoli_kaohsiung.backups.folder import Folder
from miaoli_kaohsiung.files import looks, services
from miaoli_kaohsiung.files.pages import page_picture
from miaoli_kaohsiung.lib import object_storage
from tests.factories.accounts import UserFactory
from tests.failover.cluster import free_port, wait_for
from tests.tools import installed

from . import samples

BUCKET = "portal-files"


class Given:
    def __init__(self, **given: str) -> None:
        self.given = given

    def str(self, name: str, default: str = "") -> str:
        return self.given.get(name, default)


def test_without_a_bucket_files_lie_in_a_folder():
    assert object_storage.settings(Given()) == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_a_bucket_is_private_and_its_names_are_not_changed():
    made = object_storage.settings(Given(S3_BUCKET=BUCKET, S3_ENDPOINT="https://objects.example"))
    assert made["BACKEND"] == "storages.backends.s3.S3Storage"
    asked = ("bucket_name", "endpoint_url", "default_acl", "file_overwrite", "access_key")
    assert [made["OPTIONS"][name] for name in asked] == [BUCKET, "https://objects.example", None, True, None]


@pytest.fixture
def bucket(settings, monkeypatch):
    """An empty bucket on loopback, in which the portal keeps what it is sent."""
    tools = installed(Path(__file__).with_name("requirements-moto.txt"))
    # Behind the tests' own packages: only what these lack comes from there.
    monkeypatch.setattr(sys, "path", [*sys.path, str(next(tools.glob("lib/python*/site-packages")))])
    port = free_port()
    server = subprocess.Popen(
        [tools / "bin" / "moto_server", "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL
    )
    try:
        import boto3

        address = f"http://127.0.0.1:{port}"
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
        wait_for(lambda: urllib.request.urlopen(address, timeout=2), "moto", 60)
        client = boto3.client("s3", endpoint_url=address, **keys)
        client.create_bucket(Bucket=BUCKET)
        given = Given(S3_BUCKET=BUCKET, S3_ENDPOINT=address, S3_KEY="key", S3_SECRET="secret", S3_REGION="us-east-1")
        settings.STORAGES = settings.STORAGES | {"default": object_storage.settings(given)}
        yield client
    finally:
        server.kill()
        server.wait(30)


def names(client) -> list[str]:
    return [one["Key"] for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def photo() -> bytes:
    """A picture with something to see in it."""
    out = io.BytesIO()
    picture = Image.linear_gradient("L").convert("RGB")
    picture.paste((200, 30, 30), (20, 40, 120, 90))
    picture.save(out, "JPEG")
    return out.getvalue()


@pytest.mark.skipif(not os.environ.get("SOAK"), reason="installs a server of S3's protocol: make soak")
@pytest.mark.django_db(transaction=True)
@pytest.mark.real_date
def test_a_bucket_answers_as_a_folder_does(bucket, tmp_path, monkeypatch):
    actor = Actor(UserFactory(), "高雄縣 承辦人")
    kept = services.store(SimpleUploadedFile("收據.jpg", photo()), actor=actor, purpose="test")
    paper = services.keep(samples.pdf(2), "公文.pdf", content_type="application/pdf", actor=actor)
    assert names(bucket) == sorted([kept.path, paper.path])
    # Read back, its look and a page of it drawn, each by a process of its own from a copy.
    assert b"".join(services.response(paper).streaming_content) == samples.pdf(2)
    assert len(looks.look_of(kept)) > 0
    paper.pages = 2
    assert page_picture(paper, 2).content.startswith(b"\x89PNG")
    # The nightly backup takes in the bytes.
    rows, unsound = making.copy_files(Folder(tmp_path / "backup"))
    assert (sorted(path for _sha256, path in rows), unsound) == (sorted([kept.path, paper.path]), [])
    # What no row points to goes after a day, what was discarded at once; what is gone is said.
    bucket.put_object(Bucket=BUCKET, Key="private/aa/bb/lost", Body=b"lost")
    assert services.sweep_orphans() == 0
    monkeypatch.setattr(services, "_ORPHAN_AGE", dt.timedelta(seconds=-5))
    assert services.sweep_orphans() == 1
    services.discard(kept)
    assert names(bucket) == [paper.path]
    bucket.delete_object(Bucket=BUCKET, Key=paper.path)
    assert making.copy_files(Folder(tmp_path / "empty"))[1] == [paper.path]
