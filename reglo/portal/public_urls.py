"""The one address printed on paper: it can never move."""

from django.urls import path

from reglo.portal.views import public_payment

urlpatterns = [path("payer", public_payment.public_payment, name="public_payment")]
