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
    portal::groups::{ChargePage, GroupPage, LABEL_LONGEST, MyGroup, MyGroups, Named},
    problem::Code,
    query::groups::GroupQuery,
};

use super::{Caller, Refusal, Who, dynamo::Parameters, routes::Routes};
use crate::{
    App,
    embedded::groups::{
        self, Group, Unmade, elsewhere as kept,
        ledger::{self, Reader},
        members as store, reading,
    },
    embedded::people::Person,
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
    refresh(app, id).await?;
    let mut reader = app.store.readers().acquire().await?;
    let group = groups::find(&mut reader, id).await?;
    let group = group.ok_or_else(Refusal::not_found)?;
    Ok(Inside { group, admin })
}

/// Asks a real Petit Monde, if there is one, what a group may spend and has spent. If it
/// doesn't say, what it said before stands.
async fn refresh(app: &App, id: &str) -> Result<(), Refusal> {
    let Some(elsewhere) = &app.elsewhere else {
        return Ok(());
    };
    let now = app.clock.now();
    let mut write = app.store.write().await?;
    let stale = kept::is_stale(&mut write, id, now).await?;
    write.commit().await?;
    if !stale {
        return Ok(());
    }
    let told = match elsewhere.system.group(id).await {
        Ok(told) => told,
        Err(failure) => {
            tracing::warn!(event = "group_not_refreshed", kind = failure.kind());
            return Ok(());
        }
    };
    let mut write = app.store.write().await?;
    if let Some(group) = groups::find(&mut write, id).await? {
        kept::heed(&mut write, &group, &told, now).await?;
    }
    write.commit().await?;
    Ok(())
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
    for group in &mine {
        refresh(app, &group.id).await?;
    }
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
        all.push(MyGroup {
            id: named.id,
            name: named.name,
            admin,
            budget: reading::budget(&mut reader, &group, app.clock.now()).await?,
        });
    }
    Ok(Json(MyGroups {
        groups: all,
        may_make: makes_groups(&app, person),
    }))
}

async fn page(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<GroupPage>, Refusal> {
    let Inside { group, admin } = inside(&app, &caller, &id).await?;
    let mut reader = app.store.readers().acquire().await?;
    let mut page = reading::page(&mut reader, &group, admin, app.clock.now()).await?;
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
