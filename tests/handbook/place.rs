//! A machine of the test's own: `/etc` and `/var` are folders of a temporary one, and what
//! only an administrator may start has stand-ins; `tidbok` is the program, and so is the page's service.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/clinic-example.json");

/// Folders of the machine that are the test's own.
const FOLDERS: [&str; 6] = [
    "etc/sysusers.d",
    "etc/systemd/system",
    "var/backups",
    "var/lib/tidbok",
    "var/lib/tidbok-portal",
    "var/lib/node_exporter",
];

/// Runs the program, and keeps what ended otherwise than it may: `status` tells by its code how well it
/// goes, `doctor` whether something is wrong. What would go on for ever is stopped, and `setup` takes what is
/// usual, below the test's folder; who erases somebody is not asked once more.
const TIDBOK: &str = r#"#!/bin/bash
case " $* " in
  *" --watch "*) timeout --signal=INT 2 "$PROGRAM" "$@"; exit 0 ;;
  " setup "*) set -- "$@" --yes --root "$ROOT" ;;
  " patient erase "*) set -- "$@" --yes ;;
esac
"$PROGRAM" "$@"
code=$?
case "$code $1" in
  0\ *|[12]\ status|1\ doctor) exit 0 ;;
esac
echo "$code: tidbok $*" >> "$ROOT/failed"
exit "$code"
"#;

/// Starts the page's service as the unit does, and waits until it answers.
const SYSTEMCTL: &str = r#"#!/bin/bash
case "$*" in
  *start*tidbok-portal*|*"--now tidbok-portal"*) ;;
  *) exit 0 ;;
esac
[ -f "$ROOT/etc/tidbok/portal.toml" ] || exit 0
[ -f "$ROOT/portal.pid" ] && kill "$(cat "$ROOT/portal.pid")" && sleep 0.2
"$PROGRAM" portal --config "$ROOT/etc/tidbok/portal.toml" --listen "$LISTEN" \
  > "$ROOT/portal.log" 2>&1 < /dev/null &
echo $! > "$ROOT/portal.pid"
for _ in $(seq 200); do
  (: > "/dev/tcp/${LISTEN%:*}/${LISTEN#*:}") 2> /dev/null && exit 0
  sleep 0.05
done
cat "$ROOT/portal.log"
exit 1
"#;

/// The services' accounts may not be there, and nobody but root gives files away.
const INSTALL: &str = r#"#!/bin/bash
left=()
while [ $# -gt 0 ]; do
  case "$1" in
    -o|-g) [ "$2" = tidbok ] || exit 1; shift 2 ;;
    *) left+=("$1"); shift ;;
  esac
done
PATH="${PATH#*:}" exec install "${left[@]}"
"#;

const STAND_INS: [(&str, &str); 6] = [
    ("tidbok", TIDBOK),
    ("systemctl", SYSTEMCTL),
    ("install", INSTALL),
    ("sudo", "#!/bin/bash\n[ \"$1\" = -u ] && shift 2\nexec \"$@\"\n"),
    ("systemd-sysusers", "#!/bin/bash\nexit 0\n"),
    ("journalctl", "#!/bin/bash\nexit 0\n"),
];

pub struct Place {
    folder: TempDir,
    /// Where the page's service listens.
    listen: String,
}

impl Place {
    pub fn empty() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let listen = free.local_addr().expect("an address").to_string();
        let place = Self { folder, listen };
        for folder in FOLDERS {
            std::fs::create_dir_all(place.path(folder)).expect("a folder");
        }
        std::fs::create_dir_all(place.path("bin")).expect("a folder");
        for (name, text) in STAND_INS {
            let path = place.path("bin").join(name);
            std::fs::write(&path, text).expect("writes");
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, mode).expect("can be run");
        }
        place
    }

    /// With the example clinic in `/var/lib/tidbok/clinic.db`.
    pub fn with_clinic() -> Self {
        let place = Self::empty();
        place.tidbok(&["import", EXAMPLE]);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("PROGRAM", env!("CARGO_BIN_EXE_tidbok"))
            .env("ROOT", self.folder.path())
            .env("LISTEN", &self.listen)
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_CONFIG_DIRS", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .stdin(Stdio::null());
        command
    }

    /// Runs what a page says in a shell; everything in it must succeed.
    pub fn run(&self, script: &str) {
        let database = format!("sqlite:{}", self.path("var/lib/tidbok/clinic.db").display());
        let input = self.path("secret");
        std::fs::write(&input, "a-secret-of-the-brokers\n").expect("writes");
        let root = self.folder.path().display();
        let mut script = script.replace("127.0.0.1:8484", &self.listen);
        for folder in ["/etc/", "/var/lib/", "/var/backups/"] {
            script = script.replace(folder, &format!("{root}{folder}"));
        }
        let output = self
            .command("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .env("TIDBOK_DATABASE", database)
            .stdin(std::fs::File::open(input).expect("opens"))
            .output()
            .expect("a shell");
        let failed = std::fs::read_to_string(self.path("failed")).unwrap_or_default();
        let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        assert!(output.status.success() && failed.is_empty(), "{failed}\n{out}\n{err}\n{script}");
    }

    /// Runs the program on the clinic; what it says.
    pub fn tidbok(&self, arguments: &[&str]) -> String {
        let database = format!("sqlite:{}", self.path("var/lib/tidbok/clinic.db").display());
        self.told(
            self.command(env!("CARGO_BIN_EXE_tidbok"))
                .args(["--database", &database])
                .args(arguments),
        )
    }

    /// Runs the program without naming a database; what it says.
    pub fn tidbok_alone(&self, arguments: &[&str]) -> String {
        self.told(self.command(env!("CARGO_BIN_EXE_tidbok")).args(arguments))
    }

    fn told(&self, command: &mut Command) -> String {
        let output = command.output().expect("the program runs");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {err}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// What it says where it can't do what is asked.
    pub fn refused(&self, arguments: &[&str]) -> String {
        self.ended(2, arguments)
    }

    /// What it says where the store can't be reached.
    pub fn out_of_reach(&self, arguments: &[&str]) -> String {
        self.ended(3, arguments)
    }

    fn ended(&self, code: i32, arguments: &[&str]) -> String {
        let output = self
            .command(env!("CARGO_BIN_EXE_tidbok"))
            .args(arguments)
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(code));
        String::from_utf8(output.stderr).expect("text")
    }

    /// Whether somebody listens where the page is to be.
    pub fn portal_answers(&self) -> bool {
        TcpStream::connect(&self.listen).is_ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Ok(pid) = std::fs::read_to_string(self.path("portal.pid")) {
            // Nothing is left to be done where it can't be stopped.
            let _ = Command::new("kill").arg(pid.trim()).status();
        }
    }
}
