"""Runs the product as it runs for people, kills what it is made of, and looks at what is left; `make chaos`.

Nothing outside of a temporary folder and of loopback is touched. Exit status 1 when a promise was broken.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harmreduction.engines import demo, engines, ports
from harmreduction.engines.supervisor import Failed, Supervisor
from tests.bench.__main__ import FROM_OUTSIDE
from tests.chaos.conductor import NeverAgain
from tests.chaos.disk import SizeLimit, Tmpfs
from tests.chaos.run import Run

TICK_SECONDS = 3
CONTROLS = ("lost", "doubled")


def main(args: list[str]) -> int:
    options = parser().parse_args(args)
    for name in FROM_OUTSIDE:
        os.environ.pop(name, None)
    os.umask(0o077)
    base = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder = base / "data"
    folder.mkdir()
    disk = Tmpfs.mounted(folder) or SizeLimit()
    os.environ |= {"DATA_DIR": str(folder), "PORT": str(ports.free()), "TICK_SECONDS": str(TICK_SECONDS)}
    try:
        with (base / "log").open("w") as log:
            supervisor = Supervisor(out=log)
            supervisor.obey_signals()
            try:
                return run(supervisor, folder, disk, options)
            finally:
                supervisor.stop()
                if options.log:
                    log.flush()
                    shutil.copy(base / "log", options.log)
    except (Failed, NeverAgain) as why:
        print(f"{why}; the log of the programs ends:\n{tail(base / 'log')}", file=sys.stderr)
        return 1
    finally:
        if isinstance(disk, Tmpfs):
            subprocess.run(["umount", "--lazy", str(folder)], capture_output=True)
        shutil.rmtree(base, ignore_errors=True)


def run(supervisor: Supervisor, folder: Path, disk, options) -> int:
    begun = time.monotonic()
    ours = engines.start(supervisor, folder)
    run = Run(supervisor, ours, disk, options.records, options.kills, options.seed)
    run.say(f"seed {options.seed}; the disk is {disk.name}" + planted(options.control))
    run.prepare()
    web = demo.web(folder)
    if options.control:
        web.command[web.command.index("harmreduction.wsgi")] = f"tests.chaos.planted:{options.control}"
    supervisor.start(web, demo.worker(), demo.beat(folder))
    run.all_of_it()
    run.tell(time.monotonic() - begun)
    return 1 if run.broken else 0


def planted(control: str) -> str:
    return f"; planted: a record can be {control}, so this run must fail" if control else ""


def tail(path: Path) -> str:
    return "\n".join(path.read_text().splitlines()[-30:])


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("make chaos", description=__doc__)
    seed = secrets.randbelow(1_000_000)
    parser.add_argument(
        "--seed", type=int, default=seed, help="of stories, kills and cuts (another each time)"
    )
    parser.add_argument("--records", type=demo.positive, default=20_000, help="of eight tablets (20000)")
    parser.add_argument("--kills", type=demo.positive, default=30, help="kill -9 at least (30)")
    parser.add_argument(
        "--control", choices=CONTROLS, default="", help="plant this defect: the run must fail"
    )
    parser.add_argument("--log", type=Path, help="keep here what the programs said")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
