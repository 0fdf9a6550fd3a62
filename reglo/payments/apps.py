from django.apps import AppConfig
from django.conf import settings


class PaymentsConfig(AppConfig):
    name = "reglo.payments"
    label = "payments"

    def ready(self) -> None:
        from reglo.payments.providers import registry

        environment = settings.ENV
        registry.configure(
            registry.ProviderSettings(
                base_url=environment.base_url,
                stripe_api=environment.stripe_api,
                stripe_client_id=environment.stripe_client_id,
                stripe_platform_key=environment.stripe_platform_key,
            )
        )
