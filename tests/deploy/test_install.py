"""The installer, run below a folder with programs that only write down how they were called."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

from harmreduction.backups import keys
from harmreduction.backups.scratch import DATABASE, scratch_database
from harmreduction.engines import binaries
from harmreduction.engines.ports import free
from harmreduction.engines.postgres import QUIET

NAME = "consommation.exemple.org"
KEPT_KEY = f"var/lib/harmreduction/keys/{keys.FILE}"
# Everything is written.
LOUD = {
    "log_min_messages": "warning",
    "log_min_error_statement": "error",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_error_verbosity": "default",
}
# What each does instead: everything is written down; files are made as usual, but change no hands.
NOTHING = ("systemctl", "apt-get", "adduser", "chown")
FAKES = {
    "id": """[ "$1" = -u ] && echo 0""",
    "runuser": """
        shift 2; [ "$1" = -- ] && shift
        if [ "$1" = psql ]; then cat >>"$LOG.sql"; else exec "$@"; fi
    """,
    "apt-cache": """[ "$2" != "${UNKNOWN:-none}" ]""",
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
    "python": """
        [ "${2:-}" != rehearse ] || cat >"$LOG.key"
        [ "${2:-}" != "${FAIL_AT:-none}" ]
    """,
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

    def install(source: Path, name: str = NAME, *options, **more) -> subprocess.CompletedProcess:
        env = {
            "PATH": f"{fakes}:{os.environ['PATH']}",
            "ROOT": str(root),
            "LOG": str(log),
            "FAKES": str(fakes),
        }
        return subprocess.run(
            [source / "deploy/install", name, *options], env=env | more, capture_output=True, text=True
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


def test_no_postgres_writes_a_value_of_a_row_to_its_log(machine, archive, tmp_path):
    install, _root, _calls = machine
    install(archive)
    sql = tmp_path / "log.sql"
    sql.write_text("")
    install(archive)
    with scratch_database() as scratch:
        with psycopg.connect(scratch.superuser, autocommit=True) as server:
            server.execute("create role scs_backup")
            for name in QUIET:
                server.execute(f"alter database {DATABASE} set {name} = '{LOUD[name]}'")
            assert settings_of(scratch.owner) == LOUD
            server.execute(sql.read_text())
        assert settings_of(scratch.owner) == QUIET
    compose = (settings.BASE_DIR / "compose.yaml").read_text()
    assert all(f'"-c", "{name}={value}"' in compose for name, value in QUIET.items())


def settings_of(url: str) -> dict[str, str]:
    with psycopg.connect(url) as login:
        return dict(
            login.execute("select name, setting from pg_settings where name = any(%s)", [list(QUIET)])
        )


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
    again = (tmp_path / "log.sql").read_text().removeprefix(sql)
    assert "create" not in again
    assert len(list((root / "opt/harmreduction/releases").iterdir())) == 1
    assert (root / "etc/caddy/Caddyfile").read_text() == (archive / "deploy/Caddyfile").read_text()
    assert NAME in (root / "etc/caddy/harmreduction.caddy").read_text()
    killed = root / "etc/systemd/system/postgresql@.service.d/restart.conf"
    assert "\nRestart=on-abnormal\n" in killed.read_text()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("# Mine.\n:80 {\n}\n", "{\n\t%s\n}\n\n# Mine.\n:80 {\n}\n"),
        ("# Mine.\n{\n\temail a@b.org\n}\n{$X} {\n}\n", "# Mine.\n{\n\t%s\n\temail a@b.org\n}\n{$X} {\n}\n"),
        ("{$X} {\n}\n", "{\n\t%s\n}\n\n{$X} {\n}\n"),
    ],
)
def test_what_stands_in_the_caddyfile_stays(machine, archive, theirs, ours):
    install, root, _calls = machine
    file = root / "etc/caddy/Caddyfile"
    file.parent.mkdir(parents=True)
    file.write_text(theirs)
    for _ in range(2):
        install(archive)
        assert file.read_text() == ours % "import harmreduction-log.caddy" + "import harmreduction.caddy\n"


@pytest.fixture
def answers(tmp_path):
    """Whether a Valkey that runs with the installed settings answers one who gives this address."""
    running = []

    def start(root: Path) -> int:
        port = free()
        said = (root / "etc/valkey/valkey.conf").read_text().replace("/etc/", f"{root}/etc/")
        said += f"port {port}\nbind 127.0.0.1\ndir {tmp_path}\n"
        server = subprocess.Popen([binaries.valkey(), "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        running.append(server)
        server.stdin.write(said.encode())
        server.stdin.close()
        return port

    def asked(port: int, url: str) -> bool:
        patient = redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), retries=300)
        address = url.replace(":6379", f":{port}")
        try:
            with redis.Redis.from_url(
                address, retry=patient, retry_on_error=[redis.ConnectionError]
            ) as client:
                return client.ping()
        except (redis.AuthenticationError, redis.ResponseError):
            return False

    yield start, asked
    for server in running:
        server.terminate()
        server.wait()


def test_the_queue_answers_web_worker_and_beat_and_nobody_else(machine, archive, answers):
    install, root, calls = machine
    (root / "etc/valkey").mkdir(parents=True)
    (root / "etc/valkey/valkey.conf").write_text("save 900 1\n")
    install(archive)
    said = calls()
    assert index(said, "restart valkey-server.service") < index(said, "restart harmreduction-web.service")
    secret = root / "etc/valkey/harmreduction.conf"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    url = re.search(r"^REDIS_URL=(\S+)$", (root / "etc/harmreduction/environment").read_text(), re.MULTILINE)[
        1
    ]
    password = re.fullmatch(r"redis://:(\S{50,})@127.0.0.1:6379/0", url)[1]
    assert not any(password in call for call in said)
    start, asked = answers
    port = start(root)
    assert asked(port, url)
    assert not asked(port, "redis://127.0.0.1:6379/0")
    assert not asked(port, "redis://:x@127.0.0.1:6379/0")


def test_the_queue_that_is_there_stays_when_a_newer_debian_knows_another(machine, archive):
    install, root, calls = machine
    install(archive, UNKNOWN="valkey-server")
    secret = (root / "etc/redis/harmreduction.conf").read_text()
    calls()
    install(archive)
    said = calls()
    index(said, "apt-get install .* redis-server")
    index(said, "restart redis-server.service")
    assert not any("valkey-server" in call for call in said)
    assert (root / "etc/redis/harmreduction.conf").read_text() == secret


def test_a_machine_installed_without_one_gets_it_and_another_queue_stays_as_it_is(machine, archive):
    install, root, _calls = machine
    install(archive)
    file, queue = root / "etc/harmreduction/environment", root / "etc/valkey/valkey.conf"
    told = re.sub(r"redis://\S+", "redis://127.0.0.1:6379/0", file.read_text())
    file.write_text(told)
    install(archive)
    assert "redis://:" in file.read_text()
    assert len(file.read_text().splitlines()) == len(told.splitlines())
    assert queue.read_text() == "include /etc/valkey/harmreduction.conf\n"
    file.write_text(told := told.replace("127.0.0.1:6379/0", "queue.exemple.org:6379/0"))
    install(archive)
    assert file.read_text() == told


@pytest.mark.parametrize("key", ["etc/harmreduction/backup", KEPT_KEY])
def test_an_upgrade_backs_up_first_and_keeps_the_release_before(machine, archive, key):
    install, root, calls = machine
    install(archive)
    with (root / key).open("a") as file:
        file.write("BACKUP_RECIPIENT=age1x\n")
    before = (root / "opt/harmreduction/current").readlink()
    (archive / "manage.py").write_text("# newer\n")
    calls()
    assert install(archive).returncode == 0
    said = calls()
    assert index(said, "start harmreduction-backup.service") < index(said, "manage.py migrate")
    assert (root / "opt/harmreduction/last").readlink() == before
    assert (root / "opt/harmreduction/current").readlink() != before


def test_an_upgrade_that_cannot_back_up_stops_unless_told(machine, archive):
    install, root, calls = machine
    install(archive)
    current = root / "opt/harmreduction/current"
    before = current.readlink()
    (archive / "manage.py").write_text("# newer\n")
    calls()
    refused = install(archive)
    assert (refused.returncode, current.readlink()) == (2, before)
    assert "--without-backup" in refused.stderr
    assert not [call for call in calls() if re.match("systemctl|apt-get|runuser", call)]
    assert install(archive, NAME, "--without-backup").returncode == 0
    assert current.readlink() != before
    assert not any("start harmreduction-backup.service" in call for call in calls())


def test_a_rehearsal_asks_the_new_release_and_leaves_the_one_that_runs(machine, archive, tmp_path):
    install, root, calls = machine
    key, backup = tmp_path / "key.txt", tmp_path / "last.backup"
    key.write_text("AGE-SECRET-KEY-1\n")
    backup.touch()
    assert install(archive, NAME, "--rehearse", backup).returncode == 2
    assert install(archive, NAME, "--rehearse", tmp_path / "none").returncode == 1
    assert not root.exists()
    install(archive)
    current = root / "opt/harmreduction/current"
    before = current.readlink()
    (archive / "manage.py").write_text("# newer\n")
    calls()
    for fails, status in (("rehearse", 1), ("none", 0)):
        done = install(archive, NAME, "--rehearse", backup, "--key", key, FAIL_AT=fails)
        assert done.returncode == status
        assert (tmp_path / "log.key").read_text() == key.read_text()
    (new,) = {path.name for path in (current.parent / "releases").iterdir()} - {before.name}
    said = calls()
    rehearsed = [call for call in said if f"rehearse {backup}" in call and call.startswith("runuser")]
    assert len(rehearsed) == 2
    assert all(f"releases/{new}" in call for call in rehearsed)
    assert not any(str(key) in call for call in said)
    assert not [call for call in said if re.match("systemctl|apt-get|python manage.py (?!rehearse)", call)]
    assert current.readlink() == before


@pytest.mark.parametrize("fails", ["migrate", "check"])
def test_what_fails_leaves_the_release_that_runs(machine, archive, fails):
    install, root, calls = machine
    install(archive)
    before = (root / "opt/harmreduction/current").readlink()
    (archive / "manage.py").write_text("# newer\n")
    calls()
    assert install(archive, NAME, "--without-backup", FAIL_AT=fails).returncode == 1
    assert (root / "opt/harmreduction/current").readlink() == before
    assert not any("restart" in call for call in calls())


@pytest.mark.parametrize("name", ["", "two words", "$(id)", "a/b", "--help"])
def test_a_name_that_is_none_is_refused(machine, archive, name):
    install, root, _calls = machine
    assert install(archive, name).returncode == 2
    assert not root.exists()


def test_a_release_whose_python_went_away_is_made_anew(machine, archive):
    install, root, calls = machine
    install(archive)
    calls()
    install(archive)
    assert not any("-m venv" in call for call in calls())
    python = root / "opt/harmreduction/current/.venv/bin/python"
    python.write_text("#!/bin/bash\nexit 1\n")
    assert install(archive).returncode == 0
    assert any("-m venv" in call for call in calls())
    assert "exit 1" not in python.read_text()


def test_every_database_that_we_tell_to_make_takes_every_letter():
    told = [settings.BASE_DIR / name for name in ("deploy/install", "deploy/roles.sh", "docs/production.md")]
    made = [line for file in told for line in file.read_text().splitlines() if "create database" in line]
    assert len(made) == 4
    assert all("template template0 encoding 'UTF8'" in line for line in made)


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
