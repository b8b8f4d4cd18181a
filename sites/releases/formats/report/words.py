"""Sentences of the printed report, in both languages."""

FR = {
    "service": "Consommation supervisée",
    "kind": "Rapport anonymisé",
    "published": "publication du {day}",
    "other": "English version: page",
    "everywhere": "Toutes les régions",
    "together": "Ensemble",
    "no_whole": "Chiffres publiés le {day}",
    "empty": "Aucun chiffre n’était dû pour cette publication.",
    "on": {
        "day": "Le {day}", "week": "Du {first} au {last}", "month": "En {month}",
        "quarter": "Au {quarter}", "year": "En {year}",
    },
    "visits": " visites",
    "at": {1: " dans un site", 0: " dans {n} sites"},
    "about": "environ {value}",
    "zero": "de 0 à {upper}",
    "span": "de {lower} à {upper}",
    "short_span": "{lower} à {upper}",
    "true_count": "Vrai compte : {span}",
    "reversals": (" surdoses présumées", " y ont été prises en charge."),
    "how": "Comment lire ces chiffres",
    "by": {
        "day": "{label} · par jour", "week": "{label} · par semaine", "month": "{label} · par mois",
        "quarter": "{label} · par trimestre", "year": "{label} · par année",
    },
    "last": {
        "day": "{n} derniers jours publiés", "week": "{n} dernières semaines publiées",
        "month": "{n} derniers mois publiés", "quarter": "{n} derniers trimestres publiés",
        "year": "{n} dernières années publiées",
    },
    "band": "zone pâle : où se trouve le vrai compte",
    "whisker": "le trait marque où se trouve le vrai compte",
    "alt": "{title}, {place} : {first} au début, {latest} à la fin; au moins {least}, au plus {most}.",
    "regions": "Par région",
    "tables": "Ce que cette publication apporte",
    "tables_note": (
        "Chaque chiffre arrondi est suivi de l’intervalle où se trouve le vrai compte, puis des heures "
        "d’ouverture prévues de la période."
    ),
    "all_rows": (
        "Les tableaux montrent le plus récent de chaque sorte; les {n} chiffres sont dans release.csv."
    ),
    "of_definition": "{code} · définition, version {version} · unité : {unit} · arrondi à {base}",
    "place": "Lieu",
    "annex": "Annexe : par site",
    "in_annex": "Les chiffres de chaque site sont en annexe, à la fin.",
    "points": "Les points de la courbe",
    "period": "Période",
    "figure": "Chiffre",
    "range": "Vrai compte",
    "hours": "Heures prévues",
    "late": "Saisies tardives",
    "late_note": (
        "Ce qui a été saisi ou corrigé une fois sa période scellée, une fois par année; dans aucun total."
    ),
    "opening": "Heures d’ouverture prévues, {day}",
    "opening_note": "Selon l’horaire affiché, à l’heure du site; jamais d’après ce qui s’est passé.",
    "from_to": "de {opens} à {closes}",
    "closed": "fermé",
    "clock": "{h} h {m:02d}", "on_the_hour": "{h} h",
    "method": "Méthode",
    "checks": "Vérification",
    "gate": {
        "passed": (
            "Contrôle avant scellement : {cells} chiffres de base; dans chacun, le vrai compte garde un "
            "intervalle d’au moins {width}."
        ),
        "not judged": "Contrôle avant scellement : aucun résultat gardé.",
    },
    "stopped": "Arrêtés jusqu’au prochain plan : {stops}.",
    "plan": "Plan de publication : {plans}. Horloge : jours de service.",
    "residual": "Risque qui reste : {risk}",
    "files": (
        "Les {n} chiffres de la publication {release} sont dans release.csv, dont voici l’empreinte SHA-256; "
        "manifest.json donne celle de chaque fichier."
    ),
    "emergency": "En cas de surdose : composer le 911, donner de la naloxone, rester avec la personne.",
    "release": "Publication",
    "page": "page",
}  # fmt: skip
EN = {
    "service": "Supervised consumption",
    "kind": "Anonymized report",
    "published": "released {day}",
    "other": "Version française : page",
    "everywhere": "All regions",
    "together": "Together",
    "no_whole": "Figures released {day}",
    "empty": "No figure was due for this release.",
    "on": {
        "day": "On {day}", "week": "From {first} to {last}", "month": "In {month}",
        "quarter": "In the {quarter}", "year": "In {year}",
    },
    "visits": " visits",
    "at": {1: " at one site", 0: " at {n} sites"},
    "about": "about {value}",
    "zero": "0 to {upper}",
    "span": "{lower} to {upper}",
    "short_span": "{lower} to {upper}",
    "true_count": "True count: {span}",
    "reversals": (" suspected overdoses", " were reversed there."),
    "how": "How to read these figures",
    "by": {
        "day": "{label} · by day", "week": "{label} · by week", "month": "{label} · by month",
        "quarter": "{label} · by quarter", "year": "{label} · by year",
    },
    "last": {
        "day": "last {n} published days", "week": "last {n} published weeks",
        "month": "last {n} published months", "quarter": "last {n} published quarters",
        "year": "last {n} published years",
    },
    "band": "pale band: where the true count is",
    "whisker": "the line marks where the true count is",
    "alt": "{title}, {place}: {first} at the start, {latest} at the end; at least {least}, at most {most}.",
    "regions": "By region",
    "tables": "What this release brings",
    "tables_note": (
        "Each rounded figure is followed by the range where the true count is, then by the planned opening "
        "hours of the period."
    ),
    "all_rows": (
        "The tables show the newest of each kind; all {n} figures are in release.csv."
    ),
    "of_definition": "{code} · definition, version {version} · unit: {unit} · rounded to {base}",
    "place": "Place",
    "annex": "Annex: by site",
    "in_annex": "The figures of each site are in the annex at the end.",
    "points": "The points of the line",
    "period": "Period",
    "figure": "Figure",
    "range": "True count",
    "hours": "Planned hours",
    "late": "Late records",
    "late_note": "What was entered or corrected after its period was sealed, once a year; in no total.",
    "opening": "Planned opening hours, {day}",
    "opening_note": "From the posted calendar, on the site’s own clock; never from what happened.",
    "from_to": "{opens} to {closes}",
    "closed": "closed",
    "clock": "{h}:{m:02d}", "on_the_hour": "{h}:{m:02d}",
    "method": "Method",
    "checks": "Verification",
    "gate": {
        "passed": (
            "Check before sealing: {cells} base figures; in each, the true count keeps a range of at least "
            "{width}."
        ),
        "not judged": "Check before sealing: no result was kept.",
    },
    "stopped": "Stopped until the next plan: {stops}.",
    "plan": "Publication plan: {plans}. Clock: service days.",
    "residual": "Risk that remains: {risk}",
    "files": (
        "The {n} figures of release {release} are in release.csv, whose SHA-256 stands below; manifest.json "
        "gives that of every file."
    ),
    "emergency": "In an overdose: call 911, give naloxone, stay with the person.",
    "release": "Release",
    "page": "page",
}  # fmt: skip
WORDS = {"fr": FR, "en": EN}
