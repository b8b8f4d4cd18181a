from django.utils import timezone

from sites.trail.models import TrailEntry


def note(action: str, *, actor: str, site_id=None, about="", about_id="", why="", device="") -> None:
    """Write one trail row in the caller's transaction; if it cannot be written, the act fails."""
    TrailEntry.objects.bulk_create(
        [
            entry(
                action,
                actor=actor,
                site_id=site_id,
                about=about,
                about_id=about_id,
                why=why,
                device=device,
            )
        ]
    )


def entry(action: str, *, actor: str, site_id=None, about="", about_id="", why="", device="") -> TrailEntry:
    return TrailEntry(
        at=timezone.now(),
        actor=actor[:80],
        device=str(device),
        site_id=site_id,
        action=action,
        about=about,
        about_id=str(about_id),
        why=why[:200],
    )
