//! `portal-server`: reads what it is told, opens the store, serves.

use std::{
    io::{self, Read},
    net::SocketAddr,
    path::Path,
    process::ExitCode,
};

use portal_server::{
    App, BuildError,
    clock::Clock,
    config::{self, Command, Config, Import, LogFormat, PetitMonde},
    embedded::{Store, demo, people, receipts, stock, store::OpenError},
    http::serve,
    logs, tasks,
};
use tokio::{net::TcpListener, signal};

const HELP: &str = "\
portal-server: serves the Driver Portal.
portal-server import FILE: puts people, places, tariffs and charge points into its store;
see portal-server import --help.

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

const HELP_OF_IMPORT: &str = "\
portal-server import FILE: brings the store to what a file says, all of it or nothing.

  --letters               send everybody new the letter that sets their password
  --config FILE           settings (portal.toml, if there is one), as the server has them
  --data DIR              the folder of the store and of letters (data)

The file is TOML with the tables operators, tariffs, places, charge_points, organisations,
people and groups; server/example-stock.toml explains every field. What is there is brought
up to date (by its id, people by their e-mail address), what the file doesn't speak of stays
as it is, and the same file again changes nothing. The server may run meanwhile; what it
writes waits until the import is done, some seconds where there are ten thousand entries.

DATABASE_URL and every other setting count as they do for the server. Letters are sent by
the server, within half a minute or when it starts next; without --letters people choose
a password by \"Forgot your password?\".";

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
    #[error("the file {file} cannot be imported: {why}")]
    File { file: String, why: String },
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
    let done = match config::read(std::env::args().skip(1), &environment) {
        Ok(Command::Serve(config)) => {
            logs::start(config.log);
            run(*config).await
        }
        Ok(Command::Import(order)) => {
            logs::start(order.config.log);
            import(&order).await
        }
        Ok(Command::Help) => return said(HELP),
        Ok(Command::HelpOfImport) => return said(HELP_OF_IMPORT),
        Ok(Command::Version) => return said(env!("CARGO_PKG_VERSION")),
        Err(error) => {
            eprintln!("portal-server: {error}");
            return ExitCode::from(MISCONFIGURED);
        }
    };
    match done {
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
    let calls = app.calls.clone();
    receipts::fix_links(&store, &app.link_of_session(""))
        .await
        .map_err(OpenError::from)?;
    let stop = stop_asked()?;
    let tasks = tokio::spawn(tasks::run(app.clone()));
    let stop = {
        let app = app.clone();
        async move {
            stop.await;
            app.stop();
        }
    };
    println!("listening on http://{address}");
    tracing::info!(event = "started");
    serve::serve(listener, portal_server::app(app), stop).await;
    tasks.abort();
    if let Err(error) = calls.save().await {
        tracing::error!(event = "task_failed", %error);
    }
    store.close().await;
    tracing::info!(event = "stopped");
    Ok(())
}

async fn import(order: &Import) -> Result<(), StartError> {
    let failed = |why: String| StartError::File {
        file: order.file.display().to_string(),
        why,
    };
    let text = text_of(&order.file).map_err(|error| failed(error.to_string()))?;
    let folder = order.file.parent().unwrap_or(Path::new(""));
    let stock = stock::read(&text, folder).map_err(|error| failed(error.to_string()))?;
    if matches!(order.config.petit_monde, PetitMonde::Upstream(_)) {
        let refused = stock.refuse_limits();
        refused.map_err(|error| failed(error.to_string()))?;
    }
    make_folder(&order.config.data)?;
    let clock = Clock::system();
    let store = open(&order.config, &clock).await?;
    let portal = order.letters.then(|| order.config.portal_url());
    let done = stock::import(&store, &stock, portal.as_deref(), clock.now()).await;
    store.close().await;
    println!("{}", done.map_err(|error| failed(error.to_string()))?);
    Ok(())
}

/// A file's text, if it isn't too large.
fn text_of(file: &Path) -> Result<String, io::Error> {
    let mut text = String::new();
    let most = stock::LARGEST + 1;
    std::fs::File::open(file)?
        .take(most)
        .read_to_string(&mut text)?;
    if text.len() as u64 >= most {
        return Err(io::Error::other("it is larger than 10 MB"));
    }
    Ok(text)
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
