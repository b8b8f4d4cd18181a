import pytest

from harmreduction.engines import binaries


def fake(folder, *names, output="PostgreSQL 16.1"):
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho '{output}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine with no wheel and nothing installed."""
    monkeypatch.setattr(binaries, "wheel", lambda package, pattern: iter([]))
    monkeypatch.setattr(binaries, "SYSTEM", tmp_path / "system")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def test_the_wheel_comes_first(monkeypatch, tmp_path):
    wheel = fake(tmp_path / "wheel", "initdb", "postgres")
    monkeypatch.setattr(binaries, "wheel", lambda package, pattern: iter([wheel]))
    assert binaries.postgres() == wheel


def test_the_newest_of_the_system_comes_next(nowhere):
    fake(nowhere / "system" / "9" / "bin", "initdb", "postgres", output="PostgreSQL 9.6")
    newest = fake(nowhere / "system" / "16" / "bin", "initdb", "postgres")
    assert binaries.postgres() == newest


def test_too_old_is_as_good_as_none(nowhere):
    fake(nowhere / "system" / "14" / "bin", "initdb", "postgres", output="PostgreSQL 14.2")
    with pytest.raises(binaries.Missing, match="DATABASE_URL"):
        binaries.postgres()


def test_the_path_comes_last(nowhere):
    bin = fake(nowhere / "bin", "initdb", "postgres", "redis-server")
    assert binaries.postgres() == bin
    assert binaries.valkey() == bin / "redis-server"


def test_a_program_of_another_machine_does_not_count(nowhere):
    bin = fake(nowhere / "bin", "valkey-server")
    (bin / "valkey-server").write_bytes(b"\x7fELF\0")
    with pytest.raises(binaries.Missing, match="REDIS_URL"):
        binaries.valkey()
