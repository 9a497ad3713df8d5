//! FNV-1a: hashes that never change and need no crate, for what is written into files and databases. They find mistakes,
//! not forgeries.

/// The hash in 64 bits, for names and ids.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The hash in 128 bits, for what is compared in place of its text, taken in one after the other.
pub(crate) struct WideFnv(u128);

impl WideFnv {
    /// Of nothing.
    pub(crate) fn new() -> Self {
        WideFnv(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    /// Takes in what comes next.
    pub(crate) fn add(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    /// 32 hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_algorithm() {
        for (text, narrow, wide) in [
            ("", "cbf29ce484222325", "6c62272e07bb014262b821756295c58d"),
            ("a", "af63dc4c8601ec8c", "d228cb696f1a8caf78912b704e4a8964"),
            ("foobar", "85944171f73967e8", "343e1662793c64bf6f0d3597ba446f18"),
        ] {
            assert_eq!(format!("{:016x}", fnv(text.as_bytes())), narrow, "{text}");
            let mut hash = WideFnv::new();
            text.bytes().for_each(|byte| hash.add([byte]));
            assert_eq!(hash.hex(), wide, "{text}");
        }
    }
}
