// The real server, started for a test with a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const workspace = resolve(__dirname, "../../..");

/** What the server is told beyond a free port and a folder. */
export type Wishes = {
  /** How much demo data its store gets; none if `null`. */
  demo?: "small" | "large" | null;
  /** More options of its command line. */
  options?: string[];
};

/** A running server. */
export class Portal {
  private constructor(
    /** Its address, without a slash at the end. */
    readonly url: string,
    /** Its data folder. */
    readonly data: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts a server and waits until it listens. */
  static async start({ demo = "small", options = [] }: Wishes = {}): Promise<Portal> {
    const data = await mkdtemp(join(tmpdir(), "portal-e2e-"));
    const program = process.env.PORTAL_SERVER ?? join(workspace, "target/debug/portal-server");
    const bundle = process.env.PORTAL_BUNDLE ?? join(workspace, "dist");
    const asked = ["--port", "0", "--data", data, "--bundle", bundle, ...options];
    if (demo) asked.push("--demo", "--demo-size", demo);
    const server = spawn(program, asked, { stdio: ["ignore", "pipe", "pipe"] });
    return new Portal(await listening(server), data, server);
  }

  /** Ends the server as an operator would, and forgets its data. */
  async stop(): Promise<void> {
    await ended(this.process, "SIGTERM");
    await rm(this.data, { recursive: true, force: true });
  }

  /** The letters it has written so far, oldest first. */
  async letters(): Promise<string[]> {
    const folder = join(this.data, "letters");
    const names = await readdir(folder).catch(() => []);
    const letters = names.filter((name) => name.endsWith(".eml")).sort();
    return Promise.all(letters.map((name) => readFile(join(folder, name), "utf8")));
  }
}

/** The address in the line that the server prints once it listens. */
function listening(server: ChildProcess): Promise<string> {
  return new Promise((found, lost) => {
    const said: string[] = [];
    for (const stream of [server.stdout, server.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const address = /listening on (http:\/\/\S+)/.exec(line);
        if (address) found(address[1]);
      });
    }
    server.once("error", lost);
    server.once("exit", (code) => lost(new Error(`the server ended (${code}):\n${said.join("\n")}`)));
  });
}

/** Ends a process and waits until it has. */
function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill(signal);
  });
}
