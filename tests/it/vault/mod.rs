//! The vault: it loses no data, keeps the secrets of an encrypted vault secret, and detects tampering.

mod attacks;
mod damage;
mod durability;
// modes, owners, pipes and links exist on Unix only
#[cfg(unix)]
mod foreign_paths;
#[cfg(unix)]
mod full_disk;
#[cfg(unix)]
mod git_merge;
mod hand_edits;
mod hidden_names;
#[cfg(target_os = "linux")]
mod key_store;
mod location;
#[cfg(unix)]
mod permissions;
mod pinned_state;
mod races;
mod rollback;
mod secrecy;
mod stock_tools;
#[cfg(unix)]
mod symlinks;
mod tampering;
mod unlocking;
