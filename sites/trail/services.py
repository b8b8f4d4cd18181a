from datetime import timedelta

from django.utils import timezone

from sites.trail.models import TrailEntry

AGAIN = timedelta(hours=1)


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


def note_again(action: str, *, actor: str, about: str, about_id, site_id=None, device="") -> None:
    """`note`, unless the same person or tablet left the same row within the hour: for what asks by itself."""
    same = TrailEntry.objects.filter(
        action=action, actor=actor, about=about, about_id=str(about_id), site_id=site_id, device=str(device),
        at__gt=timezone.now() - AGAIN,
    )  # fmt: skip
    if not same.exists():
        note(action, actor=actor, site_id=site_id, about=about, about_id=about_id, device=device)


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
