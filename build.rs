//! Tells the tests whether a database server, another FHIR server, a browser and an OpenID Provider are
//! named, so that those that need one are shown as ignored where there is none. Has no part in the program.

/// A variable, and the condition under which the tests that need it are run.
const SERVERS: [(&str, &str); 4] = [
    ("TIDBOK_TEST_SQLSERVER", "tidbok_test_sqlserver"),
    ("TIDBOK_TEST_SEKMET", "tidbok_test_sekmet"),
    ("TIDBOK_TEST_BROWSER", "tidbok_test_browser"),
    ("TIDBOK_TEST_PROVIDER", "tidbok_test_provider"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for (server, condition) in SERVERS {
        println!("cargo::rerun-if-env-changed={server}");
        println!("cargo::rustc-check-cfg=cfg({condition})");
        if std::env::var_os(server).is_some_and(|named| !named.is_empty()) {
            println!("cargo::rustc-cfg={condition}");
        }
    }
}
