//! Chance that can be had again: the same seed gives the same course of things.

/// A small generator (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The one of a seed and a name: everybody has their own luck.
    pub fn of(seed: u64, name: &str) -> Self {
        let mut chance = Self(seed);
        for byte in name.bytes() {
            chance.0 = chance.next() ^ u64::from(byte);
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to and without 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` up to and without `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// How long until the next of things that happen so often an hour, in milliseconds.
    pub fn pause(&mut self, an_hour: f64) -> i64 {
        (-(1.0 - self.share()).ln() / an_hour * 3_600_000.0) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_name_have_the_same_luck() {
        let mut one = Chance::of(1, "A");
        assert_eq!(one.share(), Chance::of(1, "A").share());
        assert_ne!(one.share(), one.share());
        assert_ne!(Chance::of(1, "A").share(), Chance::of(1, "B").share());
        assert_ne!(Chance::of(1, "A").share(), Chance::of(2, "A").share());
    }

    #[test]
    fn what_happens_twice_an_hour_does_so_about_every_thirty_minutes() {
        let mut chance = Chance::of(7, "");
        let hours: i64 = (0..1000).map(|_| chance.pause(2.0)).sum::<i64>() / 3_600_000;
        assert!((450..550).contains(&hours), "{hours}");
    }
}
