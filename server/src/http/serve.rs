//! The connections: as many as fit, none that dawdles, all finished politely.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{
    body::Incoming,
    server::conn::http1::{Builder, UpgradeableConnection},
    service::HttpService,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};
use tower::ServiceExt;

/// At most so many connections at a time; more wait in the system's queue.
const CONNECTIONS: usize = 1024;

/// How long a request's header may take, from its first byte or from when the
/// connection became idle. `axum::serve` would wait for ever.
const HEADER_TIME: Duration = Duration::from_secs(5);

/// The most bytes of a request's header, and of its fields.
const HEADER_BYTES: usize = 16 * 1024;
const HEADER_FIELDS: usize = 64;

/// How long requests under way may take once the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Serves until `stop` is done, then finishes what is under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let stopping = watch::Sender::new(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            (stream, peer, place) = next(&listener, &places) => {
                connect(stream, peer, place, router.clone(), stopping.subscribe());
            }
        }
    }
    drop(listener);
    stopping.send_replace(true);
    // Every connection has a receiver until it ends.
    if timeout(LAST_REQUESTS, stopping.closed()).await.is_err() {
        tracing::warn!(event = "stopped_impatiently");
    }
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there is always a place in the end.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            Err(error) => {
                // Out of file descriptors, or a client that left already:
                // let others finish instead of spinning.
                tracing::warn!(event = "accept_failed", %error);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    place: Option<OwnedSemaphorePermit>,
    router: Router,
    stopping: watch::Receiver<bool>,
) {
    // Small answers must not wait for more; if it can't be set, they do.
    drop(stream.set_nodelay(true));
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            Ok::<_, Infallible>(match router.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            })
        }
    });
    let mut builder = Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADER_FIELDS);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::spawn(async move {
        finish(connection.with_upgrades(), stopping).await;
        drop(place);
    });
}

/// Serves a connection to its end; told to stop, it takes no new request.
async fn finish<S>(
    connection: UpgradeableConnection<TokioIo<TcpStream>, S>,
    mut stopping: watch::Receiver<bool>,
) where
    S: HttpService<Incoming, ResBody = Body, Error = Infallible>,
    S::Future: Send + 'static,
{
    let mut connection = pin!(connection);
    tokio::select! {
        // Clients break connections all the time; that is no event.
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    connection.as_mut().graceful_shutdown();
    drop(connection.await);
}
