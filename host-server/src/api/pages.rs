//! The pages: files that the build made, handed out as they are. Anybody may load them; whatever they show comes from
//! the routes behind the guard.

use std::io::Read;

use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use engine_artifacts::{PAGES, Page};

use super::error::ApiError;

/// What a page may do: run what comes from here, the engine included, and talk to nobody else. Nothing of it may come
/// from another origin, be framed, or be made of text.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";
/// Files below a directory that is named after their content never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The page itself.
pub(super) async fn index(headers: HeaderMap) -> Response {
    answer("/", &headers, "no-cache")
}

/// What it is made of.
pub(super) async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    answer(&format!("/assets/{file}"), &headers, FOR_EVER)
}

fn answer(path: &str, headers: &HeaderMap, kept: &'static str) -> Response {
    let Some(page) = PAGES.iter().find(|page| page.path == path) else {
        return ApiError::of_status(StatusCode::NOT_FOUND).into_response();
    };
    let about = [
        (CONTENT_TYPE, page.media_type),
        (CACHE_CONTROL, kept),
        (CONTENT_SECURITY_POLICY, POLICY),
        (VARY, "accept-encoding"),
    ];
    if takes_brotli(headers) {
        return (about, [(CONTENT_ENCODING, "br")], page.brotli).into_response();
    }
    match content(page) {
        Some(content) => (about, content).into_response(),
        None => ApiError::fault("a page that the build compressed cannot be read").into_response(),
    }
}

/// A browser on a connection without TLS asks for none.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    let mut accepted = lists.flat_map(|list| list.split(','));
    accepted.any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = quality.trim().strip_prefix("q=").is_some_and(|quality| quality.parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case("br") && !refused
    })
}

/// What it is when it is not compressed.
fn content(page: &Page) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(page.octets);
    brotli::Decompressor::new(page.brotli, 16 * 1024).read_to_end(&mut content).ok()?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    fn named(name: &str) -> &'static Page {
        PAGES.iter().find(|page| page.path.ends_with(name)).unwrap()
    }

    #[test]
    fn every_page_is_what_was_compressed() {
        assert!(PAGES.len() >= 7, "{}", PAGES.len());
        for page in PAGES {
            assert_eq!(content(page).unwrap().len(), page.octets, "{}", page.path);
        }
    }

    /// The octets that a browser runs are those that the server runs.
    #[test]
    fn the_core_module_lies_whole_in_the_component() {
        let core = content(named("/engine.core.wasm")).unwrap();
        let component = crate::component::COMPONENT;
        assert!(component.windows(core.len()).any(|window| window == core), "{} octets", core.len());
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&core));
        assert_eq!(sha256, crate::component::CORE_MODULE_SHA256);
        let said: serde_json::Value =
            serde_json::from_slice(&content(named("/engine.json")).unwrap()).unwrap();
        assert_eq!(said["core-module"], sha256);
        assert_eq!(said["component"], crate::component::COMPONENT_SHA256);
    }

    #[test]
    fn the_page_names_only_files_that_there_are() {
        let index = String::from_utf8(content(named("/")).unwrap()).unwrap();
        let mut found = 0;
        for part in index.split('"').filter(|part| part.starts_with("/assets/")) {
            assert!(PAGES.iter().any(|page| page.path == part), "{part}");
            found += 1;
        }
        assert!(found >= 3, "{index}");
    }

    #[test]
    fn brotli_is_sent_to_whoever_takes_it() {
        let asked = |list: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, list.parse().unwrap());
            takes_brotli(&headers)
        };
        assert!(asked("gzip, deflate, br, zstd") && asked("br;q=0.5") && asked("BR"));
        assert!(!asked("gzip, deflate") && !asked("br;q=0, gzip") && !takes_brotli(&HeaderMap::new()));
    }
}
