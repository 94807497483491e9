// Ways to a dispute that several specs take.
import { expect, type Locator, type Page } from "@playwright/test";

import { ask } from "./ways";

/** A session, as far as specs about disputes look at it. */
export type Session = { session_id: string; total_cost: number | null; ended_at: string | null; dispute_status: string | null };

/** The path of an ended session with a cost that nobody has disputed yet. */
export async function undisputed(page: Page): Promise<string> {
  const { sessions } = (await (await ask(page, "/api/v1/portal/sessions?limit=100")).json()) as { sessions: Session[] };
  // Other tests look at the newest.
  const free = sessions.slice(5).filter(({ ended_at, total_cost, dispute_status }) => ended_at && (total_cost ?? 0) > 2 && !dispute_status);
  // The tests of both screens share one store: each takes one of its own.
  const { session_id } = free[Math.floor(Math.random() * free.length)];
  return `/sessions/${session_id}`;
}

/** Where the reason is typed. */
export const reason = (page: Page): Locator => page.getByLabel("What is wrong", { exact: true });

/** What files the dispute. */
export const file = (page: Page): Locator => page.getByRole("button", { name: "File the dispute" });

/** Counts what gets through to addresses that end so; what the network took away is tried again. */
export function posts(page: Page, ending: RegExp): () => number {
  let sent = 0;
  page.on("response", (response) => void (sent += response.request().method() === "POST" && ending.test(response.url()) ? 1 : 0));
  return () => sent;
}

/** The files that went with the one dispute about a session, by their names. */
export async function filesOf(page: Page, path: string): Promise<string[]> {
  const id = path.split("/")[2];
  const { disputes } = (await (await ask(page, "/api/portal/disputes")).json()) as { disputes: { dispute: { dispute_id: string; session_id: string } }[] };
  const about = disputes.filter(({ dispute }) => dispute.session_id === id);
  expect(about, "one dispute").toHaveLength(1);
  const { files } = (await (await ask(page, `/api/portal/disputes/${about[0].dispute.dispute_id}`)).json()) as { files: { name: string }[] };
  return files.map(({ name }) => name);
}
