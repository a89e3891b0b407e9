"""The connection to the broker of the jobs: a broker that hangs may cost a page a second or two, never more."""

from pathlib import Path
from typing import Any

SECONDS_TO_CONNECT = 1
# Workers wait for a message for a second at a time, so an answer sometimes takes longer than that.
SECONDS_TO_ANSWER = 2


def transport_options(url: str, folder: Path) -> dict[str, Any]:
    """Return the CELERY_BROKER_TRANSPORT_OPTIONS of a broker; `folder` is that of the trial's broker, which is made of
    files.
    """
    scheme = url.split(":")[0]
    if scheme == "filesystem":
        return {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "polling_interval": 0.3,
            "control_folder": str(folder / "control"),
        }
    if scheme in ("redis", "rediss"):
        return {"socket_connect_timeout": SECONDS_TO_CONNECT, "socket_timeout": SECONDS_TO_ANSWER, "max_retries": 0}
    if scheme in ("amqp", "amqps"):
        return {"read_timeout": SECONDS_TO_ANSWER, "write_timeout": SECONDS_TO_ANSWER, "max_retries": 0}
    return {}
