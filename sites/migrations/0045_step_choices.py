import json

from django.db import migrations

from harmreduction.pg.scope import acting
from sites.codes.queries import WORDLESS
from sites.keyring.fields import closed, opened
from sites.places.models import Site

# (code, French, English, step it goes with): what a step of a response may add to itself (domain.md §3.2).
CHOICES = [
    ("called", "911 appelé", "911 called", "call_911"),
    ("cancelled", "911 annulé", "911 cancelled", "call_911"),
    ("not_called", "911 pas appelé", "911 not called", "call_911"),
    ("avpu_a", "Éveillée", "Awake", "vitals"),
    ("avpu_v", "Réagit à la voix", "Responds to voice", "vitals"),
    ("avpu_p", "Réagit à la douleur", "Responds to pain", "vitals"),
    ("avpu_u", "Ne réagit pas", "Unresponsive", "vitals"),
    ("position", "Position latérale", "Recovery position", "airway"),
    ("suction", "Succion", "Suction", "airway"),
    ("opa", "Canule oropharyngée", "Oropharyngeal airway", "airway"),
    ("npa", "Canule nasopharyngée", "Nasopharyngeal airway", "airway"),
    ("opa_npa", "Canule oro- ou nasopharyngée", "Oro- or nasopharyngeal airway", "airway"),
    ("verbal", "À la voix", "By voice", "stimulation"),
    ("trapezius", "Pincer le trapèze", "Trapezius squeeze", "stimulation"),
    ("sternal", "Frotter le sternum", "Sternal rub", "stimulation"),
    ("trapezius_sternal", "Trapèze ou sternum", "Trapezius or sternum", "stimulation"),
    ("nasal", "Lunettes nasales", "Nasal cannula", "oxygen_start"),
    ("non_rebreather", "Masque à réservoir", "Non-rebreather mask", "oxygen_start"),
    ("bvm", "Ballon-masque", "Bag-valve mask", "oxygen_start"),
    ("stop", "Arrêt", "Stopped", "bvm"),
    ("started", "Commencée", "Started", "cpr_aed"),
    ("shock", "Choc donné", "Shock given", "cpr_aed"),
    ("no_shock", "Pas de choc", "No shock", "cpr_aed"),
    ("dextrose", "Dextrose", "Dextrose", "other_med"),
    ("midazolam", "Midazolam", "Midazolam", "other_med"),
    ("treated_on_scene", "Soins sur place", "Treated on scene", "ems_departure"),
    ("transported", "Transport", "Transported", "ems_departure"),
    ("refused", "Refus de la personne", "Person refused", "ems_departure"),
    ("resedation", "Nouvelle sédation", "Re-sedation", "observation_end"),
    ("unresponsive", "Ne réagit pas", "Unresponsive", "recognised"),
    ("rr_low", "Respiration lente", "Slow breathing", "recognised"),
    ("cyanosis", "Lèvres bleues", "Blue lips", "recognised"),
    ("gurgle_snore", "Râle ou ronflement", "Gurgling or snoring", "recognised"),
    ("pinpoint_pupils", "Pupilles en pointe d’épingle", "Pinpoint pupils", "recognised"),
    ("rigid_chest", "Thorax rigide", "Rigid chest", "recognised"),
    ("seizure", "Convulsion", "Seizure", "recognised"),
    ("chest_pain", "Douleur à la poitrine", "Chest pain", "recognised"),
    ("agitation", "Agitation", "Agitation", "recognised"),
    ("hyperthermia", "Hyperthermie", "Hyperthermia", "recognised"),
    ("collapse", "Effondrement", "Collapse", "recognised"),
    ("yes", "Oui", "Yes", ""),
    ("no", "Non", "No", ""),
]


def seed(apps, schema_editor):
    CodeValue = apps.get_model("scs", "CodeValue")
    CodeValue.objects.bulk_create(
        CodeValue(list="step_choice", code=code, label_fr=fr, label_en=en, group=group, position=position)
        for position, (code, fr, en, group) in enumerate(CHOICES)
    )


def unseed(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.filter(list="step_choice").delete()


def close_refused(apps, schema_editor):
    """What was not applied is kept sealed: a text could stand in any of its fields."""
    _rewrite(apps, schema_editor, lambda site, content: closed(content, _is_text, site))


def open_refused(apps, schema_editor):
    _rewrite(apps, schema_editor, lambda site, content: opened(content))


def _is_text(_name, text):
    return not WORDLESS.fullmatch(text)


def _rewrite(apps, schema_editor, data):
    named = apps.get_model("scs", "Site").objects.values_list("pk", "code")
    sites = [Site(pk=pk, code=code) for pk, code in named]
    with acting(sites=[site.pk for site in sites]), schema_editor.connection.cursor() as cursor:
        for site in sites:
            cursor.execute(
                "select id, data from scs_record where site_id = %s and status <> 'created'", [site.pk]
            )
            rows = [(json.dumps(data(site, opened(json.loads(kept)))), pk) for pk, kept in cursor.fetchall()]
            cursor.executemany("update scs_record set data = %s where id = %s", rows)


class Migration(migrations.Migration):
    dependencies = [("scs", "0044_busy_rows_do_not_look_up_their_site")]

    operations = [migrations.RunPython(seed, unseed), migrations.RunPython(close_refused, open_refused)]
