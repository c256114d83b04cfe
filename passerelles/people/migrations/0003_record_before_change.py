"""The record as it was before each change is kept, so that no value is lost."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_diagnosis'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='person',
            name='update_update',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='replaced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "people_personevent" ("address", "birth_date", "birth_date_precision", "birth_name", "city", "commune_code", "created_at", "direction", "email", "family_name", "given_names", "id", "identity_key", "language", "motive", "nationality", "needs_interpreter", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "sex", "source") VALUES (OLD."address", OLD."birth_date", OLD."birth_date_precision", OLD."birth_name", OLD."city", OLD."commune_code", OLD."created_at", OLD."direction", OLD."email", OLD."family_name", OLD."given_names", OLD."id", OLD."identity_key", OLD."language", OLD."motive", OLD."nationality", OLD."needs_interpreter", _pgh_attach_context(), NOW(), \'replaced\', OLD."id", OLD."phone", OLD."postcode", OLD."sex", OLD."source"); RETURN NULL;', hash='1243ed76e08f2972a465aa8f88262b054ec10856', operation='UPDATE', pgid='pgtrigger_replaced_update_7c242', table='people_person', when='AFTER')),
        ),
    ]
