"""What each side said of an appointment is numbered: two words of one instant keep their order."""

from django.db import migrations, models

NUMBER = """
    UPDATE referrals_statement SET rank = numbered.rank
    FROM (SELECT id, row_number() OVER (PARTITION BY appointment_id ORDER BY created_at, id) AS rank
          FROM referrals_statement) AS numbered
    WHERE referrals_statement.id = numbered.id
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_lighter_clocks")]
    operations = [
        migrations.AddField(
            model_name="statement",
            name="rank",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="rang"),
            preserve_default=False,
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AlterModelOptions(
            name="statement",
            options={"ordering": ("appointment", "rank"), "verbose_name": "parole sur un rendez-vous"},
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("appointment", "rank"), name="statement_rank_once"),
        ),
    ]
