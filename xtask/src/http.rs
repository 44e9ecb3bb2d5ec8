//! A small HTTP/1.1 client, because the drills must know exactly what was sent and answered.
//!
//! A ready-made client may silently send a request again on a fresh connection; here that would
//! look like a replayed code. Nothing is ever sent twice, and an answer counts as received only
//! when its last byte is there. No TLS, no redirects, and cookies only by name and value.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

const LIMIT: Duration = Duration::from_secs(20);

/// Where to connect, and which host to name.
#[derive(Clone, Debug)]
pub struct Target {
    address: SocketAddr,
    /// Scheme and authority, without a path.
    origin: String,
}

impl Target {
    /// The site `url`, answered by the process that listens on a port of this machine.
    pub fn new(port: u16, url: &str) -> Self {
        let end = url.find("://").map_or(0, |at| at + 3);
        let path = url[end..].find('/').map_or(url.len(), |at| end + at);
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), origin: url[..path].to_owned() }
    }

    fn host(&self) -> &str {
        self.origin.split_once("://").map_or(self.origin.as_str(), |(_, host)| host)
    }
}

/// The mark of an error after which the server has certainly seen nothing of the request.
#[derive(Debug)]
pub struct NotConnected(SocketAddr);

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing answers on {}", self.0)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    /// The first header of this (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body)
            .with_context(|| format!("not JSON ({}): {}", self.status, self.body))
    }
}

/// One connection at a time, kept open, with a cookie jar: what one browser tab would do.
pub struct Client {
    target: Target,
    connection: Option<BufReader<TcpStream>>,
    pub cookies: BTreeMap<String, String>,
}

impl Client {
    pub fn new(target: Target) -> Self {
        Self { target, connection: None, cookies: BTreeMap::new() }
    }

    /// Forgets the open connection, because the process at its other end is gone.
    pub fn disconnect(&mut self) {
        self.connection = None;
    }

    /// GET a path of this site.
    pub fn get(&mut self, path: &str) -> Result<Reply> {
        self.send("GET", path, &[], None)
    }

    /// GET a path of this site with an access token.
    pub fn get_as(&mut self, path: &str, token: &str) -> Result<Reply> {
        self.call("GET", path, token, None)
    }

    /// Calls the API with an access token, and JSON if there is a body.
    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> Result<Reply> {
        let mut headers = vec![("authorization", format!("Bearer {token}"))];
        let body = body.map(Value::to_string);
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        self.send(method, path, &headers, body.as_deref())
    }

    /// POST a form, with Basic authentication if credentials are given.
    pub fn post(
        &mut self,
        path: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<Reply> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        if let Some((name, secret)) = basic {
            headers.push(("authorization", basic_header(name, secret)));
        }
        // What a browser sends with a form; servers use it against cross-site posts.
        if !self.cookies.is_empty() {
            headers.push(("origin", self.target.origin.clone()));
            headers.push(("sec-fetch-site", "same-origin".to_owned()));
        }
        self.send("POST", path, &headers, Some(&body))
    }

    /// Turns a link of this site, absolute or not, into a path; anything else into an error.
    pub fn path_of(&self, link: &str) -> Result<String> {
        if link.starts_with('/') {
            return Ok(link.to_owned());
        }
        match link.strip_prefix(&self.target.origin) {
            Some("") => Ok("/".to_owned()),
            Some(rest) if rest.starts_with('/') => Ok(rest.to_owned()),
            _ => bail!("{link} is not on {}", self.target.origin),
        }
    }

    fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: Option<&str>,
    ) -> Result<Reply> {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\naccept: */*\r\n", self.target.host());
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.push_str(&format!("cookie: {}\r\n", pairs.join("; ")));
        }
        if let Some(body) = body {
            request.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body.unwrap_or_default());
        let mut connection = match self.connection.take() {
            Some(open) => open,
            None => self.connect()?,
        };
        connection.get_mut().write_all(request.as_bytes()).context("the request was not sent")?;
        let (reply, keep) = read_reply(&mut connection).context("the answer was lost")?;
        for (name, value) in &reply.headers {
            if name == "set-cookie" {
                self.store_cookie(value);
            }
        }
        if keep {
            self.connection = Some(connection);
        }
        Ok(reply)
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.target.address, LIMIT)
            .context(NotConnected(self.target.address))?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        stream.set_nodelay(true)?;
        Ok(BufReader::new(stream))
    }

    fn store_cookie(&mut self, header: &str) {
        let pair = header.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else {
            return;
        };
        let gone = header.to_ascii_lowercase().split(';').any(|part| part.trim() == "max-age=0");
        if gone || value.is_empty() {
            self.cookies.remove(name.trim());
        } else {
            self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
}

/// The value of an `Authorization` header (RFC 7617).
pub fn basic_header(name: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{secret}")))
}

/// Reads one whole answer; the flag tells whether the connection may be used again.
fn read_reply(from: &mut impl BufRead) -> Result<(Reply, bool)> {
    let first = read_line(from)?;
    let status: u16 = first
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| anyhow!("no status in {first:?}"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| anyhow!("no header: {line:?}"))?;
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    let find = |wanted: &str| {
        headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    };
    let mut keep = !find("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let mut bytes = Vec::new();
    if status == 204 || status == 304 {
        // No body, whatever the headers say (RFC 9112, section 6.3).
    } else if find("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        read_chunks(from, &mut bytes)?;
    } else if let Some(length) = find("content-length") {
        let length: usize = length.parse().context("content-length")?;
        bytes.resize(length, 0);
        from.read_exact(&mut bytes)?;
    } else {
        keep = false;
        from.read_to_end(&mut bytes)?;
    }
    let body = String::from_utf8(bytes).context("the body is not UTF-8")?;
    Ok((Reply { status, headers, body }, keep))
}

fn read_chunks(from: &mut impl BufRead, into: &mut Vec<u8>) -> Result<()> {
    loop {
        let line = read_line(from)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).with_context(|| format!("chunk size {line:?}"))?;
        let start = into.len();
        into.resize(start + size, 0);
        from.read_exact(&mut into[start..])?;
        let end = read_line(from)?;
        if size == 0 {
            return Ok(());
        }
        if !end.is_empty() {
            bail!("a chunk is longer than it says");
        }
    }
}

fn read_line(from: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if from.take(64 * 1024).read_line(&mut line)? == 0 || !line.ends_with('\n') {
        bail!("the connection was closed");
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_only_when_it_is_whole() {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        let (reply, keep) = read_reply(&mut whole.as_bytes()).expect("whole");
        assert_eq!((reply.status, reply.body.as_str(), keep), (200, "{}", true));
        for cut in 1..whole.len() {
            assert!(
                read_reply(&mut &whole.as_bytes()[..cut]).is_err(),
                "{cut} bytes were taken for an answer"
            );
        }
    }

    #[test]
    fn chunks_are_put_together() {
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
        let (reply, keep) = read_reply(&mut chunked.as_bytes()).expect("whole");
        assert_eq!((reply.body.as_str(), keep), ("abcd", false));
    }

    #[test]
    fn links_of_other_sites_are_refused() {
        let client = Client::new(Target::new(8080, "http://localhost:8080/"));
        assert_eq!(client.path_of("/login?x=1").expect("path"), "/login?x=1");
        assert_eq!(client.path_of("http://localhost:8080/a").expect("path"), "/a");
        assert!(client.path_of("http://localhost:80801/a").is_err());
        assert!(client.path_of("http://localhost:3000/callback").is_err());
    }

    #[test]
    fn cookies_come_and_go() {
        let mut client = Client::new(Target::new(1, "http://localhost:1"));
        client.store_cookie("a=1; Path=/; HttpOnly");
        client.store_cookie("b=2");
        client.store_cookie("a=; Max-Age=0");
        assert_eq!(
            client.cookies.into_iter().collect::<Vec<_>>(),
            [("b".to_owned(), "2".to_owned())]
        );
    }
}
