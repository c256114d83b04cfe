from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_file_links")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_due"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=("next_attempt_at", "id"), name="message_next", condition=models.Q(state="queued")
            ),
        ),
    ]
