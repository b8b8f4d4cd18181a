from sites.people.terms import Permission


def frame(request):
    """What every page's frame shows. `may` is the set of permissions of who is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"may": set()}
    return {
        "may": {permission.value for permission in Permission if user.may(permission)},
        "site": getattr(request, "site", None),
        "sites": getattr(request, "sites", []),
    }
