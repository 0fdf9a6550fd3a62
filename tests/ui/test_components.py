from django.forms import BooleanField, CharField, CheckboxInput, Form
from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler

from reglo.money import Money
from reglo.ui.error_links import ErrorLink, links_to_errors


class Contact(Form):
    email = CharField(label="E-mail", help_text="Pour la facture.")
    notes = CharField(label="Notes", required=False)
    card = BooleanField(label="Carte", required=False, widget=CheckboxInput(attrs={"role": "switch"}))


def render(source: str, **context: object) -> str:
    """`source` as a template file would have it, spaces folded."""
    html = Template("{% load reglo_ui %}" + CottonCompiler().process(source)).render(Context(context))
    return " ".join(html.split())


def test_a_button_submits_unless_it_leads_somewhere() -> None:
    assert '<button type="submit" class="button"' in render("<c-button>Aperçu</c-button>")
    link = render('<c-button look="main" href="{{ url }}">Ouvrir</c-button>', url="/f/1?a=1&b=2")
    assert '<a href="/f/1?a=1&amp;b=2" class="button button-main"' in link
    assert link.endswith("</a>")


def test_a_button_passes_on_what_it_does_not_know() -> None:
    html = render('<c-button name="finalise" value="1" hx-post="/f/1" disabled>Finaliser</c-button>')
    assert 'name="finalise"' in html
    assert 'hx-post="/f/1"' in html
    assert " disabled" in html


def test_a_documents_number_is_never_cut_at_its_hyphens() -> None:
    html = render(
        '<c-page-header title="Facture {{ number }} de {{ name }}" />', number="ESSAI-F2026-0143", name="A & B"
    )
    assert '<h1>Facture <span class="unbroken">ESSAI-F2026-0143</span> de A &amp; B</h1>' in html


def test_only_a_number_is_kept_whole() -> None:
    assert render("{{ words|unbroken }}", words="Sous-total <b> F2026-0143") == (
        'Sous-total &lt;b&gt; <span class="unbroken">F2026-0143</span>'
    )


def test_an_icon_alone_is_named() -> None:
    html = render('<c-button look="plain" icon="link" label="Copier le lien" />')
    assert 'aria-label="Copier le lien"' in html
    assert 'aria-hidden="true"' in html


def test_what_people_typed_is_escaped() -> None:
    for source in (
        "<c-button>{{ name }}</c-button>",
        '<c-message title="{{ name }}">{{ name }}</c-message>',
        '<c-page-header title="{{ name }}" lead="{{ name }}" />',
        '<c-fact label="{{ name }}">{{ name }}</c-fact>',
        '<c-pill kind="paid">{{ name }}</c-pill>',
        '<c-field label="{{ name }}" for="x" help="{{ name }}" error="{{ name }}"></c-field>',
        '<c-page-header :title="name" />',
    ):
        assert "<b>" not in render(source, name="<b>Moreau</b>"), source


def test_a_pill_is_a_word_a_shape_and_a_tint() -> None:
    html = render('<c-pill kind="late">En retard</c-pill>')
    assert html.startswith('<span class="pill pill-late"><svg')
    assert html.endswith("En retard</span>")


def test_an_amount_keeps_its_exact_value_beside_its_words() -> None:
    html = render('<c-amount :of="total" tone="arrived" />', total=Money(124000, "EUR"))
    assert 'class="amount amount-arrived" value="1240.00">1 240,00 €</data>' in html


def test_an_amount_of_zero_is_written() -> None:
    assert "0,00 €</data>" in render('<c-amount :of="total" />', total=Money(0, "EUR"))


def test_an_absent_figure_is_empty() -> None:
    assert render("[{{ x|amount }}{{ x|day }}{{ x|moment }}{{ x|rate }}]", x=None) == "[]"


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    html = render('<c-field :of="form.email" />', form=Contact({}))
    assert '<label for="id_email">E-mail</label>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert '<p class="error" id="id_email_error">' in html
    assert '<div class="help" id="id_email_helptext">Pour la facture.</div>' in html


def test_only_an_optional_field_says_so() -> None:
    html = render("{{ form.notes.as_field_group }}{{ form.email.as_field_group }}", form=Contact())
    assert html.count("facultatif") == 1


def test_a_switch_is_a_box_that_says_its_role() -> None:
    html = render("{{ form.card.as_field_group }}", form=Contact())
    assert '<label class="switch" for="id_card">' in html
    assert 'role="switch"' in html


def test_the_error_summary_links_to_each_field() -> None:
    form = Contact({})
    form.add_error(None, "Ce client existe déjà.")
    assert list(links_to_errors(form)) == [
        ErrorLink("Ce client existe déjà."),
        ErrorLink("Ce champ est obligatoire.", "E-mail", "id_email"),
    ]
    html = render('<c-error-summary :form="form" />', form=form)
    assert '<a href="#id_email">E-mail : Ce champ est obligatoire.</a>' in html
    assert "2 choses sont à corriger" in html


def test_a_form_without_error_has_no_summary() -> None:
    assert render('<c-error-summary :form="form" />', form=Contact({"email": "a@b.fr"})) == ""
    assert render('<c-error-summary :form="form" />', form=Contact()) == ""


def test_a_component_does_not_leak_into_the_one_inside() -> None:
    html = render('<c-message kind="error" title="Refusée"><c-message>Détail</c-message></c-message>')
    assert html.count("Refusée") == 1
    assert html.count("message-error") == 1


def test_a_dialog_opens_without_a_script_of_ours() -> None:
    html = render('<c-button opens="sure">Supprimer</c-button><c-dialog id="sure" title="Sûr ?">…</c-dialog>')
    assert 'type="button" command="show-modal" commandfor="sure"' in html
    assert '<dialog class="dialog" id="sure" aria-labelledby="sure-title"' in html


def test_a_toast_posts_to_undo() -> None:
    html = render('<c-toast undo-url="/undo/1">Brouillon supprimé</c-toast>')
    assert '<form action="/undo/1" method="post">' in html
    assert "Annuler" in html
    assert "Annuler" not in render("<c-toast>Enregistré</c-toast>")


def test_pagination_says_only_where_one_can_go() -> None:
    html = render('<c-pagination newer="" older="?avant=3" />')
    assert "Plus anciennes" in html
    assert "Plus récentes" not in html
    assert render('<c-pagination newer="" older="" />') == ""
