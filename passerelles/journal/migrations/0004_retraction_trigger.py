"""A fact that retracts another is checked by a trigger, not by a foreign key queued for every fact.

Facts never leave, so nothing has to be watched on the other side. Quick on any number of rows: nothing is scanned.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0003_parameter_kinds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fact',
            name='retracts',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.fact'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='retracts_a_fact', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."retracts_id" IS NOT NULL)', func="\n        IF NOT EXISTS (SELECT FROM journal_fact WHERE id = NEW.retracts_id) THEN\n          RAISE foreign_key_violation USING MESSAGE = 'no fact ' || NEW.retracts_id || ' to retract';\n        END IF;\n        RETURN NULL;\n    ", hash='9e30feae573658c4e0215ba1a55bb9283de1001a', operation='INSERT', pgid='pgtrigger_retracts_a_fact_83be6', table='journal_fact', when='AFTER')),
        ),
    ]
