//! `cargo xtask serve`: builds what is missing and runs it.

mod watch;

use std::{
    net::{SocketAddr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode},
};

use crate::{
    args::Args,
    bundle::{self, Kind},
    failure::{Failure, Result},
    places::Places,
    process::{self, Profile},
    say, simulate,
};

/// What the server is told.
#[derive(Clone, Debug)]
pub struct Wishes {
    host: String,
    port: u16,
    data: PathBuf,
    demo: Option<String>,
    simulator: bool,
}

/// Builds the bundle and the server unless they are there, and becomes the
/// server.
pub fn run(mut args: Args) -> Result<ExitCode> {
    let dev = args.flag("--dev");
    let mut wishes = Wishes::of(&mut args)?;
    args.finish()?;
    let places = Places::find()?;
    if dev {
        return watch::run(&places, &mut wishes);
    }
    let folder = bundle::ensure(&places, Kind::Optimised)?;
    let server = build_server(&places, Profile::Release)?;
    // It ends by itself once the server has gone.
    wishes.start_simulator(&places, Profile::Release)?;
    println!("server: starting");
    let failed = wishes.command(&server, &folder).exec();
    Err(Failure::new(format!("the server doesn't start: {failed}")))
}

impl Wishes {
    fn of(args: &mut Args) -> Result<Self> {
        let no_demo = args.flag("--no-demo");
        let no_simulator = args.flag("--no-simulator");
        let size = args.value("--demo-size")?;
        if no_demo && size.is_some() {
            return Err(Failure::new("--no-demo and --demo-size exclude each other"));
        }
        Ok(Self {
            host: args
                .value("--host")?
                .unwrap_or_else(|| "127.0.0.1".to_owned()),
            port: args.value("--port")?.unwrap_or(8080),
            data: args.value("--data")?.unwrap_or_else(|| "data".into()),
            demo: (!no_demo).then(|| size.unwrap_or_else(|| "small".to_owned())),
            simulator: !no_demo && !no_simulator,
        })
    }

    /// Brings the demo's charge points up, for the server that is about to start.
    /// Whose address is taken will not start, and they would bother another one.
    fn start_simulator(&mut self, places: &Places, profile: Profile) -> Result<Option<Child>> {
        let address = self.free_address().filter(|_| self.simulator);
        let Some(address) = address else {
            return Ok(None);
        };
        // Of a port that was taken, the simulator would not hear.
        self.port = address.port();
        simulate::start(places, profile, address).map(Some)
    }

    fn free_address(&self) -> Option<SocketAddr> {
        let listener = TcpListener::bind((&self.host[..], self.port)).ok()?;
        listener.local_addr().ok()
    }

    /// The server, told what was wished for.
    fn command(&self, server: &Path, bundle: &Path) -> Command {
        let mut command = Command::new(server);
        command
            .args(["--host", &self.host])
            .args(["--port", &self.port.to_string()])
            .arg("--data")
            .arg(&self.data)
            .arg("--bundle")
            .arg(bundle)
            // A person reads it here; a program would rather have JSON.
            .args(["--log", "text"]);
        if let Some(size) = &self.demo {
            command.args(["--demo", "--demo-size", size]);
        }
        command
    }
}

/// Builds the server if anything changed, and returns it.
pub fn build_server(places: &Places, profile: Profile) -> Result<PathBuf> {
    say::step("server: compiling", || {
        process::build(places, "portal-server", profile)
    })
}
