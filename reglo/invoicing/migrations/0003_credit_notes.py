"""A document may be a credit note, and a settlement says how much of its invoice was credited."""

import django.db.models.deletion
from django.db import migrations, models

import reglo.database.fields

OWED = models.F("gross_minor") - models.F("credited_minor")


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0001_initial"),
        ("customers", "0001_initial"),
        ("invoicing", "0002_lists_at_any_size"),
    ]

    operations = [
        migrations.AddField(
            "invoice",
            "kind",
            models.CharField(
                choices=[("invoice", "Facture"), ("credit_note", "Avoir")], default="invoice", max_length=12
            ),
        ),
        migrations.AddField(
            "invoice",
            "corrects",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_notes",
                to="invoicing.invoice",
            ),
        ),
        migrations.AddField(
            "invoice", "reason", models.CharField(blank=True, max_length=300, verbose_name="motif de l’avoir")
        ),
        migrations.AddField("invoice", "asked_as", models.CharField(blank=True, max_length=100, null=True)),
        migrations.AddConstraint(
            "invoice",
            models.UniqueConstraint(
                fields=["company", "asked_as"],
                condition=models.Q(asked_as__isnull=False),
                name="documents_are_asked_for_once",
            ),
        ),
        migrations.AddConstraint(
            "invoice",
            models.CheckConstraint(
                condition=models.Q(kind="invoice", corrects=None)
                | models.Q(kind="credit_note", corrects__isnull=False),
                name="a_credit_note_corrects_an_invoice",
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["company", "-edited_at", "-id"],
                condition=models.Q(kind="credit_note"),
                name="credit_notes_latest_first",
            ),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["corrects"], condition=models.Q(corrects__isnull=False), name="credit_notes_of_an_invoice"
            ),
        ),
        migrations.RemoveConstraint("settlement", "settled_within_the_total"),
        migrations.RemoveIndex("settlement", "unsettled_latest_first"),
        migrations.AddField("settlement", "credited_minor", reglo.database.fields.MinorField(default=0)),
        migrations.AddField("settlement", "credited_vat_on_receipts_minor", reglo.database.fields.MinorField(default=0)),
        migrations.AddIndex(
            "settlement",
            models.Index(
                fields=["company", "-edited_at", "-invoice", "due_date"],
                condition=models.Q(settled_minor__lt=OWED),
                name="unsettled_latest_first",
            ),
        ),
        migrations.AddConstraint(
            "settlement",
            models.CheckConstraint(
                condition=models.Q(settled_minor__gte=0, settled_minor__lte=OWED), name="settled_within_the_total"
            ),
        ),
        migrations.AddConstraint(
            "settlement",
            models.CheckConstraint(condition=models.Q(credited_minor__gte=0), name="credited_is_not_negative"),
        ),
    ]
