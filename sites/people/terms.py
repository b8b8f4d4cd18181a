from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What a page or an act asks for. Roles below say who holds it."""

    SEE_BOARD = "see_board", _("voir le tableau de la salle")
    RECORD_VISITS = "record_visits", _("noter les visites")
    RECORD_OVERDOSE = "record_overdose", _("noter une surdose présumée")
    USE_STOCK = "use_stock", _("recevoir et compter la naloxone")
    CORRECT = "correct", _("corriger une saisie, avec une raison")
    REVIEW = "review", _("régler ce qui attend une personne")
    READ_REPORTS = "read_reports", _("lire les rapports internes du site")
    ACT_ON_SIGNALS = "act_on_signals", _("répondre à un signal, émettre une alerte")
    READ_RELEASES = "read_releases", _("lire les rapports anonymisés")
    DOWNLOAD_RELEASES = "download_releases", _("remettre un fichier publié à un destinataire")
    STATUTORY_RETURN = "statutory_return", _("faire le rapport réglementaire du mois et le remettre")
    PLAN_RELEASES = "plan_releases", _("proposer ce que le site publie")
    MANAGE_RECIPIENTS = "manage_recipients", _("inscrire les destinataires et donner leurs jetons")
    READ_REGISTERS = "read_registers", _("lire les registres")
    KEEP_REGISTERS = "keep_registers", _("tenir les registres : incidents, autorisations, formation")
    SIGN_REGISTER = "sign_register", _("signer l’analyse du risque de réidentification")
    IMPORT_REGISTERS = "import_registers", _("importer des registres passés, et annuler une importation")
    SEE_KEYS = "see_keys", _("voir quelles clés existent, sans les clés")
    SET_UP = "set_up", _("régler le site, les salles et les heures")
    MANAGE_STAFF = "manage_staff", _("gérer le personnel et les tablettes")
    MANAGE_RETENTION = "manage_retention", _("signer les durées de conservation, geler et détruire")
    READ_TRAIL = "read_trail", _("lire la piste de vérification")
    SIGNED_IN = "signed_in", _("avoir ouvert une session")


class Language(TextChoices):
    FRENCH = "fr-ca", _("français")
    ENGLISH = "en", _("anglais")


class TabletPlace(TextChoices):
    """Where a tablet serves, which says how soon it locks by itself."""

    COUNTER = "counter", _("à l’accueil : se verrouille après 2 minutes")
    ROOM = "room", _("dans la salle : se verrouille après 10 minutes")


IDLE_MINUTES = {TabletPlace.COUNTER: 2, TabletPlace.ROOM: 10}
