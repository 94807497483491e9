// Ways to a fleet group that a test has for itself.
import { expect, type Page } from "@playwright/test";

import { ask } from "./ways";

/** What a test wants of its group. */
type Wishes = { name: string; monthly?: number; perSession?: number; cards?: number; numbers?: number; members?: string[] };

/** The id of a group made by whoever is signed in on the page; they look after it. */
export async function makeGroup(page: Page, { name, monthly, perSession, cards, numbers, members = [] }: Wishes): Promise<string> {
  const post = async (path: string, body: unknown) => {
    const answer = await ask(page, path, { method: "POST", body: JSON.stringify(body) });
    expect(answer.status, `${path}: ${await answer.clone().text()}`).toBe(201);
    return answer.json();
  };
  const group = (await post("/api/v1/fleet/groups", { name, monthly_limit: monthly, per_session_limit: perSession })) as { id: string };
  const bulk = `/api/v1/fleet/groups/${group.id}/tokens/bulk`;
  if (cards) await post(bulk, { count: cards, type: "RFID", label_prefix: "Van " });
  if (numbers) await post(bulk, { count: numbers, type: "VIRTUAL", label_prefix: "Phone " });
  for (const email of members) await post(`/api/portal/groups/${group.id}/members`, { email });
  return group.id;
}

/** A token as the server tells it. */
export type Token = { id: string; uid?: string; label: string; status: string };

/** All of a group's tokens, as whoever is signed in on the page is told. */
export async function tokens(page: Page, id: string): Promise<Token[]> {
  const answer = await ask(page, `/api/portal/groups/${id}/tokens?limit=100`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { tokens: Token[] }).tokens;
}
