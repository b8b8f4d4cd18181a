"""Caddy as it is installed, where there is one; what its files say, everywhere."""

import os
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

from harmreduction.engines.ports import free

DEPLOY = settings.BASE_DIR / "deploy"
ASKED = "/visits/?code=AB12"


class Application(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>page</p>" * 500)

    def log_message(self, *_args):
        pass


@pytest.fixture
def proxy(tmp_path):
    """(address, port of the application, what Caddy logged and ends with)."""
    caddy = shutil.which("caddy")
    if not caddy:
        pytest.skip("apt-get install caddy")
    for file in DEPLOY.glob("*addy*"):
        shutil.copy(file, tmp_path)
    address, behind, log = f"http://localhost:{free()}", free(), tmp_path / "log"
    env = {"NAME": address, "UPSTREAM": f"127.0.0.1:{behind}", "CADDY_ADMIN": f"localhost:{free()}"}
    env |= {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    with log.open("w") as out:
        running = subprocess.Popen([caddy, "run"], cwd=tmp_path, env=env, stdout=out, stderr=out)
    try:
        until_it_answers(address)
        yield address, behind, log
    finally:
        running.terminate()
        running.wait()


def ask(url: str, **headers):
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5)
    except urllib.error.HTTPError as refused:
        return refused


def until_it_answers(address: str) -> None:
    for _ in range(300):
        try:
            ask(address)
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("Caddy does not answer")


def test_while_the_application_is_away_nobody_is_written_down(proxy):
    address, _behind, log = proxy
    answer = ask(address + ASKED, **{"User-Agent": "Tablette"})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Server"] is None
    assert "réessayer" in answer.read().decode()
    said = log.read_text()
    assert "serving initial configuration" in said
    assert not [word for word in ("AB12", "/visits", "Tablette", "remote_ip") if word in said]


def test_a_page_goes_out_as_it_is_and_what_is_inside_stays(proxy):
    address, behind, _log = proxy
    with HTTPServer(("127.0.0.1", behind), Application) as application:
        threading.Thread(target=application.serve_forever, daemon=True).start()
        page = ask(address + ASKED, **{"Accept-Encoding": "gzip, zstd"})
        assert (page.status, page.headers["Content-Encoding"]) == (200, None)
        inside = ask(f"{address}/metrics")
        assert (inside.status, inside.headers["Cache-Control"]) == (404, "no-store")
        assert inside.headers["Retry-After"] is None
        assert ask(f"{address}/metrics", Authorization="Bearer hush").status == 200
        application.shutdown()


def test_the_files_say_so():
    site = (DEPLOY / "harmreduction.caddy").read_text()
    assert "encode" not in site
    assert "output discard" in site
    assert "exclude http.log http.handlers" in (DEPLOY / "harmreduction-log.caddy").read_text()
    compose = (settings.BASE_DIR / "compose.yaml").read_text()
    for file in DEPLOY.glob("*addy*"):
        assert f"file: deploy/{file.name}" in compose
        assert f"target: /etc/caddy/{file.name}" in compose
