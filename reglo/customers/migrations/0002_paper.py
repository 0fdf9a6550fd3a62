# When it is paid, in which language, for whom.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='due_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='délai de paiement, en jours'),
        ),
        migrations.AddField(
            model_name='customer',
            name='language',
            field=models.CharField(choices=[('fr', 'Français'), ('en', 'English')], default='fr', max_length=2, verbose_name='langue des documents'),
        ),
        migrations.AddField(
            model_name='customer',
            name='order_reference',
            field=models.CharField(blank=True, max_length=60, verbose_name='référence à rappeler'),
        ),
        migrations.AddField(
            model_name='customer',
            name='service',
            field=models.CharField(blank=True, max_length=80, verbose_name='service'),
        ),
        migrations.AddField(
            model_name='customer',
            name='terms_kind',
            field=models.CharField(blank=True, choices=[('on_receipt', 'À réception'), ('days', 'Un nombre de jours'), ('days_end_of_month', 'Des jours, puis fin de mois'), ('end_of_month_days', 'Fin de mois, puis des jours'), ('date', 'À une date'), ('instalments', 'En plusieurs échéances')], max_length=20, verbose_name='échéance'),
        ),
    ]
