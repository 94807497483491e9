//! The built portal: read once at the start, served from memory.

mod encoding;
mod policy;

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

use self::encoding::Encoding;
use super::Refusal;
use crate::{App, ids};

/// The page that every address of the portal starts in.
const PAGE: &str = "/index.html";

/// Names of files in here contain a hash of their content.
const HASHED: &str = "/assets/";

/// The built portal, by path.
#[derive(Debug)]
pub struct Files {
    files: HashMap<String, File>,
    policy: HeaderValue,
}

/// One file, plain and compressed.
#[derive(Debug)]
struct File {
    kind: &'static str,
    /// The content's hash.
    tag: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Files {
    /// No portal, only the API.
    pub fn none() -> Self {
        Self {
            files: HashMap::new(),
            policy: policy::of_page(""),
        }
    }

    /// All files of a folder.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = HashMap::new();
        for path in paths(folder)? {
            let compressed = matches!(extension(&path.to_string_lossy()), Some("br" | "gz"));
            if let Some(name) = address(folder, &path).filter(|_| !compressed) {
                files.insert(name, File::read(&path)?);
            }
        }
        let page: &[u8] = files.get(PAGE).map_or(&[], |page: &File| &page.plain);
        let policy = policy::of_page(&String::from_utf8_lossy(page));
        Ok(Self { files, policy })
    }

    /// What a page may load and run.
    pub(super) fn policy(&self) -> HeaderValue {
        self.policy.clone()
    }

    /// The file of an address; the page if it is an address of the portal.
    fn find(&self, path: &str) -> Option<(&str, &File)> {
        let is_page = extension(path).is_none() && !path.starts_with(HASHED);
        let name = if is_page { PAGE } else { path };
        self.files
            .get_key_value(name)
            .map(|(name, file)| (name.as_str(), file))
    }
}

impl File {
    fn read(path: &Path) -> io::Result<Self> {
        let plain = fs::read(path)?;
        let beside = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            match fs::read(PathBuf::from(name)) {
                Ok(bytes) => Ok(Some(Bytes::from(bytes))),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        Ok(Self {
            kind: kind(&path.to_string_lossy()),
            tag: ids::hash_bytes(&plain).chars().take(32).collect(),
            brotli: beside(".br")?,
            gzip: beside(".gz")?,
            plain: plain.into(),
        })
    }

    /// The content in an encoding that the client takes.
    fn content(&self, headers: &HeaderMap) -> (Encoding, &Bytes) {
        let takes = |encoding| encoding::takes(headers, encoding);
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if takes(Encoding::Brotli) => (Encoding::Brotli, brotli),
            (_, Some(gzip)) if takes(Encoding::Gzip) => (Encoding::Gzip, gzip),
            _ => (Encoding::None, &self.plain),
        }
    }
}

/// Whatever no route is for: a file, a page of the portal, or nothing.
pub(super) async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Refusal::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = (header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return ([allow], Refusal::method_not_allowed()).into_response();
    }
    match app.files.find(path) {
        Some((name, file)) => answer(name, file, request.headers()),
        None => Refusal::not_found().into_response(),
    }
}

fn answer(name: &str, file: &File, asked: &HeaderMap) -> Response {
    let (encoding, content) = file.content(asked);
    let tag = format!("\"{}{}\"", file.tag, encoding.suffix());
    let mut response = if is_known(asked, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(content.clone()))
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    let caching = if name.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if response.status() == StatusCode::OK {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
        if let Some(word) = encoding.word() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(word));
        }
    }
    response
}

/// Whether the client has this very content already.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == "*" || known == tag)
}

/// Every file in a folder and the folders in it.
fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(paths(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

/// The address of a file: `/assets/app.wasm`.
fn address(folder: &Path, file: &Path) -> Option<String> {
    let parts = file.strip_prefix(folder).ok()?.components();
    let mut address = String::new();
    for part in parts {
        address.push('/');
        address.push_str(part.as_os_str().to_str()?);
    }
    Some(address)
}

fn extension(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    name.rsplit_once('.').map(|(_, extension)| extension)
}

fn kind(path: &str) -> &'static str {
    match extension(path).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The portal of a folder, or none.
pub(crate) fn open(folder: Option<&Path>) -> io::Result<Arc<Files>> {
    folder
        .map_or_else(|| Ok(Files::none()), Files::read)
        .map(Arc::new)
}
