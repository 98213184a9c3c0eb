//! A patient's browser, as far as a program can be one: a connection that is kept, cookies, forms.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::response::Parts;
use axum::http::{Request, StatusCode};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What stood in the way of a browser's question, at which address.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub path: String,
    pub what: String,
}

impl Trouble {
    pub fn at(path: &str, what: impl ToString) -> Self {
        Self { path: path.to_owned(), what: what.to_string() }
    }
}

/// One connection at a time, kept alive; and the cookies that it was given.
pub struct Browser {
    host: String,
    /// Where it seems to be.
    address: String,
    cookies: BTreeMap<String, String>,
    connection: Option<SendRequest<Body>>,
}

impl Browser {
    /// The nth of all, before the page with that address.
    pub fn new(page: &str, n: u32) -> Self {
        let host = page.split('/').nth(2).expect("a host").to_owned();
        let address = format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255);
        Self { host, address, cookies: BTreeMap::new(), connection: None }
    }

    async fn connected(&mut self, path: &str) -> Result<SendRequest<Body>, Trouble> {
        if let Some(mut open) = self.connection.take()
            && open.ready().await.is_ok()
        {
            return Ok(open);
        }
        let stream = TcpStream::connect(&self.host).await;
        let stream = stream.map_err(|error| Trouble::at(path, error))?;
        stream.set_nodelay(true).expect("a socket");
        let hands = handshake(TokioIo::new(stream)).await;
        let (sender, connection) = hands.map_err(|error| Trouble::at(path, error))?;
        // It ends when either side closes it.
        tokio::spawn(async move { drop(connection.await) });
        Ok(sender)
    }

    fn request(&self, path: &str, form: Option<&str>) -> Request<Body> {
        let path = path.replace("&amp;", "&");
        let request = Request::builder().uri(path).header(HOST, &self.host);
        let mut request = request.header("x-forwarded-for", &self.address);
        if !self.cookies.is_empty() {
            let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            request = request.header(COOKIE, pairs.collect::<Vec<_>>().join("; "));
        }
        let request = match form {
            Some(form) => request
                .method("POST")
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(form.to_owned())),
            None => request.body(Body::empty()),
        };
        request.expect("a request")
    }

    /// What is answered at an address, to a form where one is sent; it is sent once more where the
    /// browser is given a name by that.
    pub async fn ask(&mut self, path: &str, form: Option<&str>) -> (Parts, String) {
        self.try_to_ask(path, form).await.expect("the portal answers")
    }

    /// The same of a portal that may not be there.
    pub async fn try_to_ask(
        &mut self,
        path: &str,
        form: Option<&str>,
    ) -> Result<(Parts, String), Trouble> {
        let (parts, text) = self.ask_once(path, form).await?;
        if parts.status != StatusCode::TEMPORARY_REDIRECT {
            return Ok((parts, text));
        }
        self.ask_once(&location(&parts), form).await
    }

    async fn ask_once(
        &mut self,
        path: &str,
        form: Option<&str>,
    ) -> Result<(Parts, String), Trouble> {
        let mut tries = 2;
        let answer = loop {
            let request = self.request(path, form);
            tries -= 1;
            let mut sender = self.connected(path).await?;
            match sender.send_request(request).await {
                Ok(answer) => {
                    self.connection = Some(sender);
                    break answer;
                }
                // A connection that stood idle was closed before anything was sent.
                Err(error) if error.is_canceled() && tries > 0 => {}
                Err(error) => return Err(Trouble::at(path, error)),
            }
        };
        let (parts, body) = answer.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await;
        let body = body.map_err(|error| Trouble::at(path, error))?;
        for set in parts.headers.get_all(SET_COOKIE) {
            let pair = set.to_str().expect("text").split(';').next();
            let (name, value) = pair.and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Ok((parts, String::from_utf8(body.to_vec()).expect("UTF-8")))
    }
}

/// Where an answer sends the browser.
pub fn location(answer: &Parts) -> String {
    answer.headers[LOCATION].to_str().expect("text").to_owned()
}

/// A form as it is sent.
pub fn encoded(fields: &BTreeMap<&str, String>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The nth of the tax agency's numbers for tests of people born from 1890 on.
pub fn test_number(n: u32) -> String {
    let born = chrono::NaiveDate::from_ymd_opt(1890, 1, 1).expect("a date");
    let born = born + chrono::TimeDelta::days((n / 20).into());
    let nine = format!("{}{}", born.format("%y%m%d"), 980 + n % 20);
    let weighed = nine.bytes().zip([2, 1].iter().cycle()).map(|(digit, weight)| {
        let weighed = u32::from(digit - b'0') * weight;
        weighed / 10 + weighed % 10
    });
    let check = (10 - weighed.sum::<u32>() % 10) % 10;
    format!("{}{}{check}", born.format("%Y%m%d"), &nine[6..])
}

/// Every value that stands between two marks.
pub fn all_between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}
