"""Where uploads and letters lie: in a folder that all hosts share, or in a bucket that speaks S3's protocol."""

from typing import Any


def settings(env: Any) -> dict[str, Any]:
    """Return the storage that S3_BUCKET asks for; without it a folder below VAR_DIR. A bucket needs requirements-prod.txt.

    Nothing in it is public: files are handed out by the portal alone, by permission.
    """
    if not (bucket := env.str("S3_BUCKET", default="")):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
        "region_name": env.str("S3_REGION", default="") or None,
        "access_key": env.str("S3_KEY", default="") or None,
        "secret_key": env.str("S3_SECRET", default="") or None,
        "default_acl": None,
        "addressing_style": "path",
        # Each file has a name of its own: nothing to look for before it is written.
        "file_overwrite": True,
        # Beyond this a file that is read lies on the disk, not in memory.
        "max_memory_size": 1024 * 1024,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
