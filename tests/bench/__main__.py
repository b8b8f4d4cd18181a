"""Starts a database of its own, the web as it runs for people, and measures in rounds; `make bench`.

The last line printed is one JSON object. Nothing outside of a temporary folder is touched.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from harmreduction.engines import demo, engines, found, ports
from harmreduction.engines.supervisor import Failed, Supervisor

FROM_OUTSIDE = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "KEYS_DIR",
    "DEBUG",
    "HTTPS",
    "ALLOWED_HOSTS",
    "HOST",
)


def main(args: list[str]) -> int:
    options = parser().parse_args(args)
    for name in FROM_OUTSIDE:
        os.environ.pop(name, None)
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, (Path(name) / "log").open("w") as log:
        os.environ |= {"DATA_DIR": name, "PORT": str(ports.free())}
        supervisor = Supervisor(out=log)
        try:
            ours = engines.start(supervisor, Path(name))
            prepared("migrate", "--verbosity=0")
            supervisor.start(demo.web(Path(name)))
            pids = {one.program.name: one.process.pid for one in supervisor.running}
            given = [f"--{key}={value}" for key, value in vars(options).items()]
            return subprocess.run(
                demo.python("-m", "tests.bench.rounds", *given),
                env=os.environ
                | {
                    "BENCH_URL": demo.address(),
                    "BENCH_DATABASE": ours["database_url"],
                    "BENCH_DUMP": ours["dump_url"],
                    "BENCH_WEB": str(pids["web"]),
                    "BENCH_POSTGRES": str(pids["postgres"]),
                },
                cwd=found.ROOT,
            ).returncode
        except Failed as why:
            print(why, (Path(name) / "log").read_text(), file=sys.stderr)
            return 2
        finally:
            supervisor.stop()


def prepared(*command: str) -> None:
    subprocess.run(demo.python("manage.py", *command), cwd=found.ROOT, check=True)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("make bench", description=__doc__)
    parser.add_argument("--rounds", type=demo.positive, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=demo.positive, default=30, help="of a reference round (30)")
    parser.add_argument("--sites", type=demo.positive, default=20, help="sites (20)")
    parser.add_argument("--years", type=demo.positive, default=5, help="of history, grown from a month (5)")
    parser.add_argument("--visits", type=demo.positive, default=12, help="a day at each site (12)")
    parser.add_argument("--days", type=demo.positive, default=8, help="of history of the volume part (8)")
    parser.add_argument("--minutes", type=demo.positive, default=10, help="of the steady load (10)")
    parser.add_argument(
        "--only",
        default="",
        help="parts by name, with commas: year,records,pages,exports; volume and steady only so",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
