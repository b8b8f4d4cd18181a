"""The tablet app as something to install: its manifest, its service worker, and what that keeps.

The shell is every file that the app needs to start: what its page names, and what these files import.
Each goes by the hash of its content, so that a new deployment is noticed and only what changed is fetched.
"""

import hashlib
import json
import posixpath
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sites.people.access import public

WORKER = "sites/tablet/sw.js"
PAGES = {"tablet": "tablet/app.html", "offline": "tablet/offline.html"}
ICONS = (("sites/icon-192.png", 192, "any"), ("sites/icon-512.png", 512, "any"),
         ("sites/icon-maskable.png", 512, "maskable"))  # fmt: skip
NAMED = re.compile(r'(?:href|src)="([^"]+)"')
IMPORTED = re.compile(r"""(?:from|import)\s*["'](\.[^"']+)["']""")
# The shell is the same for everyone; the app itself speaks both languages.
LANGUAGE = "fr-ca"


def file_names() -> set[str]:
    """Names, below STATIC_URL, of the files of the shell."""
    found: set[str] = set()
    waiting = [name for template in PAGES.values() for name in _named(_page(template).decode())]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imported(name)
    return found


def _named(page: str) -> list[str]:
    start = settings.STATIC_URL
    return [address.removeprefix(start) for address in NAMED.findall(page) if address.startswith(start)]


def _imported(name: str) -> list[str]:
    if not name.endswith(".js"):
        return []
    code = Path(finders.find(name)).read_text()
    return [posixpath.normpath(f"{posixpath.dirname(name)}/{path}") for path in IMPORTED.findall(code)]


def _page(template: str) -> bytes:
    with override(LANGUAGE):
        return render_to_string(template).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def shell() -> dict[str, str]:
    """Path → SHA-256 of what is served there."""
    names = sorted(file_names())
    files = {static(name): _digest(Path(finders.find(name)).read_bytes()) for name in names}
    return files | {reverse(name): _digest(_page(template)) for name, template in PAGES.items()}


@cache
def _kept_shell() -> dict[str, str]:
    return shell()


@require_safe
@public
@gzip_page
def app(request):
    """The shell. It holds no data and is the same for everyone."""
    return HttpResponse(_page(PAGES["tablet"]))


@require_safe
@public
@gzip_page
def offline(request):
    """What a browser that has the app shows in place of a page that needs the network."""
    return HttpResponse(_page(PAGES["offline"]))


@require_safe
@public
@gzip_page
def worker(request):
    """At the root, so that every page is in its scope. A browser asks for it anew each time."""
    listed = shell() if settings.DEBUG else _kept_shell()
    code = Path(finders.find(WORKER)).read_text()
    text = f"const SHELL = {json.dumps(listed, indent=0)};\n{code}"
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
@public
def manifest(request):
    body = {
        "id": reverse("tablet"),
        "name": _("Consommation supervisée"),
        "short_name": _("Tablette"),
        "lang": request.LANGUAGE_CODE,
        "start_url": reverse("tablet"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#FBF6EE",
        "theme_color": "#0F5548",
        "icons": [
            {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in ICONS
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")
