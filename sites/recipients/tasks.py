from sites.recipients.editions import build_editions
from sites.recipients.push import push_due
from sites.recipients.services import ensure_public


def prepare_editions() -> None:
    """What each recipient gets of what was built; the public is one of them from the first day."""
    ensure_public()
    build_editions()


def push_releases() -> None:
    """To those who have an address for it, what is new and what did not arrive."""
    push_due()
