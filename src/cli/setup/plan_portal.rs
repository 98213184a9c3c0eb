//! The portal's file, its secrets, and what is its own of the service.

use std::path::{Path, PathBuf};

use toml_edit::Value;

use crate::cli::drop_in::DropIn;
use crate::cli::layout::Layout;
use crate::cli::{Failure, portal, units};
use crate::texts::Language;

use super::answers::{EIdAnswers, PortalAnswers};
use super::plan::Plan;
use super::secrets;
use super::toml_edits::TomlFile;

/// The clinic that the file to begin from speaks of.
const EXAMPLES: &str = "storgatan";
/// Below it only who is permitted to may listen.
const FIRST_FREE_PORT: u16 = 1024;

/// Plans everything; the file with the agent's token, where it has one.
pub(super) fn plan(
    plan: &mut Plan,
    answers: &PortalAnswers,
    file: TomlFile,
    layout: &Layout,
    language: Language,
) -> Result<Option<PathBuf>, Failure> {
    plan.services.push(&units::PORTAL);
    let mut file = match file.is_there() {
        true => file,
        false => new_file(answers, layout)?,
    };
    let clinic = answers.clinic.as_str();
    file.set(&["listen"], answers.listen.to_string());
    match &answers.tls {
        None => file.remove(&["tls"]),
        Some((certificate, key)) => {
            set_path(&mut file, &["tls", "certificate_file"], certificate);
            set_path(&mut file, &["tls", "key_file"], key);
        }
    }
    if !file.has(&["clinics", clinic, "agent_certificate_file"]) {
        set_new(
            &mut file,
            &["clinics", clinic, "agent_token_file"],
            format!("{clinic}-agent-token"),
        );
    }
    set_new(&mut file, &["clinics", clinic, "page_token_file"], format!("{clinic}-page-token"));
    file.put(&["clinics", clinic, "page", "address"], answers.address.as_deref());
    file.put(&["clinics", clinic, "page", "title"], answers.title.as_deref());
    match &answers.e_id {
        None => file.remove(&["clinics", clinic, "e_id"]),
        Some(e_id) => set_e_id(&mut file, clinic, e_id),
    }
    let mut own = secrets_of(plan, answers, &file, language)?;
    if answers.listen.port() < FIRST_FREE_PORT {
        own.lines.extend(may_listen());
    }
    let token =
        file.said(&["clinics", clinic, "agent_token_file"]).map(|it| layout.folder().join(it));
    plan.file(file.path.clone(), file.text())?;
    plan.file(layout.drop_in(&units::PORTAL), own.text())?;
    Ok(token)
}

/// The file to begin from, about this clinic and without what is made up in it.
fn new_file(answers: &PortalAnswers, layout: &Layout) -> Result<TomlFile, Failure> {
    let beginning = portal::EXAMPLE.replace(EXAMPLES, &answers.clinic);
    let mut file = TomlFile::read(&layout.portal(), &beginning)?;
    for made_up in ["title", "phone", "email", "text"] {
        file.remove(&["clinics", &answers.clinic, "page", made_up]);
    }
    let database = layout.state(&units::PORTAL).join("portal.db");
    file.set(&["database"], database.display().to_string());
    Ok(file)
}

/// Sets what is not said yet.
fn set_new(file: &mut TomlFile, keys: &[&str], value: impl Into<Value>) {
    if !file.has(keys) {
        file.set(keys, value);
    }
}

/// Sets a path, unless what stands there means the same.
fn set_path(file: &mut TomlFile, keys: &[&str], path: &Path) {
    let folder = file.path.parent().unwrap_or(Path::new("/"));
    if file.said(keys).map(|said| folder.join(said)).as_deref() != Some(path) {
        file.set(keys, path.display().to_string());
    }
}

fn set_e_id(file: &mut TomlFile, clinic: &str, e_id: &EIdAnswers) {
    let key = |name: &'static str| ["clinics", clinic, "e_id", name];
    file.put(&key("provider"), e_id.provider.as_deref());
    if e_id.claim.is_some() {
        file.put(&key("claim"), e_id.claim.as_deref());
    }
    file.set(&key("issuer"), e_id.issuer.as_str());
    file.set(&key("client_id"), e_id.client_id.as_str());
    set_new(file, &key("client_secret_file"), secrets::e_id(clinic));
    file.set(&key("public_url"), e_id.public_url.as_str());
}

/// Secrets are made where there are none, and given to the service, which may not read the files.
fn secrets_of(
    plan: &mut Plan,
    answers: &PortalAnswers,
    file: &TomlFile,
    language: Language,
) -> Result<DropIn, Failure> {
    let folder = file.path.parent().unwrap_or(Path::new("/"));
    let mut own = DropIn::default();
    let mut twice = Vec::new();
    let mut give = |path: &PathBuf| {
        if !own.give(path.clone()) {
            twice.push(path.display().to_string());
        }
    };
    let hash_key = folder.join(file.said(&["hash_key_file"]).unwrap_or(secrets::HASH_KEY));
    give(&hash_key);
    plan.made_secret(hash_key)?;
    for clinic in file.names(&["clinics"]) {
        for key in ["agent_token_file", "page_token_file"] {
            let Some(said) = file.said(&["clinics", &clinic, key]) else { continue };
            let path = folder.join(said);
            give(&path);
            plan.made_secret(path)?;
        }
        let Some(said) = file.said(&["clinics", &clinic, "e_id", "client_secret_file"]) else {
            continue;
        };
        let path = folder.join(said);
        give(&path);
        match answers.e_id.as_ref().filter(|_| clinic == answers.clinic) {
            Some(e_id) => plan.secret(path, e_id.secret.as_ref()),
            None => plan.secret(path, None),
        }
    }
    if let Some((certificate, key)) = &answers.tls {
        give(certificate);
        give(key);
    }
    if let Some(path) = twice.first() {
        return Err(Failure::Usage(language.pick(
            format!(
                "{path}: en annan av portalens hemligheter har en fil med samma namn: byt namn på en av dem, \
                 även i portal.toml"
            ),
            format!(
                "{path}: another secret of the portal has a file of the same name: rename one of them, in \
                 portal.toml too"
            ),
        )));
    }
    Ok(own)
}

/// What a service needs to listen where only who is permitted to may.
fn may_listen() -> [String; 3] {
    let may = "CAP_NET_BIND_SERVICE";
    [
        format!("AmbientCapabilities={may}"),
        format!("CapabilityBoundingSet={may}"),
        // Within a name space of its own the capability would not count.
        "PrivateUsers=no".to_owned(),
    ]
}
