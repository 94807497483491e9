//! How letters leave: by SMTP, or into a folder when nobody has set that up.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use super::Letter;
use crate::config::{Config, Secret};

/// How long a mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hands letters over.
#[derive(Clone)]
pub struct Post {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// Why letters can't leave. Says nothing of their content or recipient.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// An address that is none: the sender's or the recipient's.
    #[error("not an e-mail address")]
    Address,
    /// The mail server's address is none, or it did not take the letter.
    #[error("the mail server does not take letters")]
    Smtp,
    /// The letter cannot be put together.
    #[error("the letter cannot be written")]
    Content,
    /// The folder can't be written.
    #[error("the folder of letters cannot be written: {0}")]
    Folder(#[from] std::io::Error),
}

impl Post {
    /// The way that the configuration names.
    pub fn new(config: &Config) -> Result<Self, PostError> {
        let from = config.mail_from.parse().map_err(|_| PostError::Address)?;
        let way = match &config.smtp {
            Some(address) => Way::Smtp(smtp(address)?),
            None => Way::Folder(config.data.join("letters")),
        };
        Ok(Self { from, way })
    }

    /// Hands a letter over; gives the file if it went into a folder.
    pub async fn send(&self, letter: &Letter) -> Result<Option<PathBuf>, PostError> {
        let message = self.message(letter)?;
        match &self.way {
            Way::Smtp(server) => {
                server.send(message).await.map_err(|_| PostError::Smtp)?;
                Ok(None)
            }
            Way::Folder(folder) => {
                let folder = folder.clone();
                let kind = letter.kind.clone();
                let write = move || write(&folder, &kind, &message.formatted());
                let file = tokio::task::spawn_blocking(write).await;
                Ok(Some(file.map_err(|_| PostError::Content)??))
            }
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message, PostError> {
        let to = letter.recipient.parse().map_err(|_| PostError::Address)?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&*letter.subject)
            .message_id(None)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|_| PostError::Content)
    }
}

/// Whether letters can go to this e-mail address.
pub fn is_recipient(address: &str) -> bool {
    address.parse::<lettre::Address>().is_ok()
}

/// Whether it is the address of a mail server.
pub fn is_address(address: &Secret) -> bool {
    smtp(address).is_ok()
}

fn smtp(address: &Secret) -> Result<AsyncSmtpTransport<Tokio1Executor>, PostError> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(address.expose())
        .map(|server| server.timeout(Some(PATIENCE)).build())
        .map_err(|_| PostError::Smtp)
}

/// Writes a letter as `<time>-<kind>.eml`; only its owner may read it.
fn write(folder: &Path, kind: &str, message: &[u8]) -> Result<PathBuf, std::io::Error> {
    use std::{fs, io::Write};

    fs::create_dir_all(folder)?;
    let time = chrono::Utc::now().format("%Y%m%dT%H%M%S%6f");
    let file = folder.join(format!("{time}-{kind}.eml"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = options.open(&file)?;
    open.write_all(message)?;
    open.sync_all()?;
    Ok(file)
}
