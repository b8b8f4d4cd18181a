"""Every address with who may use it, read from the URL patterns and the decorators of the views."""

import re
from collections.abc import Callable, Iterator

from django.contrib.admindocs.utils import (
    remove_non_capturing_groups,
    replace_metacharacters,
    replace_named_groups,
    replace_unnamed_groups,
)
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from sites.people.access import PUBLIC
from sites.people.roles import ROLES
from sites.people.terms import Permission

ANY_METHOD = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


def routes() -> list[dict]:
    """[{"path", "name", "methods", "permission", "roles", "site_scoped"}], by path."""
    return sorted(_walk(get_resolver().url_patterns, "/", ""), key=lambda route: route["path"])


def _walk(patterns, prefix: str, namespace: str) -> Iterator[dict]:
    for pattern in patterns:
        path = prefix + _text(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner)
        elif isinstance(pattern, URLPattern):
            yield _route(path, f"{namespace}{pattern.name}" if pattern.name else None, pattern.callback)


def _route(path: str, name: str | None, view: Callable) -> dict:
    permission = permission_of(view)
    return {
        "path": path,
        "name": name,
        "methods": methods_of(view),
        "permission": permission,
        "roles": [role.code for role in ROLES if permission in role.permissions],
        "site_scoped": getattr(view, "site_scoped", False),
    }


def _text(pattern) -> str:
    """Converters as <uuid:id>; groups of a regular expression as <re:name>."""
    if not isinstance(pattern, RegexPattern):
        return str(pattern)
    regex = replace_unnamed_groups(replace_named_groups(str(pattern)))
    return re.sub(r"<(\w+)>", r"<re:\1>", replace_metacharacters(remove_non_capturing_groups(regex)))


def permission_of(view: Callable) -> str | None:
    """What our decorators say; a third party's view is public or asks for a session."""
    named = getattr(view, "permission", None)
    if named is not None:
        return str(named)
    if is_ours(view):
        return None
    return PUBLIC if getattr(view, "login_required", True) is False else str(Permission.SIGNED_IN)


def is_ours(view: Callable) -> bool:
    return getattr(view, "view_class", view).__module__.startswith("sites.")


def methods_of(view: Callable) -> list[str]:
    """From @require_…, which keeps its list in a closure, or from a view class."""
    inner: Callable | None = view
    while inner is not None:
        cells = dict(zip(inner.__code__.co_freevars, inner.__closure__ or (), strict=True))
        if "request_method_list" in cells:
            return sorted(cells["request_method_list"].cell_contents)
        inner = getattr(inner, "__wrapped__", None)
    kind = getattr(view, "view_class", None)
    if kind is None:
        return ANY_METHOD
    handled = {name.upper() for name in kind.http_method_names if hasattr(kind, name)}
    return sorted(handled | ({"HEAD"} if "GET" in handled else set()))
