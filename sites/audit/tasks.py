from sites.audit.services import look_when_due


def audit_figures() -> None:
    look_when_due()
