"""What is owed is listed by the settlement alone; drafts and the invoices of a customer have their own order."""

from django.db import migrations, models

COPY = """
UPDATE invoicing_settlement SET
    edited_at = (SELECT edited_at FROM invoicing_invoice WHERE id = invoicing_settlement.invoice_id),
    due_date = (SELECT due_date FROM invoicing_invoice WHERE id = invoicing_settlement.invoice_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0001_initial"),
        ("customers", "0001_initial"),
        ("invoicing", "0001_initial"),
    ]

    operations = [
        migrations.AddField("settlement", "edited_at", models.DateTimeField(null=True)),
        migrations.AddField("settlement", "due_date", models.DateField(null=True)),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.AlterField("settlement", "edited_at", models.DateTimeField()),
        migrations.AlterField("settlement", "due_date", models.DateField()),
        migrations.RemoveIndex("settlement", "unsettled_invoices"),
        migrations.AddIndex(
            "settlement",
            models.Index(
                fields=["company", "-edited_at", "-invoice", "due_date"],
                condition=models.Q(settled_minor__lt=models.F("gross_minor")),
                name="unsettled_latest_first",
            ),
        ),
        migrations.RemoveIndex("invoice", "invoices_by_customer"),
        migrations.RemoveIndex("invoice", "invoices_by_due_date"),
        migrations.AddIndex(
            "invoice",
            models.Index(fields=["company", "customer", "-edited_at", "-id"], name="invoices_of_customer"),
        ),
        migrations.AddIndex(
            "invoice",
            models.Index(
                fields=["company", "-edited_at", "-id"], condition=models.Q(status="draft"), name="drafts_latest_first"
            ),
        ),
    ]
