//! Tells the tests whether a database server, another FHIR server, a browser and an OpenID Provider are
//! named, and whether there are minutes for the one that takes minutes, so that those that lack what they
//! need are shown as ignored. Has no part in the program.

/// A variable, and the condition under which the tests that need it are run.
const NEEDS: [(&str, &str); 5] = [
    ("TIDBOK_TEST_SQLSERVER", "tidbok_test_sqlserver"),
    ("TIDBOK_TEST_SEKMET", "tidbok_test_sekmet"),
    ("TIDBOK_TEST_BROWSER", "tidbok_test_browser"),
    ("TIDBOK_TEST_PROVIDER", "tidbok_test_provider"),
    ("TIDBOK_SOAK_MINUTES", "tidbok_soak"),
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for (need, condition) in NEEDS {
        println!("cargo::rerun-if-env-changed={need}");
        println!("cargo::rustc-check-cfg=cfg({condition})");
        if std::env::var_os(need).is_some_and(|named| !named.is_empty()) {
            println!("cargo::rustc-cfg={condition}");
        }
    }
}
