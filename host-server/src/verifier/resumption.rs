//! Sessions that are resumed: the peer shows no certificate, so nobody is asked. A certificate that is revoked while
//! somebody holds a session would go on being believed for as long as sessions last (RFC 8446 4.6.1: a week).

use std::sync::Arc;

use tokio_rustls::rustls::client::Resumption;
use tokio_rustls::rustls::server::{NoServerSessionStorage, ProducesTickets};
use tokio_rustls::rustls::{ClientConfig, ServerConfig};

/// Makes every client show its certificate in every handshake: no session is kept and no ticket given.
pub fn always_ask_clients(config: &mut ServerConfig) {
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.ticketer = Arc::new(NoTickets);
    config.send_tls13_tickets = 0;
}

/// Makes every server show its certificate in every handshake.
pub fn always_ask_servers(config: &mut ClientConfig) {
    config.resumption = Resumption::disabled();
}

/// Gives none and takes none.
#[derive(Debug)]
struct NoTickets;

impl ProducesTickets for NoTickets {
    fn enabled(&self) -> bool {
        false
    }

    fn lifetime(&self) -> u32 {
        0
    }

    fn encrypt(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn decrypt(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
