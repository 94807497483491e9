// When holding a plug goes wrong: somebody was faster, the charger says no or
// nothing, the answer gets lost, the page sleeps.
import type { Page, Route } from "@playwright/test";

import { bar, EVENTS, expect, freePlug, giveAllUp, holdButton, leave, liveHolds, openListening, type Plug, plugCard, test, undo } from "./support/charging";
import { ask, askAt, cookie, heading, REFUSED } from "./support/ways";

test.beforeEach(async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/account");
  await giveAllUp(page);
});

test.afterEach(({ page }) => giveAllUp(page));

/** Has the page go to sleep, or be looked at again. */
const sleep = (page: Page, hidden: boolean) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, hidden);

/** What says that a hold is over. */
const OVER = /^The hold at .* is over\.$/;

/** Holds a free plug by its page, which hears of nothing afterwards. */
async function holdAlone(page: Page): Promise<Plug> {
  await page.route(EVENTS, (route) => route.abort());
  const plug = await freePlug(page);
  await openListening(page, plug.path);
  await holdButton(page, plug).click();
  await expect(bar(page)).toBeVisible();
  return plug;
}

const inHalfAnHour = () => new Date(Date.now() + 1_800_000).toISOString().replace(/\.\d+/, "");

test("just taken: says so, and holds another one with one tap", async ({ page, browser, baseURL, signIn }) => {
  const plug = await freePlug(page);
  // It would have the plugs drawn anew once one is taken, perhaps under the tap.
  await page.route(EVENTS, () => undefined);
  await openListening(page, plug.path);
  await expect(holdButton(page, plug)).toBeVisible();
  const other = await (await browser.newContext({ baseURL, serviceWorkers: "block" })).newPage();
  await signIn("group@example.com", other);
  const theirs = await cookie(other.context());
  const tags = (await (await askAt(baseURL ?? "", theirs, "/api/portal/holds")).json()).id_tags as string[];
  const body = { charge_point_id: plug.id, connector_id: plug.number, expires_at: inHalfAnHour(), id_tag: tags[0] };

  // Between what the driver sees and the tap.
  const tapped = async (route: Route) => {
    const held = await askAt(baseURL ?? "", theirs, "/api/v1/reservations", { method: "POST", body: JSON.stringify(body) });
    expect(held.status).toBe(201);
    await route.continue();
  };
  await page.route(/\/api\/v1\/reservations$/, tapped, { times: 1 });
  await holdButton(page, plug).click();
  await expect(plugCard(page, plug).getByRole("heading", { name: "Just taken" })).toBeVisible();
  await expect(plugCard(page, plug).getByText("Nothing is held for you.")).toBeVisible();
  expect(await liveHolds(page)).toHaveLength(0);

  const instead = plugCard(page, plug).getByRole("button", { name: /^Hold for 30 min: / });
  await expect(instead.first()).toBeVisible();
  expect(await instead.count()).toBeLessThanOrEqual(3);
  await instead.first().click();
  await expect(bar(page)).toBeVisible();
  expect(await liveHolds(page)).toHaveLength(1);
  const [{ reservation }] = (await (await askAt(baseURL ?? "", theirs, "/api/portal/holds")).json()).holds;
  await askAt(baseURL ?? "", theirs, `/api/v1/reservations/${reservation.reservation_id}`, { method: "DELETE" });
});

test("a charger that says no is heard", async ({ page, simulator }) => {
  const plug = await freePlug(page);
  await page.goto(plug.path);
  await simulator.order(`refuse ${plug.id}`);
  await holdButton(page, plug).click();
  await expect(plugCard(page, plug).getByRole("heading", { name: "The charger said no" })).toBeVisible();
  expect(await liveHolds(page)).toHaveLength(0);
  await simulator.order(`obey ${plug.id}`);
});

test("an answer that got lost makes no second hold, also across a reload", async ({ page }) => {
  const plug = await freePlug(page);
  const keys: string[] = [];
  // The stream would tell it sooner than the answer that got lost.
  await page.route(EVENTS, (route) => route.abort());
  await page.route(/\/api\/v1\/reservations$/, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length === 1) {
      await route.fetch();
      return route.abort();
    }
    return keys.length === 2 ? route.abort() : route.continue();
  });
  await page.goto(plug.path);
  await holdButton(page, plug).click();
  await expect(page.getByText(/^We're checking/)).toBeVisible();
  await page.reload();
  await expect(plugCard(page, plug).getByText("Held for you", { exact: true })).toBeVisible();
  await expect.poll(() => keys.length).toBeGreaterThanOrEqual(3);
  expect(new Set(keys).size, "one key for all").toBe(1);
  expect(await liveHolds(page)).toHaveLength(1);
});

test("without a network nothing is promised, and what is held goes on counting", async ({ page, context }) => {
  const plug = await freePlug(page);
  // By then all its code is here.
  await openListening(page, plug.path);
  await holdButton(page, plug).click();
  await expect(bar(page)).toBeVisible();
  await context.setOffline(true);
  await expect(bar(page).getByRole("timer")).toHaveText(/^29:\d\d$/);
  const leave = page.getByRole("button", { name: /^Give up the hold/ });
  await expect(leave).toHaveCount(0);
  await expect(plugCard(page, plug).getByText("This needs the network.")).toBeVisible();
  await context.setOffline(false);
  await expect(leave.first()).toBeVisible();
});

/** Opens a plug's page while holds can't be asked for; `meanwhile` is what stands there. */
async function failsAndComesBack(page: Page, plug: Plug, meanwhile = async () => {}): Promise<void> {
  // The page before may still ask for them.
  await page.goto("about:blank");
  // It would have the holds asked for again as soon as it stands, perhaps just before the tap.
  await page.route(EVENTS, () => undefined);
  let asked = 0;
  await page.route(/\/api\/portal\/holds$/, (route) => {
    asked += 1;
    return route.fulfill({ status: 500, contentType: "text/plain", body: "" });
  });
  await page.goto(plug.path);
  await meanwhile();
  await expect(plugCard(page, plug).getByText("Something went wrong on our side")).toBeVisible();
  await expect.poll(() => asked, "the page and what hears of changes have asked").toBe(2);
  await expect(holdButton(page, plug)).toHaveCount(0);
  await page.unroute(/\/api\/portal\/holds$/);
  await plugCard(page, plug).getByRole("button", { name: "Try again" }).click();
  await expect(holdButton(page, plug)).toBeEnabled();
}

test("who may hold can't be found out for now: says so, and trying again helps", async ({ page, mayComplain }) => {
  mayComplain(REFUSED);
  const plug = await freePlug(page);
  await failsAndComesBack(page, plug);
});

test("too many at a time are refused in words", async ({ page }) => {
  const plug = await freePlug(page);
  await page.route(/\/api\/v1\/reservations$/, (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/json",
      body: JSON.stringify({ error: { code: "conflict", message: "", details: [{ field: "reason", message: "most_holds" }] } }),
    }),
  );
  await page.goto(plug.path);
  await holdButton(page, plug).click();
  await expect(page.getByRole("heading", { name: "You hold as many plugs as you may" })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Holds and bookings" }).click();
  await expect(heading(page)).toHaveText("Holds and bookings");
});

test("one that ends while the page sleeps is told when it is looked at again", async ({ page }) => {
  // Nothing reaches a page that sleeps, also nothing that it asked for before.
  await holdAlone(page);
  await sleep(page, true);
  const [{ reservation }] = await liveHolds(page);
  await ask(page, `/api/v1/reservations/${reservation.reservation_id}`, { method: "DELETE" });
  await expect(bar(page)).toBeVisible();
  await sleep(page, false);
  await expect(page.getByRole("link", { name: OVER })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});

test("undone after a page that slept has sent it: says that it is over", async ({ page }) => {
  const plug = await holdAlone(page);
  await leave(page, plug).click();
  // It stays as long as it has the focus.
  await undo(page).focus();
  await sleep(page, true);
  await expect.poll(() => liveHolds(page)).toHaveLength(0);
  await sleep(page, false);
  await undo(page).click();
  await expect(page.getByText(OVER)).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});

test("what a page that sleeps could not give up is said, and its end, too", async ({ page }) => {
  const plug = await holdAlone(page);
  await page.evaluate(() => {
    const fetch = window.fetch.bind(window);
    window.fetch = (what, init) => (init?.method === "DELETE" ? Promise.reject(new TypeError("lost")) : fetch(what, init));
  });
  await leave(page, plug).click();
  await expect(undo(page)).toBeVisible();
  await sleep(page, true);
  await sleep(page, false);
  await expect(page.getByText("The hold could not be given up: it still stands.")).toBeVisible();
  await expect(bar(page)).toBeVisible();
  const [{ reservation }] = await liveHolds(page);
  await ask(page, `/api/v1/reservations/${reservation.reservation_id}`, { method: "DELETE" });
  await sleep(page, true);
  await sleep(page, false);
  await expect(page.getByRole("link", { name: OVER })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
});

test("a charger that doesn't hold it for longer is heard", async ({ page }) => {
  const plug = await holdAlone(page);
  const [asItWas] = await liveHolds(page);
  await page.route(/\/api\/portal\/holds\/[^/]+\/extend$/, (route) => route.fulfill({ json: asItWas }));
  await plugCard(page, plug).getByRole("button", { name: "Hold for 15 min longer" }).click();
  await expect(page.getByText("It could not be extended. What is held stays as it was.")).toBeVisible();
  await expect(page.getByText(/^Held until .* now\.$/)).toHaveCount(0);
  await expect(bar(page).getByRole("timer")).toHaveText(/^29:\d\d$/);
});

test("one more can't be held for now: says so beside what is held, and trying again helps", async ({ page }) => {
  const plug = await freePlug(page);
  await page.goto(plug.path);
  await holdButton(page, plug).click();
  await expect(bar(page)).toBeVisible();
  const other = await freePlug(page);
  await failsAndComesBack(page, other, () => expect(bar(page), "it stands on the device").toBeVisible());
});
