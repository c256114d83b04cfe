"""Records of one person share an identity; pairs of records and their history; second readers; monthly accounts."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import passerelles.core.clock
import passerelles.linkage.arrays
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('linkage', '0004_decisions_undone'),
        ('people', '0003_record_before_change'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdentityMember',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='identity', serialize=False, to='people.person')),
                ('identity', models.UUIDField(db_index=True, verbose_name='identité')),
                ('since', models.DateTimeField(default=passerelles.core.clock.now, verbose_name='depuis le')),
            ],
            options={
                'verbose_name': 'fiche reliée',
                'ordering': ('identity', 'person'),
            },
        ),
        migrations.CreateModel(
            name='MonthlyWorth',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=passerelles.core.clock.now, editable=False, verbose_name='créé le')),
                ('month', models.DateField(verbose_name='mois')),
                ('direction', models.CharField(max_length=40, verbose_name='direction territoriale')),
                ('model', models.CharField(max_length=40, verbose_name='modèle')),
                ('content', models.JSONField(default=dict, verbose_name='contenu')),
            ],
            options={
                'verbose_name': 'bilan mensuel du rapprochement',
                'ordering': ('-month', 'direction', 'id'),
            },
        ),
        migrations.CreateModel(
            name='PairDecision',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=passerelles.core.clock.now, verbose_name='le')),
                ('verb', models.CharField(choices=[('proposed', 'A répondu « même personne » et demandé un second avis'), ('linked', 'A relié les deux fiches'), ('refused', 'A répondu « personnes différentes »'), ('unlinked', 'A délié les deux fiches'), ('reopened', 'A posé la question de nouveau')], max_length=8, verbose_name='geste')),
                ('decided_by', models.UUIDField(null=True, verbose_name='par')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='pourquoi')),
            ],
            options={
                'verbose_name': 'décision sur une paire',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='PersonPair',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=passerelles.core.clock.now, editable=False, verbose_name='créé le')),
                ('state', models.CharField(choices=[('waiting', 'À trancher'), ('second', 'Second avis attendu'), ('same', 'Même personne'), ('different', 'Personnes différentes')], default='waiting', max_length=9, verbose_name='état')),
                ('bits', models.FloatField(editable=False, verbose_name='poids')),
                ('reason', models.CharField(max_length=700, verbose_name='motif')),
            ],
            options={
                'verbose_name': 'paire de fiches',
                'ordering': ('-bits', 'id'),
            },
        ),
        migrations.AddField(
            model_name='check',
            name='second',
            field=models.JSONField(editable=False, null=True, verbose_name='second avis attendu'),
        ),
        migrations.AddField(
            model_name='profile',
            name='compared',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='comparé à la base'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=django.contrib.postgres.indexes.GinIndex(passerelles.linkage.arrays.Concatenated('family_keys', 'birth_keys', 'given_keys'), fastupdate=False, name='profile_names'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(condition=models.Q(('compared', False)), fields=['person'], name='profile_to_compare'),
        ),
        migrations.AddConstraint(
            model_name='monthlyworth',
            constraint=models.UniqueConstraint(fields=('month', 'direction'), name='worth_once'),
        ),
        migrations.AddField(
            model_name='personpair',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='personpair',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person'),
        ),
        migrations.AddField(
            model_name='pairdecision',
            name='pair',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='linkage.personpair'),
        ),
        migrations.AddIndex(
            model_name='personpair',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'second'])), fields=['-bits', 'id'], name='pair_open'),
        ),
        migrations.AddConstraint(
            model_name='personpair',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='pair_once'),
        ),
        migrations.AddConstraint(
            model_name='personpair',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='pair_in_order'),
        ),
    ]
