import django.db.models.deletion
from django.db import migrations, models

# (code, French, English, route, doses a unit)
KITS = [
    ("kit-nasal", "Trousse nasale (2 × 4 mg)", "Nasal kit (2 × 4 mg)", "in", 2),
    ("kit-injectable", "Trousse injectable (2 × 0,4 mg)", "Injectable kit (2 × 0.4 mg)", "im", 2),
]
LISTS = {
    "kit_kind": [("nasal", "Nasale", "Nasal"), ("injectable", "Injectable", "Injectable")],
    "kit_form": [("kit", "Trousse", "Kit"), ("single", "Dose seule", "Single dose")],
    # Why someone comes for naloxone (Ontario's naloxone report: reason for resupply).
    "resupply_reason": [
        ("first", "Première trousse", "First kit"),
        ("used", "Utilisée", "Used"),
        ("expired", "Expirée", "Expired"),
        ("lost", "Perdue", "Lost"),
        ("stolen", "Volée", "Stolen"),
        ("given_away", "Donnée à quelqu’un", "Given to someone"),
        ("seized", "Confisquée", "Seized"),
        ("other", "Autre", "Other"),
    ],
    "kit_recipient": [
        ("uses_drugs", "Personne qui consomme", "Person who uses drugs"),
        ("close_one", "Proche", "Friend or relative"),
        ("worker", "Intervenante ou intervenant", "Worker"),
        ("partner", "Organisme partenaire", "Partner agency"),
        ("public", "Grand public", "General public"),
    ],
    "survived": [("yes", "En vie", "Alive"), ("no", "Décès", "Died"), ("unknown", "Ne sait pas", "Unknown")],
    "used_place": [
        ("home", "Dans un logement", "In a home"),
        ("street", "Dans la rue ou un parc", "Street or park"),
        ("shelter", "Dans un refuge", "In a shelter"),
        ("other", "Ailleurs", "Elsewhere"),
        ("unknown", "Ne sait pas", "Unknown"),
    ],
    "count_reason": [
        ("not_recorded", "Sortie ou entrée non notée", "Movement not recorded"),
        ("counted_wrong", "Compte précédent inexact", "Earlier count was wrong"),
        ("broken", "Brisé ou perdu", "Broken or lost"),
        ("theft", "Vol possible", "Possible theft"),
        ("not_found", "Non expliqué", "Not explained"),
    ],
}


def seed(apps, schema_editor):
    CodeValue, Product = apps.get_model("scs", "CodeValue"), apps.get_model("scs", "Product")
    CodeValue.objects.bulk_create(
        CodeValue(list=name, code=code, label_fr=fr, label_en=en, common=True, position=position)
        for name, rows in LISTS.items()
        for position, (code, fr, en) in enumerate(rows)
    )
    Product.objects.bulk_create(
        Product(code=code, name_fr=fr, name_en=en, kind="kit", route=route, doses=doses)
        for code, fr, en, route, doses in KITS
    )


def unseed(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.filter(list__in=LISTS).delete()
    apps.get_model("scs", "Product").objects.filter(kind="kit").delete()



class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0016_push'),
    ]

    operations = [
        migrations.CreateModel(
            name='InTransit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transfer', models.UUIDField()),
                ('outgoing', models.BooleanField()),
                ('record_id', models.UUIDField()),
                ('what', models.CharField(choices=[('sent', 'Sent'), ('arrived', 'Arrived'), ('lost', 'Lost')], max_length=7)),
                ('stock', models.CharField(choices=[('clinical', 'usage clinique'), ('take_home', 'à emporter')], max_length=9)),
                ('lot_code', models.CharField(blank=True, max_length=40)),
                ('expiry', models.DateField(null=True)),
                ('units', models.IntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='KitComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('batch_ref', models.UUIDField()),
                ('lot_ref', models.UUIDField()),
                ('units', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='KitGiven',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('service_date', models.DateField()),
                ('kit_kind', models.CharField(max_length=12)),
                ('form', models.CharField(max_length=8)),
                ('count', models.PositiveIntegerField()),
                ('doses', models.PositiveIntegerField()),
                ('trained', models.PositiveIntegerField(default=0)),
                ('resupply_reason', models.CharField(blank=True, max_length=20)),
                ('recipient', models.CharField(blank=True, max_length=20)),
                ('lot_ref', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='KitUsed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_id', models.UUIDField()),
                ('service_date', models.DateField()),
                ('kit_kind', models.CharField(blank=True, max_length=12)),
                ('doses', models.PositiveSmallIntegerField(default=0)),
                ('survived', models.CharField(max_length=8)),
                ('place', models.CharField(blank=True, max_length=20)),
                ('ems_called', models.CharField(blank=True, max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='ShelfRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stock', models.CharField(choices=[('clinical', 'usage clinique'), ('take_home', 'à emporter')], max_length=9)),
                ('minimum', models.PositiveIntegerField()),
                ('tolerance', models.PositiveIntegerField()),
            ],
        ),
        migrations.AlterModelOptions(
            name='product',
            options={'ordering': ['kind', '-strength_mg', 'code']},
        ),
        migrations.AddField(
            model_name='lot',
            name='serial_from',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='lot',
            name='serial_to',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='lot',
            name='stock',
            field=models.CharField(choices=[('clinical', 'usage clinique'), ('take_home', 'à emporter')], default='clinical', max_length=9),
        ),
        migrations.AddField(
            model_name='product',
            name='doses',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='product',
            name='kind',
            field=models.CharField(choices=[('naloxone', 'naloxone'), ('kit', 'trousse'), ('supply', 'matériel')], default='naloxone', max_length=8),
        ),
        migrations.AlterField(
            model_name='lot',
            name='expiry',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='lot',
            name='lot_code',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='product',
            name='route',
            field=models.CharField(blank=True, max_length=4),
        ),
        migrations.AlterField(
            model_name='product',
            name='strength_mg',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=6),
        ),
        migrations.AlterField(
            model_name='stockmovement',
            name='move',
            field=models.CharField(choices=[('received', 'reçu'), ('administered', 'administré'), ('kit_given', 'trousse remise'), ('single_given', 'dose remise'), ('wasted', 'perdu ou gaspillé'), ('misfire', 'raté'), ('expired', 'expiré, retiré'), ('transferred', 'transféré'), ('returned', 'rapporté'), ('adjusted', 'ajusté'), ('recalled', 'rappelé, retiré'), ('assembled', 'mis en trousse'), ('given', 'remis')], max_length=14),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['site', 'service_date'], name='movement_day'),
        ),
        migrations.AddField(
            model_name='intransit',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.AddField(
            model_name='intransit',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.product'),
        ),
        migrations.AddField(
            model_name='intransit',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.AddField(
            model_name='kitcomponent',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.AddField(
            model_name='kitgiven',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.AddField(
            model_name='kitused',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.AddField(
            model_name='shelfrule',
            name='product',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.product'),
        ),
        migrations.AddField(
            model_name='shelfrule',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.AddIndex(
            model_name='intransit',
            index=models.Index(fields=['site', 'transfer'], name='transit_transfer'),
        ),
        migrations.AddIndex(
            model_name='kitcomponent',
            index=models.Index(fields=['site', 'batch_ref'], name='component_batch'),
        ),
        migrations.AddIndex(
            model_name='kitcomponent',
            index=models.Index(fields=['site', 'lot_ref'], name='component_lot'),
        ),
        migrations.AddIndex(
            model_name='kitgiven',
            index=models.Index(fields=['site', 'service_date'], name='kit_given_day'),
        ),
        migrations.AddIndex(
            model_name='kitgiven',
            index=models.Index(fields=['site', 'record_id'], name='kit_given_record'),
        ),
        migrations.AddIndex(
            model_name='kitgiven',
            index=models.Index(fields=['site', 'lot_ref'], name='kit_given_lot'),
        ),
        migrations.AddIndex(
            model_name='kitused',
            index=models.Index(fields=['site', 'service_date'], name='kit_used_day'),
        ),
        migrations.AddIndex(
            model_name='kitused',
            index=models.Index(fields=['site', 'record_id'], name='kit_used_record'),
        ),
        migrations.AddConstraint(
            model_name='shelfrule',
            constraint=models.UniqueConstraint(fields=('site', 'product', 'stock'), name='one_rule_a_shelf'),
        ),
        migrations.RunPython(seed, unseed),
    ]
