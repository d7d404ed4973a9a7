//! Accounts as the table (CSV) that KeePassXC exports and imports: an entry each, without a password.

use zeroize::Zeroizing;

use crate::formats::apps::keepass::RECYCLE_BIN;
use crate::formats::export::{Export, ExportLimitation, capacity};
use crate::otp::{Account, Kind};

/// What KeePassXC names them
const COLUMNS: [&str; 10] =
    ["Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Icon", "Last Modified", "Created"];

const ROOT: &str = "Root";

/// Seconds: up to 2.7, KeePassXC takes a longer one for this
const MAX_PERIOD: u32 = 60;

/// Accounts as a table, the first tag of each as its group.
pub(crate) fn to_keepassxc_csv<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Export {
    let accounts: Vec<&Account> = accounts.into_iter().collect();
    let text = Zeroizing::new(String::with_capacity(capacity(&accounts)));
    let mut export = Export { text, left_out: Vec::new(), reduced: Vec::new() };
    push_row(&mut export.text, &COLUMNS);
    for account in accounts {
        if let Some(why) = not_carried(account) {
            export.left_out.push((account.name.clone(), why));
            continue;
        }
        let group = group(account);
        let lost = [lost_serial(account), lost_tags(account, &group), lost_issuer(account)];
        export.reduced.extend(lost.into_iter().flatten().map(|lost| (account.name.clone(), lost)));
        push_row(&mut export.text, &row(account, &group, &account.to_keepassxc_uri()));
    }
    export
}

/// KeePassXC would make wrong codes of these, without a word
fn not_carried(account: &Account) -> Option<ExportLimitation> {
    match account.key.parameters().kind() {
        Kind::Hotp { .. } => Some(ExportLimitation::Hotp("KeePassXC")),
        Kind::Totp { period } if period > MAX_PERIOD => Some(ExportLimitation::KeePassXcPeriod(period)),
        Kind::Totp { .. } | Kind::Steam => None,
    }
}

/// A tag that is called like the bin would be thrown away with it
fn group(account: &Account) -> String {
    match account.tags.first() {
        Some(tag) if tag.split('/').next() != Some(RECYCLE_BIN) => format!("{ROOT}/{tag}"),
        _ => ROOT.to_owned(),
    }
}

fn lost_serial(account: &Account) -> Option<ExportLimitation> {
    account.label.serial.as_ref().map(|_| ExportLimitation::Serial("KeePassXC"))
}

/// An entry needs a title, which is read as the issuer where the URI names nobody
fn lost_issuer(account: &Account) -> Option<ExportLimitation> {
    account.label.is_blank().then_some(ExportLimitation::Issuer("KeePassXC"))
}

fn lost_tags(account: &Account, group: &str) -> Option<ExportLimitation> {
    match account.tags.len() {
        0 => None,
        _ if group == ROOT => Some(ExportLimitation::NoTags),
        1 => None,
        _ => Some(ExportLimitation::FirstTagOnly),
    }
}

fn row<'a>(account: &'a Account, group: &'a str, uri: &'a str) -> [&'a str; COLUMNS.len()] {
    let issuer = &account.label.issuer;
    let title = if issuer.is_empty() { account.name.as_str() } else { issuer };
    [group, title, &account.label.account_name, "", "", "", uri, "0", "", ""]
}

/// Every field is quoted, as KeePassXC does it
fn push_row(text: &mut String, fields: &[&str]) {
    for (number, field) in fields.iter().enumerate() {
        text.push_str(if number == 0 { "\"" } else { ",\"" });
        for part in field.split_inclusive('"') {
            text.push_str(part);
            text.push_str(if part.ends_with('"') { "\"" } else { "" });
        }
        text.push('"');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::export::samples::{account, imported};
    use crate::formats::{Recognised, read, recognise};

    #[test]
    fn the_table_is_that_of_keepassxc() {
        let accounts = imported(
            read(
                "otpauth://totp/ACME:bob%22?secret=JBSWY3DPEHPK3PXP&tags=Work&tags=x\nsteam://JBSWY3DPEHPK3PXP\n\
                 otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=1\n\
                 otpauth://totp/b?secret=JBSWY3DPEHPK3PXP&period=90",
            )
            .unwrap(),
        );
        let Export { text, left_out, reduced } = to_keepassxc_csv(&accounts);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[0],
            r#""Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created""#
        );
        assert_eq!(
            lines[1],
            "\"Root/Work\",\"ACME\",\"bob\"\"\",\"\",\"\",\"\",\"otpauth://totp/ACME:bob%22?secret=JBSWY3DPEHPK3PXP\
             &issuer=ACME&algorithm=SHA1&digits=6&period=30\",\"0\",\"\",\"\""
        );
        assert!(
            lines[2].contains("otpauth://totp/Steam:?")
                && lines[2].contains("&digits=5&period=30&encoder=steam\"")
        );
        let why: Vec<ExportLimitation> = left_out.iter().map(|(_, why)| why.clone()).collect();
        assert_eq!(why, [ExportLimitation::Hotp("KeePassXC"), ExportLimitation::KeePassXcPeriod(90)]);
        assert_eq!(
            reduced.iter().map(|(_, lost)| lost.clone()).collect::<Vec<_>>(),
            [ExportLimitation::FirstTagOnly]
        );
    }

    #[test]
    fn a_tag_that_is_called_like_the_bin_is_left_out() {
        let mut accounts = imported(read("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP").unwrap());
        accounts[0].tags = vec!["Recycle Bin/x".to_owned()];
        let Export { text, reduced, .. } = to_keepassxc_csv(&accounts);
        assert!(text.contains("\n\"Root\","));
        assert_eq!(reduced[0].1, ExportLimitation::NoTags);
    }

    #[test]
    fn an_account_without_any_label_gets_its_name_for_an_issuer() {
        let accounts = imported(read("otpauth://totp/?secret=JBSWY3DPEHPK3PXP").unwrap());
        let export = to_keepassxc_csv(&accounts);
        assert_eq!(export.reduced[0].1, ExportLimitation::Issuer("KeePassXC"));
        assert!(!format!("{export:?}").contains("JBSW"));
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_accounts(
            accounts in prop::collection::vec(account(), 1..4),
        ) {
            let Export { text, left_out, reduced } = to_keepassxc_csv(&accounts);
            let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
            prop_assert_eq!((contents.found.len() + left_out.len(), contents.refused.len()), (accounts.len(), 0));
            let carried = accounts.into_iter().filter(|account| not_carried(account).is_none());
            for (mut account, again) in carried.zip(imported(contents.found)) {
                let lost = |lost| reduced.contains(&(account.name.clone(), lost));
                account.tags.truncate(usize::from(!lost(ExportLimitation::NoTags)));
                account.label.serial = None;
                if lost(ExportLimitation::Issuer("KeePassXC")) {
                    account.label.issuer = account.name.as_str().to_owned();
                }
                account.name = again.name.clone();
                prop_assert_eq!(again, account);
            }
        }
    }
}
