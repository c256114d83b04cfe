import django.contrib.postgres.fields
import django.db.models.deletion
import passerelles.core.clock
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0001_initial'),
        ('people', '0002_diagnosis'),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=passerelles.core.clock.now, editable=False, verbose_name='créé le')),
                ('code', models.CharField(max_length=60, verbose_name='élément')),
                ('value', models.JSONField(null=True, verbose_name='valeur')),
                ('as_of', models.DateField(verbose_name='vrai depuis le')),
                ('source', models.CharField(max_length=60, verbose_name='source')),
                ('by', models.UUIDField(null=True, verbose_name='saisi par')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='rang')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.organisation')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='people.person')),
            ],
            options={
                'verbose_name': 'élément de diagnostic',
                'ordering': ('person', 'code', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=passerelles.core.clock.now, editable=False, verbose_name='créé le')),
                ('made_on', models.DateField(verbose_name='décidée le')),
                ('kind', models.CharField(choices=[('agreed', 'Recommandation suivie'), ('overridden', 'Autre choix, motivé')], max_length=10, verbose_name='nature')),
                ('chosen', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='choix')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='motif')),
                ('recommended', models.JSONField(default=list, verbose_name='recommandation')),
                ('rules', models.JSONField(default=dict, verbose_name='versions des règles')),
                ('facts', models.JSONField(default=dict, verbose_name='faits utilisés')),
                ('territory', models.CharField(max_length=40, verbose_name='territoire')),
                ('by', models.UUIDField(null=True, verbose_name='décidée par')),
                ('role', models.CharField(blank=True, max_length=30, verbose_name='rôle')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='rang')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orientation_decisions', to='people.person')),
            ],
            options={
                'verbose_name': 'décision d’orientation',
                'ordering': ('person', '-number'),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'agreed'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='decision_override_has_a_reason'), models.UniqueConstraint(fields=('person', 'number'), name='decision_in_order')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='never_rewritten', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='377a4dc11a35ab703739509f981902fe5598d2f3', operation='UPDATE', pgid='pgtrigger_never_rewritten_2a185', table='orientation_decision', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['person', 'code', '-as_of', '-number'], name='statement_of_person'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('person', 'code', 'number'), name='statement_in_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statement',
            trigger=pgtrigger.compiler.Trigger(name='never_rewritten', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e3d0b89824a2497df35c691a7651dc650140a2c2', operation='UPDATE', pgid='pgtrigger_never_rewritten_9cafa', table='orientation_statement', when='BEFORE')),
        ),
    ]
