//! Brings simulated charge points up at a server.

use std::{
    future::pending,
    process::ExitCode,
    time::{Duration, Instant},
};

use portal_simulator::{
    args::{HELP, Wishes},
    control, demo,
    fleet::Fleet,
    plan,
};

/// How long the server may take to start.
const SERVER_STARTS: Duration = Duration::from_secs(60);

/// After how long without the server its demo is over.
const SERVER_IS_GONE: Duration = Duration::from_secs(15);

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let outcome = match Wishes::read(words) {
        Ok(wishes) => run(&wishes).await,
        Err(why) => Err(format!("{why}; --help lists what is")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("simulator: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(wishes: &Wishes) -> Result<(), String> {
    if !wishes.server.comes(SERVER_STARTS).await {
        return Err("the server does not answer".to_owned());
    }
    let mut points = plan::counted(wishes);
    if wishes.demo {
        let listed = demo::charge_points(&wishes.server).await;
        points.extend(plan::listed(listed.map_err(|why| why.to_string())?, wishes));
    }
    println!("simulator: {} charge points come up", points.len());
    let started = Instant::now();
    let fleet = Fleet::start(points, &wishes.server, &wishes.key, wishes.seed);
    let comes_up = async {
        fleet.all_up().await;
        let took = started.elapsed().as_secs_f64();
        println!("simulator: all {} are up after {took:.1} s", fleet.len());
        pending().await
    };
    let obeys = async {
        control::listen(&fleet).await;
        pending().await
    };
    let ends = async {
        if !wishes.demo {
            return pending().await;
        }
        wishes.server.leaves(SERVER_IS_GONE).await;
        println!("simulator: the server has gone");
    };
    tokio::select! {
        () = comes_up => {}
        () = obeys => {}
        () = ends => {}
    }
    Ok(())
}
