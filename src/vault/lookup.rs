//! Which account a user means: exactly, then ignoring case and width, then the only prefix, then the only part.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use crate::error::{CommandError, ExitCode};
use crate::otp::{MfaArn, Name, NameError};
use crate::vault::record::{Problem, Record};
use crate::vault::{Entry, Vault};

/// Names that are shown when nothing fits
const SIMILAR: usize = 3;

/// Names that a message lists
const LISTED: usize = 20;

/// How alike a name must be to be shown, from 0 to 1 (Jaro-Winkler)
const SIMILARITY: f64 = 0.75;

/// Which names a look-up takes
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchKind {
    /// Only the name as it stands
    Exact,
    /// Whatever fits one account only
    Unique,
}

/// Why a look-up gave no account
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FindError {
    #[error("the name is empty")]
    Empty,
    #[error("no account '{query}'")]
    NotFound { query: String, similar: Vec<String> },
    #[error("'{query}' fits {} accounts: {}", candidates.len(), listed(candidates))]
    Ambiguous { query: String, candidates: Vec<String> },
    #[error("the account '{name}' cannot be used: {problem}")]
    Damaged { name: String, problem: Problem },
}

impl Vault {
    /// Finds the one account that a user means by a name or by the ARN of an MFA device.
    ///
    /// # Errors
    /// None, or several, or one whose record is damaged.
    pub(crate) fn find(&self, query: &str, kind: MatchKind) -> Result<&Entry, FindError> {
        if query.trim().is_empty() && self.index_of_name(query).is_none() {
            return Err(FindError::Empty);
        }
        let hits = match query.parse::<MfaArn>() {
            Ok(arn) => self.devices(&arn),
            Err(_) => self.hits(query, kind),
        };
        match hits[..] {
            [] => Err(self.nothing(query)),
            [record] => record.entry.as_ref().map_err(|problem| FindError::Damaged {
                name: crate::text::sanitize(&record.key),
                problem: problem.clone(),
            }),
            _ => Err(FindError::Ambiguous { query: crate::text::redact(query), candidates: keys(&hits) }),
        }
    }

    fn hits(&self, query: &str, kind: MatchKind) -> Vec<&Record> {
        let exact = self.index_of_name(query).map(|position| &self.records[position]);
        if exact.is_some() || kind == MatchKind::Exact {
            return exact.into_iter().collect();
        }
        let query = folded(query);
        let stages: [&dyn Fn(&Record) -> bool; 3] = [
            &|record| folded(&record.key) == query,
            &|record| folded(&record.key).starts_with(&query),
            &|record| record.texts().any(|text| folded(text).contains(&query)),
        ];
        stages.iter().map(|stage| self.filter(stage)).find(|hits| !hits.is_empty()).unwrap_or_default()
    }

    /// The record that a text names: the one with this very key goes before the one with this name
    pub(super) fn index_of_name(&self, text: &str) -> Option<usize> {
        let named = || text.parse::<Name>().ok().and_then(|name| self.position(&name));
        self.records.iter().position(|record| record.key == text).or_else(named)
    }

    /// Stored serial numbers go before those that only a label suggests
    fn devices(&self, arn: &MfaArn) -> Vec<&Record> {
        let is = |record: &Record, stored: bool| {
            record
                .entry
                .as_ref()
                .is_ok_and(|entry| entry.label.serial.is_some() == stored && entry.label.is_device(arn))
        };
        let stored = self.filter(|record| is(record, true));
        if stored.is_empty() { self.filter(|record| is(record, false)) } else { stored }
    }

    fn filter(&self, fits: impl Fn(&Record) -> bool) -> Vec<&Record> {
        self.records.iter().filter(|record| fits(record)).collect()
    }

    fn nothing(&self, query: &str) -> FindError {
        let wanted = folded(query);
        let mut similar: Vec<(f64, &Record)> = self
            .records
            .iter()
            .map(|record| (strsim::jaro_winkler(&folded(&record.key), &wanted), record))
            .filter(|(similarity, _)| *similarity >= SIMILARITY)
            .collect();
        similar.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let similar: Vec<&Record> = similar.into_iter().take(SIMILAR).map(|(_, record)| record).collect();
        FindError::NotFound { query: crate::text::redact(query), similar: keys(&similar) }
    }
}

impl Record {
    /// Name, issuer and account name
    fn texts(&self) -> impl Iterator<Item = &str> {
        let entry = self.entry.as_ref().ok();
        let labels = entry.into_iter().flat_map(|e| [e.label.issuer.as_str(), e.label.account_name.as_str()]);
        std::iter::once(self.key.as_str()).chain(labels)
    }
}

/// Whether `part` is found in `text`, ignoring case and width
pub(crate) fn contains_folded(text: &str, part: &str) -> bool {
    folded(text).contains(&folded(part))
}

/// NFKC and full case folding: `ＡＷＳ`, `aws` and `AWS` are one
fn folded(text: &str) -> String {
    text.nfkc().default_case_fold().nfkc().collect()
}

/// As many names as a message can hold
fn listed(names: &[String]) -> String {
    let more = if names.len() > LISTED { ", …" } else { "" };
    names.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ") + more
}

fn keys(records: &[&Record]) -> Vec<String> {
    records.iter().map(|record| crate::text::sanitize(&record.key)).collect()
}

impl From<FindError> for CommandError {
    fn from(error: FindError) -> Self {
        let (exit, hint) = match &error {
            FindError::Empty => (ExitCode::Usage, NameError::HINT.to_owned()),
            FindError::NotFound { query, similar } if similar.is_empty() => {
                let is_device = query.parse::<MfaArn>().is_ok();
                let hint = if is_device {
                    "'mfa edit NAME --serial ARN' says whose device that is"
                } else {
                    "'mfa list' shows the accounts"
                };
                (ExitCode::NoAccount, hint.to_owned())
            }
            FindError::NotFound { similar, .. } => {
                (ExitCode::NoAccount, format!("did you mean {}?", similar.join(", ")))
            }
            FindError::Ambiguous { .. } => (ExitCode::Ambiguous, "say the name of one of them".to_owned()),
            FindError::Damaged { .. } => (ExitCode::Failed, "mend its record in the vault file".to_owned()),
        };
        Self::wrap(exit, error).hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Account, Key, Label, Parameters, Secret};

    fn vault(accounts: &[(&str, &str, &str)]) -> Vault {
        let mut vault = Vault::default();
        for (name, issuer, account_name) in accounts {
            let label = Label {
                issuer: (*issuer).to_owned(),
                account_name: (*account_name).to_owned(),
                serial: None,
            };
            let key = Key::new(Secret::from_bytes(vec![1; 20]).unwrap(), Parameters::DEFAULT);
            vault.insert(Account { name: name.parse().unwrap(), label, tags: Vec::new(), key }).unwrap();
        }
        vault
    }

    fn found(vault: &Vault, query: &str) -> Result<String, FindError> {
        vault.find(query, MatchKind::Unique).map(|account| account.name.to_string())
    }

    #[test]
    fn the_better_match_wins_over_the_weaker_ones() {
        let vault = vault(&[
            ("aws", "", ""),
            ("aws-prod", "", ""),
            ("prod-aws", "", ""),
            ("GitHub", "", "alice@prod.example"),
        ]);
        for (query, name) in [
            ("aws", "aws"),
            ("AWS", "aws"),
            ("ＡＷＳ", "aws"),
            ("aws-", "aws-prod"),
            ("prod-", "prod-aws"),
            ("github", "GitHub"),
            ("git", "GitHub"),
            ("ALICE@", "GitHub"),
        ] {
            assert_eq!(found(&vault, query), Ok(name.to_owned()), "{query}");
        }
    }

    #[test]
    fn case_is_folded_in_every_script() {
        let vault = vault(&[("Straße", "ΟΔΟΣ", "")]);
        assert_eq!(found(&vault, "STRASSE"), Ok("Straße".to_owned()));
        assert_eq!(found(&vault, "οδος"), Ok("Straße".to_owned()));
    }

    #[test]
    fn an_ambiguous_name_lists_the_candidates() {
        let vault = vault(&[("aws-prod", "", ""), ("aws-test", "", ""), ("github", "", "")]);
        let candidates = vec!["aws-prod".to_owned(), "aws-test".to_owned()];
        assert_eq!(found(&vault, "aws"), Err(FindError::Ambiguous { query: "aws".to_owned(), candidates }));
    }

    #[test]
    fn exactly_means_exactly() {
        let vault = vault(&[("aws-prod", "", "")]);
        assert!(vault.find("aws-prod", MatchKind::Exact).is_ok());
        for query in ["aws", "AWS-PROD", "aws-pro"] {
            assert!(
                matches!(vault.find(query, MatchKind::Exact), Err(FindError::NotFound { .. })),
                "{query}"
            );
        }
    }

    #[test]
    fn a_name_that_fits_nothing_brings_the_similar_ones() {
        let vault = vault(&[("github", "", ""), ("aws-root", "", "")]);
        let similar = vec!["github".to_owned()];
        assert_eq!(found(&vault, "githbu"), Err(FindError::NotFound { query: "githbu".to_owned(), similar }));
        assert_eq!(found(&vault, " "), Err(FindError::Empty));
    }

    #[test]
    fn an_arn_names_its_device() {
        let mut vault = vault(&[
            ("labelled", "Amazon Web Services", "bob@123456789012"),
            ("other", "Amazon Web Services", "bob@210987654321"),
        ]);
        let arn = "arn:aws:iam::123456789012:mfa/bob";
        assert_eq!(found(&vault, arn), Ok("labelled".to_owned()));
        let mut stored = vault.find("other", MatchKind::Exact).unwrap().account().unwrap();
        stored.label.serial = Some(arn.parse().unwrap());
        vault.replace(stored);
        assert_eq!(found(&vault, arn), Ok("other".to_owned()), "a stored serial number goes first");
        let unknown = "arn:aws:iam::123456789012:mfa/eve";
        assert!(matches!(found(&vault, unknown), Err(FindError::NotFound { .. })));
    }
}
