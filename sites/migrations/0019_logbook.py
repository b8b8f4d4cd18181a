import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# (list, [(code, French, English, group, common)]); sources: shared brief, domain.md §2.1, §7.2, §7.4.
LISTS = {
    "service": [
        ("nursing", "Soins infirmiers", "Nursing care", "", True),
        ("wound", "Soins de plaie", "Wound care", "", True),
        ("stbbi_test", "Dépistage ITSS", "STBBI testing", "", True),
        ("vaccination", "Vaccination", "Vaccination", "", True),
        ("hcv_care", "Soins de l’hépatite C", "Hepatitis C care", "", True),
        ("oat", "Traitement par agonistes opioïdes", "Opioid agonist treatment", "", True),
        ("detox", "Sevrage ou réadaptation", "Detox or rehab", "", True),
        ("mental_health", "Santé mentale", "Mental health", "", True),
        ("primary_care", "Médecin, première ligne", "Primary care", "", True),
        ("housing", "Logement", "Housing", "", True),
        ("shelter", "Hébergement", "Shelter", "", True),
        ("food_shower", "Nourriture, douche", "Food, shower", "", True),
        ("safer_supply", "Approvisionnement plus sûr", "Safer supply", "", False),
        ("naloxone_training", "Formation à la naloxone", "Naloxone training", "", False),
        ("drug_checking", "Analyse de substances", "Drug checking", "", False),
        ("legal", "Aide juridique", "Legal help", "", False),
        ("id_papers", "Papiers d’identité", "ID papers", "", False),
        ("income", "Revenu", "Income", "", False),
        ("transport", "Accompagnement, transport", "Accompaniment, transport", "", False),
        ("other", "Autre", "Other", "", False),
    ],
    "placement": [
        ("in_scs", "Donné ici, dans le service", "Given here, in the service", "", True),
        ("connected_onsite", "Référence, sur place", "Referral, on site", "", True),
        ("offsite", "Référence, ailleurs", "Referral, off site", "", True),
    ],
    "service_detail": [
        ("test_hiv", "Test VIH", "HIV test", "stbbi_test", True),
        ("test_hcv", "Test hépatite C", "Hepatitis C test", "stbbi_test", True),
        ("test_hbv", "Test hépatite B", "Hepatitis B test", "stbbi_test", True),
        ("test_syphilis", "Test syphilis", "Syphilis test", "stbbi_test", True),
        ("test_ct_ng", "Test chlamydia et gonorrhée", "Chlamydia and gonorrhoea test", "stbbi_test", True),
        ("test_other", "Autre dépistage", "Other test", "stbbi_test", True),
        ("vaccine_hav", "Vaccin hépatite A", "Hepatitis A vaccine", "vaccination", True),
        ("vaccine_hbv", "Vaccin hépatite B", "Hepatitis B vaccine", "vaccination", True),
        ("vaccine_flu", "Vaccin grippe", "Flu vaccine", "vaccination", True),
        ("vaccine_covid", "Vaccin COVID-19", "COVID-19 vaccine", "vaccination", True),
        ("vaccine_mpox", "Vaccin mpox", "Mpox vaccine", "vaccination", True),
        ("vaccine_pneumo", "Vaccin pneumocoque", "Pneumococcal vaccine", "vaccination", True),
        ("vaccine_other", "Autre vaccin", "Other vaccine", "vaccination", True),
    ],
    "check_method": [
        ("strip_fentanyl", "Bandelette fentanyl", "Fentanyl strip", "strip", True),
        ("strip_benzodiazepine", "Bandelette benzo", "Benzo strip", "strip", True),
        ("strip_nitazene", "Bandelette nitazènes", "Nitazene strip", "strip", True),
        ("strip_xylazine", "Bandelette xylazine", "Xylazine strip", "strip", True),
        ("strip_medetomidine", "Bandelette médétomidine", "Medetomidine strip", "strip", True),
        ("ftir", "Infrarouge (FTIR)", "Infrared (FTIR)", "instrument", True),
        ("spectrometer", "Autre spectromètre", "Other spectrometer", "instrument", True),
        ("reagent", "Réactif", "Reagent", "reagent", True),
        ("lab", "Laboratoire", "Laboratory", "lab", True),
    ],
    "adulterant": [
        ("caffeine", "Caféine", "Caffeine", "", True),
        ("acetaminophen", "Acétaminophène", "Acetaminophen", "", True),
        ("phenacetin", "Phénacétine", "Phenacetin", "", True),
        ("levamisole", "Lévamisole", "Levamisole", "", True),
        ("local_anaesthetic", "Anesthésique local", "Local anaesthetic", "", True),
        ("sugar", "Sucre ou autre poudre", "Sugar or other filler", "", True),
        ("unidentified", "Quelque chose de non identifié", "Something unidentified", "", True),
    ],
    "sample_outcome": [
        ("returned", "Rendu à la personne", "Given back to the person", "", True),
        ("destroyed", "Détruit ici", "Destroyed here", "", True),
        ("used_up", "Utilisé par l’analyse", "Used up by the test", "", True),
        ("sent_lab", "Envoyé au laboratoire", "Sent to the laboratory", "", True),
    ],
    "breach": [
        ("violence", "Violence", "Violence", "", True),
        ("threats", "Menaces", "Threats", "", True),
        ("insults", "Insultes, propos haineux", "Insults, hateful words", "", True),
        ("dealing", "Vente ou échange de substances", "Selling or trading substances", "", True),
        ("not_allowed_use", "Consommation hors des places", "Use outside the booths", "", True),
        ("sharing", "Partage ou aide non permis", "Sharing or help that is not allowed", "", True),
        ("weapon", "Arme", "Weapon", "", True),
        ("theft", "Vol", "Theft", "", True),
        ("damage", "Bris", "Damage", "", True),
        ("picture", "Photo ou vidéo", "Photo or video", "", True),
        ("instructions", "Consignes non suivies", "Instructions not followed", "", True),
        ("other", "Autre", "Other", "", True),
    ],
    "breach_action": [
        ("verbal", "Rappel verbal", "Spoken reminder", "", True),
        ("agreement", "Entente avec la personne", "Agreement with the person", "", True),
        ("leave_today", "Quitter pour aujourd’hui", "Leave for today", "", True),
        ("suspended", "Suspension", "Suspension", "", True),
        ("none", "Aucune mesure", "No measure", "", True),
    ],
    "decided_by": [
        ("team", "Équipe sur place", "Team on site", "", True),
        ("shift_lead", "Responsable de quart", "Shift lead", "", True),
        ("manager", "Gestionnaire", "Manager", "", True),
        ("committee", "Comité", "Committee", "", True),
    ],
    "incident": [
        ("violence", "Violence", "Violence", "", True),
        ("needlestick", "Piqûre accidentelle, exposition", "Needlestick, exposure", "", True),
        ("injury", "Blessure ou chute", "Injury or fall", "", True),
        ("fire", "Feu ou fumée", "Fire or smoke", "", True),
        ("flood", "Inondation", "Flood", "", True),
        ("death", "Décès, sans surdose notée", "Death, with no overdose recorded", "", True),
        ("loss", "Perte ou vol de substances", "Loss or theft of substances", "", True),
        ("theft", "Vol ou effraction", "Theft or break-in", "", True),
        ("weapon", "Arme trouvée", "Weapon found", "", True),
        ("outage", "Panne (courant, ventilation, réseau)", "Outage (power, ventilation, network)", "", True),
        ("neighbourhood", "Plainte du voisinage", "Complaint from neighbours", "", True),
        ("other", "Autre", "Other", "", True),
    ],
    "authority": [
        ("health_canada", "Santé Canada", "Health Canada", "", True),
        ("ministry", "Ministère", "Ministry", "", True),
        ("public_health", "Santé publique", "Public health", "", True),
        ("workplace_safety", "Santé et sécurité au travail", "Workplace safety board", "", True),
        ("coroner", "Coroner", "Coroner", "", True),
        ("police", "Police", "Police", "", True),
        ("fire_service", "Service des incendies", "Fire service", "", True),
        ("organisation", "Direction de l’organisme", "Management", "", True),
        ("other", "Autre", "Other", "", True),
    ],
    "left_step": [
        ("found", "Trouvée", "Found", "", True),
        ("sealed", "Scellée", "Sealed", "", True),
        ("stored", "Rangée", "Stored", "", True),
        ("handed_over", "Remise", "Handed over", "", True),
        ("destroyed", "Détruite", "Destroyed", "", True),
    ],
}  # fmt: skip


def seed(apps, schema_editor):
    CodeValue = apps.get_model("scs", "CodeValue")
    CodeValue.objects.bulk_create(
        CodeValue(list=name, code=code, label_fr=fr, label_en=en, group=group, common=common, position=position)
        for name, rows in LISTS.items()
        for position, (code, fr, en, group, common) in enumerate(rows)
    )


def unseed(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.filter(list__in=LISTS).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0018_counting_in_full'),
    ]

    operations = [
        migrations.AddField(
            model_name='overdoseevent',
            name='believed',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None),
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('service_date', models.DateField()),
                ('code', models.CharField(max_length=40)),
                ('action', models.CharField(max_length=40)),
                ('until', models.DateField(null=True)),
                ('review_at', models.DateField(null=True)),
                ('appeal', models.BooleanField(null=True)),
                ('visit_ref', models.UUIDField(null=True)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='breaches', to='scs.client')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'service_date'], name='breach_day'), models.Index(condition=models.Q(('until__isnull', False)), fields=['site', 'until'], name='breach_until')],
                'constraints': [models.UniqueConstraint(fields=('site', 'record_id'), name='one_breach_a_record'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'suspended'), _negated=True), ('until__isnull', False), _connector='OR'), name='a_suspension_ends')],
            },
        ),
        migrations.CreateModel(
            name='DrugCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('service_date', models.DateField()),
                ('sample_id', models.CharField(blank=True, max_length=40)),
                ('method', models.CharField(max_length=40)),
                ('expected', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('detected', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('also_detected', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('unexpected', models.BooleanField(null=True)),
                ('sample', models.CharField(blank=True, max_length=40)),
                ('turnaround_min', models.PositiveIntegerField(null=True)),
                ('visit_ref', models.UUIDField(null=True)),
                ('event_ref', models.UUIDField(null=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'service_date'], name='check_day'), models.Index(fields=['site', 'visit_ref'], name='check_visit')],
                'constraints': [models.UniqueConstraint(fields=('site', 'record_id'), name='one_check_a_record')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('service_date', models.DateField()),
                ('kind', models.CharField(max_length=40)),
                ('location', models.CharField(blank=True, max_length=40)),
                ('notified_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'service_date'], name='incident_day'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['site', 'at'], name='incident_open')],
                'constraints': [models.UniqueConstraint(fields=('site', 'ref'), name='one_incident_a_ref')],
            },
        ),
        migrations.CreateModel(
            name='IncidentDeadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('hours', models.PositiveSmallIntegerField()),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'kind'), name='one_deadline_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='LeftBehind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField()),
                ('found_at', models.DateTimeField()),
                ('service_date', models.DateField()),
                ('place', models.CharField(max_length=60)),
                ('seal_no', models.CharField(blank=True, max_length=40)),
                ('storage', models.CharField(blank=True, max_length=60)),
                ('step', models.CharField(max_length=20)),
                ('since', models.DateTimeField()),
                ('signed', models.BooleanField()),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'found_at'], name='left_found')],
                'constraints': [models.UniqueConstraint(fields=('site', 'ref'), name='one_left_a_ref')],
            },
        ),
        migrations.CreateModel(
            name='ServiceGiven',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('service_date', models.DateField()),
                ('kind', models.CharField(max_length=40)),
                ('placement', models.CharField(max_length=20)),
                ('details', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('accepted', models.BooleanField(null=True)),
                ('completed', models.BooleanField(null=True)),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('visit_ref', models.UUIDField(null=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', 'service_date'], name='service_day'), models.Index(fields=['site', 'visit_ref'], name='service_visit')],
                'constraints': [models.UniqueConstraint(fields=('site', 'record_id'), name='one_service_a_record')],
            },
        ),
        migrations.RunPython(seed, unseed),
    ]
