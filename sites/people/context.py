from sites.people.terms import Permission

EMERGENCY = [Permission.RECORD_OVERDOSE]


def frame(request):
    """What every page's frame shows. `may` is the set of permissions of who is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"may": set()}
    # Before the second factor is shown nothing is open but an emergency.
    offered = EMERGENCY if getattr(request, "is_halfway", False) else Permission
    return {
        "may": {permission.value for permission in offered if user.may(permission)},
        "site": getattr(request, "site", None),
        "sites": getattr(request, "sites", []),
    }
