//! Entry points for benches and fuzz targets.

pub mod attack;
pub mod bench;
#[cfg(fuzzing)]
pub mod fuzz;
