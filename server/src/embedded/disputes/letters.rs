//! A letter for each step to whoever is to know of it, in their language.

use portal_api::{language::Language, money::Money, portal::disputes::Outcome};

use super::{Life, Undone};
use crate::{
    embedded::letters,
    ids,
    mail::{
        Letter,
        words::{self, Addressee},
    },
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

/// The letter about what a driver wrote, by their name.
pub(super) type ForDesk = fn(&Addressee<'_>, &str, &str) -> Letter;

impl Life<'_> {
    /// Puts a letter for each of the operator's staff into the box.
    pub(super) async fn tell_desk(
        &mut self,
        id: &str,
        text: &str,
        letter: ForDesk,
    ) -> Result<(), Undone> {
        let staff: Vec<(String, String, Option<String>, String)> = sqlx::query_as(
            "select p.email, p.name, p.language, driver.name
                from person_roles r join people p on p.id = r.person_id
                    join disputes d on d.id = $1 join people driver on driver.id = d.person_id
                where r.role = 'staff' and p.id <> d.person_id order by p.id",
        )
        .bind(id)
        .fetch_all(&mut **self.write)
        .await?;
        let link = format!("{}/desk/disputes/{id}", self.portal);
        for (email, name, language, driver) in &staff {
            let to = Addressee {
                language: language_of(language.as_deref()),
                email,
                name,
                link: &link,
            };
            let letter = letter(&to, driver, text);
            letters::add(self.write, &ids::new_id("let")?, &letter, self.now).await?;
        }
        Ok(())
    }

    /// Puts a letter for the driver into the box.
    pub(super) async fn tell(&mut self, id: &str, news: News<'_>) -> Result<(), Undone> {
        let row: (String, String, Option<String>, String, String) = sqlx::query_as(
            "select p.email, p.name, p.language, d.session_id, d.reason
                from disputes d join people p on p.id = d.person_id where d.id = $1",
        )
        .bind(id)
        .fetch_one(&mut **self.write)
        .await?;
        let (email, name, language, session_id, reason) = row;
        let link = format!("{}/sessions/{}", self.portal, escaped(&session_id));
        let to = Addressee {
            language: language_of(language.as_deref()),
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

fn language_of(tag: Option<&str>) -> Language {
    tag.and_then(Language::of_tag).unwrap_or_default()
}

/// Another system's ids may have any sign in them.
fn escaped(id: &str) -> String {
    form_urlencoded::byte_serialize(id.as_bytes()).collect()
}
