//! The file that keeps the accounts: it loses nothing.

// modes, owners, pipes and links: unix has them
#[cfg(unix)]
mod access;
mod damage;
mod durability;
mod editing;
#[cfg(unix)]
mod full_disk;
#[cfg(unix)]
mod links;
mod place;
