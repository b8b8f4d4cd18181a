from django.db import migrations

# (code, French, English, group, common). After « · » comes the detail that a tile shows smaller.
LISTS = {
    "supply": [
        ("needle_27g", "Seringue 1 cc · 27G ½ po", "Syringe 1 cc · 27G ½ in", "needle", True),
        ("needle_29g", "Seringue 1 cc · 29G ½ po", "Syringe 1 cc · 29G ½ in", "needle", True),
        ("needle_23g_3cc", "Seringue 3 cc · 23G 1 po", "Syringe 3 cc · 23G 1 in", "needle", True),
        ("cooker", "Stéricup · réchaud", "Cooker · Stericup", "injection", True),
        ("water", "Eau · fiole 3 mL", "Water · 3 mL vial", "injection", True),
        ("filter", "Filtre", "Filter", "injection", True),
        ("tourniquet", "Garrot", "Tourniquet", "injection", True),
        ("acidifier", "Acidifiant · sachet", "Acidifier · sachet", "injection", True),
        ("pipe_straight", "Tube de pyrex · pipe à crack", "Straight pipe · Pyrex", "pipe", True),
        ("mouthpiece", "Embout", "Mouthpiece", "smoking", True),
        ("screen", "Grille · laiton", "Screen · brass", "smoking", True),
        ("pipe_bowl", "Pipe à bol · crystal", "Bowl pipe · crystal", "pipe", True),
        ("foil", "Feuille · aluminium", "Foil · aluminium", "smoking", True),
        ("sniff_kit", "Trousse nasale", "Sniff kit", "sniffing", True),
        ("condom", "Condom", "Condom", "sex", True),
        ("bin_1l", "Bac 1 L · à seringues", "Sharps bin 1 L", "bin", True),
        ("needle_28g", "Seringue 1 cc · 28G ½ po", "Syringe 1 cc · 28G ½ in", "needle", False),
        ("needle_30g", "Seringue 0,5 cc · 30G ⁵⁄₁₆ po", "Syringe 0.5 cc · 30G ⁵⁄₁₆ in", "needle", False),
        ("needle_other", "Autre seringue", "Other syringe", "needle", False),
        ("kit", "Trousse d’injection", "Injection kit", "injection", False),
        ("swab", "Tampon d’alcool", "Alcohol swab", "injection", False),
        ("stem", "Tige de verre", "Glass stem", "pipe", False),
        ("push_stick", "Poussoir", "Push stick", "smoking", False),
        ("lube", "Lubrifiant · sachet", "Lubricant · sachet", "sex", False),
        ("bin_4l", "Bac 4 L · à seringues", "Sharps bin 4 L", "bin", False),
        ("bin_8l", "Bac 8 L · à seringues", "Sharps bin 8 L", "bin", False),
        ("needle_any", "Seringue usagée", "Used syringe", "used", False),
    ],
    "return_method": [
        ("counted", "Comptées", "Counted"),
        ("weight", "Au poids", "By weight"),
        ("bin", "Au bac", "By bin"),
    ],
    "for_whom": [
        ("self", "Pour soi", "For self"),
        ("self_and_others", "Et pour d’autres", "And for others"),
        ("others", "Pour d’autres seulement", "For others only"),
    ],
    "location_kind": [
        ("counter", "Au comptoir", "At the counter"),
        ("room", "Dans la salle", "In the room"),
        ("outreach", "Tournée à pied", "Outreach on foot"),
        ("van", "Tournée en véhicule", "Van round"),
        ("delivery", "Livraison", "Delivery"),
        ("partner", "Remis à un partenaire", "Given to a partner"),
    ],
    "partner": [
        ("community", "Organisme communautaire", "Community organisation"),
        ("shelter", "Refuge", "Shelter"),
        ("pharmacy", "Pharmacie", "Pharmacy"),
        ("clinic", "Clinique ou CLSC", "Clinic"),
        ("hospital", "Hôpital ou urgence", "Hospital or emergency department"),
        ("housing", "Logement ou maison de chambres", "Housing or rooming house"),
        ("detention", "Établissement de détention", "Detention facility"),
        ("police_fire", "Police ou pompiers", "Police or fire"),
        ("other", "Autre", "Other"),
    ],
    "area": [
        ("doorstep", "Devant le site", "In front of the site"),
        ("near", "À moins de 200 m", "Within 200 m"),
        ("neighbourhood", "Dans le quartier", "In the neighbourhood"),
        ("park", "Parc ou place", "Park or square"),
        ("alley", "Ruelle ou stationnement", "Alley or parking lot"),
        ("transit", "Métro, gare, abribus", "Metro, station, bus shelter"),
        ("building", "Immeuble ou commerce", "Building or shop"),
        ("elsewhere", "Ailleurs", "Elsewhere"),
    ],
}  # fmt: skip


def seed(apps, schema_editor):
    CodeValue = apps.get_model("scs", "CodeValue")
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
        for name, rows in LISTS.items()
        for position, row in enumerate(rows)
    )


def unseed(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.filter(list__in=LISTS).delete()


class Migration(migrations.Migration):
    dependencies = [("scs", "0022_supplies")]

    operations = [migrations.RunPython(seed, unseed)]
