//! Accounts with codes from others: the RFCs, and an independent HMAC (`fixtures/vectors/codes.json`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use data_encoding::BASE32_NOPAD;
use serde::Deserialize;

/// The codes of RFC 4226, appendix D, for the counters 0 to 9: with a period of 30 s those of the times 0 to 299.
pub(crate) const RFC_4226: [&str; 10] =
    ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];

/// RFC 6238, appendix B: the time, and the 8-digit codes for SHA1, SHA256, SHA512.
pub(crate) const RFC_6238: [(&str, [&str; 3]); 6] = [
    ("59", ["94287082", "46119246", "90693936"]),
    ("1111111109", ["07081804", "68084774", "25091201"]),
    ("1111111111", ["14050471", "67062674", "99943326"]),
    ("1234567890", ["89005924", "91819424", "93441116"]),
    ("2000000000", ["69279037", "90698825", "38618901"]),
    ("20000000000", ["65353130", "77737706", "47863826"]),
];

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) issuer: String,
    pub(crate) name: String,
    pub(crate) secret: String,
    pub(crate) algorithm: String,
    pub(crate) digits: u8,
    #[serde(default)]
    pub(crate) period: u32,
    pub(crate) codes: BTreeMap<String, String>,
}

static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/vectors/codes.json")).expect("the fixture is JSON")
});

/// Returns the TOTP vectors.
pub(crate) fn totp() -> impl Iterator<Item = &'static Vector> {
    VECTORS.iter().filter(|vector| vector.kind == "totp")
}

/// Returns the vectors of other types.
pub(crate) fn hotp_and_steam() -> impl Iterator<Item = &'static Vector> {
    VECTORS.iter().filter(|vector| vector.kind != "totp")
}

pub(crate) fn vector(id: &str) -> &'static Vector {
    VECTORS.iter().find(|vector| vector.id == id).expect("the id is in codes.json")
}

pub(crate) fn by_secret(secret: &str) -> &'static Vector {
    VECTORS.iter().find(|vector| vector.secret == secret).expect("the secret is in codes.json")
}

impl Vector {
    /// Returns the code at one of the times of the fixture, in Unix seconds.
    pub(crate) fn at(&self, time: &str) -> &str {
        &self.codes[time]
    }

    /// Returns the vector as an `[accounts.NAME]` table.
    pub(crate) fn record(&self, name: &str) -> String {
        let fields = [("issuer", &self.issuer), ("account", &self.name), ("secret", &self.secret)];
        let lines = fields.iter().filter(|(_, value)| !value.is_empty());
        let lines: Vec<String> = lines.map(|(field, value)| format!("{field} = \"{value}\"\n")).collect();
        let parameters = parameters(&self.algorithm, self.digits, self.period);
        format!("\n[accounts.{name}]\n{}{parameters}", lines.concat())
    }

    /// Returns the vector as an otpauth URI with every parameter.
    pub(crate) fn uri(&self) -> String {
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let (issuer, name) = (encoded(&self.issuer), encoded(&self.name));
        let label = if issuer.is_empty() { name } else { format!("{issuer}:{name}") };
        let issuer = if issuer.is_empty() { issuer } else { format!("&issuer={issuer}") };
        let Self { kind, secret, algorithm, digits, period, .. } = self;
        format!(
            "otpauth://{kind}/{label}?secret={secret}{issuer}&algorithm={algorithm}&digits={digits}&period={period}"
        )
    }
}

/// Returns the parameters of a record that differ from the defaults.
pub(crate) fn parameters(algorithm: &str, digits: u8, period: u32) -> String {
    let line = |unusual: bool, text: String| if unusual { text } else { String::new() };
    line(algorithm != "SHA1", format!("algorithm = \"{algorithm}\"\n"))
        + &line(digits != 6, format!("digits = {digits}\n"))
        + &line(period != 30, format!("period = {period}\n"))
}

/// Returns the seed of the RFCs' test vectors in Base32: digits repeated to the length of the hash.
pub(crate) fn rfc_secret(bytes: usize) -> String {
    BASE32_NOPAD.encode(&"1234567890".repeat(7).as_bytes()[..bytes])
}

/// Returns every secret of the fixtures; no message may contain one.
pub(crate) fn secrets() -> Vec<String> {
    let rfc = [20, 32, 64].map(rfc_secret);
    VECTORS.iter().map(|vector| vector.secret.clone()).chain(rfc).collect()
}
