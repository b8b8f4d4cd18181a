from sites.people import cookies
from sites.people.terms import Permission

EMERGENCY = [Permission.RECORD_OVERDOSE]


def frame(request):
    """What every page's frame shows. `may` is the set of permissions of who is signed in."""
    shown = {"is_night": request.COOKIES.get(cookies.THEME) == "dark"}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return shown | {"may": set()}
    # Before the second factor is shown nothing is open but an emergency.
    offered = EMERGENCY if getattr(request, "is_halfway", False) else Permission
    return shown | {
        "may": {permission.value for permission in offered if user.may(permission)},
        "site": getattr(request, "site", None),
        "sites": getattr(request, "sites", []),
    }
