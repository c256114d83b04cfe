"""More of a prepared record weighs by its rarity; a NIR known for definitive; pairs between two DTs.

Profiles carry the version of their model: those prepared before are prepared again before they are compared.
"""

from django.db import migrations, models

BITS = tuple(f"{name}_bits" for name in "family_keys first_keys postcode department address names names_keys".split())


def prepared():
    columns = {name: models.FloatField(default=0, editable=False) for name in BITS}
    columns["born_next"] = models.CharField(blank=True, default="", editable=False, max_length=4)
    columns["nir_unsettled"] = models.BooleanField(default=True, editable=False)
    return columns


class Migration(migrations.Migration):
    dependencies = [("linkage", "0005_identities")]

    operations = [
        *(migrations.RemoveField(table, "country_bits") for table in ("profile", "externalrecord")),
        *(
            migrations.AddField(table, name, field)
            for table in ("profile", "externalrecord")
            for name, field in prepared().items()
        ),
        migrations.AddField(
            "pairdecision",
            "direction",
            models.CharField("pour la direction territoriale", max_length=40, blank=True, default=""),
            preserve_default=False,
        ),
    ]
