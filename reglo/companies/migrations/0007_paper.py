# When it is paid, in which language, for whom.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0006_vat'),
    ]

    operations = [
        migrations.AddField(
            model_name='company',
            name='terms_kind',
            field=models.CharField(choices=[('on_receipt', 'À réception'), ('days', 'Un nombre de jours'), ('days_end_of_month', 'Des jours, puis fin de mois'), ('end_of_month_days', 'Fin de mois, puis des jours'), ('date', 'À une date'), ('instalments', 'En plusieurs échéances')], default='days', max_length=20, verbose_name='échéance'),
        ),
    ]
