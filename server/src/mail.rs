//! Letters: what they say ([`words`]), and how they leave ([`post`]).

pub mod post;
pub mod words;

pub use self::post::Post;

/// Something to be sent to somebody.
#[derive(Clone, Eq, PartialEq)]
pub struct Letter {
    /// A word for logs and file names, such as `password-reset`.
    pub kind: String,
    /// Their e-mail address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}
