"""A decision can be undone; a creation in spite of a likeness keeps its reason."""

import django.db.models.deletion
import passerelles.core.clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("linkage", "0003_profiles"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="check",
            name="asked",
            field=models.JSONField(editable=False, null=True, verbose_name="question tranchée"),
        ),
        migrations.AlterField(
            model_name="check",
            name="result",
            field=models.CharField(
                choices=[
                    ("registered", "Connu"),
                    ("not_found", "Non trouvé"),
                    ("to_review", "À vérifier"),
                    ("ambiguous", "Ambigu"),
                ],
                max_length=12,
                verbose_name="résultat",
            ),
        ),
        migrations.CreateModel(
            name="CreatedAnyway",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(default=passerelles.core.clock.now, editable=False, verbose_name="créé le"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="motif")),
                ("alike", models.JSONField(default=list, verbose_name="personnes ressemblantes")),
                ("created_by", models.UUIDField(null=True, verbose_name="créée par")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="created_anyway", to="people.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "création malgré une ressemblance",
                "ordering": ("-created_at", "id"),
            },
        ),
    ]
