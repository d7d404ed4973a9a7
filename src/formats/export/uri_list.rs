//! Writes accounts as otpauth URIs, which most apps import.

use zeroize::Zeroizing;

use crate::formats::export::{Export, ExportLimitation};
use crate::otp::Account;

/// Writes accounts as otpauth URIs with all parameters, one a line.
pub(crate) fn to_uri_list<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Export {
    let accounts: Vec<&Account> = accounts.into_iter().collect();
    let uris: Vec<Zeroizing<String>> = accounts.iter().map(|account| account.to_full_uri()).collect();
    let length = uris.iter().map(|uri| uri.len() + 1).sum();
    let mut text = Zeroizing::new(String::with_capacity(length));
    for uri in &uris {
        text.push_str(uri);
        text.push('\n');
    }
    let reduced =
        accounts.iter().flat_map(|account| limitations(account).map(|lost| (account.name.clone(), lost)));
    Export { text, left_out: Vec::new(), reduced: reduced.collect() }
}

fn limitations(account: &Account) -> impl Iterator<Item = ExportLimitation> {
    let serial = account.label.serial.as_ref().map(|_| ExportLimitation::Serial("a list of otpauth URIs"));
    let colon = account.label.has_ambiguous_colon().then_some(ExportLimitation::Colon);
    let note = (!account.note.is_empty()).then_some(ExportLimitation::Note("a list of otpauth URIs"));
    serial.into_iter().chain(colon).chain(note)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::export::samples::{account, imported};
    use crate::formats::{Recognised, read, recognise};
    use crate::otp::Note;

    #[test]
    fn a_uri_has_all_parameters() {
        let uri = "otpauth://totp/ACME:a%2Bb?secret=JBSWY3DPEHPK3PXP&issuer=ACME&algorithm=SHA1&digits=6&period=30\
                   &tags=Work&tags=a%26b\n";
        let accounts = imported(read(uri).unwrap());
        assert_eq!(accounts[0].tags, ["Work", "a&b"]);
        assert_eq!(*to_uri_list(&accounts).text, uri);
        let steam = imported(read("steam://JBSWY3DPEHPK3PXP").unwrap());
        assert!(to_uri_list(&steam).text.ends_with("&issuer=Steam&algorithm=SHA1&digits=5&period=30\n"));
    }

    proptest! {
        #[test]
        fn written_accounts_can_be_read(
            accounts in prop::collection::vec(account(), 1..4),
        ) {
            let Export { text, reduced, .. } = to_uri_list(&accounts);
            let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
            prop_assert_eq!(contents.found.len(), accounts.len());
            for (mut account, again) in accounts.into_iter().zip(imported(contents.found)) {
                let lost = reduced.iter().filter(|(name, _)| *name == account.name).map(|(_, lost)| lost.clone());
                prop_assert!(lost.eq(limitations(&account)));
                account.label.serial = None;
                account.note = Note::default();
                account.name = again.name.clone();
                prop_assert_eq!(again, account);
            }
        }
    }
}
