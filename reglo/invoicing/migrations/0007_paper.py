# When it is paid, in which language, for whom.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoicing', '0006_vat'),
    ]

    operations = [
        migrations.AddField(
            model_name='invoice',
            name='attention',
            field=models.CharField(blank=True, max_length=235, verbose_name='à l’attention de'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='discount_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='escompte si payé sous, en jours'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='due_on',
            field=models.DateField(blank=True, null=True, verbose_name='échéance au'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='early_discount_rate',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='escompte, en %'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='instalments',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='invoice',
            name='language',
            field=models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=2, verbose_name='langue'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='terms_kind',
            field=models.CharField(choices=[('on_receipt', 'À réception'), ('days', 'Un nombre de jours'), ('days_end_of_month', 'Des jours, puis fin de mois'), ('end_of_month_days', 'Fin de mois, puis des jours'), ('date', 'À une date'), ('instalments', 'En plusieurs échéances')], default='days', max_length=20, verbose_name='échéance'),
        ),
    ]
