//! One question to a time server: SNTP of RFC 4330, with the checks of RFC 5905 and data minimisation.
//!
//! Why not rsntp: it sends the local time to the server, and reaches servers by IPv4 only.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::{Duration, Instant};

use crate::clock::{Clock, ClockError};
use crate::error::cause;
use crate::text::redact;

const PORT: u16 = 123;
const TIMEOUT: Duration = Duration::from_secs(3);

/// The length of a packet without extensions, in bytes
const PACKET: usize = 48;

/// The size of the receive buffer, larger than any packet with extensions
const BUFFER: usize = 1024;

/// The first byte of a question: no leap second known, version 4, client
const QUESTION: u8 = 0b00_100_011;
const SERVER: u8 = 4;

/// The leap indicator of a server that does not know the time
const UNSYNCHRONISED: u8 = 3;

/// The strata of servers that know the time. Stratum 0 is a refusal.
const STRATA: std::ops::RangeInclusive<u8> = 1..=15;

/// The seconds from 1900, where NTP counts from, to 1970
const EPOCH: u64 = 2_208_988_800;

/// Why the time server gave no time
#[derive(Debug, thiserror::Error)]
pub(crate) enum SntpError {
    #[error("'{}' is not HOST or HOST:PORT", redact(.0))]
    Address(String),
    #[error("could not find the time server '{}': {}", redact(server), cause(error))]
    Unknown { server: String, error: io::Error },
    #[error("could not ask the time server '{}': {}", redact(server), cause(error))]
    Io { server: String, error: io::Error },
    #[error("the time server '{}' did not answer within {} s", redact(.0), TIMEOUT.as_secs())]
    NoAnswer(String),
    #[error("the time server '{}' refused to give the time, or does not know it", redact(.0))]
    Refused(String),
    #[error(transparent)]
    Clock(#[from] ClockError),
}

/// Returns by how many milliseconds the clock is behind that of a server, given as `HOST` or `HOST:PORT`. A negative number
/// means that the clock is ahead.
///
/// # Errors
/// If the server cannot be found or reached, does not answer within 3 s, or does not know the time.
pub(crate) fn behind(server: &str, clock: Clock) -> Result<i64, SntpError> {
    let address = resolve(server)?;
    let failed = |error| SntpError::Io { server: server.to_owned(), error };
    let any: SocketAddr = if address.is_ipv4() { ([0; 4], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(any).and_then(|socket| socket.connect(address).map(|()| socket));
    let socket = socket.map_err(failed)?;
    // The nonce stands where our own time would: it keeps that private, and only the server can repeat it.
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).map_err(|error| failed(io::Error::other(error.to_string())))?;
    let asked = clock.now_precise()?;
    let start = Instant::now();
    socket.send(&question(nonce)).map_err(failed)?;
    let answer = receive(&socket, nonce, start).map_err(failed)?;
    let answer = answer.ok_or_else(|| SntpError::NoAnswer(server.to_owned()))?;
    let answered = asked + start.elapsed();
    if answer[0] >> 6 == UNSYNCHRONISED || !STRATA.contains(&answer[1]) || timestamp(&answer, 40) == 0 {
        return Err(SntpError::Refused(server.to_owned()));
    }
    Ok(offset(asked, timestamp(&answer, 32), timestamp(&answer, 40), answered))
}

/// Returns the packet that answers the nonce, or `None` after the timeout.
fn receive(socket: &UdpSocket, nonce: [u8; 8], start: Instant) -> io::Result<Option<[u8; PACKET]>> {
    let mut buffer = [0; BUFFER];
    while let Some(left) = TIMEOUT.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
        socket.set_read_timeout(Some(left))?;
        match socket.recv(&mut buffer) {
            Ok(length) => {
                let packet = buffer[..length].first_chunk().filter(|packet| is_answer(packet, nonce));
                if let Some(packet) = packet {
                    return Ok(Some(*packet));
                }
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn resolve(server: &str) -> Result<SocketAddr, SntpError> {
    let unknown = |error| SntpError::Unknown { server: server.to_owned(), error };
    let address = || SntpError::Address(server.to_owned());
    if server.trim().is_empty() {
        return Err(address());
    }
    let (host, port) = match server.rsplit_once(':') {
        Some((host, port)) if server.parse::<IpAddr>().is_err() && !server.ends_with(']') => {
            (host, port.parse().map_err(|_| address())?)
        }
        _ => (server, PORT),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut found = (host, port).to_socket_addrs().map_err(unknown)?;
    found.next().ok_or_else(|| unknown(io::ErrorKind::NotFound.into()))
}

fn question(nonce: [u8; 8]) -> [u8; PACKET] {
    let mut packet = [0; PACKET];
    packet[0] = QUESTION;
    packet[40..].copy_from_slice(&nonce);
    packet
}

fn is_answer(packet: &[u8; PACKET], nonce: [u8; 8]) -> bool {
    packet[0] & 0b111 == SERVER && packet[24..32] == nonce
}

/// Reads the seconds since 1900 and their fraction, 32 bits each.
fn timestamp(packet: &[u8; PACKET], at: usize) -> u64 {
    let bytes = packet[at..at + 8].try_into().expect("the slice has eight bytes");
    u64::from_be_bytes(bytes)
}

/// Returns the offset in milliseconds (RFC 5905, section 8): the mean of the differences on both ways. Differences wrap, so
/// that the overflow of NTP's seconds in 2036 does not matter.
fn offset(asked: Duration, received: u64, sent: u64, answered: Duration) -> i64 {
    let ours = |time: Duration| {
        let fraction = (u64::from(time.subsec_nanos()) << 32) / 1_000_000_000;
        (time.as_secs().wrapping_add(EPOCH) << 32) | fraction
    };
    let ahead = |theirs: u64, ours: u64| i128::from(theirs.wrapping_sub(ours).cast_signed());
    let twice = ahead(received, ours(asked)) + ahead(sent, ours(answered));
    i64::try_from((twice * 1000) >> 33).expect("a difference of 32-bit seconds fits into 64-bit milliseconds")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ntp(seconds: u64, fraction: u64) -> u64 {
        (seconds.wrapping_add(EPOCH) << 32) | fraction
    }

    #[test]
    fn offset_ignores_the_travel_time() {
        let at = |seconds: u64, millis: u64| Duration::from_millis(seconds * 1000 + millis);
        let half = 1 << 31;
        for (asked, received, sent, answered, milliseconds) in [
            (at(100, 0), ntp(100, 0), ntp(100, 0), at(100, 0), 0),
            (at(100, 0), ntp(110, half), ntp(110, half), at(101, 0), 10_000),
            (at(100, 0), ntp(90, half), ntp(90, half), at(101, 0), -10_000),
            (at(100, 250), ntp(100, half), ntp(100, half), at(100, 250), 250),
            // across the overflow of NTP's seconds on 7 February 2036
            (at(2_085_978_495, 0), ntp(2_085_978_497, 0), ntp(2_085_978_497, 0), at(2_085_978_495, 0), 2000),
        ] {
            assert_eq!(offset(asked, received, sent, answered), milliseconds, "{asked:?}");
        }
    }

    #[test]
    fn server_is_a_host_with_or_without_a_port() {
        for (server, address) in [
            ("127.0.0.1", "127.0.0.1:123"),
            ("127.0.0.1:99", "127.0.0.1:99"),
            ("::1", "[::1]:123"),
            ("[::1]", "[::1]:123"),
            ("[::1]:99", "[::1]:99"),
        ] {
            assert_eq!(resolve(server).unwrap(), address.parse().unwrap(), "{server}");
        }
        for server in ["", "host:", "host:x", "host:70000"] {
            assert!(matches!(resolve(server), Err(SntpError::Address(_))), "{server}");
        }
    }

    proptest! {
        #[test]
        fn offset_never_panics(received: u64, sent: u64, asked in 0_u64..1 << 40, took in 0_u64..4000) {
            offset(Duration::from_secs(asked), received, sent, Duration::from_millis(asked * 1000 + took));
        }
    }
}
