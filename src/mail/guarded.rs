//! The line to a mail server until TLS begins on it: what comes in the same breath as the server's consent
//! is not from behind TLS, and must never be taken for it (as in CVE-2011-0411).

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The longest consent that is read, in bytes.
const LONGEST: usize = 4096;

/// How far it has come with beginning TLS.
#[derive(Debug)]
enum Stage {
    NotYet,
    /// It was asked for; what has been answered so far.
    Asked(Vec<u8>),
    /// What comes now is TLS.
    Begun,
}

/// The line.
#[derive(Debug)]
pub(super) struct Guarded {
    stream: TcpStream,
    stage: Stage,
}

impl Guarded {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, stage: Stage::NotYet }
    }

    /// Looks at what has just come.
    fn heard(&mut self, new: &[u8]) -> io::Result<()> {
        let Stage::Asked(answer) = &mut self.stage else { return Ok(()) };
        answer.extend_from_slice(new);
        match end_of(answer) {
            Some(end) if end < answer.len() => Err(untrusted("more came than was asked for")),
            Some(_) => {
                self.stage = Stage::Begun;
                Ok(())
            }
            None if answer.len() > LONGEST => Err(untrusted("the answer does not end")),
            None => Ok(()),
        }
    }
}

fn untrusted(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Where an answer ends (RFC 5321, 4.2): its last line has no hyphen after the number.
fn end_of(answer: &[u8]) -> Option<usize> {
    let mut end = 0;
    for line in answer.split_inclusive(|byte| *byte == b'\n') {
        end += line.len();
        if line.ends_with(b"\n") && line.get(3) != Some(&b'-') {
            return Some(end);
        }
    }
    None
}

impl AsyncRead for Guarded {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
        let new = buffer.filled().get(before..).unwrap_or_default();
        Poll::Ready(this.heard(new))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(cx, bytes))?;
        if matches!(this.stage, Stage::NotYet) && bytes.starts_with(b"STARTTLS") {
            this.stage = Stage::Asked(Vec::new());
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Guarded {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_the_line_that_says_so() {
        for (answer, end) in [
            ("220 go ahead\r\n", Some(14)),
            ("220 go ahead\r\n250 well\r\n", Some(14)),
            ("220-go\r\n220 ahead\r\n", Some(19)),
            ("220-go\r\n220 ahea", None),
            ("220 go ahead", None),
            ("\n220 go ahead\r\n", Some(1)),
            ("", None),
        ] {
            assert_eq!(end_of(answer.as_bytes()), end, "{answer:?}");
        }
    }
}
