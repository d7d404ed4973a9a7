//! The vault: it loses nothing, keeps the secrets of an encrypted vault to itself, and notices who tampers with it.

mod damage;
mod durability;
#[cfg(unix)]
mod full_disk;
mod hand_edits;
mod hidden_names;
#[cfg(target_os = "linux")]
mod key_store;
mod location;
// modes, owners, pipes and links: Unix has them
#[cfg(unix)]
mod permissions;
mod pinned_state;
mod rollback;
mod secrecy;
mod stock_tools;
#[cfg(unix)]
mod symlinks;
mod tampering;
mod unlocking;
