import socket

import pytest

from harmreduction.engines import demo


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "8000")
    return tmp_path


def test_a_second_start_names_the_first(folder, capsys):
    with demo.only_one(folder):
        assert demo.main([]) == 2
    assert capsys.readouterr().err == f"The demo already runs on {folder}: http://localhost:8000\n"


def test_a_taken_port_is_refused_at_once(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert demo.main([]) == 2
    assert capsys.readouterr().err.startswith(f"Port {port} of 127.0.0.1 is taken")


def test_a_port_that_is_no_number_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("PORT", "http")
    assert demo.main([]) == 2
    assert capsys.readouterr().err == "PORT must be a number, not 'http'\n"


def test_bad_arguments_take_one_line(capsys):
    with pytest.raises(SystemExit, match="2"):
        demo.main(["--sites", "0"])
    assert capsys.readouterr().err == "argument --sites: invalid positive value: '0'\n"


def test_fresh_never_touches_a_database_of_others(monkeypatch, capsys, folder):
    (folder / "demo.json").write_text("{}")
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/scs")
    monkeypatch.setattr(demo, "check_port", lambda: None)
    assert demo.main(["--fresh"]) == 2
    assert "--fresh wipes only" in capsys.readouterr().err
    assert (folder / "demo.json").exists()


def test_fresh_wipes_what_is_ours_and_nothing_else(monkeypatch, folder):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (folder / "valkey").mkdir()
    for name in ("valkey/aof", "demo.json", "mine.txt"):
        (folder / name).write_text("")
    demo.wipe(folder, demo.parser().parse_args(["--fresh"]))
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
