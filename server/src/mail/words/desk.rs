//! What waits at the desk of the operator's staff.

use portal_api::language::Language;

use super::{Addressee, Letter, disputes::letter};

/// The letter that says that a driver filed a dispute.
pub fn desk_filed(to: &Addressee<'_>, driver: &str, reason: &str) -> Letter {
    let (subject, before, after) = match to.language {
        Language::En => (
            "A new dispute",
            format!("{driver} says that a cost is wrong:"),
            "It waits for you here:",
        ),
        Language::De => (
            "Ein neuer Einspruch",
            format!("{driver} legt Einspruch gegen einen Betrag ein:"),
            "Er wartet hier auf Sie:",
        ),
        Language::Fr => (
            "Une nouvelle contestation",
            format!("{driver} conteste un montant :"),
            "Elle vous attend ici :",
        ),
        Language::Es => (
            "Una nueva reclamación",
            format!("{driver} dice que un importe no es correcto:"),
            "Te espera aquí:",
        ),
    };
    letter("desk-filed", to, subject, &[&before, reason, after])
}

/// The letter that says that a driver answered or added something.
pub fn desk_answered(to: &Addressee<'_>, driver: &str, answer: &str) -> Letter {
    let (subject, before, after) = match to.language {
        Language::En => (
            "An answer about a dispute",
            format!("{driver} wrote about a dispute:"),
            "It waits for you here:",
        ),
        Language::De => (
            "Eine Antwort zu einem Einspruch",
            format!("{driver} schrieb zu einem Einspruch:"),
            "Sie wartet hier auf Sie:",
        ),
        Language::Fr => (
            "Une réponse au sujet d’une contestation",
            format!("{driver} a écrit au sujet d’une contestation :"),
            "Elle vous attend ici :",
        ),
        Language::Es => (
            "Una respuesta sobre una reclamación",
            format!("{driver} ha escrito sobre una reclamación:"),
            "Te espera aquí:",
        ),
    };
    letter("desk-answered", to, subject, &[&before, answer, after])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_language_has_letters_of_its_own_with_driver_text_and_link() {
        let letters = Language::ALL.map(|language| {
            let to = Addressee {
                language,
                email: "desk@example.com",
                name: "Samuel",
                link: "https://p/desk/disputes/disp_1",
            };
            [
                desk_filed(&to, "Mara", "<b>\r\nBcc: x"),
                desk_answered(&to, "Mara", "<b>\r\nBcc: x"),
            ]
        });
        let letters = letters.concat();
        for letter in &letters {
            for said in ["Samuel", "Mara", "<b>\r\nBcc: x", "/desk/disputes/disp_1\n"] {
                assert!(letter.body.contains(said), "{}", letter.body);
            }
            assert!(!letter.subject.contains("Mara"));
        }
        let bodies: HashSet<&str> = letters.iter().map(|letter| &*letter.body).collect();
        assert_eq!(bodies.len(), letters.len());
    }
}
