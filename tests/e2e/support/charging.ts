// Ways to a plug and its hold, at charge points that obey a test.
import { expect, type Locator, type Page } from "@playwright/test";

import { Simulator } from "./simulator";
import { test as base } from "./test";
import { ask } from "./ways";

export { expect };

type Connector = { connector_id: number; plug: string; state: string; reservable: boolean };

/** A charge point as the server tells it. */
export type ChargePoint = { charge_point_id: string; place: { name: string }; connectors: Connector[] };

/** A plug that a test has for itself. */
export type Plug = { id: string; number: number; path: string; kind: string };

export const test = base.extend<object, { simulator: Simulator }>({
  // Several tests hold plugs of the same few people.
  wishes: [{ settings: { PORTAL_HOLDS_MOST: "50", PORTAL_HOLDS_TRIES_AN_HOUR: "1000" } }, { scope: "worker", option: true }],

  simulator: [
    async ({ portal }, use) => {
      const simulator = await Simulator.start(portal, ["--samples", "2"]);
      await use(simulator);
      await simulator.stop();
    },
    { scope: "worker", timeout: 120_000, auto: true },
  ],
});

/** The charge points that a query finds. */
export async function chargePoints(page: Page, query = "limit=100"): Promise<ChargePoint[]> {
  const answer = await ask(page, `/api/portal/charge-points?${query}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { charge_points: ChargePoint[] }).charge_points;
}

let taken = 0;

/** A free plug that no other test of this worker takes. */
export async function freePlug(page: Page, kind?: string): Promise<Plug> {
  const found = await chargePoints(page, `limit=100&free=1&reservable=1${kind ? `&plug=${kind}` : ""}`);
  const all = found.flatMap(({ charge_point_id, connectors }) =>
    connectors
      .filter(({ state, reservable, plug }) => state === "available" && reservable && (!kind || plug === kind))
      .map(({ connector_id, plug }) => ({ id: charge_point_id, number: connector_id, path: `/r/${charge_point_id}/${connector_id}`, kind: plug })),
  );
  expect(all.length, "free plugs").toBeGreaterThan(0);
  return all[taken++ % all.length];
}

/** The stream of what changes. */
export const EVENTS = /\/api\/portal\/events$/;

/** Opens a page and waits until it listens: it has asked again for all it shows, and
 * nothing but a change draws it anew. */
export async function openListening(page: Page, path: string): Promise<void> {
  // The page before may be about to listen, too.
  await page.goto("about:blank");
  const listens = page.waitForRequest(EVENTS);
  await page.goto(path);
  await listens;
}

/** What stands about a plug on its charger's page. */
export const plugCard = (page: Page, { number }: Plug): Locator => page.locator(`#plug-${number}`);

/** What holds a plug, with one tap. */
export const holdButton = (page: Page, plug: Plug): Locator => plugCard(page, plug).getByRole("button", { name: /^Hold for \d+ min$/ });

/** What gives up the hold of a plug. */
export const leave = (page: Page, plug: Plug): Locator => plugCard(page, plug).getByRole("button", { name: /^Give up the hold/ });

/** What undoes that. */
export const undo = (page: Page): Locator => page.getByRole("button", { name: "Undo" });

/** The hold in the frame. */
export const bar = (page: Page): Locator => page.getByRole("region", { name: "Held for you" });

/** The holds of whoever is signed in that live. */
export async function liveHolds(page: Page): Promise<{ reservation: { reservation_id: string; charge_point_id: string; connector_id: number } }[]> {
  const { holds } = await (await ask(page, "/api/portal/holds")).json();
  return holds.filter(({ end }: { end: string | null }) => !end);
}

/** Gives up all that is held: the next test begins with nothing. */
export async function giveAllUp(page: Page): Promise<void> {
  for (const { reservation } of await liveHolds(page)) {
    await ask(page, `/api/v1/reservations/${reservation.reservation_id}`, { method: "DELETE" });
  }
}
