//! Fleet groups on our own paths: only who is in a group learns that there is one.
//!
//! - `members`: who is in it. `tokens`: what they share.

mod members;
mod tokens;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
};
use portal_api::{
    path,
    portal::groups::{Budget, ChargePage, GroupPage, LABEL_LONGEST, MyGroup, MyGroups, Named},
    problem::Code,
    query::groups::GroupQuery,
};

use sqlx::AnyConnection;

use super::{Caller, Refusal, Who, dynamo::Parameters, routes::Routes};
use crate::{
    App,
    embedded::groups::{
        self, Group, Unmade, elsewhere as kept,
        ledger::{self, Reader},
        members as store, reading,
    },
    embedded::people::Person,
    tasks,
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    let routes = routes
        .get(path::GROUPS, Who::SignedIn, list)
        .get(&path::group("{id}"), Who::SignedIn, page)
        .get(&path::group_charges("{id}"), Who::SignedIn, charges);
    tokens::add(members::add(routes))
}

/// A group as somebody in it.
pub(super) struct Inside {
    /// Which.
    pub group: Group,
    /// Whether they look after it.
    pub admin: bool,
}

/// A group that the caller is in; for others there is none.
pub(super) async fn inside(app: &App, caller: &Caller, id: &str) -> Result<Inside, Refusal> {
    let mut reader = app.store.readers().acquire().await?;
    let admin = store::is_admin(&mut reader, id, &caller.person.id).await?;
    let admin = admin.ok_or_else(Refusal::not_found)?;
    drop(reader);
    tasks::groups::refresh(app, vec![id.to_owned()]).await;
    let mut reader = app.store.readers().acquire().await?;
    let group = groups::find(&mut reader, id).await?;
    let group = group.ok_or_else(Refusal::not_found)?;
    Ok(Inside { group, admin })
}

/// Petit Monde looks after that, and tells nobody how it could be asked for.
pub(super) fn looked_after_elsewhere(app: &App) -> Result<(), Refusal> {
    if app.elsewhere.is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::CONFLICT,
        Code::Elsewhere,
        "the system behind the server looks after that",
    ))
}

/// Whether somebody makes groups here: those of a real Petit Monde are made there.
pub(super) fn makes_groups(app: &App, person: &Person) -> bool {
    app.elsewhere.is_none() && person.makes_groups()
}

/// A group that the caller looks after.
pub(super) async fn looked_after(app: &App, caller: &Caller, id: &str) -> Result<Group, Refusal> {
    let Inside { group, admin } = inside(app, caller, id).await?;
    if admin {
        return Ok(group);
    }
    tracing::warn!(event = "denied");
    Err(Refusal::forbidden())
}

/// A name or a label on one line.
pub(super) fn checked_label(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let fits = (1..=LABEL_LONGEST).contains(&text.chars().count());
    if fits && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Refusal::invalid_field(
        field,
        "1 to 100 characters on one line",
    ))
}

/// What is asked of a list.
pub(super) fn asked(query: Option<&str>) -> Result<GroupQuery, Refusal> {
    Ok(GroupQuery::read(Parameters::of(query).pairs())?)
}

/// Things are not so that it could be done.
pub(super) fn conflict(message: &'static str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, Code::InvalidRequest, message)
}

/// The groups that the caller is in, as they are now.
pub(super) async fn mine(app: &App, caller: &Caller) -> Result<Vec<Named>, Refusal> {
    let mut reader = app.store.readers().acquire().await?;
    let mine = store::groups_of(&mut reader, &caller.person.id).await?;
    drop(reader);
    let ids = mine.iter().map(|group| group.id.clone());
    tasks::groups::refresh(app, ids.collect()).await;
    Ok(mine)
}

async fn list(State(app): State<App>, caller: Caller) -> Result<Json<MyGroups>, Refusal> {
    let person = &caller.person;
    let mine = mine(&app, &caller).await?;
    let mut reader = app.store.readers().acquire().await?;
    let mut all = Vec::new();
    for named in mine {
        let admin = store::is_admin(&mut reader, &named.id, &person.id).await?;
        let group = groups::find(&mut reader, &named.id).await?;
        let (Some(group), Some(admin)) = (group, admin) else {
            continue;
        };
        let mut budget = reading::budget(&mut reader, &group, app.clock.now()).await?;
        date(&app, &mut reader, &group, &mut budget).await?;
        all.push(MyGroup {
            id: named.id,
            name: named.name,
            admin,
            budget,
        });
    }
    Ok(Json(MyGroups {
        groups: all,
        may_make: makes_groups(&app, person),
    }))
}

/// What a real Petit Monde keeps is as old as when it last said so.
async fn date(
    app: &App,
    reader: &mut AnyConnection,
    group: &Group,
    budget: &mut Budget,
) -> Result<(), Refusal> {
    if app.elsewhere.is_some() {
        budget.as_of = kept::told_at(reader, &group.id).await?;
    }
    Ok(())
}

async fn page(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<GroupPage>, Refusal> {
    let Inside { group, admin } = inside(&app, &caller, &id).await?;
    let mut reader = app.store.readers().acquire().await?;
    let mut page = reading::page(&mut reader, &group, admin, app.clock.now()).await?;
    date(&app, &mut reader, &group, &mut page.budget).await?;
    drop(reader);
    page.tokens_elsewhere = app.elsewhere.is_some();
    if let Some(elsewhere) = app.elsewhere.as_ref().filter(|_| admin) {
        page.elsewhere = Some(elsewhere.quota.usage().await?);
    }
    Ok(Json(page))
}

async fn charges(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<ChargePage>, Refusal> {
    let Inside { group, admin } = inside(&app, &caller, &id).await?;
    let part = asked(query.as_deref())?.part;
    let whom = Reader {
        person_id: &caller.person.id,
        admin,
    };
    let mut reader = app.store.readers().acquire().await?;
    let part = (part.limit, part.offset);
    Ok(Json(ledger::page(&mut reader, &group, whom, part).await?))
}

impl From<Unmade> for Refusal {
    fn from(unmade: Unmade) -> Self {
        match unmade {
            Unmade::Random(error) => error.into(),
            Unmade::Store(error) => error.into(),
        }
    }
}
