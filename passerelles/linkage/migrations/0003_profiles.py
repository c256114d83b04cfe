"""Prepared records, and triggers that say which profiles no longer say what the person's record says.

Statement triggers with transition tables: one insertion for a COPY of 5,000 persons. What was loaded before is
prepared again at the first comparison (`model` is empty).
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

TEXTS = {
    "family": 120, "birth": 120, "given": 160, "first": 160, "born": 10, "born_md": 5, "born_dm": 5, "born_year": 4,
    "sex": 1, "country": 60, "postcode": 5, "department": 3, "city": 120, "address": 300, "email": 32, "phone": 32,
    "agdref": 32, "nir": 32, "ft": 32, "model": 40,
}
TOKENS = ("family_tokens", "given_tokens")
KEYS = ("family_keys", "birth_keys", "given_keys", "first_keys", "blocks")
BITS = ("family_bits", "first_bits", "country_bits")


def text(length):
    return models.CharField(blank=True, default="", editable=False, max_length=length)


def array(field):
    return django.contrib.postgres.fields.ArrayField(
        base_field=field, blank=True, default=list, editable=False, size=None
    )


def prepared():
    columns = {name: text(length) for name, length in TEXTS.items()}
    columns |= {name: array(models.TextField()) for name in TOKENS}
    columns |= {name: array(models.BigIntegerField()) for name in KEYS}
    columns |= {name: models.FloatField(default=0, editable=False) for name in BITS}
    columns["estimated"] = models.BooleanField(default=False, editable=False)
    return columns


COMPARED = "family_name birth_name given_names birth_date birth_date_precision sex nationality postcode city address email phone"

TRIGGERS = f"""
CREATE FUNCTION linkage_person_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO linkage_stale SELECT id FROM new_rows ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER linkage_person_new AFTER INSERT ON people_person
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION linkage_person_new();

CREATE FUNCTION linkage_person_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO linkage_stale SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
    WHERE ({", ".join(f"n.{c}" for c in COMPARED.split())}) IS DISTINCT FROM ({", ".join(f"o.{c}" for c in COMPARED.split())})
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER linkage_person_changed AFTER UPDATE ON people_person
  REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION linkage_person_changed();

CREATE FUNCTION linkage_identifier_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO linkage_stale SELECT person_id FROM new_rows ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER linkage_identifier_new AFTER INSERT ON people_identifier
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION linkage_identifier_new();

CREATE FUNCTION linkage_identifier_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO linkage_stale SELECT o.person_id FROM old_rows o JOIN people_person p ON p.id = o.person_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER linkage_identifier_gone AFTER DELETE ON people_identifier
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION linkage_identifier_gone();

INSERT INTO linkage_stale SELECT id FROM people_person ON CONFLICT DO NOTHING;
"""
UNDO = """
DROP TRIGGER linkage_person_new ON people_person;
DROP TRIGGER linkage_person_changed ON people_person;
DROP TRIGGER linkage_identifier_new ON people_identifier;
DROP TRIGGER linkage_identifier_gone ON people_identifier;
DROP FUNCTION linkage_person_new();
DROP FUNCTION linkage_person_changed();
DROP FUNCTION linkage_identifier_new();
DROP FUNCTION linkage_identifier_gone();
"""
KEEP_HASHES = """
UPDATE linkage_externalrecord SET
  agdref = coalesce(encode(agdref_hash, 'hex'), ''),
  nir = coalesce(encode(nir_hash, 'hex'), ''),
  ft = coalesce(encode(ft_hash, 'hex'), '')
"""


class Migration(migrations.Migration):
    dependencies = [("linkage", "0002_initial"), ("people", "0001_initial")]

    operations = [
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="Stale",
            fields=[("person_id", models.UUIDField(primary_key=True, serialize=False))],
            options={"ordering": ("person_id",)},
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                *prepared().items(),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="people.person",
                    ),
                ),
            ],
            options={"verbose_name": "profil de rapprochement", "ordering": ("person",)},
        ),
        *(
            migrations.RemoveIndex("externalrecord", name)
            for name in ("record_agdref", "record_nir", "record_ft", "record_birth", "record_names")
        ),
        *(
            migrations.AddField("externalrecord", name, field)
            for name, field in prepared().items()
            if name != "sex"
        ),
        migrations.AlterField("externalrecord", "sex", text(1)),
        migrations.RunSQL(KEEP_HASHES, migrations.RunSQL.noop),
        *(
            migrations.RemoveField("externalrecord", name)
            for name in ("agdref_hash", "nir_hash", "ft_hash", "family_key", "given_key")
        ),
        migrations.AddIndex(
            "profile",
            django.contrib.postgres.indexes.GinIndex(fields=["blocks"], name="profile_blocks", fastupdate=False),
        ),
        migrations.AddIndex(
            "externalrecord",
            django.contrib.postgres.indexes.GinIndex(fields=["blocks"], name="record_blocks", fastupdate=False),
        ),
        migrations.AddIndex("externalrecord", models.Index(fields=["model"], name="record_model")),
        migrations.AddField("check", "bits", models.FloatField("poids", editable=False, null=True)),
        migrations.AlterField("check", "reason", models.CharField("motif", max_length=700)),
        migrations.AlterField(
            "check",
            "result",
            models.CharField(
                "résultat",
                max_length=12,
                choices=[
                    ("registered", "Connu"),
                    ("not_found", "Non trouvé"),
                    ("to_review", "À vérifier"),
                    ("ambiguous", "Ambigu : plusieurs lignes"),
                ],
            ),
        ),
        migrations.RemoveIndex("check", "check_to_review"),
        migrations.AddIndex(
            "check",
            models.Index(
                condition=models.Q(("result__in", ["to_review", "ambiguous"])),
                fields=["result"],
                name="check_to_review",
            ),
        ),
        migrations.RunSQL(TRIGGERS, UNDO),
    ]
