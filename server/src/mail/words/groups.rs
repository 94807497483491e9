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

/// The letter that says that somebody reported a group's token as lost.
pub fn group_token_lost(to: &Addressee<'_>, group: &str, token: &str, by: &str) -> Letter {
    let (subject, text, after) = match to.language {
        Language::En => (
            "A card of your group is lost",
            format!("{by} says that this card of {group} is lost:"),
            "It is blocked; all others still work. You can replace it here:",
        ),
        Language::De => (
            "Eine Karte Ihrer Gruppe ist verloren",
            format!("{by} meldet, dass diese Karte von {group} verloren ist:"),
            "Sie ist gesperrt, alle anderen gelten weiter. Ersetzen können Sie sie hier:",
        ),
        Language::Fr => (
            "Un badge de votre groupe est perdu",
            format!("{by} signale la perte de ce badge de {group} :"),
            "Il est bloqué, tous les autres restent valables. Vous pouvez le remplacer ici :",
        ),
        Language::Es => (
            "Se ha perdido una tarjeta de tu grupo",
            format!("{by} dice que se ha perdido esta tarjeta de {group}:"),
            "Está bloqueada; las demás siguen funcionando. Puedes sustituirla aquí:",
        ),
    };
    letter("group-token-lost", to, subject, &[&text, token, after])
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
            let lost = group_token_lost(&to, "Lager Süd", "Transporter 4", "Aylin");
            for (letter, said) in [
                (&spent, [left, limit, "Lager Süd"]),
                (&lost, ["Transporter 4", "Aylin", "Lager Süd"]),
            ] {
                for said in said
                    .into_iter()
                    .chain(["Mara", "\nhttps://p/groups/group_1\n"])
                {
                    assert!(letter.body.contains(said), "{}", letter.body);
                }
                assert!(!letter.subject.contains("Lager"));
            }
            bodies.extend([spent.body, lost.body]);
        }
        assert_eq!(bodies.len(), 8);
    }
}
