//! A letter for each step, in the driver's language.

use portal_api::{language::Language, money::Money, portal::disputes::Outcome};

use super::{Life, Undone};
use crate::{
    embedded::letters,
    ids,
    mail::words::{self, Addressee},
};

/// What has happened.
#[derive(Clone, Copy, Debug)]
pub(super) enum News<'a> {
    Filed,
    Question(&'a str),
    Decided {
        outcome: Outcome,
        text: &'a str,
        credit: Option<Money>,
        receipt: Option<&'a str>,
    },
}

impl Life<'_> {
    /// Puts a letter about a dispute into the box.
    pub(super) async fn tell(&mut self, id: &str, news: News<'_>) -> Result<(), Undone> {
        let row: (String, String, Option<String>, String, String) = sqlx::query_as(
            "select p.email, p.name, p.language, d.session_id, d.reason
                from disputes d join people p on p.id = d.person_id where d.id = $1",
        )
        .bind(id)
        .fetch_one(&mut **self.write)
        .await?;
        let (email, name, language, session_id, reason) = row;
        let language = language.as_deref().and_then(Language::of_tag);
        let link = format!("{}/sessions/{}", self.portal, escaped(&session_id));
        let to = Addressee {
            language: language.unwrap_or_default(),
            email: &email,
            name: &name,
            link: &link,
        };
        let letter = match news {
            News::Filed => words::dispute_filed(&to, &reason),
            News::Question(text) => words::dispute_question(&to, text),
            News::Decided {
                outcome,
                text,
                credit,
                receipt,
            } => words::dispute_decided(&to, outcome, text, credit.zip(receipt)),
        };
        letters::add(self.write, &ids::new_id("let")?, &letter, self.now).await?;
        Ok(())
    }
}

/// Another system's ids may have any sign in them.
fn escaped(id: &str) -> String {
    form_urlencoded::byte_serialize(id.as_bytes()).collect()
}
