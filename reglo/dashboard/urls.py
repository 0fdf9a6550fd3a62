"""The addresses of the dashboard, in French. Each view declares who may call it (`access.py`)."""

from django.urls import include, path

from reglo.dashboard.views import (
    account,
    companies,
    first_steps,
    found_company,
    guides,
    home,
    joining,
    logo,
    payment_health,
    second_factor,
    sign_in_link,
)
from reglo.dashboard.views.settings import accounts, company, documents, index, people, stripe

app_name = "dashboard"

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("reglo.dashboard.work_urls")),
    path("", include("reglo.dashboard.quote_urls")),
    # Coming in
    path("invitation/<str:token>/", joining.invitation, name="invitation"),
    path("connexion/<str:token>/", sign_in_link.follow, name="sign_in_link"),
    path("entreprises/", companies.choose, name="companies"),
    path("entreprises/nouvelle/", found_company.found, name="found_company"),
    path("bienvenue/<slug:slug>/", first_steps.step, name="first_step"),
    path("compte/", account.account, name="account"),
    path("compte/double-authentification/", second_factor.set_up, name="second_factor"),
    # Configuration
    path("configuration/", index.index, name="settings"),
    path("configuration/entreprise/", company.company, name="settings_company"),
    path("configuration/logo/", company.look, name="settings_look"),
    path("configuration/devis-factures/", documents.documents, name="settings_documents"),
    path("configuration/stripe/", stripe.begin, name="stripe_begin"),
    path("configuration/stripe/retour/", stripe.come_back, name="stripe_return"),
    path("configuration/stripe/compte/", stripe.need_account, name="stripe_guide"),
    path("configuration/stripe/cle/", stripe.key_page, name="stripe_key_page"),
    path("configuration/stripe/coller/", stripe.paste, name="stripe_paste"),
    path("configuration/stripe/<uuid:account_id>/", stripe.confirm, name="stripe_confirm"),
    path("configuration/stripe/<uuid:account_id>/verifier/", payment_health.check, name="stripe_check"),
    path("configuration/stripe/<uuid:account_id>/recreer/", payment_health.recreate, name="stripe_recreate"),
    path("configuration/stripe/<uuid:account_id>/secret/", payment_health.renew, name="stripe_renew"),
    path("configuration/stripe/<uuid:account_id>/remplacer/", payment_health.take_over, name="stripe_take_over"),
    path("configuration/stripe/<uuid:account_id>/moyens/", documents.methods, name="stripe_methods"),
    path("configuration/stripe/<uuid:account_id>/deconnecter/", documents.disconnect, name="stripe_disconnect"),
    path("configuration/facturation/", company.billing, name="settings_billing"),
    path("configuration/banque/", company.bank, name="settings_bank"),
    path("configuration/reception/", company.receiving, name="settings_receiving"),
    path("configuration/annuler/<int:event_id>/", company.undo, name="undo_change"),
    path("configuration/comptes/", accounts.accounts, name="settings_accounts"),
    path("configuration/comptes/annuler/<int:event_id>/", accounts.undo, name="undo_accounts"),
    path("configuration/personnes/", people.people, name="people"),
    path("configuration/personnes/inviter/", people.invite, name="invite"),
    path("configuration/personnes/invitations/<int:invitation_id>/annuler/", people.revoke, name="revoke_invitation"),
    path("configuration/personnes/<int:membership_id>/", people.member, name="member"),
    path("configuration/personnes/<int:membership_id>/retirer/", people.remove, name="remove_member"),
    path("logo.png", logo.logo, name="logo"),
    # The guides
    path("aide/", guides.guide, name="help"),
    path("aide/images/<slug:name>.png", guides.picture, name="guide_picture"),
    path("aide/<slug:slug>/", guides.guide, name="guide"),
]
