#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mfa::hooks::fuzz::vault(bytes));
