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
    /// Nobody came though the plug was held: what that costs, as text.
    NoShow(Option<&'a str>),
    /// It was refused or failed, and why.
    Refused(Option<&'a BookingTrouble>),
}

impl Booked<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Confirmed => "booking-confirmed",
            Self::Expired => "booking-expired",
            Self::NoShow(_) => "booking-no-show",
            Self::Refused(_) => "booking-refused",
        }
    }
}

/// The letter that says what became of a booking; `place` is where and when, on lines.
pub fn booking(to: &Addressee<'_>, what: Booked<'_>, place: &str) -> Letter {
    let (subject, before, after) = match what {
        Booked::Confirmed => confirmed(to.language),
        Booked::Expired => expired(to.language),
        Booked::NoShow(fee) => no_show(to.language, fee),
        Booked::Refused(why) => refused(to.language, why),
    };
    letter(what.kind(), to, subject, &[before, place, &after])
}

type Said = (&'static str, &'static str, String);

fn confirmed(language: Language) -> Said {
    let (subject, before, after) = match language {
        Language::En => (
            "Your booking is confirmed",
            "the plug is kept for you:",
            "What to show there, and until when it can be given up for free, you see here:",
        ),
        Language::De => (
            "Ihre Buchung ist bestätigt",
            "der Anschluss wird für Sie freigehalten:",
            "Was Sie dort vorzeigen und bis wann Sie kostenlos absagen können, sehen Sie hier:",
        ),
        Language::Fr => (
            "Votre réservation est confirmée",
            "la prise vous est réservée :",
            "Ce qu’il faut y présenter et jusqu’à quand vous pouvez annuler gratuitement :",
        ),
        Language::Es => (
            "Tu reserva está confirmada",
            "el conector está reservado para ti:",
            "Qué mostrar allí y hasta cuándo puedes anularla gratis, lo ves aquí:",
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

fn no_show(language: Language, fee: Option<&str>) -> Said {
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
    let after = match (language, fee) {
        (Language::En, None) => "This time it costs nothing. The booking:".to_owned(),
        (Language::En, Some(fee)) => format!("The operator charges {fee} for that. The booking:"),
        (Language::De, None) => "Das kostet Sie diesmal nichts. Die Buchung:".to_owned(),
        (Language::De, Some(fee)) => {
            format!("Der Betreiber berechnet dafür {fee}. Die Buchung:")
        }
        (Language::Fr, None) => "Cela ne coûte rien cette fois. La réservation :".to_owned(),
        (Language::Fr, Some(fee)) => {
            format!("L’opérateur facture {fee} pour cela. La réservation :")
        }
        (Language::Es, None) => "Esta vez no cuesta nada. La reserva:".to_owned(),
        (Language::Es, Some(fee)) => format!("El operador cobra {fee} por ello. La reserva:"),
    };
    (subject, before, after)
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

fn reason(language: Language, why: &BookingTrouble) -> Option<&'static str> {
    use BookingTrouble::{
        Closed, Faulted, GroupLimit, NoTariff, Other, TooLate, Unavailable, Unsupported,
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
        (TooLate | GroupLimit | Other(_), _) => return None,
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
                booking(&to, Booked::NoShow(None), place),
                booking(&to, Booked::NoShow(Some("EUR 5.00")), place),
                booking(&to, Booked::Refused(refused.first()), place),
                booking(&to, Booked::Refused(Some(&BookingTrouble::Closed)), place),
                booking(&to, Booked::Refused(Some(&BookingTrouble::Faulted)), place),
                booking(&to, Booked::Refused(None), place),
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
