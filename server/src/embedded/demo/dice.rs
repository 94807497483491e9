//! Numbers that look random and are the same every time: the demo's data must
//! not change when a library's generator does.

/// A generator of its own for everyone, so that one person's data does not
/// depend on another's.
#[derive(Clone, Debug)]
pub struct Dice(u64);

const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Dice {
    /// The dice of a name.
    pub fn of(name: &str) -> Self {
        // FNV-1a.
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed)
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub fn within(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least).saturating_add(1);
        let roll = self.next() % span;
        least.saturating_add_unsigned(roll)
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.within(1, 100) <= percent
    }

    /// One of them, or `None` of none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(choices.len()).ok()? - 1;
        if last < 0 {
            return None;
        }
        choices.get(usize::try_from(self.within(0, last)).ok()?)
    }

    /// `prefix` and `length` capital letters and digits that can't be mistaken
    /// for one another.
    pub fn id(&mut self, prefix: &str, length: usize) -> String {
        let mut id = String::with_capacity(prefix.len() + length);
        id.push_str(prefix);
        for _ in 0..length {
            let letter = self.next() % 32;
            id.push(char::from(LETTERS[usize::try_from(letter).unwrap_or(0)]));
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_rolls_the_same_numbers() {
        let (mut one, mut other) = (Dice::of("a"), Dice::of("a"));
        assert_eq!(one.id("x_", 10), other.id("x_", 10));
        assert_ne!(Dice::of("b").id("x_", 10), Dice::of("a").id("x_", 10));
    }

    #[test]
    fn a_roll_stays_within_its_bounds_and_reaches_both() {
        let mut dice = Dice::of("bounds");
        let rolls: Vec<_> = (0..1_000).map(|_| dice.within(-2, 3)).collect();
        assert_eq!(rolls.iter().min(), Some(&-2));
        assert_eq!(rolls.iter().max(), Some(&3));
    }
}
