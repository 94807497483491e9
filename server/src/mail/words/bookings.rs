//! What becomes of what was booked ahead.

use portal_api::{language::Language, portal::bookings::BookingTrouble};

use super::{Addressee, Letter, disputes::letter};

/// What became of a booking.
#[derive(Clone, Copy, Debug)]
pub enum Booked<'a> {
    /// The plug is kept.
    Confirmed,
    /// Nobody came, and the plug was never held.
    Expired,
    /// It came to nothing, and nobody says why or what that costs.
    Lapsed,
    /// Nobody came though the plug was held.
    NoShow(Fee<'a>),
    /// It was refused or failed, and why.
    Refused(Option<&'a BookingTrouble>),
    /// They have left the group that was to pay.
    LeftGroup,
}

/// What not coming costs.
#[derive(Clone, Copy, Debug)]
pub enum Fee<'a> {
    /// Nothing.
    Nothing,
    /// So much, as text.
    Of(&'a str),
    /// Nobody says.
    Unknown,
}

impl Booked<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Confirmed => "booking-confirmed",
            Self::Expired | Self::Lapsed => "booking-expired",
            Self::NoShow(_) => "booking-no-show",
            Self::Refused(_) => "booking-refused",
            Self::LeftGroup => "booking-left-group",
        }
    }
}

/// The letter that says what became of a booking; `place` is where and when, on lines.
pub fn booking(to: &Addressee<'_>, what: Booked<'_>, place: &str) -> Letter {
    let (subject, before, after) = match what {
        Booked::Confirmed => confirmed(to.language),
        Booked::Expired => expired(to.language),
        Booked::Lapsed => lapsed(to.language),
        Booked::NoShow(fee) => no_show(to.language, fee),
        Booked::Refused(why) => refused(to.language, why),
        Booked::LeftGroup => left_group(to.language),
    };
    letter(what.kind(), to, subject, &[before, place, &after])
}

type Said = (&'static str, &'static str, String);

fn confirmed(language: Language) -> Said {
    let (subject, before, after) = match language {
        Language::En => (
            "Your booking is confirmed",
            "the plug is kept for you:",
            "What to show there, and what giving it up may cost, you see here:",
        ),
        Language::De => (
            "Ihre Buchung ist bestätigt",
            "der Anschluss wird für Sie freigehalten:",
            "Was Sie dort vorzeigen und was eine Absage kosten kann, sehen Sie hier:",
        ),
        Language::Fr => (
            "Votre réservation est confirmée",
            "la prise vous est réservée :",
            "Ce qu’il faut y présenter et ce qu’une annulation peut coûter :",
        ),
        Language::Es => (
            "Tu reserva está confirmada",
            "el conector está reservado para ti:",
            "Qué mostrar allí y lo que puede costar anularla, lo ves aquí:",
        ),
    };
    (subject, before, after.to_owned())
}

fn expired(language: Language) -> Said {
    let (subject, before, after) = match language {
        Language::En => (
            "Your booking has expired",
            "nobody charged here in the time that you had booked:",
            "The charger could not keep the plug for you. You pay nothing for it. The booking:",
        ),
        Language::De => (
            "Ihre Buchung ist verfallen",
            "in der gebuchten Zeit wurde hier nicht geladen:",
            "Die Ladestation konnte den Anschluss nicht für Sie freihalten. Es kostet Sie nichts. \
             Die Buchung:",
        ),
        Language::Fr => (
            "Votre réservation a expiré",
            "personne n’a rechargé ici pendant le créneau réservé :",
            "La borne n’a pas pu vous garder la prise. Cela ne vous coûte rien. La réservation :",
        ),
        Language::Es => (
            "Tu reserva ha caducado",
            "nadie cargó aquí en el tiempo que habías reservado:",
            "El cargador no pudo guardarte el conector. No te cuesta nada. La reserva:",
        ),
    };
    (subject, before, after.to_owned())
}

fn lapsed(language: Language) -> Said {
    let (subject, before, after) = match language {
        Language::En => (
            "Your booking has expired",
            "this booking is no longer valid:",
            "The operator hasn’t told us why, nor whether it costs anything. The booking:",
        ),
        Language::De => (
            "Ihre Buchung ist verfallen",
            "diese Buchung gilt nicht mehr:",
            "Warum, und ob das etwas kostet, hat uns der Betreiber nicht mitgeteilt. Die Buchung:",
        ),
        Language::Fr => (
            "Votre réservation a expiré",
            "cette réservation n’est plus valable :",
            "L’opérateur ne nous a dit ni pourquoi, ni si cela coûte quelque chose. \
             La réservation :",
        ),
        Language::Es => (
            "Tu reserva ha caducado",
            "esta reserva ya no es válida:",
            "El operador no nos ha dicho por qué, ni si cuesta algo. La reserva:",
        ),
    };
    (subject, before, after.to_owned())
}

fn no_show(language: Language, fee: Fee<'_>) -> Said {
    let (subject, before) = match language {
        Language::En => (
            "Nobody came for your booking",
            "the plug was kept for you in vain:",
        ),
        Language::De => (
            "Ihre Buchung wurde nicht genutzt",
            "der Anschluss wurde vergeblich für Sie freigehalten:",
        ),
        Language::Fr => (
            "Votre réservation n’a pas été utilisée",
            "la prise vous a été gardée en vain :",
        ),
        Language::Es => (
            "Nadie usó tu reserva",
            "el conector se guardó para ti en vano:",
        ),
    };
    let after = match fee {
        Fee::Nothing => no_fee(language).to_owned(),
        Fee::Of(fee) => fee_of(language, fee),
        Fee::Unknown => fee_unknown(language).to_owned(),
    };
    (subject, before, after)
}

const fn no_fee(language: Language) -> &'static str {
    match language {
        Language::En => "This time it costs nothing. The booking:",
        Language::De => "Das kostet Sie diesmal nichts. Die Buchung:",
        Language::Fr => "Cela ne coûte rien cette fois. La réservation :",
        Language::Es => "Esta vez no cuesta nada. La reserva:",
    }
}

fn fee_of(language: Language, fee: &str) -> String {
    match language {
        Language::En => format!("The operator charges {fee} for that. The booking:"),
        Language::De => format!("Der Betreiber berechnet dafür {fee}. Die Buchung:"),
        Language::Fr => format!("L’opérateur facture {fee} pour cela. La réservation :"),
        Language::Es => format!("El operador cobra {fee} por ello. La reserva:"),
    }
}

const fn fee_unknown(language: Language) -> &'static str {
    match language {
        Language::En => {
            "The operator may charge for that, and hasn’t told us how much. The booking:"
        }
        Language::De => {
            "Der Betreiber kann dafür etwas berechnen; wie viel, hat er uns nicht mitgeteilt. \
             Die Buchung:"
        }
        Language::Fr => {
            "L’opérateur peut facturer cela et ne nous a pas dit combien. La réservation :"
        }
        Language::Es => "El operador puede cobrar por ello y no nos ha dicho cuánto. La reserva:",
    }
}

fn refused(language: Language, why: Option<&BookingTrouble>) -> Said {
    let (subject, before, after) = match language {
        Language::En => (
            "Your booking could not be made",
            "the plug cannot be kept for you:",
            "Nothing is charged. You can book another one here:",
        ),
        Language::De => (
            "Ihre Buchung ist nicht zustande gekommen",
            "der Anschluss kann nicht für Sie freigehalten werden:",
            "Es wird nichts berechnet. Einen anderen buchen Sie hier:",
        ),
        Language::Fr => (
            "Votre réservation n’a pas abouti",
            "la prise ne peut pas vous être réservée :",
            "Rien n’est facturé. Vous pouvez en réserver une autre ici :",
        ),
        Language::Es => (
            "No se pudo hacer tu reserva",
            "el conector no se puede reservar para ti:",
            "No se cobra nada. Puedes reservar otro aquí:",
        ),
    };
    let after = match why.and_then(|why| reason(language, why)) {
        Some(why) => [why, " ", after].concat(),
        None => after.to_owned(),
    };
    (subject, before, after)
}

fn left_group(language: Language) -> Said {
    let (subject, before, after) = match language {
        Language::En => (
            "Your booking was given up",
            "you are no longer in the group that was to pay for this booking. It was given up:",
            "You pay nothing for it. The booking:",
        ),
        Language::De => (
            "Ihre Buchung wurde abgesagt",
            "Sie sind nicht mehr in der Gruppe, die diese Buchung bezahlen sollte. Sie wurde \
             abgesagt:",
            "Sie zahlen dafür nichts. Die Buchung:",
        ),
        Language::Fr => (
            "Votre réservation a été annulée",
            "vous n’êtes plus dans le groupe qui devait payer cette réservation. Elle a été \
             annulée :",
            "Vous ne payez rien pour cela. La réservation :",
        ),
        Language::Es => (
            "Tu reserva se ha anulado",
            "ya no estás en el grupo que iba a pagar esta reserva. Se ha anulado:",
            "No pagas nada por ello. La reserva:",
        ),
    };
    (subject, before, after.to_owned())
}

fn reason(language: Language, why: &BookingTrouble) -> Option<&'static str> {
    use BookingTrouble::{
        Closed, Faulted, GroupLimit, LeftGroup, NoTariff, Other, TooLate, Unavailable, Unsupported,
    };
    use Language::{De, En, Es, Fr};
    Some(match (why, language) {
        (Faulted, En) => "The charger is out of order.",
        (Faulted, De) => "Die Ladestation ist defekt.",
        (Faulted, Fr) => "La borne est en panne.",
        (Faulted, Es) => "El cargador está averiado.",
        (Closed, En) => "The place is closed then.",
        (Closed, De) => "Der Standort ist dann geschlossen.",
        (Closed, Fr) => "Le lieu est alors fermé.",
        (Closed, Es) => "El lugar está cerrado entonces.",
        (Unsupported | NoTariff | Unavailable, En) => "The charger is not available for booking.",
        (Unsupported | NoTariff | Unavailable, De) => "Die Ladestation ist nicht buchbar.",
        (Unsupported | NoTariff | Unavailable, Fr) => "La borne n’est pas réservable.",
        (Unsupported | NoTariff | Unavailable, Es) => "El cargador no se puede reservar.",
        (TooLate | GroupLimit | LeftGroup | Other(_), _) => return None,
    })
}

/// The letter with which a guest gets the link to what was booked for them.
pub fn guest((email, language): (&str, Language), host: &str, place: &str, link: &str) -> Letter {
    let (subject, greeting, before, after) = match language {
        Language::En => (
            "A plug is booked for you",
            "Hello,",
            format!("{host} has booked a plug for you:"),
            "What to show there, you see here. The link is yours alone:",
        ),
        Language::De => (
            "Für Sie ist ein Anschluss gebucht",
            "Guten Tag,",
            format!("{host} hat einen Anschluss für Sie gebucht:"),
            "Was Sie dort vorzeigen, sehen Sie hier. Der Link ist nur für Sie:",
        ),
        Language::Fr => (
            "Une prise est réservée pour vous",
            "Bonjour,",
            format!("{host} a réservé une prise pour vous :"),
            "Ce qu’il faut y présenter se trouve ici. Ce lien n’est que pour vous :",
        ),
        Language::Es => (
            "Hay un conector reservado para ti",
            "Hola:",
            format!("{host} ha reservado un conector para ti:"),
            "Qué mostrar allí, lo ves aquí. El enlace es solo para ti:",
        ),
    };
    Letter {
        kind: "guest".to_owned(),
        recipient: email.to_owned(),
        subject: subject.to_owned(),
        body: [greeting, &before, place, after, link].join("\n\n") + "\n",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_language_has_letters_of_its_own_with_place_and_link() {
        let place = "Kai 7, CP-BGO #1\n14 June, 18:00";
        let all = Language::ALL.map(|language| {
            let to = Addressee {
                language,
                email: "mara@example.com",
                name: "Mara",
                link: "https://p/bookings/1",
            };
            let refused = BookingTrouble::KNOWN;
            let mut letters = vec![
                booking(&to, Booked::Confirmed, place),
                booking(&to, Booked::Expired, place),
                booking(&to, Booked::Lapsed, place),
                booking(&to, Booked::NoShow(Fee::Of("EUR 5.00")), place),
                booking(&to, Booked::NoShow(Fee::Nothing), place),
                booking(&to, Booked::NoShow(Fee::Unknown), place),
                booking(&to, Booked::Refused(refused.first()), place),
                booking(&to, Booked::Refused(Some(&BookingTrouble::Closed)), place),
                booking(&to, Booked::Refused(Some(&BookingTrouble::Faulted)), place),
                booking(&to, Booked::Refused(None), place),
                booking(&to, Booked::LeftGroup, place),
            ];
            assert!(letters[3].body.contains("EUR 5.00"));
            letters.push(guest(("g@example.com", language), "Mara", place, to.link));
            letters
        });
        let letters = all.concat();
        for letter in &letters {
            assert!(letter.body.contains("Mara") && letter.body.contains(place));
            assert!(letter.body.ends_with("\n\nhttps://p/bookings/1\n"));
        }
        let bodies: HashSet<&str> = letters.iter().map(|letter| &*letter.body).collect();
        assert_eq!(bodies.len(), letters.len());
    }
}
