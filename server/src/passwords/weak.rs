//! Which passwords are refused: too short, too long, or among the first that
//! somebody would try.

use portal_api::portal::{PASSWORD_LONGEST, PASSWORD_SHORTEST};

/// The most common passwords that are long enough, and words of this trade,
/// in lower case.
const COMMON: &str = include_str!("common.txt");

/// Words that everybody who tries passwords here would think of.
const OF_THE_TRADE: [&str; 8] = [
    "driver", "portal", "charging", "charger", "charge", "electric", "password", "wallbox",
];

/// Whether somebody with this e-mail address must choose another password.
pub fn is_weak(password: &str, email: &str) -> bool {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    !(PASSWORD_SHORTEST..=PASSWORD_LONGEST).contains(&length)
        || COMMON.lines().any(|common| common == lower)
        || is_one_letter(&lower)
        || is_word_with_trimmings(&lower, email)
}

fn is_one_letter(lower: &str) -> bool {
    let mut letters = lower.chars();
    let first = letters.next();
    letters.all(|letter| Some(letter) == first)
}

/// `Driver-Portal-2026!`, or one's own address with a year.
fn is_word_with_trimmings(lower: &str, email: &str) -> bool {
    let mut letters: String = lower
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    let own = email.split('@').next().unwrap_or_default().to_lowercase();
    let own: String = own
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    if own.chars().count() >= 4 && letters == own {
        return true;
    }
    let before = letters.len();
    for word in OF_THE_TRADE {
        letters = letters.replace(word, "");
    }
    letters.is_empty() && before > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_recognised() {
        for weak in [
            "",
            "short",
            "1234567",
            "12345678",
            "Password123",
            "QWERTY123",
            "passwort1",
            "motdepasse",
            "contraseña",
            "aaaaaaaaaaaa",
            "zzzzzzzz",
            "Driver-Portal-2026!",
            "charging1",
            "DriverPortal",
            "mara.lindqvist",
            "MaraLindqvist99",
            "iloveyou1",
        ] {
            assert!(is_weak(weak, "mara.lindqvist@example.com"), "{weak:?}");
        }
        assert!(is_weak(&"x1".repeat(65), "a@example.com"));
    }

    #[test]
    fn any_other_composition_is_fine() {
        for fine in [
            "charge-ahead",
            "correct horse battery",
            "blue kettle",
            "  spaces  around  ",
            "ÄÖÜäöüß€",
            "8d-1f.zq",
            "ein langer Satz mit Wörtern",
        ] {
            assert!(!is_weak(fine, "mara.lindqvist@example.com"), "{fine:?}");
        }
        let longest: String = "äb".repeat(64);
        assert!(!is_weak(&longest, "a@example.com"));
    }

    #[test]
    fn the_list_is_lower_case_long_enough_and_without_repeats() {
        let words: Vec<&str> = COMMON.lines().collect();
        assert!(words.len() >= 300, "{}", words.len());
        assert!(words.is_sorted());
        for pair in words.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
        for word in words {
            assert!(word.chars().count() >= PASSWORD_SHORTEST, "{word}");
            assert_eq!(word, word.to_lowercase());
        }
    }
}
