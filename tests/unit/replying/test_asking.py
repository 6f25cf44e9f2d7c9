"""Asking a customer in public for what is theirs alone is noticed; asking them to a private place is not."""

from __future__ import annotations

import pytest

from chalicelib.domain.asking import asked_for, asked_in_the_open

IN_THE_OPEN = {
    "Please send us your booking number": "booking or order number",
    "What's your order number?": "booking or order number",
    "Sorry about that. Could you share your email address so we can look into it?": "e-mail address",
    "Can we have your phone number please?": "phone number",
    "Reply here with your booking reference and we'll check.": "booking or order number",
    "Please provide booking reference and surname": "booking or order number",
    "We'd need your date of birth to verify you": "date of birth",
    "we\u2019ll need your address": "postal address",
    "Your booking number please?": "booking or order number",
    "Thanks for your DM. What's your booking number?": "booking or order number",
    "What is the name on the booking?": "full name",
    "Sorry to hear! Let us have your PNR": "booking or order number",
    "If you give us your order number we can look into it.": "booking or order number",
    "What are the last 4 digits of your card?": "payment card",
    "Please leave your mobile number below and we'll call you": "phone number",
    "Please share a photo of your passport": "identity document",
}

LED_AWAY = (
    "Please DM us your booking number",
    "Please send us a DM with your booking number",
    "Sorry about this. Please message us privately and include your order number and e-mail.",
    "Please send us a direct message. Include your order number.",
    "Send us your booking number by the secure link in our bio.",
)

NOT_ASKED = (
    "We have sent an e-mail to your address.",
    "We will send a voucher to your email address today",
    "You can find your booking number in the confirmation e-mail.",
    "Please tell us if you need help.",
    "Please check your e-mail for the link",
    "Your card has been refunded.",
    "Thank you! Please tell us more about what happened.",
    "What is the flight number?",
    "The address of our store is on the website.",
    "Let us know if the refund reaches your card by Friday",
)


@pytest.mark.parametrize(("text", "thing"), IN_THE_OPEN.items())
def test_a_public_question_for_private_things_is_named(text: str, thing: str) -> None:
    """By what is asked for, whatever the case and the apostrophes."""
    assert thing in asked_in_the_open(text)
    assert thing in asked_in_the_open(text.upper())


@pytest.mark.parametrize("text", LED_AWAY)
def test_who_is_led_to_a_private_place_is_not_asked_in_public(text: str) -> None:
    """What they are to write there may follow in the next sentence."""
    assert asked_in_the_open(text) == ()
    assert asked_for(text) != ()


@pytest.mark.parametrize("text", NOT_ASKED)
def test_speaking_of_private_things_is_not_asking_for_them(text: str) -> None:
    """A warning that cries wolf is soon clicked away."""
    assert asked_for(text) == ()


def test_several_things_are_named_once_each() -> None:
    """One warning lists them all."""
    asked = asked_in_the_open(
        "Kindly confirm your phone number, e-mail address and postcode. What's your phone number?"
    )
    assert asked == ("phone number", "e-mail address", "postal address")


ABROAD = {
    "Hola Jo, ¿nos puedes enviar tu número de reserva?": "booking or order number",
    "Indíquenos su dirección y su teléfono, por favor": "postal address",
    "Merci de nous envoyer votre numéro de commande": "booking or order number",
    "Quelle est votre adresse e-mail ?": "e-mail address",
    "Bitte schick uns deine Buchungsnummer": "booking or order number",
    "Wie lautet Ihr Geburtsdatum?": "date of birth",
    "Bitte nennen Sie uns Ihr Passwort": "password or security code",
}
LED_AWAY_ABROAD = (
    "Envíanos tu número de reserva por mensaje directo, por favor",
    "Envoyez-nous votre numéro de commande en message privé",
    "Schick uns deine Buchungsnummer bitte per PN",
)
NOT_ASKED_ABROAD = (
    "Hemos recibido tu correo, gracias.",
    "Nous avons remboursé votre carte.",
    "Die Rückerstattung ist auf dem Weg.",
    "Wir haben dir eine E-Mail geschrieben.",
)


@pytest.mark.parametrize(("text", "thing"), ABROAD.items())
def test_the_same_is_noticed_in_other_languages(text: str, thing: str) -> None:
    """Spanish, French and German, whose customers people answer themselves."""
    assert thing in asked_in_the_open(text)


@pytest.mark.parametrize("text", [*LED_AWAY_ABROAD, *NOT_ASKED_ABROAD])
def test_leading_away_and_merely_speaking_of_it_are_right_there_too(text: str) -> None:
    """As in English."""
    assert asked_in_the_open(text) == ()
