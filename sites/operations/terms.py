"""What is watched, how late is late, and what to do about it, in the words of who reads it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    GOOD = "good", _("Tout va")
    LATE = "late", _("À surveiller")
    STOPPED = "stopped", _("Arrêté")


@dataclass(frozen=True)
class Words:
    title: Promise | str
    means: Promise | str
    act: Promise | str


WORDS = {
    "tick": Words(
        _("Le travail de fond"),
        _("Chaque minute : comptes, rapports, publications."),
        _("Redémarrer le travailleur et l’horloge sur le serveur. Ce qui est saisi n’est pas perdu."),
    ),
    "database": Words(
        _("La base de données"),
        _("Elle répond."),
        _("Redémarrer PostgreSQL sur le serveur. Les tablettes gardent ce qui est saisi, et l’enverront."),
    ),
    "counts": Words(
        _("Les comptes des jours"),
        _("Ce qui a été saisi est compté dans les minutes qui suivent."),
        _("Sur le serveur, lire le journal du travailleur. Les comptes reprennent seuls."),
    ),
    "reports": Words(
        _("Les rapports"),
        _("Chaque jour fermé a le sien dans l’heure."),
        _("Sur le serveur, lire le journal du travailleur, puis lancer « build_reports »."),
    ),
    "backup": Words(
        _("La sauvegarde"),
        _("Une par nuit, relue et restaurée à part."),
        _("Sur le serveur, lire ce que dit la dernière sauvegarde, puis la relancer à la main."),
    ),
    "replica": Words(
        _("La copie de lecture"),
        _("Elle suit la base à moins de cinq minutes."),
        _("Regarder la copie sur sa machine. D’ici là, les pages lisent la base elle-même."),
    ),
    "disk": Words(
        _("Le disque"),
        _("Il reste de la place pour écrire."),
        _("Faire de la place ou agrandir le disque. Plein, plus rien ne s’enregistre sur le serveur."),
    ),
    "clock": Words(
        _("L’heure"),
        _("Le serveur et la base lisent la même."),
        _("Mettre les horloges à l’heure (NTP) sur les deux machines."),
    ),
    "trail": Words(
        _("La piste"),
        _("Chaque ligne entre dans la chaîne en une minute ou deux."),
        _("Sur le serveur, lancer « check_keys » et « verify », puis lire le journal du travailleur."),
    ),
    "keys": Words(
        _("Les clés"),
        _("Celles qui ont servi sont sur cette machine."),
        _("Sur le serveur, lancer « keys import » avec leur copie. D’ici là, rien n’est scellé."),
    ),
    "copy": Words(
        _("La copie des clés"),
        _("Celles qui durent sont toutes dans une copie gardée ailleurs."),
        _("Sur le serveur, lancer « keys export », et garder le fichier loin de la machine."),
    ),
}
BACKUP_LATE = timedelta(hours=26)
WORK_LATE, WORK_STOPPED = timedelta(minutes=5), timedelta(minutes=10)
REPORT_LATE, REPORT_STOPPED = timedelta(hours=1), timedelta(hours=6)
TRAIL_LATE, TRAIL_STOPPED = timedelta(minutes=10), timedelta(hours=1)
TRAIL_SEEN = timedelta(days=1)
CLOCK_LATE, CLOCK_STOPPED = timedelta(seconds=2), timedelta(minutes=1)
DISK_LATE, DISK_STOPPED = 0.85, 0.95
TABLET_LATE = timedelta(hours=24)
