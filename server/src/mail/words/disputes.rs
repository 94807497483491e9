//! What came of saying that a cost is wrong.

use portal_api::{language::Language, money::Money, portal::disputes::Outcome};

use super::{Addressee, Letter};

/// The letter that says that a dispute has arrived.
pub fn dispute_filed(to: &Addressee<'_>, reason: &str) -> Letter {
    let (subject, before, after) = match to.language {
        Language::En => (
            "We have received your dispute",
            "you told us that a cost is wrong. You wrote:",
            "We will look into it and write to you. You can see how it stands here:",
        ),
        Language::De => (
            "Ihr Einspruch ist angekommen",
            "Sie haben uns mitgeteilt, dass ein Betrag nicht stimmt. Sie schrieben:",
            "Wir prüfen das und schreiben Ihnen. Den Stand sehen Sie hier:",
        ),
        Language::Fr => (
            "Nous avons bien reçu votre contestation",
            "vous nous avez signalé un montant inexact. Vous avez écrit :",
            "Nous l’examinons et vous écrirons. Vous pouvez en suivre l’avancement ici :",
        ),
        Language::Es => (
            "Hemos recibido tu reclamación",
            "nos has dicho que un importe no es correcto. Escribiste:",
            "La revisaremos y te escribiremos. Puedes ver su estado aquí:",
        ),
    };
    letter("dispute-filed", to, subject, &[before, reason, after])
}

/// The letter that asks the driver something.
pub fn dispute_question(to: &Addressee<'_>, question: &str) -> Letter {
    let (subject, before, after) = match to.language {
        Language::En => (
            "A question about your dispute",
            "to decide about your dispute we need to know something from you:",
            "Please answer here:",
        ),
        Language::De => (
            "Eine Frage zu Ihrem Einspruch",
            "um über Ihren Einspruch zu entscheiden, brauchen wir eine Auskunft von Ihnen:",
            "Bitte antworten Sie hier:",
        ),
        Language::Fr => (
            "Une question au sujet de votre contestation",
            "pour traiter votre contestation, nous avons besoin d’une précision :",
            "Merci de répondre ici :",
        ),
        Language::Es => (
            "Una pregunta sobre tu reclamación",
            "para decidir sobre tu reclamación necesitamos saber algo de ti:",
            "Responde aquí, por favor:",
        ),
    };
    letter("dispute-question", to, subject, &[before, question, after])
}

/// The letter that says how it was decided and why; what is given back comes
/// with the number of the corrected receipt.
pub fn dispute_decided(
    to: &Addressee<'_>,
    outcome: Outcome,
    text: &str,
    credit: Option<(Money, &str)>,
) -> Letter {
    let (subject, after) = match to.language {
        Language::En => ("Your dispute has been decided", "You find it all here:"),
        Language::De => (
            "Über Ihren Einspruch ist entschieden",
            "Alles dazu finden Sie hier:",
        ),
        Language::Fr => (
            "Votre contestation a été tranchée",
            "Vous trouverez tous les détails ici :",
        ),
        Language::Es => (
            "Tu reclamación está resuelta",
            "Encontrarás todos los detalles aquí:",
        ),
    };
    let verdict = verdict(to.language, outcome);
    let given = credit.map(|(money, receipt)| given_back(to.language, money, receipt));
    let parts: Vec<&str> = [Some(verdict), Some(text), given.as_deref(), Some(after)]
        .into_iter()
        .flatten()
        .collect();
    letter("dispute-decided", to, subject, &parts)
}

fn verdict(language: Language, outcome: Outcome) -> &'static str {
    match (language, outcome) {
        (Language::En, Outcome::Accepted) => "you are right about your dispute. Our answer:",
        (Language::En, Outcome::PartlyAccepted) => {
            "you are partly right about your dispute. Our answer:"
        }
        (Language::En, _) => "the cost that you disputed stays as it is. Our answer:",
        (Language::De, Outcome::Accepted) => "Ihr Einspruch ist berechtigt. Unsere Antwort:",
        (Language::De, Outcome::PartlyAccepted) => {
            "Ihr Einspruch ist zum Teil berechtigt. Unsere Antwort:"
        }
        (Language::De, _) => "der Betrag bleibt, wie er ist. Unsere Antwort:",
        (Language::Fr, Outcome::Accepted) => "votre contestation est fondée. Notre réponse :",
        (Language::Fr, Outcome::PartlyAccepted) => {
            "votre contestation est fondée en partie. Notre réponse :"
        }
        (Language::Fr, _) => "le montant contesté est maintenu. Notre réponse :",
        (Language::Es, Outcome::Accepted) => "tu reclamación está justificada. Nuestra respuesta:",
        (Language::Es, Outcome::PartlyAccepted) => {
            "tu reclamación está justificada en parte. Nuestra respuesta:"
        }
        (Language::Es, _) => "el importe reclamado se mantiene. Nuestra respuesta:",
    }
}

fn given_back(language: Language, money: Money, receipt: &str) -> String {
    let amount = amount(language, money);
    match language {
        Language::En => format!("We give back {amount}. The corrected receipt is {receipt}."),
        Language::De => {
            format!("Wir erstatten {amount}. Der berichtigte Beleg hat die Nummer {receipt}.")
        }
        Language::Fr => {
            format!("Nous vous remboursons {amount}. Le reçu rectifié porte le numéro {receipt}.")
        }
        Language::Es => {
            format!("Te devolvemos {amount}. El recibo rectificado es el {receipt}.")
        }
    }
}

/// An amount with its currency.
pub(super) fn amount(language: Language, money: Money) -> String {
    let code = money.currency.code();
    let figure = money.major().to_string();
    match language {
        Language::En => format!("{code} {figure}"),
        _ => format!("{} {code}", figure.replace('.', ",")),
    }
}

/// A greeting, paragraphs, and the link.
pub(super) fn letter(kind: &str, to: &Addressee<'_>, subject: &str, paragraphs: &[&str]) -> Letter {
    let name = to.name;
    let greeting = match to.language {
        Language::En => format!("Hello {name},"),
        Language::De => format!("Guten Tag {name},"),
        Language::Fr => format!("Bonjour {name},"),
        Language::Es => format!("Hola, {name}:"),
    };
    Letter {
        kind: kind.to_owned(),
        recipient: to.email.to_owned(),
        subject: subject.to_owned(),
        body: format!("{greeting}\n\n{}\n\n{}\n", paragraphs.join("\n\n"), to.link),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use portal_api::money::Currency;

    use super::*;

    const HOSTILE: &str = "<b>\u{202e}\u{1f50c}\r\nBcc: a@example.com\r\n.\r\n";

    fn all(language: Language) -> [Letter; 5] {
        let to = Addressee {
            language,
            email: "a@example.com",
            name: "Mara",
            link: "https://p/sessions/sess_1",
        };
        let money = Money::new(1_250, Currency::new("EUR").unwrap());
        let credit = Some((money, "WEI-2026-000123"));
        [
            dispute_filed(&to, HOSTILE),
            dispute_question(&to, HOSTILE),
            dispute_decided(&to, Outcome::Accepted, HOSTILE, credit),
            dispute_decided(&to, Outcome::PartlyAccepted, HOSTILE, credit),
            dispute_decided(&to, Outcome::Rejected, HOSTILE, None),
        ]
    }

    #[test]
    fn every_language_has_letters_of_its_own_with_name_text_and_link() {
        let letters = Language::ALL.map(all).concat();
        for letter in &letters {
            assert!(letter.body.contains("Mara"));
            assert!(letter.body.contains(HOSTILE), "{}", letter.body);
            assert!(letter.body.ends_with("\n\nhttps://p/sessions/sess_1\n"));
            assert!(!letter.subject.contains(char::is_control));
        }
        let bodies: HashSet<&str> = letters.iter().map(|letter| &*letter.body).collect();
        assert_eq!(bodies.len(), letters.len());
    }

    #[test]
    fn what_is_given_back_is_said_as_the_language_says_amounts() {
        for (language, amount) in [(Language::En, "EUR 12.50"), (Language::De, "12,50 EUR")] {
            let letter = &all(language)[2];
            assert!(letter.body.contains(amount), "{}", letter.body);
            assert!(letter.body.contains("WEI-2026-000123"));
        }
    }
}
