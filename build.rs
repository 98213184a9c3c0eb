//! Tells the tests whether a database server is named, so that those that need one are shown as ignored
//! where there is none. Has no part in the program.

const SERVER: &str = "TIDBOK_TEST_SQLSERVER";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={SERVER}");
    println!("cargo::rustc-check-cfg=cfg(tidbok_test_sqlserver)");
    if std::env::var_os(SERVER).is_some_and(|named| !named.is_empty()) {
        println!("cargo::rustc-cfg=tidbok_test_sqlserver");
    }
}
