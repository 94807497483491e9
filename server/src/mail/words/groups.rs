//! What a group's people are told of its money and its cards.

use portal_api::{language::Language, money::Money};

use super::{
    Addressee, Letter,
    disputes::{amount, letter},
};

/// The letter that says that most of a group's month is gone.
pub fn group_nearly_spent(to: &Addressee<'_>, group: &str, left: Money, limit: Money) -> Letter {
    let [left, limit] = [left, limit].map(|money| amount(to.language, money));
    let (subject, text, after) = match to.language {
        Language::En => (
            "Most of your group’s month is spent",
            format!(
                "of the {limit} that {group} may spend this month, {left} is left; charges and \
                 bookings that are open are counted in."
            ),
            "When nothing is left, the group’s cards and bookings are refused. You can see how \
             it stands here:",
        ),
        Language::De => (
            "Ihre Gruppe hat den größten Teil des Monats ausgegeben",
            format!(
                "von den {limit}, die {group} in diesem Monat ausgeben darf, sind noch {left} \
                 übrig; laufende Ladevorgänge und offene Buchungen sind eingerechnet."
            ),
            "Ist nichts mehr übrig, werden Karten und Buchungen der Gruppe abgelehnt. Den Stand \
             sehen Sie hier:",
        ),
        Language::Fr => (
            "Votre groupe a dépensé l’essentiel du mois",
            format!(
                "sur les {limit} que {group} peut dépenser ce mois-ci, il reste {left}, recharges \
                 et réservations en cours comprises."
            ),
            "Quand il ne restera rien, les badges et les réservations du groupe seront refusés. \
             Vous pouvez suivre la situation ici :",
        ),
        Language::Es => (
            "Tu grupo ha gastado la mayor parte del mes",
            format!(
                "de los {limit} que {group} puede gastar este mes quedan {left}, contando las \
                 recargas y las reservas abiertas."
            ),
            "Cuando no quede nada, se rechazarán las tarjetas y las reservas del grupo. Puedes \
             ver cómo está aquí:",
        ),
    };
    letter("group-nearly-spent", to, subject, &[&text, after])
}

/// A group's token that somebody reported as lost.
#[derive(Clone, Copy, Debug)]
pub struct TokenLost<'a> {
    /// What is written on it.
    pub label: &'a str,
    /// Who says so.
    pub by: &'a str,
    /// Whether a real Petit Monde takes it until it is blocked there, too.
    pub elsewhere: bool,
}

/// The letter that says that somebody reported a group's token as lost.
pub fn group_token_lost(to: &Addressee<'_>, group: &str, lost: TokenLost<'_>) -> Letter {
    let TokenLost {
        label,
        by,
        elsewhere,
    } = lost;
    let (subject, text) = match to.language {
        Language::En => (
            "A card of your group is lost",
            format!("{by} says that this card of {group} is lost:"),
        ),
        Language::De => (
            "Eine Karte Ihrer Gruppe ist verloren",
            format!("{by} meldet, dass diese Karte von {group} verloren ist:"),
        ),
        Language::Fr => (
            "Un badge de votre groupe est perdu",
            format!("{by} signale la perte de ce badge de {group} :"),
        ),
        Language::Es => (
            "Se ha perdido una tarjeta de tu grupo",
            format!("{by} dice que se ha perdido esta tarjeta de {group}:"),
        ),
    };
    let after = if elsewhere {
        what_is_left_to_do(to.language)
    } else {
        what_was_done(to.language)
    };
    letter("group-token-lost", to, subject, &[&text, label, after])
}

const fn what_was_done(language: Language) -> &'static str {
    match language {
        Language::En => "It is blocked; all others still work. You can replace it here:",
        Language::De => {
            "Sie ist gesperrt, alle anderen gelten weiter. Ersetzen können Sie sie hier:"
        }
        Language::Fr => {
            "Il est bloqué, tous les autres restent valables. Vous pouvez le remplacer ici :"
        }
        Language::Es => "Está bloqueada; las demás siguen funcionando. Puedes sustituirla aquí:",
    }
}

/// Nothing tells Petit Monde that one of its tokens is lost.
const fn what_is_left_to_do(language: Language) -> &'static str {
    match language {
        Language::En => {
            "Our own chargers refuse it from now on. At all others it works until somebody blocks \
             it in Petit Monde’s EV Suite: please do that at once. All other cards still work. \
             Your group is here:"
        }
        Language::De => {
            "Unsere eigenen Ladestationen lehnen sie ab sofort ab. An allen anderen funktioniert \
             sie, bis jemand sie in der EV Suite von Petit Monde sperrt: Bitte tun Sie das \
             sofort. Alle anderen Karten gelten weiter. Ihre Gruppe finden Sie hier:"
        }
        Language::Fr => {
            "Nos propres bornes le refusent désormais. Sur toutes les autres, il marche tant que \
             personne ne l’a bloqué dans l’EV Suite de Petit Monde : faites-le sans attendre. \
             Tous les autres badges restent valables. Votre groupe se trouve ici :"
        }
        Language::Es => {
            "Nuestros propios cargadores la rechazan desde ahora. En los demás funciona hasta que \
             alguien la bloquee en la EV Suite de Petit Monde: hazlo cuanto antes. Las demás \
             tarjetas siguen funcionando. Tu grupo está aquí:"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use portal_api::money::Currency;

    use super::*;

    #[test]
    fn every_language_has_letters_of_its_own_with_all_that_is_to_be_said() {
        let euros = |minor| Money::new(minor, Currency::new("EUR").unwrap());
        let mut bodies = HashSet::new();
        for language in Language::ALL {
            let to = Addressee {
                language,
                email: "a@example.com",
                name: "Mara",
                link: "https://p/groups/group_1",
            };
            let spent = group_nearly_spent(&to, "Lager Süd", euros(49_950), euros(250_000));
            let [left, limit] = match language {
                Language::En => ["EUR 499.50", "EUR 2500.00"],
                _ => ["499,50 EUR", "2500,00 EUR"],
            };
            let [lost, lost_elsewhere] = [false, true].map(|elsewhere| {
                let lost = TokenLost {
                    label: "Transporter 4",
                    by: "Aylin",
                    elsewhere,
                };
                group_token_lost(&to, "Lager Süd", lost)
            });
            for (letter, said) in [
                (&spent, [left, limit, "Lager Süd"]),
                (&lost, ["Transporter 4", "Aylin", "Lager Süd"]),
                (&lost_elsewhere, ["Transporter 4", "EV Suite", "Lager Süd"]),
            ] {
                for said in said
                    .into_iter()
                    .chain(["Mara", "\nhttps://p/groups/group_1\n"])
                {
                    assert!(letter.body.contains(said), "{}", letter.body);
                }
                assert!(!letter.subject.contains("Lager"));
            }
            bodies.extend([spent.body, lost.body, lost_elsewhere.body]);
        }
        assert_eq!(bodies.len(), 12);
    }
}
