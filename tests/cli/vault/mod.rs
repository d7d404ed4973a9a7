//! The file that keeps the accounts: it loses nothing.

#[cfg(unix)]
mod access;
mod damage;
#[cfg(unix)]
mod durability;
mod editing;
#[cfg(unix)]
mod links;
mod place;
