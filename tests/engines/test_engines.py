import io
import json
import os
import stat
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from harmreduction.engines import engines, found, vault
from harmreduction.engines.supervisor import Supervisor


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def running(folder):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
            patch.delenv(name, raising=False)
        patch.setenv("DATA_DIR", str(folder))
        supervisor = Supervisor(out=io.StringIO())
        try:
            engines.start(supervisor, folder, throwaway=True)
            yield supervisor
        finally:
            supervisor.stop()


def ask(url, question):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_addresses_and_secret_are_found_through_the_folder(running, folder):
    assert ask(found.database_url(), "select current_user || '@' || current_database()") == "scs@scs"
    assert found.redis_url().startswith("redis://:")
    assert len(found.secret_key()) > 40


def test_nobody_else_reads_the_folder(running, folder):
    files = [path for path in folder.iterdir() if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_login_is_no_superuser_and_the_dump_sees_every_row(running):
    rights = "select (rolsuper, rolbypassrls, rolcreaterole)::text from pg_roles where rolname = "
    assert ask(found.database_url(), rights + "'scs'") == "(f,f,t)"
    assert ask(found.database_url(), rights + "'scs_dump'") == "(f,t,f)"
    url = found.running()["dump_url"]
    with psycopg.connect(found.database_url()) as connection:
        connection.execute("create table fact (n int)")
    assert ask(url, "select count(*) from fact") == 0


def test_the_queue_answers_nobody_without_its_password(running):
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(found.redis_url()).port).ping()
    assert redis.Redis.from_url(found.redis_url()).ping()


def test_the_log_holds_no_value(running):
    with psycopg.connect(found.database_url(), autocommit=True) as connection:
        for statement in ("select 'hush'::uuid", "do $$begin raise exception 'hush'; end$$"):
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    assert "hush" not in running.out.getvalue()


def test_a_killed_database_comes_back_at_the_same_address(running):
    database = next(one for one in running.running if one.program.name == "postgres")
    first = database.process
    first.kill()
    first.wait()
    while database.process is first or not database.program.is_ready():
        running.tend()
    assert ask(found.database_url(), "select 1") == 1


def test_a_second_start_keeps_data_and_secrets(running, folder):
    before = vault.passwords(folder), found.secret_key()
    with psycopg.connect(found.database_url()) as connection:
        connection.execute("create table kept (n int)")
    running.stop()
    engines.start(running, folder, throwaway=True)
    assert (vault.passwords(folder), found.secret_key()) == before
    assert ask(found.database_url(), "select count(*) from kept") == 0


def test_given_addresses_are_used_instead(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/scs")
    monkeypatch.setenv("REDIS_URL", "redis://queue.example/0")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    supervisor = Supervisor(out=io.StringIO())
    assert engines.start(supervisor, tmp_path) == {}
    assert supervisor.running == []
    assert found.database_url() == "postgres://db.example/scs"
    assert json.loads((tmp_path / found.ENGINES).read_text()) == {"pid": os.getpid()}
