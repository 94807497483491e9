// One session: what it cost and why, what flowed, and what is odd about its bill.
import type { Page } from "@playwright/test";

import { expect, test } from "./support/test";
import { ask, heading } from "./support/ways";

type Line = { type: string; amount: number; rule?: string; used?: number; free?: number };
type Cost = { currency: string; components: Line[]; adjustments: { amount: number }[]; subtotal: number; tax_amount: number; tax_included?: boolean; total_cost: number };
type Session = { session_id: string; total_cost: number; currency: string; status: string; dispute_status?: string | null };

async function sessions(page: Page): Promise<Session[]> {
  const answer = await ask(page, "/api/v1/portal/sessions?limit=100");
  return (await answer.json()).sessions;
}

async function costOf(page: Page, id: string): Promise<Cost> {
  return (await ask(page, `/api/v1/portal/sessions/${id}/cost-breakdown`)).json();
}

/** The newest ended session whose cost is as wanted. */
async function find(page: Page, wanted: (cost: Cost) => boolean): Promise<[Session, Cost]> {
  for (const session of await sessions(page)) {
    // Other tests dispute some, and have money given back.
    if (session.status === "active" || session.dispute_status) continue;
    const cost = await costOf(page, session.session_id);
    if (wanted(cost)) return [session, cost];
  }
  throw new Error("no such session in the demo");
}

const money = (page: Page, amount: number, currency: string) =>
  page.evaluate(
    ([amount, currency]) => new Intl.NumberFormat("en-GB", { style: "currency", currency: `${currency}` }).format(Number(amount)),
    [amount, currency] as const,
  );

const card = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** Opens a session under an address whose answers a test may change. */
async function open(page: Page, id: string): Promise<void> {
  await page.goto(`/sessions/${id}`);
  await expect(heading(page)).toHaveText(/^Session at /);
}

test.beforeEach(async ({ page, signIn }) => {
  await signIn();
  await page.goto("/");
});

test("every line of the cost is there with its reason, and the total is the list's", async ({ page }) => {
  const [session, cost] = await find(page, ({ components }) => components.some(({ rule }) => rule));
  await open(page, session.session_id);
  const lines = card(page, "What it cost and why").locator("details");
  await expect(lines).toHaveCount(cost.components.length);
  for (const [index, { amount, rule }] of cost.components.entries()) {
    const line = lines.nth(index);
    await expect(line).toContainText(await money(page, amount, cost.currency));
    await line.locator("summary").press("Enter");
    await expect(line.getByRole("listitem").first()).toBeVisible();
    if (rule) await expect(line).toContainText(`the price was set by the rule “${rule}”`);
  }
  const total = await money(page, session.total_cost, session.currency);
  await expect(card(page, "What it cost and why").getByText(total, { exact: true }).last()).toBeVisible();
  await expect(page.locator(".figure-value").first()).toHaveText(total);
});

test("blocks and what is free are said in plain sentences", async ({ page }) => {
  const [session] = await find(page, ({ components }) => components.some(({ type, used, free }) => type === "parking" && used && free));
  await open(page, session.session_id);
  const parking = card(page, "What it cost and why").locator("details").filter({ hasText: "Standing after charging" });
  await parking.locator("summary").click();
  await expect(parking).toContainText(/You paid for [\d.]+ min and stood there for [\d.]+ min: parking is sold in blocks of [\d.]+ min/);
  await expect(parking).toContainText(/The first \d+ min after charging were free/);
});

test("contained tax is a part of the total and not on top", async ({ page }) => {
  const [session, cost] = await find(page, ({ tax_included }) => tax_included === true);
  await open(page, session.session_id);
  const totals = card(page, "What it cost and why");
  await expect(totals.getByText(/^Of which tax/)).toBeVisible();
  await expect(totals.getByText("Subtotal")).toHaveCount(0);
  expect(cost.total_cost).toBe(cost.subtotal);
});

test("a difference that a system sends is said and not hidden", async ({ page }) => {
  const [session] = await find(page, () => true);
  await page.route("**/cost-breakdown", async (route) => {
    const answer = await route.fetch();
    const cost = await answer.json();
    await route.fulfill({ response: answer, json: { ...cost, total_cost: cost.total_cost + 1.5 } });
  });
  await open(page, session.session_id);
  await expect(page.getByRole("note")).toContainText(/The lines add up to .*1\.50 is not explained/);
});

test("what flowed is a picture with a table behind it", async ({ page }) => {
  const [session] = await find(page, () => true);
  await open(page, session.session_id);
  const power = card(page, "Power");
  await expect(power.getByRole("img", { name: /^Power from .* at most\.$/ })).toBeVisible();
  await power.getByText("Show as a table").click();
  expect(await power.getByRole("row").count()).toBeGreaterThan(2);
});

test("what is odd about a bill is said in words", async ({ page }) => {
  // Other tests dispute some, and what is disputed isn't offered to be.
  const session = (await sessions(page)).find(({ status, dispute_status }) => status === "completed" && !dispute_status);
  if (!session) throw new Error("every session is disputed");
  await page.route(`**/api/portal/sessions/${session.session_id}`, async (route) => {
    const answer = await route.fetch();
    const detail = await answer.json();
    detail.session.energy_kwh = 9999;
    detail.overlaps = ["sess_other"];
    await route.fulfill({ response: answer, json: detail });
  });
  await open(page, session.session_id);
  const odd = card(page, "Something about this bill is odd");
  await expect(odd.getByRole("listitem")).toHaveText([/is more than this plug delivers in that time/, /somewhere else at the same time/]);
  await expect(odd.getByRole("link").nth(1)).toHaveAttribute("href", "/sessions/sess_other");

  const said = odd.getByText(/is more than this plug delivers in that time/);
  const sentence = await said.innerText();
  await odd.getByRole("link", { name: "Dispute it" }).first().click();
  await expect(page.getByLabel("What is wrong", { exact: true })).toHaveValue(sentence);
});

test("an ordinary bill is not said to be odd", async ({ page }) => {
  const [session] = await find(page, () => true);
  await open(page, session.session_id);
  await expect(card(page, "Details")).toBeVisible();
  await expect(card(page, "Something about this bill is odd")).toHaveCount(0);
});

test("while figures may change it is said", async ({ page }) => {
  const [session] = await find(page, () => true);
  await page.route(`**/api/portal/sessions/${session.session_id}`, async (route) => {
    const answer = await route.fetch();
    const detail = await answer.json();
    detail.session.receipt_available = false;
    await route.fulfill({ response: answer, json: detail });
  });
  await open(page, session.session_id);
  await expect(page.getByText("Settling", { exact: true })).toBeVisible();
});

test("a session under way shows what it has cost so far", async ({ page }) => {
  const running = (await sessions(page)).find(({ status }) => status === "active");
  await open(page, running?.session_id ?? "");
  await expect(page.getByText(/^So far:/)).toBeVisible();
  await expect(card(page, "What it cost and why").getByText("Total", { exact: true })).toBeVisible();
});

test("how long a session under way takes goes on while one looks", async ({ page }) => {
  const running = (await sessions(page)).find(({ status }) => status === "active");
  await page.route(`**/api/portal/sessions/${running?.session_id}`, async (route) => {
    const answer = await route.fetch();
    const detail = await answer.json();
    detail.session.started_at = new Date(Date.now() - 42.5 * 60_000).toISOString();
    detail.session.duration_minutes = 42;
    await route.fulfill({ response: answer, json: detail });
  });
  // What they tell would set the page's clock back to the server's.
  await page.route(/\/api\/portal\/(events|holds)$/, () => {});
  await page.clock.install();
  await open(page, running?.session_id ?? "");
  const duration = page.locator(".figure-value").nth(2);
  await expect(duration).toHaveText("42 min");
  await page.clock.fastForward(120_000);
  await expect(duration).toHaveText("44 min");
});

test("a session that ended while the page slept is shown as ended", async ({ page }) => {
  const look = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  const EVENTS = /\/api\/portal\/events$/;
  const running = (await sessions(page)).find(({ status }) => status === "active");
  let ended = false;
  await page.route(`**/api/portal/sessions/${running?.session_id}`, async (route) => {
    const answer = await route.fetch();
    const detail = await answer.json();
    if (ended) Object.assign(detail.session, { status: "completed", ended_at: new Date().toISOString() });
    await route.fulfill({ response: answer, json: detail });
  });
  await page.goto("about:blank");
  await page.clock.install();
  const listens = page.waitForRequest(EVENTS);
  await open(page, running?.session_id ?? "");
  await listens;
  await expect(page.getByText(/^So far:/)).toBeVisible();
  await look(true);
  // A page that nobody looks at for a minute gives the stream up.
  for (let beats = 0; beats < 30; beats += 1) await page.clock.runFor(3_000);
  ended = true;
  const anew = page.waitForRequest(EVENTS);
  await look(false);
  for (let beats = 0; beats < 3; beats += 1) await page.clock.runFor(3_000);
  await anew;
  await expect(page.locator(".session-status")).toContainText("Completed");
});
