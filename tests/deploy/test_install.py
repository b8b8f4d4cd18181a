"""The installer, run below a folder with programs that only write down how they were called."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

NAME = "consommation.exemple.org"
# What each does instead: everything is written down; files are made as usual, but change no hands.
NOTHING = ("systemctl", "apt-get", "apt-cache", "adduser", "chown")
FAKES = {
    "id": """[ "$1" = -u ] && echo 0""",
    "runuser": """
        shift 2; [ "$1" = -- ] && shift
        if [ "$1" = psql ]; then cat >>"$LOG.sql"; else exec "$@"; fi
    """,
    "install": """
        args=()
        while [ $# -gt 0 ]; do case $1 in -o|-g) shift 2;; *) args+=("$1"); shift;; esac; done
        exec /usr/bin/install "${args[@]}"
    """,
    "python3": """
        [ "$1" = -m ] || exec REAL "$@"
        mkdir -p "$3/bin"
        cp "$FAKES/python" "$3/bin/python"
    """,
    "python": """[ "${2:-}" != "${FAIL_AT:-none}" ]""",
} | dict.fromkeys(NOTHING, "")


@pytest.fixture
def machine(tmp_path):
    """(install, root, calls): a machine that is only folders."""
    fakes, root, log = tmp_path / "bin", tmp_path / "root", tmp_path / "log"
    fakes.mkdir()
    log.touch()
    for name, does in FAKES.items():
        does = does.replace("REAL", shutil.which("python3"))
        (fakes / name).write_text(f'#!/bin/bash\necho "{name} $*" >>"$LOG"\n{does}\n')
        (fakes / name).chmod(0o755)

    def install(source: Path, name: str = NAME, **more) -> subprocess.CompletedProcess:
        env = {
            "PATH": f"{fakes}:{os.environ['PATH']}",
            "ROOT": str(root),
            "LOG": str(log),
            "FAKES": str(fakes),
        }
        return subprocess.run(
            [source / "deploy/install", name], env=env | more, capture_output=True, text=True
        )

    def calls() -> list[str]:
        said = log.read_text().splitlines()
        log.write_text("")
        return said

    return install, root, calls


@pytest.fixture
def archive(tmp_path) -> Path:
    """What a release archive unpacks to, as far as the installer reads it."""
    folder = tmp_path / "archive"
    shutil.copytree(settings.BASE_DIR / "deploy", folder / "deploy")
    for name in ("pyproject.toml", "requirements.lock", "manage.py"):
        shutil.copy(settings.BASE_DIR / name, folder / name)
    return folder


def index(calls: list[str], pattern: str) -> int:
    return next(n for n, call in enumerate(calls) if re.search(pattern, call))


def test_it_installs_and_a_second_time_changes_nothing(machine, archive, tmp_path):
    install, root, calls = machine
    done = install(archive)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"https://{NAME}/" in done.stdout
    first = calls()
    assert (
        index(first, "manage.py migrate") < index(first, "manage.py check --deploy") < index(first, "restart")
    )
    secrets = root / "etc/harmreduction/environment"
    kept = secrets.read_text()
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.parent.iterdir()} == {0o640, 0o600}
    assert "BACKUP" not in kept
    # `check --deploy` wants fifty signs; here that command is only written down.
    assert re.search(r"^SECRET_KEY=\S{50,}$", kept, re.MULTILINE)
    sql = (tmp_path / "log.sql").read_text()
    assert "bypassrls" in sql
    assert re.search(r"postgres://scs:(\S+)@", kept)[1] in sql
    assert (root / "opt/harmreduction/current/manage.py").exists()
    assert install(archive).returncode == 0
    assert secrets.read_text() == kept
    assert (tmp_path / "log.sql").read_text() == sql
    assert len(list((root / "opt/harmreduction/releases").iterdir())) == 1
    assert (root / "etc/caddy/Caddyfile").read_text() == "import harmreduction.caddy\n"
    assert NAME in (root / "etc/caddy/harmreduction.caddy").read_text()
    killed = root / "etc/systemd/system/postgresql@.service.d/restart.conf"
    assert "\nRestart=on-abnormal\n" in killed.read_text()


def test_an_upgrade_backs_up_first_and_keeps_the_release_before(machine, archive):
    install, root, calls = machine
    install(archive)
    with (root / "etc/harmreduction/backup").open("a") as file:
        file.write("BACKUP_RECIPIENT=age1x\n")
    before = (root / "opt/harmreduction/current").readlink()
    (archive / "manage.py").write_text("# newer\n")
    calls()
    assert install(archive).returncode == 0
    said = calls()
    assert index(said, "start harmreduction-backup.service") < index(said, "manage.py migrate")
    assert (root / "opt/harmreduction/last").readlink() == before
    assert (root / "opt/harmreduction/current").readlink() != before


@pytest.mark.parametrize("fails", ["migrate", "check"])
def test_what_fails_leaves_the_release_that_runs(machine, archive, fails):
    install, root, calls = machine
    install(archive)
    before = (root / "opt/harmreduction/current").readlink()
    (archive / "manage.py").write_text("# newer\n")
    calls()
    assert install(archive, FAIL_AT=fails).returncode != 0
    assert (root / "opt/harmreduction/current").readlink() == before
    assert not any("restart" in call for call in calls())


@pytest.mark.parametrize("name", ["", "two words", "$(id)", "a/b"])
def test_a_name_that_is_none_is_refused(machine, archive, name):
    install, root, _calls = machine
    assert install(archive, name).returncode == 2
    assert not root.exists()


def test_nothing_runs_as_root_and_each_unit_is_hardened():
    units = sorted((settings.BASE_DIR / "deploy/systemd").glob("*.service"))
    assert len(units) == 5
    for unit in units:
        text = unit.read_text()
        for line in (
            "User=harmreduction",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=\n",
        ):
            assert line in text, unit.name
        holds_the_dump = "EnvironmentFile=/etc/harmreduction/backup" in text
        assert holds_the_dump == (unit.name == "harmreduction-backup.service")
