// The demo's charge points, which connect to a server and obey a test.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { type Portal, ended, workspace } from "./server";

/** Nobody comes by themselves. */
const QUIET = ["--demo", "--visitors", "0"];

type Answer = { done: () => void; failed: (why: Error) => void };

/** Running charge points. */
export class Simulator {
  /** Who waits for the answers to their orders, in the order of those. */
  private readonly waiting: Answer[] = [];

  private constructor(private readonly process: ChildProcess) {}

  /** Brings the demo's charge points up and waits until the server has accepted all of
   * them. `options` are more of its command line, such as `--arrive 5`. */
  static async start(portal: Portal, options: string[] = []): Promise<Simulator> {
    const program = process.env.PORTAL_SIMULATOR ?? join(workspace, "target/debug/portal-simulator");
    const child = spawn(program, ["--server", portal.url, ...QUIET, ...options], { stdio: ["pipe", "pipe", "pipe"] });
    const simulator = new Simulator(child);
    await simulator.up();
    return simulator;
  }

  /** Has something done at a charge point, such as `charge CP-1 2 TAG`; fails if it can't
   * be. `portal-simulator --help` lists what there is. */
  order(line: string): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed });
      this.process.stdin?.write(`${line}\n`);
    });
  }

  /** Ends all charge points at once, as if the power was cut. */
  async stop(): Promise<void> {
    await ended(this.process, "SIGTERM");
  }

  private up(): Promise<void> {
    return new Promise((up, failed) => {
      const said: string[] = [];
      for (const stream of [this.process.stdout, this.process.stderr]) {
        if (!stream) continue;
        createInterface({ input: stream }).on("line", (line) => {
          said.push(line);
          if (/^simulator: all \d+ are up/.test(line)) up();
          else this.answered(line);
        });
      }
      this.process.once("error", failed);
      this.process.once("exit", (code) => {
        const why = new Error(`the simulator ended (${code}):\n${said.join("\n")}`);
        failed(why);
        for (const answer of this.waiting.splice(0)) answer.failed(why);
      });
    });
  }

  private answered(line: string): void {
    if (/^ok /.test(line)) this.waiting.shift()?.done();
    else if (/^error /.test(line)) this.waiting.shift()?.failed(new Error(line));
  }
}
