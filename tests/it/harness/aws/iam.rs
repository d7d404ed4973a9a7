//! The loopback service as the tests see it: a process, its controls, and its state.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde::Deserialize;

use crate::harness::python;

/// A running service. Drop stops it.
#[derive(Debug)]
pub(crate) struct Iam {
    process: Child,
    port: u16,
}

#[derive(Debug, Deserialize)]
pub(crate) struct State {
    /// The current time step of the service's clock.
    pub(crate) step: i64,
    pub(crate) devices: Vec<Device>,
    /// Every request: its action, then `ok` or the code of the error.
    pub(crate) log: Vec<(String, String)>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Device {
    pub(crate) seed: String,
    pub(crate) user: Option<String>,
    /// How many steps the device was ahead when it was last synchronised.
    pub(crate) drift: i64,
    /// The latest step whose code was used.
    pub(crate) last_step: i64,
}

impl Iam {
    pub(crate) fn start() -> Self {
        let mut python = python();
        python.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/harness/aws/iam.py"));
        python.stdin(Stdio::piped()).stdout(Stdio::piped());
        let name = python.get_program().display().to_string();
        let mut process = python.spawn().unwrap_or_else(|error| panic!("could not run {name}: {error}"));
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line
            .trim()
            .parse()
            .unwrap_or_else(|_| panic!("{name} could not serve iam.py: is segno installed there?"));
        Self { process, port }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn state(&self) -> State {
        serde_json::from_str(&self.ask("GET", "/state")).unwrap()
    }

    /// Sends a control request, not part of AWS's protocol; `iam.py` lists them.
    pub(crate) fn control(&self, path: &str) {
        self.ask("POST", path);
    }

    fn ask(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "{method} {path} HTTP/1.0\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").expect("iam.py answered in HTTP");
        assert!(head.contains(" 200 "), "{method} {path}: {head}");
        body.to_owned()
    }
}

impl Drop for Iam {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
