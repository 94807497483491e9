//! What somebody is sent whom the operator has added.

use portal_api::language::Language;

use super::{Addressee, Letter, disputes::letter};

/// The letter with which somebody new chooses a password.
pub fn invitation(to: &Addressee<'_>) -> Letter {
    let (subject, text, until) = match to.language {
        Language::En => (
            "Your account at Driver Portal",
            "there is an account for you at Driver Portal: where you can charge, what it costs, \
             and what it did cost.",
            "The link works once and for a week; later, “Forgot your password?” sends you \
             another. Choose your password here:",
        ),
        Language::De => (
            "Ihr Konto bei Driver Portal",
            "für Sie gibt es ein Konto bei Driver Portal: wo Sie laden können, was es kostet und \
             was es gekostet hat.",
            "Der Link gilt einmal und eine Woche lang; danach schickt Ihnen „Passwort vergessen?“ \
             einen neuen. Wählen Sie hier Ihr Passwort:",
        ),
        Language::Fr => (
            "Votre compte Driver Portal",
            "un compte Driver Portal vous attend : où recharger, à quel prix, et ce que cela \
             vous a coûté.",
            "Le lien ne sert qu’une fois et pendant une semaine ; ensuite, « Mot de passe \
             oublié ? » vous en envoie un autre. Choisissez votre mot de passe ici :",
        ),
        Language::Es => (
            "Tu cuenta de Driver Portal",
            "tienes una cuenta en Driver Portal: dónde cargar, cuánto cuesta y cuánto te ha \
             costado.",
            "El enlace sirve una sola vez y durante una semana; después, «¿Olvidaste tu \
             contraseña?» te envía otro. Elige tu contraseña aquí:",
        ),
    };
    letter("invitation", to, subject, &[text, until])
}
