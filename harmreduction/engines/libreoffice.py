"""A LibreOffice for `make test-full`: the machine's own, or the system's package."""

import os
import shutil
import sys

from harmreduction.engines.chromium import apt

NAMES = ["soffice", "libreoffice"]
# Without windows: it only converts.
PACKAGE = "libreoffice-calc-nogui"
MISSING = f"No LibreOffice to open our workbooks: install {PACKAGE}, or set LIBREOFFICE."


def main() -> int:
    if not (executable() or install_package()):
        # The test that needs it fails and says so; the others can run.
        print(MISSING, file=sys.stderr)
    return 0


def executable() -> str | None:
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return os.environ.get("LIBREOFFICE") or on_path


def install_package() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Installing LibreOffice for the big tests …", flush=True)
    install = ["install", "-y", "-qq", "--no-install-recommends", PACKAGE, "poppler-utils"]
    return apt("update", "-qq") and apt(*install) and executable() is not None


if __name__ == "__main__":
    sys.exit(main())
