//! TLS by files: the certificate that the portal shows, and those that agents may show instead of a
//! token. Files are read once, at the start: whoever renews them starts the portal anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{
    NoClientAuth, WebPkiClientVerifier, danger::ClientCertVerifier,
};
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::access::Token;

/// The files of TLS, each in PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The portal's certificate, and those of its issuers after it.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Who issues the certificates that agents show; without it none is asked for.
    pub client_issuers: Option<PathBuf>,
}

impl TlsFiles {
    /// Whether they can be used.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn check(&self) -> Result<(), TlsError> {
        acceptor(self).map(drop)
    }
}

/// Why TLS can't be set up. Names the file, and nothing that is in it.
#[derive(Debug, Error)]
pub enum TlsError {
    #[error("{}: can't be read, or is no {what} in PEM", file.display())]
    File { file: PathBuf, what: &'static str },
    #[error("{}: the key does not belong to the certificate in {}", key.display(), certificate.display())]
    Mismatch { key: PathBuf, certificate: PathBuf },
    #[error("{}: none of its certificates can issue others", file.display())]
    Issuers { file: PathBuf },
}

impl Token {
    /// The client certificate that stands first in a file.
    ///
    /// # Errors
    /// [`TlsError::File`].
    pub fn of_certificate_in(file: &Path) -> Result<Self, TlsError> {
        let found = certificates(file)?;
        found.first().map(|first| Self::of_certificate(first)).ok_or_else(|| no_certificate(file))
    }
}

fn no_certificate(file: &Path) -> TlsError {
    TlsError::File { file: file.to_owned(), what: "certificate" }
}

/// The certificates in a file, at least one.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    found.ok().filter(|found| !found.is_empty()).ok_or_else(|| no_certificate(file))
}

/// What makes connections of the files.
pub(super) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, TlsError> {
    let chain = certificates(&files.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|_| TlsError::File { file: files.key.clone(), what: "private key" })?;
    let mismatch =
        |_| TlsError::Mismatch { key: files.key.clone(), certificate: files.certificate.clone() };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(mismatch)?
        .with_client_cert_verifier(client_verifier(files.client_issuers.as_deref())?)
        .with_single_cert(chain, key)
        .map_err(mismatch)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Asks for a certificate where agents may have one, and lets those in who have none: they may have a
/// token, and patients have neither.
fn client_verifier(issuers: Option<&Path>) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let Some(file) = issuers else { return Ok(Arc::new(NoClientAuth)) };
    let wrong = || TlsError::Issuers { file: file.to_owned() };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file)? {
        roots.add(certificate).map_err(|_| wrong())?;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .allow_unauthenticated()
        .build();
    verifier.map_err(|_| wrong())
}
