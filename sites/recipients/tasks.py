from sites.recipients.editions import build_editions
from sites.recipients.services import ensure_public


def prepare_editions() -> None:
    """What each recipient gets of what was built; the public is one of them from the first day."""
    ensure_public()
    build_editions()
