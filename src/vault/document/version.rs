//! The field `version`, and the comment above it.

use toml_edit::{DocumentMut, RawString};

use super::table_edit::set_value;

/// The version of a plain-text vault
pub(super) const PLAIN: i64 = 1;

/// The version of an encrypted vault
pub(in crate::vault) const ENCRYPTED: i64 = 3;

/// The version of an encrypted vault that no released program wrote
pub(super) const OLD_ENCRYPTED: i64 = 2;

/// The text of a new vault
pub(super) const NEW_VAULT: &str =
    "# The accounts of mfa. Anyone who can read this file can generate your codes.\nversion = 1\n";

/// The comment in place of the first line of `NEW_VAULT`, which is untrue of an encrypted vault
const ENCRYPTED_COMMENT: &str = "# The accounts of mfa. Their secrets are encrypted.\n";

/// Sets the version, and replaces the comment above it unless the user has changed that.
pub(super) fn set_version(document: &mut DocumentMut, version: i64) {
    set_value(document.as_table_mut(), "version", Some(version.into()));
    let plain_comment = NEW_VAULT.split_inclusive('\n').next().unwrap_or_default();
    let (before, after) = if version == ENCRYPTED {
        (plain_comment, ENCRYPTED_COMMENT)
    } else {
        (ENCRYPTED_COMMENT, plain_comment)
    };
    if let Some(mut key) = document.key_mut("version")
        && key.leaf_decor().prefix().and_then(RawString::as_str) == Some(before)
    {
        key.leaf_decor_mut().set_prefix(after);
    }
}
