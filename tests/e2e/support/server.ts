// The real server, started for a test with a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** The project's folder. */
export const workspace = resolve(__dirname, "../../..");

/** What the server is told beyond a free port and a folder. */
export type Wishes = {
  /** How much demo data its store gets; none if `null`. */
  demo?: "small" | "large" | null;
  /** The folder of the built portal, if not the usual one. */
  bundle?: string;
  /** More options of its command line. */
  options?: string[];
  /** Settings by the names of their variables. */
  settings?: Record<string, string>;
};

/** A running server. */
export class Portal {
  private constructor(
    /** Its address, without a slash at the end. */
    readonly url: string,
    /** Its data folder. */
    readonly data: string,
    private readonly wishes: Wishes,
    private process: ChildProcess,
  ) {}

  /** Starts a server and waits until it listens. */
  static async start(wishes: Wishes = {}): Promise<Portal> {
    const data = await mkdtemp(join(tmpdir(), "portal-e2e-"));
    const server = run(wishes, data, "0");
    return new Portal(await listening(server), data, wishes, server);
  }

  /** Ends the server and starts it again at the same address, with the same data. */
  async restart(): Promise<void> {
    await ended(this.process, "SIGTERM");
    this.process = run(this.wishes, this.data, new URL(this.url).port);
    await listening(this.process);
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

/** The folder of the built portal that the tests run against. */
export const usualBundle = process.env.PORTAL_BUNDLE ?? join(workspace, "dist");

/** One person asks in a minute what the tests of many ask for. */
const tireless = { PORTAL_PETIT_MONDE_PERSON_CALLS_A_MINUTE: "5000" };

/** Runs the server's program. */
function run({ demo = "small", bundle = usualBundle, options = [], settings = {} }: Wishes, data: string, port: string): ChildProcess {
  const program = process.env.PORTAL_SERVER ?? join(workspace, "target/debug/portal-server");
  const asked = ["--port", port, "--data", data, "--bundle", bundle, ...options];
  if (demo) asked.push("--demo", "--demo-size", demo);
  // What the tests are told in the environment is no setting of the server.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PORTAL_|DATABASE_URL)/.test(name)));
  return spawn(program, asked, { stdio: ["ignore", "pipe", "pipe"], env: { ...env, ...tireless, ...settings } });
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
export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once("exit", () => done());
    child.kill(signal);
  });
}
