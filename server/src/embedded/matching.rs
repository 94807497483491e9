//! Texts as they are searched for.

/// What `found!` looks for anywhere in a text, whatever is large or small in it; none of
/// its signs is special. Stores may know the large letters of English only, so a text with
/// others is looked for as it is, with those large that begin words, and with all of them.
pub fn patterns(text: &str) -> [String; 3] {
    let text = text.to_lowercase();
    let first = pattern(&text);
    if text.is_ascii() {
        return [first, String::new(), String::new()];
    }
    [
        first,
        pattern(&beginning_large(&text)),
        pattern(&all_large(&text)),
    ]
}

/// Whether a text, in small letters as far as the store knows them, has what stands in
/// three parameters, of which the first is empty if nothing is looked for.
macro_rules! found {
    ($text:literal, $first:literal, $second:literal, $third:literal) => {
        concat!(
            "(",
            $first,
            " = '' or ",
            $text,
            " like ",
            $first,
            " escape '!' or (",
            $second,
            " <> '' and (",
            $text,
            " like ",
            $second,
            " escape '!' or ",
            $text,
            " like ",
            $third,
            " escape '!')))"
        )
    };
}
pub(super) use found;

fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

fn beginning_large(text: &str) -> String {
    let mut within = false;
    let mut large = String::new();
    for sign in text.chars() {
        if within {
            large.push(sign);
        } else {
            push_large(&mut large, sign);
        }
        within = sign.is_alphanumeric();
    }
    large
}

fn all_large(text: &str) -> String {
    let mut large = String::new();
    text.chars().for_each(|sign| push_large(&mut large, sign));
    large
}

/// Letters of English stay small: every store knows them.
fn push_large(text: &mut String, sign: char) {
    if sign.is_ascii() {
        text.push(sign);
    } else {
        text.extend(sign.to_uppercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_stand_for_others_are_searched_for_themselves() {
        let first = "%50!% a!_b!!%".to_owned();
        assert_eq!(patterns("50% A_b!"), [first, String::new(), String::new()]);
    }

    #[test]
    fn letters_that_a_store_may_not_know_are_searched_for_large_and_small() {
        let forms = ["%özgür-çelik%", "%Özgür-Çelik%", "%ÖzgÜr-Çelik%"];
        assert_eq!(patterns("Özgür-Çelik"), forms);
    }
}
