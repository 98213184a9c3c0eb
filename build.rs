//! Tells the tests whether a database server, another FHIR server, a browser and an OpenID Provider are
//! named, whether there are minutes for the one that takes minutes, and whether small disks may be mounted
//! to be filled, so that those that lack what they need are shown as ignored. Has no part in the program.

/// A variable, and the condition under which the tests that need it are run.
const NEEDS: [(&str, &str); 5] = [
    ("TIDBOK_TEST_SQLSERVER", "tidbok_test_sqlserver"),
    ("TIDBOK_TEST_SEKMET", "tidbok_test_sekmet"),
    ("TIDBOK_TEST_BROWSER", "tidbok_test_browser"),
    ("TIDBOK_TEST_PROVIDER", "tidbok_test_provider"),
    ("TIDBOK_SOAK_MINUTES", "tidbok_soak"),
];

/// The condition for tests that fill a disk.
const MAY_MOUNT: &str = "tidbok_may_mount";
/// The capability that mounting takes (CAP_SYS_ADMIN), as its bit.
const ADMINISTERS: u64 = 1 << 21;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for (need, condition) in NEEDS {
        println!("cargo::rerun-if-env-changed={need}");
        println!("cargo::rustc-check-cfg=cfg({condition})");
        if std::env::var_os(need).is_some_and(|named| !named.is_empty()) {
            println!("cargo::rustc-cfg={condition}");
        }
    }
    println!("cargo::rustc-check-cfg=cfg({MAY_MOUNT})");
    if may_mount() {
        println!("cargo::rustc-cfg={MAY_MOUNT}");
    }
}

/// Whether whoever builds may mount disks: on Linux, root outside a container that forbids it.
fn may_mount() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let capabilities = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let capabilities = capabilities.and_then(|it| u64::from_str_radix(it.trim(), 16).ok());
    capabilities.is_some_and(|it| it & ADMINISTERS != 0)
}
