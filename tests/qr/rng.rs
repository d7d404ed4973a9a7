//! Random numbers that are the same on every machine (`SplitMix64`).

pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number from `low` to `high`, both included.
    pub(crate) fn int(&mut self, low: u32, high: u32) -> u32 {
        low + (self.next() % u64::from(high - low + 1)) as u32
    }

    pub(crate) fn byte(&mut self, low: u8, high: u8) -> u8 {
        self.int(low.into(), high.into()) as u8
    }

    pub(crate) fn float(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a normally distributed number with mean 0 and deviation 1 (sum of twelve).
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.float(0.0, 1.0)).sum::<f64>() - 6.0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.int(0, from.len() as u32 - 1) as usize]
    }

    pub(crate) fn base32(&mut self, length: usize) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        (0..length).map(|_| char::from(*self.pick(alphabet))).collect()
    }

    /// Returns a URI as services show it. Every other one has a long secret, as those of AWS.
    pub(crate) fn uri(&mut self) -> String {
        if self.int(0, 1) == 0 {
            self.aws_uri()
        } else {
            let issuer = *self.pick(&["GitHub", "Example", "ACME%20Co", "Mail", "B%C3%BCcher"]);
            let name = *self.pick(&["alice", "bob@example.com", "john.doe%2Btest@example.org"]);
            let length = *self.pick(&[16, 26, 32]);
            let secret = self.base32(length);
            format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
        }
    }

    pub(crate) fn aws_uri(&mut self) -> String {
        let account = 100_000_000_000 + self.next() % 900_000_000_000;
        let secret = self.base32(64);
        format!(
            "otpauth://totp/Amazon%20Web%20Services:root-account-mfa-device@{account}\
             ?secret={secret}&issuer=Amazon%20Web%20Services"
        )
    }
}
