//! The letter with which somebody new chooses a password.

use portal_api::time::Instant;

use super::Failure;
use crate::{
    embedded::{Write, letters, people::NewPerson, resets},
    ids,
    mail::words::{Addressee, invitation},
};

/// Puts the letter into the box; a running server sends it, or the next one does.
pub(super) async fn invite(
    write: &mut Write,
    new: &NewPerson<'_>,
    portal: &str,
    now: Instant,
) -> Result<(), Failure> {
    let token = ids::new_token()?;
    let until = now.plus_seconds(resets::LIFETIME_OF_INVITATION);
    resets::add(write, &ids::hash(&token), new.id, until).await?;
    let letter = invitation(&Addressee {
        language: new.language.unwrap_or_default(),
        email: new.email,
        name: new.name,
        link: &resets::link(portal, &token),
    });
    letters::add(write, &ids::new_id("let")?, &letter, now).await?;
    Ok(())
}
