"""Open to anyone: the bulletin of each region, its feed and its chart. No cookie, no script, cacheable."""

import hashlib
from functools import lru_cache

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from sites.bulletin.pages import bulletin
from sites.bulletin.queries import State, as_public, public_regions, public_state
from sites.people.access import public
from sites.releases.chart import at_day, bars, chart
from sites.releases.words import METHOD, PROMISE, in_language

FRENCH, ENGLISH = "fr-ca", "en"
# How long a cache may keep it without asking: a release a day, and none is urgent.
MAX_AGE_S = 600
PAGES = 64


def cacheable(request, body: bytes, content_type: str, language: str = "") -> HttpResponse:
    """The body with a tag of its content; 304 for who has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_S}"
    if language:
        response.headers["Content-Language"] = language
    answer = get_conditional_response(request, etag=tag, response=response)
    for name in ("Cache-Control", "Content-Language"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


def shared(request, body: bytes, content_type: str) -> HttpResponse:
    """The same, for pages of others to use."""
    response = cacheable(request, body, content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@public
def index(request, language=FRENCH):
    with as_public() as audience:
        regions = public_regions(audience)
    body = _rendered("bulletin/index.html", language, {"regions": regions})
    return cacheable(request, body, "text/html; charset=utf-8", language)


@require_safe
@public
def region(request, region, language=FRENCH):
    with as_public() as audience:
        state = public_state(audience)
        body = state and region_page(region, language, state)
    if not body:
        raise Http404
    return cacheable(request, body, "text/html; charset=utf-8", language)


@require_safe
@public
def picture(request, region, language=FRENCH):
    """The trend as one SVG, for other people’s pages: it follows the newest release by itself."""
    with as_public() as audience:
        state = public_state(audience)
        body = state and region_picture(region, language, state)
    if not body:
        raise Http404
    return shared(request, body, "image/svg+xml")


@lru_cache(maxsize=PAGES)
def region_page(region: str, language: str, state: State) -> bytes | None:
    """One state makes one page: it is made once."""
    shown = bulletin(region, state.release)
    if shown is None:
        return None
    short = "en" if language == ENGLISH else "fr"
    context = {
        "shown": shown,
        "trend": chart(shown.trend),
        "flags": [(at_day(shown.trend, flag.day), flag) for flag in shown.flags],
        "events": bars(shown.events),
        "promise": PROMISE[short],
        "method": METHOD[short],
        "definitions": [in_language(short, told) for told in shown.definitions],
        "formats": state.formats,
    }
    return _rendered("bulletin/region.html", language, context)


@lru_cache(maxsize=PAGES)
def region_picture(region: str, language: str, state: State) -> bytes | None:
    shown = bulletin(region, state.release)
    drawn = chart(shown.trend) if shown else None
    if shown is None or drawn is None:
        return None
    return _rendered("bulletin/trend.svg", language, {"shown": shown, "trend": drawn})


def _rendered(template: str, language: str, context: dict) -> bytes:
    english = language == ENGLISH
    with translation.override(language):
        return render_to_string(template, context | {"language": language, "english": english}).encode()
