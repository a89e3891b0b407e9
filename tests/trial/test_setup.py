"""The set-up asks for what is missing and does nothing twice."""

import sys

import pytest

from miaoli_kaohsiung.trial import setup


@pytest.fixture
def commands(monkeypatch):
    """Collects what would be run."""
    done = []
    monkeypatch.setattr(setup, "run", lambda *command, **environ: done.append([str(part) for part in command]))
    return done


@pytest.fixture
def somebody_without_rights(monkeypatch):
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup, "usable_sudo", lambda: None)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")


BY_HAND = "sudo apt-get update && sudo apt-get install -y --no-install-recommends fonts-cns11643-kai"


def test_without_rights_the_trial_goes_on_after_one_message(monkeypatch, capsys, commands, somebody_without_rights):
    monkeypatch.setattr(setup, "missing_system_packages", lambda dev: ["fonts-cns11643-kai"])
    setup.install_system_packages(dev=False)
    assert (capsys.readouterr().out.count(BY_HAND), commands) == (1, [])


def test_without_rights_the_tests_stop_at_the_message(monkeypatch, commands, somebody_without_rights):
    monkeypatch.setattr(setup, "missing_system_packages", lambda dev: ["fonts-cns11643-kai"])
    with pytest.raises(SystemExit, match="fonts-cns11643-kai"):
        setup.install_system_packages(dev=True)
    assert commands == []


def test_nothing_missing_asks_nobody(monkeypatch, capsys, commands):
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(setup, "missing_system_packages", lambda dev: [])
    setup.install_system_packages(dev=True)
    assert (capsys.readouterr().out, commands) == ("", [])


def test_front_end_packages_are_installed_once_for_a_lock_file(monkeypatch, tmp_path, commands):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    (tmp_path / "node_modules").mkdir()
    lock = tmp_path / "package-lock.json"
    for text in ("1", "1", "2"):
        lock.write_text(text)
        setup.install_front_end_packages()
    assert commands == [["npm", "ci", "--silent"]] * 2


def test_a_machine_without_npm_gets_it_from_the_python_packages(monkeypatch, tmp_path, commands):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_text("1")
    setup.install_front_end_packages()
    assert [command[-1] for command in commands] == ["requirements-npm.txt", "--silent"]


def test_an_env_file_that_is_there_stays_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    setup.write_env_file()
    first = (tmp_path / ".env").read_text()
    setup.write_env_file()
    mode, secret = first.splitlines()
    assert (mode, len(secret) > len("SECRET_KEY=") + 50) == ("PORTAL_MODE=trial", True)
    assert ((tmp_path / ".env").read_text(), (tmp_path / ".env").stat().st_mode & 0o777) == (first, 0o600)


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["setup.py"])
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        setup.main()
