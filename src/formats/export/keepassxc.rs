//! Writes accounts as the CSV table of KeePassXC: an entry without a password for each.

use zeroize::Zeroizing;

use crate::formats::apps::keepass::RECYCLE_BIN;
use crate::formats::export::{Export, ExportLimitation, note_with_serial};
use crate::otp::{Account, Kind};

/// The names that KeePassXC uses
const COLUMNS: [&str; 10] =
    ["Group", "Title", "Username", "Password", "URL", "Notes", "TOTP", "Icon", "Last Modified", "Created"];

const ROOT: &str = "Root";

/// In seconds. KeePassXC up to 2.7 reduces a longer period to this one.
const MAX_PERIOD: u32 = 60;

/// Writes accounts as a table, with the first tag of each as its group.
pub(crate) fn to_keepassxc_csv<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Export {
    let accounts: Vec<&Account> = accounts.into_iter().collect();
    let mut export = Export::complete(Zeroizing::new(String::with_capacity(capacity(&accounts))));
    push_row(&mut export.text, &COLUMNS);
    for account in accounts {
        if let Some(why) = unsupported(account) {
            export.left_out.push((account.name.clone(), why));
            continue;
        }
        let group = group(account);
        let lost = [lost_tags(account, &group), lost_issuer(account)];
        export.reduced.extend(lost.into_iter().flatten().map(|lost| (account.name.clone(), lost)));
        let note = note_with_serial(account);
        push_row(&mut export.text, &row(account, &group, &note, &account.to_keepassxc_uri()));
    }
    export
}

/// Returns a capacity that the table never exceeds, so that it never moves and leaves no copy behind.
fn capacity(accounts: &[&Account]) -> usize {
    let size = |account: &Account| {
        let label = account.label.issuer.len() + account.label.account_name.len();
        let tag = account.tags.first().map_or(0, String::len);
        let note = note_with_serial(account).len() * 2;
        note + account.key.secret().expose().len() * 2 + (account.name.as_str().len() + label * 2 + tag) * 6
    };
    accounts.iter().map(|account| size(account) + 600).sum::<usize>() + 200
}

/// Returns the reason if KeePassXC would silently compute wrong codes.
fn unsupported(account: &Account) -> Option<ExportLimitation> {
    match account.key.parameters().kind() {
        Kind::Hotp { .. } => Some(ExportLimitation::Hotp("KeePassXC")),
        Kind::Totp { period } if period > MAX_PERIOD => Some(ExportLimitation::KeePassXcPeriod(period)),
        Kind::Totp { .. } | Kind::Steam => None,
    }
}

/// Returns the group of an account. Ignores a tag with the name of the recycle bin, which KeePassXC would empty.
fn group(account: &Account) -> String {
    match account.tags.first() {
        Some(tag) if tag.split('/').next() != Some(RECYCLE_BIN) => format!("{ROOT}/{tag}"),
        _ => ROOT.to_owned(),
    }
}

/// Returns the limitation if both names are blank: KeePassXC reads the title of the entry as the issuer.
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

fn row<'a>(account: &'a Account, group: &'a str, note: &'a str, uri: &'a str) -> [&'a str; COLUMNS.len()] {
    let issuer = &account.label.issuer;
    let title = if issuer.is_empty() { account.name.as_str() } else { issuer };
    [group, title, &account.label.account_name, "", "", note, uri, "0", "", ""]
}

/// Appends a row with every field quoted, in the style of KeePassXC.
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
    fn a_table_has_the_columns_of_keepassxc() {
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
    fn a_tag_with_the_name_of_the_bin_is_omitted() {
        let mut accounts = imported(read("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP").unwrap());
        accounts[0].tags = vec!["Recycle Bin/x".to_owned()];
        let Export { text, reduced, .. } = to_keepassxc_csv(&accounts);
        assert!(text.contains("\n\"Root\","));
        assert_eq!(reduced[0].1, ExportLimitation::NoTags);
    }

    #[test]
    fn an_account_without_label_gets_its_name_as_issuer() {
        let accounts = imported(read("otpauth://totp/?secret=JBSWY3DPEHPK3PXP").unwrap());
        let export = to_keepassxc_csv(&accounts);
        assert_eq!(export.reduced[0].1, ExportLimitation::Issuer("KeePassXC"));
        assert!(!format!("{export:?}").contains("JBSW"));
    }

    proptest! {
        #[test]
        fn written_accounts_can_be_read(
            accounts in prop::collection::vec(account(), 1..4),
        ) {
            let Export { text, left_out, reduced } = to_keepassxc_csv(&accounts);
            let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
            prop_assert_eq!((contents.found.len() + left_out.len(), contents.rejected.len()), (accounts.len(), 0));
            let supported = accounts.into_iter().filter(|account| unsupported(account).is_none());
            for (mut account, again) in supported.zip(imported(contents.found)) {
                let lost = |lost| reduced.contains(&(account.name.clone(), lost));
                account.tags.truncate(usize::from(!lost(ExportLimitation::NoTags)));
                if lost(ExportLimitation::Issuer("KeePassXC")) {
                    account.label.issuer = account.name.as_str().to_owned();
                }
                account.name = again.name.clone();
                prop_assert_eq!(again, account);
            }
        }
    }
}
