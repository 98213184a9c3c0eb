#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tidbok_fuzz::run("portal", bytes));
