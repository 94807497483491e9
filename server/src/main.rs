//! `portal-server`: reads what it is told, opens the store, serves.

use std::{io, net::SocketAddr, path::Path, process::ExitCode};

use portal_server::{
    App, BuildError,
    clock::Clock,
    config::{self, Command, Config, LogFormat},
    embedded::{Store, demo, people, store::OpenError},
    http::serve,
    logs, tasks,
};
use tokio::{net::TcpListener, signal};

const HELP: &str = "\
Serves the Driver Portal.

  --config FILE           settings (portal.toml, if there is one)
  --host ADDRESS          where to listen (127.0.0.1)
  --port NUMBER           where to listen; 0 takes any free port (8080)
  --data DIR              the folder of the store and of letters (data)
  --bundle DIR            the folder of the built portal
  --demo                  fill an empty store with invented people; this machine only
  --demo-size SIZE        small or large (small)
  --log FORMAT            json or text (json)
  --help, --version

Every setting can also stand in the environment (PORTAL_HOST, DATABASE_URL, ...) and in
the file; a flag wins over the environment, the environment over the file.";

const DEMO_PEOPLE: &str = "\
Demo people, password charge-ahead:
  driver@example.com    two years of sessions
  new@example.com       nothing yet
  group@example.com     a group's member
  employee@example.com  a company's employee
  manager@example.com   looks after a company's fleet
  admin@example.com     looks after an organisation
  host@example.com      hosts charge points
  desk@example.com      the operator's staff";

/// The exit code for a configuration that makes no sense.
const MISCONFIGURED: u8 = 2;

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("the data folder {folder} cannot be made: {error}")]
    Data { folder: String, error: io::Error },
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error("cannot listen on {address}: {error}")]
    Listen {
        address: SocketAddr,
        error: io::Error,
    },
    #[error("the demo cannot be made: {0}")]
    Demo(String),
    #[error("the operating system refuses: {0}")]
    System(#[from] io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let config = match config::read(std::env::args().skip(1), &environment) {
        Ok(Command::Serve(config)) => *config,
        Ok(Command::Help) => return said(HELP),
        Ok(Command::Version) => return said(env!("CARGO_PKG_VERSION")),
        Err(error) => {
            eprintln!("portal-server: {error}");
            return ExitCode::from(MISCONFIGURED);
        }
    };
    logs::start(config.log);
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("portal-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn said(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

async fn run(mut config: Config) -> Result<(), StartError> {
    let clock = Clock::system();
    make_folder(&config.data)?;
    let store = open(&config, &clock).await?;
    if let Some(size) = config.demo {
        fill(&store, size, &clock, config.log).await?;
    }
    let address = SocketAddr::new(config.host, config.port);
    let listen_error = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen_error)?;
    let address = listener.local_addr().map_err(listen_error)?;
    // Links in letters name the port that was really taken.
    config.port = address.port();
    let app = App::new(config, clock, store.clone())?;
    let stop = stop_asked()?;
    let tasks = tokio::spawn(tasks::run(app.clone()));
    println!("listening on http://{address}");
    tracing::info!(event = "started");
    serve::serve(listener, portal_server::app(app), stop).await;
    tasks.abort();
    store.close().await;
    tracing::info!(event = "stopped");
    Ok(())
}

/// Only the server's own user may look into it.
fn make_folder(folder: &Path) -> Result<(), StartError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StartError::Data {
        folder: folder.display().to_string(),
        error,
    })
}

async fn open(config: &Config, clock: &Clock) -> Result<Store, OpenError> {
    match &config.database {
        Some(address) => Store::postgres(address, clock).await,
        None => Store::sqlite(&config.data.join("portal.db"), clock).await,
    }
}

async fn fill(
    store: &Store,
    size: config::DemoSize,
    clock: &Clock,
    log: LogFormat,
) -> Result<(), StartError> {
    let failed = |error: &dyn std::fmt::Display| StartError::Demo(error.to_string());
    if people::nobody(store)
        .await
        .map_err(|error| failed(&error))?
    {
        demo::fill(store, size, clock.now())
            .await
            .map_err(|error| failed(&error))?;
    }
    if log == LogFormat::Text {
        println!("{DEMO_PEOPLE}");
    }
    Ok(())
}

/// Done when somebody asks the program to end.
fn stop_asked() -> Result<impl Future<Output = ()>, io::Error> {
    #[cfg(unix)]
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        drop(signal::ctrl_c().await);
    })
}
