from sites.indicators.services import recount_due
from sites.releases.forgetting import cut_links
from sites.releases.publishing import build_due
from sites.releases.sealing import seal_due


def seal_and_build() -> None:
    """Seal what is due, then build the releases that are whole; days that changed are counted first."""
    recount_due()
    seal_due()
    build_due()


def forget_links() -> None:
    """Whose visits those of long sealed months were."""
    cut_links()
