//! Texts as they are searched for.

/// What `like … escape '!'` finds anywhere; none of its signs is special.
pub fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.to_lowercase().chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_stand_for_others_are_searched_for_themselves() {
        assert_eq!(pattern("50% A_b!"), "%50!% a!_b!!%");
    }
}
