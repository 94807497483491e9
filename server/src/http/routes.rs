//! The one place that decides who may ask for what: a route cannot be added
//! without saying for whom it is.

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};

use super::{Caller, Refusal, caller, rate_limit, refusal::System};
use crate::{App, embedded::people::Role};

/// For whom a route is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anybody,
    /// Whoever is signed in; what they get is their own.
    SignedIn,
    /// Whoever is signed in and has charging sessions of their own.
    Drivers,
    /// Whoever may book a plug, for themselves or a guest.
    Bookers,
    /// The operator's staff.
    Staff,
}

impl Who {
    fn admits(self, caller: &Caller) -> bool {
        match self {
            Self::Anybody | Self::SignedIn => true,
            Self::Drivers => caller.person.roles.iter().any(|role| role.charges()),
            Self::Bookers => caller.person.roles.iter().any(|role| role.books()),
            Self::Staff => caller.person.roles.contains(&Role::Staff),
        }
    }
}

/// One route and for whom it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// `HEAD` comes with `GET`.
    pub method: Method,
    /// With placeholders such as `{id}`.
    pub path: String,
    /// For whom.
    pub who: Who,
}

/// Routes under construction.
pub struct Routes {
    app: App,
    rows: Vec<Row>,
    router: Router<App>,
}

impl Routes {
    /// None yet.
    pub fn new(app: &App) -> Self {
        Self {
            app: app.clone(),
            rows: Vec::new(),
            router: Router::new(),
        }
    }

    /// Something to read.
    pub fn get<H, T>(self, path: &str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, MethodFilter::GET, path, who, handler)
    }

    /// Something to do.
    pub fn post<H, T>(self, path: &str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, MethodFilter::POST, path, who, handler)
    }

    /// Something to replace.
    pub fn put<H, T>(self, path: &str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::PUT, MethodFilter::PUT, path, who, handler)
    }

    /// Something to change.
    pub fn patch<H, T>(self, path: &str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::PATCH, MethodFilter::PATCH, path, who, handler)
    }

    /// Something to end.
    pub fn delete<H, T>(self, path: &str, who: Who, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::DELETE, MethodFilter::DELETE, path, who, handler)
    }

    /// All rows and the router that keeps to them.
    pub fn finish(self) -> (Vec<Row>, Router<App>) {
        (self.rows, self.router)
    }

    fn add<H, T>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &str,
        who: Who,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let guard = middleware::from_fn_with_state((self.app.clone(), who), guard);
        self.router = self
            .router
            .route(path, on(filter, handler).route_layer(guard));
        self.rows.push(Row {
            method,
            path: path.to_owned(),
            who,
        });
        self
    }
}

/// Lets only those through for whom the route is, and hands on who it is.
async fn guard(State((app, who)): State<(App, Who)>, mut request: Request, next: Next) -> Response {
    if who == Who::Anybody {
        return next.run(request).await;
    }
    let caller = match caller::recognise(&app, request.headers()).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return Refusal::signed_out().into_response(),
        Err(refusal) => return refusal.into_response(),
    };
    let system = System::of(request.uri().path());
    let (admitted, person_id) = (who.admits(&caller), caller.person.id.clone());
    request.extensions_mut().insert(caller);
    let answer = async {
        if admitted {
            return next.run(request).await;
        }
        tracing::warn!(event = "denied");
        Refusal::forbidden().into_response()
    };
    match system {
        System::PetitMonde => rate_limit::within(&app, &person_id, answer).await,
        System::Portal | System::Dynamo => answer.await,
    }
}
