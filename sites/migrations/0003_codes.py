"""Code lists and products that every site starts with (sources: shared brief, domain.md §3.3–3.5, §7.4)."""

from django.db import migrations

# list → [(code, French, English, group, common)]; group says what a count adds it to.
SUBSTANCES = [
    ("fentanyl", "Fentanyl", "Fentanyl", "opioid", True),
    ("heroin", "Héroïne (« down »)", "Heroin (“down”)", "opioid", True),
    ("hydromorphone", "Dilaudid", "Dilaudid", "opioid", True),
    ("cocaine", "Cocaïne", "Cocaine", "stimulant", True),
    ("crack", "Crack", "Crack", "stimulant", True),
    ("methamphetamine", "Crystal", "Crystal", "stimulant", True),
    ("benzodiazepine", "Benzo", "Benzo", "depressant", True),
    ("oxycodone", "Oxycodone", "Oxycodone", "opioid", False),
    ("morphine", "Morphine (Kadian)", "Morphine (Kadian)", "opioid", False),
    ("methadone", "Méthadone", "Methadone", "opioid", False),
    ("buprenorphine", "Buprénorphine", "Buprenorphine", "opioid", False),
    ("codeine", "Codéine", "Codeine", "opioid", False),
    ("nitazene", "Nitazène (présumé)", "Nitazene (suspected)", "opioid", False),
    ("opioid_other", "Autre opioïde", "Other opioid", "opioid", False),
    ("amphetamine", "Amphétamine (speed)", "Amphetamine (speed)", "stimulant", False),
    ("mdma", "MDMA", "MDMA", "stimulant", False),
    ("methylphenidate", "Méthylphénidate", "Methylphenidate", "stimulant", False),
    ("stimulant_other", "Autre stimulant", "Other stimulant", "stimulant", False),
    ("xylazine", "Xylazine", "Xylazine", "depressant", False),
    ("medetomidine", "Médétomidine", "Medetomidine", "depressant", False),
    ("ghb", "GHB", "GHB", "depressant", False),
    ("alcohol", "Alcool", "Alcohol", "depressant", False),
    ("sedative_other", "Autre sédatif", "Other sedative", "depressant", False),
    ("ketamine", "Kétamine", "Ketamine", "dissociative", False),
    ("pcp", "PCP", "PCP", "dissociative", False),
    ("psychedelic", "Psychédélique", "Psychedelic", "psychedelic", False),
    ("cannabis", "Cannabis", "Cannabis", "cannabis", False),
    ("unknown", "Ne sait pas", "Doesn’t know", "unknown", True),
    ("declined", "Préfère ne pas dire", "Prefers not to say", "unknown", True),
]
ROUTES = [
    ("inj_iv", "Injection IV", "IV injection", "injection", True),
    ("inj_im", "Injection IM", "IM injection", "injection", True),
    ("inh_smoke", "Fumée", "Smoked", "inhalation", True),
    ("inh_vapour", "Vapotée", "Vaporised", "inhalation", True),
    ("in", "Par le nez", "Snorted", "intranasal", True),
    ("oral", "Avalée", "Swallowed", "oral", True),
    ("inj_sc", "Injection SC", "SC injection", "injection", False),
    ("inj_unk", "Injection, voie inconnue", "Injection, route unknown", "injection", False),
    ("rectal", "Plug", "Plug", "other", False),
    ("other", "Autre", "Other", "other", False),
    ("unk", "Ne sait pas", "Doesn’t know", "other", False),
]
LISTS = {
    "substances": SUBSTANCES,
    "route": ROUTES,
    "dose_route": [
        ("in", "nasale", "nasal"),
        ("im", "intramusculaire", "intramuscular"),
        ("iv", "intraveineuse", "intravenous"),
        ("sc", "sous-cutanée", "subcutaneous"),
    ],
    "gender": [
        ("f", "femme", "woman"),
        ("m", "homme", "man"),
        ("tf", "femme trans", "trans woman"),
        ("tm", "homme trans", "trans man"),
        ("nb", "non binaire", "non-binary"),
        ("2s", "bispirituel·le", "two-spirit"),
        ("oth", "autre", "other"),
        ("dec", "préfère ne pas dire", "prefers not to say"),
        ("na", "non demandé", "not asked"),
    ],
    "age_band": [
        ("lt20", "moins de 20 ans", "under 20"),
        ("20_29", "20 à 29 ans", "20 to 29"),
        ("30_39", "30 à 39 ans", "30 to 39"),
        ("40_49", "40 à 49 ans", "40 to 49"),
        ("50_59", "50 à 59 ans", "50 to 59"),
        ("60p", "60 ans et plus", "60 and over"),
        ("unk", "ne sait pas", "unknown"),
    ],
    "left_reason": [
        ("wait_too_long", "Attente trop longue", "Waited too long", "", True),
        ("changed_mind", "A changé d’idée", "Changed their mind", "", True),
        ("route_not_offered", "Voie pas offerte", "Route not offered", "", True),
        ("left_for_drugs", "Parti chercher", "Left to get drugs", "", True),
        ("unwell", "Ne se sentait pas bien", "Felt unwell", "", False),
        ("asked_to_leave", "On lui a demandé de partir", "Was asked to leave", "", False),
        ("site_closed", "Site fermé", "Site closed", "", False),
        ("service_only", "Service seulement", "Service only", "", True),
        ("other", "Autre", "Other", "", False),
        ("unknown", "Ne sait pas", "Unknown", "", True),
    ],
    "turnaway_reason": [
        ("full", "Complet", "Full", "", True),
        ("closed", "Fermé", "Closed", "", True),
        ("route_not_offered", "Voie pas offerte", "Route not offered", "", True),
        ("suspended", "Suspension en cours", "Suspended", "", True),
        ("age", "Âge", "Age", "", True),
        ("too_intoxicated", "Trop intoxiquée", "Too intoxicated", "", True),
        ("other", "Autre", "Other", "", True),
    ],
    "discharge_to": [
        ("street", "Rue", "Street", "", True),
        ("home", "Chez soi", "Home", "", True),
        ("shelter", "Refuge", "Shelter", "", True),
        ("other_service", "Autre service ici", "Other service here", "", True),
        ("ed_ems", "Urgence, en ambulance", "Emergency, by ambulance", "", True),
        ("ed_self", "Urgence, par ses moyens", "Emergency, on their own", "", False),
        ("police", "Police", "Police", "", False),
        ("unknown", "Ne sait pas", "Unknown", "", True),
    ],
    "location": [
        ("booth", "Place de consommation", "Booth", "inside", True),
        ("inhalation", "Salle d’inhalation", "Inhalation room", "inside", False),
        ("chillout", "Aire de repos", "Aftercare", "inside", True),
        ("waiting", "Attente", "Waiting area", "inside", True),
        ("washroom", "Toilettes", "Washroom", "inside", True),
        ("counter", "Comptoir d’échange", "Exchange counter", "inside", False),
        ("other_indoor", "Ailleurs à l’intérieur", "Elsewhere inside", "inside", True),
        ("mobile", "Unité mobile", "Mobile unit", "inside", False),
        ("entrance", "Entrée", "Entrance", "outside", True),
        ("perimeter", "Abords du site", "Around the site", "outside", True),
        ("outreach", "Rue, parc", "Street, park", "outside", True),
    ],
    "distance_band": [
        ("0_10", "moins de 10 m", "under 10 m"),
        ("10_50", "10 à 50 m", "10 to 50 m"),
        ("50_200", "50 à 200 m", "50 to 200 m"),
        ("gt200", "plus de 200 m", "over 200 m"),
    ],
    "person": [
        ("client_visit", "Personne en visite", "Person in a visit"),
        ("client_no_visit", "Personne connue, sans visite", "Known person, no visit"),
        ("unknown", "Personne inconnue", "Unknown person"),
        ("staff", "Membre de l’équipe", "Staff member"),
    ],
    "occurred_precision": [
        ("observed", "vue", "observed"),
        ("found", "trouvée", "found"),
        ("estimated", "estimée", "estimated"),
    ],
    "step": [
        ("recognised", "Reconnue", "Recognised", "care"),
        ("stimulation", "Stimulation", "Stimulation", "care"),
        ("airway", "Voies dégagées", "Airway open", "care"),
        ("oxygen_start", "Oxygène", "Oxygen", "care"),
        ("oxygen_stop", "Oxygène arrêté", "Oxygen stopped", "care"),
        ("rescue_breaths", "Insufflations", "Rescue breaths", "care"),
        ("bvm", "Ballon-masque", "Bag-valve mask", "care"),
        ("vitals", "Signes vitaux", "Vital signs", "measure"),
        ("other_med", "Autre médicament", "Other medication", "care"),
        ("cpr_aed", "RCR · DEA", "CPR · AED", "care"),
        ("call_911", "911", "911", "call"),
        ("ems_arrival", "Ambulance arrivée", "Ambulance here", "call"),
        ("ems_departure", "Ambulance partie", "Ambulance left", "call"),
        ("police_arrival", "Police arrivée", "Police here", "call"),
        ("observation_start", "Début de l’observation", "Observation started", "care"),
        ("observation_end", "Fin de l’observation", "Observation ended", "care"),
    ],
    "measure": [
        ("spo2", "SpO₂", "SpO₂", "%"),
        ("rr", "Respiration", "Breathing", "/min"),
        ("hr", "Pouls", "Pulse", "/min"),
        ("gcs", "Glasgow", "Glasgow", ""),
        ("glucose", "Glycémie", "Glucose", "mmol/L"),
        ("temp", "Température", "Temperature", "°C"),
    ],
    "given_by": [
        ("staff_nurse", "infirmière ou infirmier du site", "site nurse", "site"),
        ("staff_other", "autre membre de l’équipe", "other staff", "site"),
        ("peer_worker", "pair aidant du site", "site peer worker", "site"),
        ("bystander", "personne présente", "bystander", "other"),
        ("ems", "ambulance", "ambulance", "other"),
        ("police_fire", "police ou pompiers", "police or fire", "other"),
    ],
    "presentation": [
        ("opioid_resp_depression", "Opioïde : respire mal", "Opioid: poor breathing", "overdose", True),
        ("sedative_prolonged", "Sédation prolongée", "Prolonged sedation", "overdose", True),
        ("mixed", "Mélange", "Mixed", "overdose", True),
        ("alcohol", "Alcool", "Alcohol", "overdose", True),
        ("ghb", "GHB", "GHB", "overdose", True),
        ("unknown_drug", "Drogue inconnue", "Unknown drug", "overdose", True),
        ("stimulant_toxicity", "Stimulant (agitation)", "Stimulant (overamping)", "drug_emergency", True),
        ("seizure", "Convulsion seule", "Seizure only", "medical", False),
        ("allergy", "Allergie", "Allergy", "medical", False),
        ("cardiac", "Cœur", "Cardiac", "medical", False),
        ("psychiatric", "Détresse psychique", "Mental distress", "medical", False),
        ("injury", "Blessure", "Injury", "medical", False),
        ("other_medical", "Autre urgence médicale", "Other medical emergency", "medical", False),
    ],
    "outcome": [
        ("recov", "Rétablie sur place", "Recovered on site", "alive", True),
        ("recov_decl_ems", "Rétablie, refuse l’ambulance", "Recovered, declined ambulance", "alive", True),
        ("ems_on_site", "Soignée sur place par l’ambulance", "Treated here by ambulance", "alive", True),
        ("transport", "Transportée", "Transported", "alive", True),
        ("left", "Partie avant évaluation", "Left before assessment", "", True),
        ("transfer_int", "Vers un autre service ici", "To another service here", "alive", False),
        ("death_site", "Décès sur place", "Died on site", "death", False),
        ("death_later", "Décès connu plus tard", "Death known later", "death", False),
        ("unk", "Ne sait pas", "Unknown", "", True),
    ],
    "ems_called": [("yes", "Appelé", "Called"), ("no", "Pas appelé", "Not called"), ("unknown", "Ne sait pas", "Unknown")],
    "endpoint_awake": [("yes", "Oui", "Yes"), ("no", "Non", "No"), ("not_assessed", "Non évalué", "Not assessed")],
}
# (code, French, English, route, mg a unit)
PRODUCTS = [
    ("nal-in-4", "Naloxone nasale 4 mg", "Nasal naloxone 4 mg", "in", "4"),
    ("nal-im-0.4", "Naloxone IM 0,4 mg", "IM naloxone 0.4 mg", "im", "0.4"),
]


def seed(apps, schema_editor):
    CodeValue, Product = apps.get_model("scs", "CodeValue"), apps.get_model("scs", "Product")
    for name, rows in LISTS.items():
        CodeValue.objects.bulk_create(
            CodeValue(
                list=name,
                code=row[0],
                label_fr=row[1],
                label_en=row[2],
                group=row[3] if len(row) > 3 else "",
                common=row[4] if len(row) > 4 else True,
                position=position,
            )
            for position, row in enumerate(rows)
        )
    Product.objects.bulk_create(
        Product(code=code, name_fr=fr, name_en=en, route=route, strength_mg=mg)
        for code, fr, en, route, mg in PRODUCTS
    )


def unseed(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.all().delete()
    apps.get_model("scs", "Product").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("scs", "0002_only_added")]

    operations = [migrations.RunPython(seed, unseed)]
