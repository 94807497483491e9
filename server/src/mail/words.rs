//! What letters say, in every language. What people typed stands in them as
//! it was typed, never in a subject.

mod bookings;
mod desk;
mod disputes;
mod groups;
mod invitation;

pub use self::{
    bookings::{Booked, Fee, booking, guest},
    desk::{desk_answered, desk_filed},
    disputes::{dispute_decided, dispute_filed, dispute_question},
    groups::{TokenLost, group_nearly_spent, group_token_lost},
    invitation::invitation,
};

use portal_api::language::Language;

use super::Letter;

/// Whom a letter is for.
#[derive(Clone, Copy, Debug)]
pub struct Addressee<'a> {
    /// The letter's.
    pub language: Language,
    /// Where it goes.
    pub email: &'a str,
    /// As they want to be called.
    pub name: &'a str,
    /// Where the portal shows what it is about.
    pub link: &'a str,
}

/// The letter with which somebody sets a new password.
pub fn password_reset(language: Language, recipient: &str, name: &str, link: &str) -> Letter {
    let (subject, body) = match language {
        Language::En => (
            "Set a new password",
            format!(
                "Hello {name},\n\n\
                 somebody, probably you, asked for a new password for Driver Portal.\n\
                 Set it here within the next hour:\n\n{link}\n\n\
                 The link works once. When you use it, you are signed out on all devices.\n\
                 If it wasn't you, you need do nothing: your password stays as it is.\n"
            ),
        ),
        Language::De => (
            "Neues Passwort festlegen",
            format!(
                "Guten Tag {name},\n\n\
                 jemand, wahrscheinlich Sie, hat ein neues Passwort für Driver Portal angefordert.\n\
                 Legen Sie es innerhalb der nächsten Stunde hier fest:\n\n{link}\n\n\
                 Der Link gilt einmal. Danach sind Sie auf allen Geräten abgemeldet.\n\
                 Waren Sie es nicht, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.\n"
            ),
        ),
        Language::Fr => (
            "Choisir un nouveau mot de passe",
            format!(
                "Bonjour {name},\n\n\
                 quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour Driver Portal.\n\
                 Choisissez-le ici dans l’heure qui vient :\n\n{link}\n\n\
                 Ce lien ne sert qu’une fois. Vous serez ensuite déconnecté de tous vos appareils.\n\
                 Si ce n’était pas vous, vous n’avez rien à faire : votre mot de passe ne change pas.\n"
            ),
        ),
        Language::Es => (
            "Elegir una nueva contraseña",
            format!(
                "Hola, {name}:\n\n\
                 alguien, probablemente tú, ha pedido una nueva contraseña para Driver Portal.\n\
                 Elígela aquí durante la próxima hora:\n\n{link}\n\n\
                 El enlace sirve una sola vez. Después se cerrará la sesión en todos tus dispositivos.\n\
                 Si no fuiste tú, no tienes que hacer nada: tu contraseña sigue siendo la misma.\n"
            ),
        ),
    };
    Letter {
        kind: "password-reset".to_owned(),
        recipient: recipient.to_owned(),
        subject: subject.to_owned(),
        body,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_language_has_its_own_letter_with_name_and_link() {
        let letters = Language::ALL
            .map(|language| password_reset(language, "a@example.com", "Mara", "https://p/#T"));
        for letter in &letters {
            assert!(letter.body.contains("Mara"));
            assert!(letter.body.contains("\nhttps://p/#T\n"), "{}", letter.body);
        }
        let subjects: HashSet<&str> = letters.iter().map(|letter| &*letter.subject).collect();
        assert_eq!(subjects.len(), Language::ALL.len());
    }
}
