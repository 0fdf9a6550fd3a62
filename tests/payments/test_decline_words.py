from reglo.payments.decline_words import debit_words, decline_words


def test_a_card_and_an_account_that_are_empty_are_not_told_alike():
    assert (
        decline_words("insufficient_funds", method="card") == "La provision ou le plafond de cette carte ne suffit pas."
    )
    assert (
        decline_words("insufficient_funds", method="sepa_debit") == "La provision du compte bancaire ne suffisait pas."
    )


def test_an_unknown_code_has_its_sentence():
    assert decline_words("moon_phase", method="").startswith("Votre banque a refusé le paiement.")
    assert debit_words("moon_phase") == "La banque a refusé le prélèvement sans en dire la raison."
