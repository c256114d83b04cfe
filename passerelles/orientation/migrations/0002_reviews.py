import django.contrib.postgres.fields
import django.db.models.deletion
import passerelles.core.clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orientation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Nomenclature',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=passerelles.core.clock.now, editable=False, verbose_name='créé le')),
                ('version', models.CharField(max_length=80, verbose_name='version')),
                ('entries', models.JSONField(default=list, verbose_name='métiers')),
            ],
            options={
                'verbose_name': 'nomenclature des métiers',
                'ordering': ('-created_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='review', serialize=False, to='orientation.decision')),
                ('reviewed_at', models.DateTimeField(verbose_name='revue le')),
                ('differs', models.BooleanField(default=False, verbose_name='serait différente')),
                ('lost', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='n’est plus proposé')),
                ('gained', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='désormais recommandé')),
                ('why', models.JSONField(default=list, verbose_name='pourquoi')),
            ],
            options={
                'verbose_name': 'réexamen d’une décision',
                'ordering': ('decision',),
                'indexes': [models.Index(condition=models.Q(('differs', True)), fields=['reviewed_at'], name='review_to_read')],
            },
        ),
    ]
