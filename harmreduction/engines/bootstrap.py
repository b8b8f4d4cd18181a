"""Create .venv from the lock files. Runs on the machine's own Python, with nothing but pip.

bootstrap.py          what the demo needs
bootstrap.py --test   that and what the tests need
bootstrap.py --full   that and what the big tests need
bootstrap.py --lock   resolve pyproject.toml into the lock files again
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
STAMP = VENV / "locks"
PYTHON = sys._base_executable  # the machine's own, which has pip
UV = TOOLS / "uv" / "bin" / "uv"
LOCKS = [ROOT / f"requirements{extra}.lock" for extra in ("", "-test", "-full")]

# What pip is told by its configuration, uv has to be told by its environment.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


def main(args):
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told so
        return refuse("Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …")
    if not set(args) <= {"--test", "--full", "--lock"}:
        return refuse(__doc__)
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if "--lock" in args:
            return write_locks()
        lock = LOCKS[2 if "--full" in args else "--test" in args]
        if fingerprint(lock) in stamped():
            return 0
        print(f"Installing {lock.name} into .venv …", flush=True)
        if not (sync_with_uv(lock) or sync_with_pip(lock)):
            return refuse(f"{lock.name} could not be installed: the reason stands above")
        # Each lock holds everything of those before it, so nobody need undo a larger one.
        STAMP.write_text("\n".join(fingerprint(done) for done in LOCKS[: LOCKS.index(lock) + 1]))
    return 0


def refuse(sentence):
    print(sentence, file=sys.stderr)
    return 2


def fingerprint(lock):
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def stamped():
    return STAMP.read_text().split() if STAMP.exists() else []


def run(*command, env=None, quiet=False):
    hidden = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, env=env, stderr=hidden).returncode == 0


def pip(*args, quiet=False):
    return run(PYTHON, "-m", "pip", *args, quiet=quiet)


def have_uv():
    target = ["install", "--quiet", "--target", str(UV.parents[1]), "--upgrade", "uv"]
    return UV.exists() or (pip(*target, quiet=True) and UV.exists())


def sync_with_uv(lock):
    if not have_uv():
        return False
    env = uv_environment()
    made = (VENV / "bin" / "python").exists() or run(
        str(UV), "venv", "--quiet", "--clear", "--python", PYTHON, str(VENV), env=env
    )
    sync = ["pip", "sync", "--quiet", "--require-hashes", "--python", str(VENV), str(lock)]
    return made and run(str(UV), *sync, env=env)


def sync_with_pip(lock):
    print("Without uv: pip does the same, only slower …", flush=True)
    return run(PYTHON, "-m", "venv", "--clear", "--without-pip", str(VENV)) and pip(
        "--python", str(VENV), "install", "-qq", "--require-hashes", "-r", str(lock)
    )


def uv_environment():
    env = {**os.environ, "UV_CACHE_DIR": str(TOOLS / "cache"), "UV_NO_PROGRESS": "1"}
    env.pop("VIRTUAL_ENV", None)
    # All indexes are equal, as for pip; the hashes decide what is accepted.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    for name, value in pip_settings().items():
        if name in PIP_TO_UV:
            env.setdefault(PIP_TO_UV[name], " ".join(filter(reachable, value.split())))
    return env


def reachable(place):
    """uv stops at a folder that is not there; pip only warns."""
    return Path(place.removeprefix("file://")).exists() or "://" in place.removeprefix("file://")


def pip_settings():
    """Later lines win in pip itself too: global, user, site, environment."""
    command = [PYTHON, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    pairs = (line.partition("=")[::2] for line in lines)
    return {
        key.removeprefix(":env:.").removeprefix("global.").removeprefix("install."): value.strip("'")
        for key, value in pairs
    }


def write_locks():
    if not have_uv():
        return refuse("uv could not be installed: see pip's settings")
    base = [str(UV), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    base += ["--generate-hashes", "--no-annotate", "--no-header", "--upgrade", "pyproject.toml"]
    runtime, test, full = map(str, LOCKS)
    # From the default index alone: what lies on this machine is not what another one finds.
    env = {n: v for n, v in uv_environment().items() if n not in ("UV_INDEX", "UV_FIND_LINKS")}
    done = (
        run(*base, "-o", runtime, env=env)
        and run(*base, "--extra", "test", "-c", runtime, "-o", test, env=env)
        and run(*base, "--extra", "full", "-c", test, "-o", full, env=env)
    )
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
