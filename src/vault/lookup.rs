//! Account look-up: by the exact name, then ignoring case and width, then by a unique prefix, then by a unique part.

use crate::error::{CommandError, ExitCode};
use crate::name_match::{Pattern, fold, similar_names};
use crate::otp::{MfaArn, Name, NameError};
use crate::text::{redact, sanitize};
use crate::vault::record::{Problem, Record};
use crate::vault::{Entry, Vault};

/// Most names that a message lists
const MAX_LISTED: usize = 20;

/// Strictness of a look-up
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchKind {
    /// The name in every detail
    Exact,
    /// Anything that matches only one account
    Unique,
}

/// Reason why a look-up found no account
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FindError {
    #[error("the name is empty")]
    Empty,
    #[error("no account '{query}'")]
    NotFound { query: String, similar: Vec<String> },
    #[error("'{query}' matches {} accounts: {}", candidates.len(), join_names(candidates))]
    Ambiguous { query: String, candidates: Vec<String> },
    #[error("the account '{name}' cannot be used: {problem}")]
    Damaged { name: String, problem: Problem },
}

impl Vault {
    /// Finds the one account with a matching name, or with the MFA device of an ARN.
    ///
    /// # Errors
    /// No match, several matches, or a match whose record is damaged.
    pub(crate) fn find(&self, query: &str, kind: MatchKind) -> Result<&Entry, FindError> {
        if query.trim().is_empty() && self.index_of_name(query).is_none() {
            return Err(FindError::Empty);
        }
        let hits = match query.parse::<MfaArn>() {
            Ok(arn) => self.accounts_with_device(&arn),
            Err(_) => self.matches(query, kind),
        };
        match hits[..] {
            [] => Err(self.not_found(query)),
            [record] => record.entry.as_ref().map_err(|problem| FindError::Damaged {
                name: sanitize(record.handle()),
                problem: problem.clone(),
            }),
            _ => Err(FindError::Ambiguous { query: redact(query), candidates: keys(&hits) }),
        }
    }

    fn matches(&self, query: &str, kind: MatchKind) -> Vec<&Record> {
        let exact = self.index_of_name(query).map(|position| &self.records[position]);
        if exact.is_some() || kind == MatchKind::Exact {
            return exact.into_iter().collect();
        }
        let (query, pattern) = (fold(query), Pattern::new(query));
        let stages: [&dyn Fn(&Record) -> bool; 3] = [
            &|record| fold(record.handle()) == query,
            &|record| fold(record.handle()).starts_with(&query),
            &|record| pattern.is_in_any(record.texts()),
        ];
        stages.iter().map(|stage| self.filter(stage)).find(|hits| !hits.is_empty()).unwrap_or_default()
    }

    /// Returns the position of the record with this key or hidden name, or else with this name in another Unicode form.
    pub(super) fn index_of_name(&self, text: &str) -> Option<usize> {
        let named = || text.parse::<Name>().ok().and_then(|name| self.position(&name));
        self.records.iter().position(|record| record.handle() == text).or_else(named)
    }

    /// Prefers stored serial numbers to those that a label suggests.
    fn accounts_with_device(&self, arn: &MfaArn) -> Vec<&Record> {
        let has_device = |record: &Record, stored: bool| {
            record
                .entry
                .as_ref()
                .is_ok_and(|entry| entry.label.serial.is_some() == stored && entry.label.is_device(arn))
        };
        let stored = self.filter(|record| has_device(record, true));
        if stored.is_empty() { self.filter(|record| has_device(record, false)) } else { stored }
    }

    fn filter(&self, matches: impl Fn(&Record) -> bool) -> Vec<&Record> {
        self.records.iter().filter(|record| matches(record)).collect()
    }

    fn not_found(&self, query: &str) -> FindError {
        let names = self.records.iter().map(Record::handle);
        FindError::NotFound { query: redact(query), similar: similar_names(query, names) }
    }
}

impl Record {
    /// Returns the searched texts: name, issuer and account name.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let entry = self.entry.as_ref().ok();
        let labels = entry.into_iter().flat_map(|e| [e.label.issuer.as_str(), e.label.account_name.as_str()]);
        std::iter::once(self.handle()).chain(labels)
    }
}

/// Joins as many names as a message can show.
fn join_names(names: &[String]) -> String {
    let more = if names.len() > MAX_LISTED { ", …" } else { "" };
    names.iter().take(MAX_LISTED).map(String::as_str).collect::<Vec<_>>().join(", ") + more
}

fn keys(records: &[&Record]) -> Vec<String> {
    records.iter().map(|record| sanitize(record.handle())).collect()
}

impl From<FindError> for CommandError {
    fn from(error: FindError) -> Self {
        let (exit, hint) = match &error {
            FindError::Empty => (ExitCode::Usage, NameError::HINT.to_owned()),
            FindError::NotFound { query, similar } if similar.is_empty() => {
                let is_device = query.parse::<MfaArn>().is_ok();
                let hint = if is_device {
                    "set the device of an account with 'mfa edit NAME --serial ARN'"
                } else {
                    "run 'mfa list' to see the accounts"
                };
                (ExitCode::NoAccount, hint.to_owned())
            }
            FindError::NotFound { similar, .. } => {
                (ExitCode::NoAccount, format!("did you mean {}?", similar.join(", ")))
            }
            FindError::Ambiguous { .. } => (ExitCode::Ambiguous, "give the name of one of them".to_owned()),
            FindError::Damaged { problem, .. } if problem.is_about_encryption() => {
                (ExitCode::Failed, "'mfa vault verify' shows what was changed".to_owned())
            }
            FindError::Damaged { .. } => (ExitCode::Failed, "fix its entry in the vault file".to_owned()),
        };
        Self::wrap(exit, error).hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Account, Key, Label, Note, Parameters, Secret};

    fn vault(accounts: &[(&str, &str, &str)]) -> Vault {
        let mut vault = Vault::default();
        for (name, issuer, account_name) in accounts {
            let label = Label {
                issuer: (*issuer).to_owned(),
                account_name: (*account_name).to_owned(),
                serial: None,
            };
            let key = Key::new(Secret::from_bytes(vec![1; 20]).unwrap(), Parameters::DEFAULT);
            vault
                .insert(Account {
                    name: name.parse().unwrap(),
                    label,
                    tags: Vec::new(),
                    note: Note::default(),
                    key,
                })
                .unwrap();
        }
        vault
    }

    fn found(vault: &Vault, query: &str) -> Result<String, FindError> {
        vault.find(query, MatchKind::Unique).map(|account| account.name.to_string())
    }

    #[test]
    fn find_prefers_the_better_match() {
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
    fn find_folds_case_in_every_script() {
        let vault = vault(&[("Straße", "ΟΔΟΣ", "")]);
        assert_eq!(found(&vault, "STRASSE"), Ok("Straße".to_owned()));
        assert_eq!(found(&vault, "οδος"), Ok("Straße".to_owned()));
    }

    #[test]
    fn ambiguous_name_lists_the_candidates() {
        let vault = vault(&[("aws-prod", "", ""), ("aws-test", "", ""), ("github", "", "")]);
        let candidates = vec!["aws-prod".to_owned(), "aws-test".to_owned()];
        assert_eq!(found(&vault, "aws"), Err(FindError::Ambiguous { query: "aws".to_owned(), candidates }));
    }

    #[test]
    fn exact_look_up_takes_no_part_and_no_other_case() {
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
    fn unknown_name_lists_similar_names() {
        let vault = vault(&[("github", "", ""), ("aws-root", "", "")]);
        let similar = vec!["github".to_owned()];
        assert_eq!(found(&vault, "githbu"), Err(FindError::NotFound { query: "githbu".to_owned(), similar }));
        assert_eq!(found(&vault, " "), Err(FindError::Empty));
    }

    #[test]
    fn arn_finds_the_account_of_its_device() {
        let mut vault = vault(&[
            ("labelled", "Amazon Web Services", "bob@123456789012"),
            ("other", "Amazon Web Services", "bob@210987654321"),
        ]);
        let arn = "arn:aws:iam::123456789012:mfa/bob";
        assert_eq!(found(&vault, arn), Ok("labelled".to_owned()));
        let mut stored = vault.find("other", MatchKind::Exact).unwrap().account().unwrap();
        stored.label.serial = Some(arn.parse().unwrap());
        vault.replace(stored);
        assert_eq!(found(&vault, arn), Ok("other".to_owned()), "a stored serial number has precedence");
        let unknown = "arn:aws:iam::123456789012:mfa/eve";
        assert!(matches!(found(&vault, unknown), Err(FindError::NotFound { .. })));
    }
}
