"""First step of a connection: whose secrets these are, shown to be confirmed. Nothing is created at the provider."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reglo.companies.locks import lock_company
from reglo.companies.models import Company
from reglo.errors import RegloError
from reglo.payments.models import ProviderAccount
from reglo.payments.providers import registry
from reglo.payments.providers.contract import AccountInfo, Mode, Secrets
from reglo.payments.states import AccountMode, AccountState
from reglo.ports import ids


class LiveKeyInPracticeCompany(RegloError):
    code = "live_key_in_practice_company"
    message = _(
        "Cette clé encaisse de l’argent réel, et « %(company)s » est une entreprise d’essai. "
        "Utilisez une clé de test (rk_test_…)."
    )


class PracticeKeyInRealCompany(RegloError):
    code = "test_key_in_real_company"
    message = _(
        "Cette clé est une clé de test : aucun argent n’arriverait. "
        "« %(company)s » est une entreprise réelle, utilisez une clé réelle (rk_live_…)."
    )


class PermissionsMissing(RegloError):
    code = "permissions_missing"
    message = _("Il manque à cette clé : %(permissions)s. Modifiez-la chez Stripe, puis réessayez.")

    @classmethod
    def of(cls, info: AccountInfo) -> "PermissionsMissing":
        return cls(permissions=", ".join(gettext("« %s »") % gettext(one.label) for one in info.missing))


class AccountTaken(RegloError):
    code = "account_taken"
    status = 409
    message = _("Ce compte est, ou a été, celui d’une autre entreprise de cette installation.")


def propose_account(*, company: Company, provider: str, secrets: Secrets, now: datetime) -> ProviderAccount:
    """The account that `secrets` open, pending, its permissions probed. Call outside any transaction.

    An account that collects goes on collecting: it takes a new key only if nothing is missing to it.
    Raises PermissionsMissing, BadSecrets, LiveKeyInPracticeCompany, PracticeKeyInRealCompany, AccountTaken,
    AccountBroken, Retryable.
    """
    info = registry.provider(provider).inspect(secrets)
    _refuse_the_other_world(company, info)
    with transaction.atomic():
        lock_company(company.id)  # a key pasted twice at once: the second finds the first one's row
        account = (
            ProviderAccount.objects.select_for_update()
            .filter(provider=provider, external_id=info.external_id, mode=info.mode.value)
            .first()
        )
        if account is not None and account.company_id != company.id:
            raise AccountTaken
        if account is None:
            account = ProviderAccount(
                id=ids.new_uuid(),
                company=company,
                provider=provider,
                external_id=info.external_id,
                mode=AccountMode(info.mode.value),
                created_at=now,
            )
        if not account.is_active:
            account.move_to(AccountState.PENDING)
        elif info.missing:
            raise PermissionsMissing.of(info)
        take_info(account, info, now=now)
        account.seal_secrets(secrets)
        account.save()
    return account


def take_info(account: ProviderAccount, info: AccountInfo, *, now: datetime) -> None:
    """Copy what the provider says of the account."""
    account.name, account.country = info.name[:200], info.country[:2]
    account.keep_permissions([[one.name, one.label, one.granted] for one in info.permissions])
    account.checked_at = now


def _refuse_the_other_world(company: Company, info: AccountInfo) -> None:
    live = info.mode == Mode.LIVE
    if live and company.practice:
        raise LiveKeyInPracticeCompany(field="key", company=company.name)
    if not live and not company.practice:
        raise PracticeKeyInRealCompany(field="key", company=company.name)
