//! Photos and papers for disputes.

use axum::{
    Json,
    extract::{Path, RawQuery, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use portal_api::{
    path,
    portal::disputes::{DisputeFile, FILE_KINDS, FILE_LARGEST},
    problem::Code,
};

use super::{
    Caller, Refusal, Who,
    attachment::{attachment, safe_name},
    body,
    disputes::{count, elsewhere},
    dynamo::Parameters,
    routes::Routes,
};
use crate::{
    App,
    embedded::{
        disputes::files::{self, NewFile, NotKept},
        people::Role,
        throttle::{self, DISPUTE_FILES, Subject},
    },
    papers::{self, Kind, Unfit},
};

/// Adds the addresses.
pub(super) fn add(routes: Routes) -> Routes {
    routes.post(path::DISPUTE_FILES, Who::Drivers, send).get(
        &path::dispute_file("{id}"),
        Who::SignedIn,
        open,
    )
}

/// Keeps a file for a dispute that is about to be filed: the bytes are the
/// body, `?name=` is what the device calls it.
async fn send(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<(StatusCode, Json<DisputeFile>), Refusal> {
    if app.disputes.is_some() {
        return Err(elsewhere());
    }
    check_header(request.headers())?;
    let person_id = &caller.person.id;
    let limit = [Subject(DISPUTE_FILES, person_id)];
    if let Some(seconds) = throttle::reached(&app.store, &limit, app.clock.now()).await? {
        return Err(Refusal::too_many_tries(seconds));
    }
    let bytes = body::read(request.into_body(), FILE_LARGEST, body::LONGEST_FILE).await?;
    let (kind, content) = papers::cleaned(&bytes)?;
    let parameters = Parameters::of(query.as_deref());
    let name = parameters.pairs().find(|(name, _)| *name == "name");
    let name = safe_name(name.map_or("", |(_, value)| value), endings(kind));
    let mut write = app.store.write().await?;
    count(&mut write, DISPUTE_FILES, person_id, &app).await?;
    let new = NewFile {
        person_id,
        name: &name,
        kind,
        content,
    };
    let file = files::add(&mut write, new, app.clock.now()).await?;
    write.commit().await?;
    Ok((StatusCode::CREATED, Json(file)))
}

/// What a page of somebody else's could send without asking is refused; what
/// it really is, the bytes say.
fn check_header(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind == "application/octet-stream" || FILE_KINDS.contains(&kind) {
        Ok(())
    } else {
        Err(Unfit::Unknown.into())
    }
}

const fn endings(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Jpeg => &["jpg", "jpeg"],
        Kind::Png => &["png"],
        Kind::Pdf => &["pdf"],
    }
}

async fn open(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let at_desk = caller.person.roles.contains(&Role::Staff);
    let found = files::open(&app.store, &id, &caller.person.id, at_desk).await?;
    let (file, content) = found.ok_or_else(Refusal::not_found)?;
    Ok(attachment(&file.kind, &file.name, content))
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unknown => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::FileKind,
                "the file must be a JPEG, a PNG or a PDF",
            ),
            Unfit::Damaged => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                Code::FileDamaged,
                "the file is damaged",
            ),
        }
    }
}

impl From<NotKept> for Refusal {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::Randomness(error) => error.into(),
            NotKept::Store(error) => error.into(),
        }
    }
}
