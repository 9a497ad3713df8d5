//! Repeatable random values for tests.

/// A small generator; equal seeds give equal values.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// `plain` cases, times the `ALUDEL_CASES` of the environment.
    pub(crate) fn cases(plain: usize) -> usize {
        let times = std::env::var("ALUDEL_CASES").ok().and_then(|times| times.parse::<usize>().ok());
        plain * times.unwrap_or(1)
    }

    /// The next 64 bits: a counter with a fixed stride, mixed twice.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = i128::from(most) - i128::from(least) + 1;
        i64::try_from(i128::from(least) + i128::from(self.bits()) % span).expect("it lies between two i64")
    }
}
