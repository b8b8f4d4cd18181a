from django.db import migrations

KIND = "supply"


def seed(apps, schema_editor):
    """Every item that may be handed out may also be kept in stock, under the same code."""
    CodeValue, Product = apps.get_model("scs", "CodeValue"), apps.get_model("scs", "Product")
    items = CodeValue.objects.filter(list="supply").exclude(group="used")
    Product.objects.bulk_create(
        Product(
            code=item.code,
            kind=KIND,
            name_fr=item.label_fr.replace(" · ", ", "),
            name_en=item.label_en.replace(" · ", ", "),
        )
        for item in items
    )


def unseed(apps, schema_editor):
    apps.get_model("scs", "Product").objects.filter(kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [("scs", "0028_shifts")]

    operations = [migrations.RunPython(seed, unseed)]
