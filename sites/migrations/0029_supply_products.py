from django.db import migrations

from harmreduction.pg.scope import acting

KIND = "supply"


def seed(apps, schema_editor):
    """Every item that may be handed out may also be kept in stock, under the same code."""
    CodeValue, Product = apps.get_model("scs", "CodeValue"), apps.get_model("scs", "Product")
    # Some stayed when this was taken back.
    known = Product.objects.values_list("code", flat=True)
    items = CodeValue.objects.filter(list="supply").exclude(group="used").exclude(code__in=list(known))
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
    """A product that a lot, a shelf or a transfer names stays: what was received is not forgotten."""
    models = [apps.get_model("scs", name) for name in ("Lot", "ShelfRule", "InTransit")]
    with acting(sites=apps.get_model("scs", "Site").objects.values_list("pk", flat=True)):
        named = {pk for model in models for pk in model.objects.values_list("product_id", flat=True)}
    apps.get_model("scs", "Product").objects.filter(kind=KIND).exclude(pk__in=named).delete()


class Migration(migrations.Migration):
    dependencies = [("scs", "0028_shifts")]

    operations = [migrations.RunPython(seed, unseed)]
