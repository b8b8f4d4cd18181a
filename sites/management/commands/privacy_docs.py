from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import PlainCommand
from sites.privacy.document import DOCUMENTS, document, untold


class Command(PlainCommand):
    help = _("Écrit docs/efvp.md et docs/mandat.md à partir des modèles; --check dit s’ils ont changé.")

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help=_("N’écrit rien; statut 1 s’ils diffèrent."))

    def handle(self, *args, check, **options):
        if missing := untold():
            raise CommandError(_t("sites/privacy/tables.toml ne dit rien de : %s.") % ", ".join(missing))
        for name in DOCUMENTS:
            path, text = settings.BASE_DIR / "docs" / name, document(name)
            if check and (not path.exists() or path.read_text() != text):
                raise CommandError(_t("docs/%s ne dit plus ce que fait le code : privacy_docs.") % name)
            if not check:
                path.write_text(text)
