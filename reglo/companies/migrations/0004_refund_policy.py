"""What a company wants done of an invoice whose payment was refunded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("companies", "0003_partial_payments")]

    operations = [
        migrations.AddField(
            "company",
            "refund_policy",
            models.CharField(
                choices=[
                    ("draft", "Préparer un brouillon d’avoir"),
                    ("issue", "Émettre l’avoir"),
                    ("nothing", "Ne rien faire"),
                ],
                default="draft",
                max_length=10,
                verbose_name="après un remboursement",
            ),
        ),
    ]
