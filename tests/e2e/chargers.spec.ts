// Finding a plug: by what stands in the list, the filters, a position, a QR code;
// and what changes while one looks.
import type { Page } from "@playwright/test";

import { chargePoints, EVENTS, expect, freePlug, openListening, plugCard, test } from "./support/charging";
import { heading, REFUSED, signInByForm } from "./support/ways";

const listed = (page: Page) => page.locator(".charger-row");
const count = (page: Page) => page.getByRole("status").filter({ hasText: /^\d+ chargers?/ });

test.beforeEach(async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/chargers");
  await expect(heading(page)).toHaveText("Charge");
  await expect(listed(page).first()).toBeVisible();
});

test("a search and the filters narrow the list, stand in the address and outlive a reload", async ({ page }) => {
  const all = await chargePoints(page);
  const one = all[all.length - 1];
  await page.getByLabel("Search", { exact: true }).fill(one.charge_point_id);
  await expect(listed(page)).toHaveCount(1);
  await expect(listed(page)).toContainText(one.place.name);
  await expect(page).toHaveURL(new RegExp(`q=${one.charge_point_id}`));
  await page.reload();
  await expect(page.getByLabel("Search", { exact: true })).toHaveValue(one.charge_point_id);
  await expect(listed(page)).toHaveCount(1);

  await page.getByLabel("Search", { exact: true }).fill("nowhere at all");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Clear the filters" }).last().click();
  await expect(count(page)).toBeVisible();

  await page.getByText(/^Filters/).click();
  await page.getByLabel("Plug", { exact: true }).selectOption("ccs");
  await page.getByLabel("Power", { exact: true }).selectOption("50");
  await page.getByLabel("Free now", { exact: true }).check();
  await expect(page).toHaveURL(/plug=ccs&min_kw=50&free=1/);
  const fitting = await chargePoints(page, "limit=100&plug=ccs&min_kw=50&free=1");
  await expect(count(page)).toHaveText(new RegExp(`^${fitting.length} chargers? match`));
});

for (const { on, userAgent, leads } of [
  { on: "Android", userAgent: "Mozilla/5.0 (Linux; Android 10; K) Chrome/130.0.0.0 Mobile", leads: /^geo:-?[\d.]+,-?[\d.]+\?q=-?[\d.]+,-?[\d.]+\(.+\)$/ },
  { on: "an iPhone", userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1", leads: /^https:\/\/maps\.apple\.com\/\?ll=-?[\d.]+,-?[\d.]+&q=.+$/ },
  { on: "a PC", userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0.0.0", leads: /^https:\/\/www\.openstreetmap\.org\/\?mlat=-?[\d.]+&mlon=-?[\d.]+#map=18\/-?[\d.]+\/-?[\d.]+$/ },
]) {
  test.describe(() => {
    test.use({ userAgent });

    test(`on ${on} the map is one that opens there`, async ({ page }) => {
      await listed(page).first().click();
      const map = page.getByRole("link", { name: "Open the map" });
      await expect(map).toHaveAttribute("href", leads);
      await expect(map).toHaveAttribute("rel", "noopener noreferrer");
    });
  });
}

test("of two filters that are chosen before the first is drawn none gets lost", async ({ page }) => {
  await page.evaluate(() => {
    for (const [id, value] of [["plug", "ccs"], ["power", "50"]]) {
      const select = document.getElementById(id) as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  await expect(page).toHaveURL(/plug=ccs&min_kw=50/);
  await expect(page.getByText("Filters: 2 on")).toBeVisible();
});

test("the nearest stand first once somebody says where they are, and not before", async ({ page, context }) => {
  await expect(page.locator(".charger-row-far").filter({ hasText: /\d/ })).toHaveCount(0);
  await context.clearPermissions();
  await page.getByRole("button", { name: "Near me" }).click();
  await expect(page.getByText("The browser may not say where you are.")).toBeVisible();

  await context.grantPermissions(["geolocation"]);
  await context.setGeolocation({ latitude: 47.99, longitude: 7.85 });
  await page.getByRole("button", { name: "Near me" }).click();
  await expect(page.getByRole("button", { name: "Forget where I am" })).toBeVisible();
  await expect(page.locator(".charger-row-far").first()).toHaveText(/\d (m|km)$/);
  expect(new URL(page.url()).search, "where somebody is stands in no address").toBe("");
});

for (const way of ["the link", "the browser's back"]) {
  test(`coming back from a charger by ${way} finds the list where it was`, async ({ page }) => {
    await page.getByText(/^Filters/).click();
    await page.getByLabel("Can be held", { exact: true }).check();
    await expect(page).toHaveURL(/reservable=1/);
    await page.getByRole("button", { name: "Show more" }).click();
    await expect.poll(() => listed(page).count()).toBeGreaterThan(20);
    const row = listed(page).nth(24);
    await row.scrollIntoViewIfNeeded();
    const [name, scroll] = [await row.getAttribute("href"), await page.evaluate(() => window.scrollY)];
    expect(scroll).toBeGreaterThan(300);
    await row.click();
    await expect(page).toHaveURL(new RegExp(`${name}$`));
    await expect(page.getByRole("link", { name: "All chargers" })).toBeVisible();

    if (way === "the link") await page.getByRole("link", { name: "All chargers" }).click();
    else await page.goBack();
    await expect(page).toHaveURL(/reservable=1/);
    await expect(listed(page).nth(24)).toBeVisible();
    await expect.poll(async () => Math.abs((await page.evaluate(() => window.scrollY)) - scroll)).toBeLessThanOrEqual(2);
  });
}

test("what a plug is doing changes on the page without a reload", async ({ page, simulator }) => {
  const plug = await freePlug(page);
  // The list's own stream is not the one that is waited for.
  await page.goto("about:blank");
  const stands = page.waitForResponse(EVENTS);
  await page.goto(plug.path);
  await expect(plugCard(page, plug).getByText("Free", { exact: true })).toBeVisible();
  await stands;
  await simulator.order(`plug ${plug.id} ${plug.number}`);
  await expect(plugCard(page, plug).getByText("In use", { exact: true })).toBeVisible();
  await page.goto(`/chargers?q=${plug.id}`);
  const [charger] = await chargePoints(page, `limit=1&q=${plug.id}`);
  const free = charger.connectors.filter(({ state }) => state === "available").length;
  await expect(listed(page)).toContainText(`${free} of ${charger.connectors.length} free`);
  await page.goto(plug.path);
  await simulator.order(`unplug ${plug.id} ${plug.number}`);
  await expect(plugCard(page, plug).getByText("Free", { exact: true })).toBeVisible();
});

test("an answer that is older than what was told meanwhile doesn't stay", async ({ page }) => {
  const plug = await freePlug(page);
  let asked = 0;
  let stands = () => {};
  const told = new Promise<void>((go) => (stands = go));
  await page.route(new RegExp(`/api/portal/charge-points/${plug.id}$`), async (route) => {
    const answer = await route.fetch();
    const charger = await answer.json();
    const state = asked++ ? "occupied" : "available";
    if (asked === 1) await told;
    const connectors = charger.connectors.map((connector: object) => ({ ...connector, state }));
    await route.fulfill({ response: answer, headers: { "content-type": "application/json" }, json: { ...charger, connectors } });
  });
  // Once the stream stands, everything is asked for anew.
  page.on("response", (response) => EVENTS.test(response.url()) && setTimeout(stands, 1_000));
  await page.goto("about:blank");
  await page.goto(plug.path);
  await expect(plugCard(page, plug).getByText("In use", { exact: true })).toBeVisible();
});

test("the pages of a browser share one stream, and one takes over from the other", async ({ page, context, simulator }) => {
  const plug = await freePlug(page);
  // The list's own stream is none of those that are counted.
  await page.goto("about:blank");
  const streams: string[] = [];
  context.on("request", (request) => request.url().endsWith("/api/portal/events") && streams.push(request.url()));
  await page.goto(plug.path);
  await expect.poll(() => streams.length).toBe(1);
  const other = await context.newPage();
  await other.goto(plug.path);
  await expect(plugCard(other, plug).getByText("Free", { exact: true })).toBeVisible();
  // Whether it hears already or not: what happens now reaches it.
  await simulator.order(`plug ${plug.id} ${plug.number}`);
  await expect(plugCard(other, plug).getByText("In use", { exact: true })).toBeVisible();
  await expect(plugCard(page, plug).getByText("In use", { exact: true })).toBeVisible();
  expect(streams).toHaveLength(1);

  await page.close();
  await expect.poll(() => streams.length).toBe(2);
  await simulator.order(`unplug ${plug.id} ${plug.number}`);
  await expect(plugCard(other, plug).getByText("Free", { exact: true })).toBeVisible();
});

test("a QR code leads to its plug, also through the sign-in", async ({ page, context }) => {
  const plug = await freePlug(page);
  await context.clearCookies();
  await page.goto(plug.path);
  await expect(heading(page)).toHaveText("Sign in");
  await signInByForm(page, "driver@example.com");
  await expect(page).toHaveURL(new RegExp(`${plug.path}$`));
  const first = page.locator("section.plug").first();
  await expect(first).toHaveAttribute("id", `plug-${plug.number}`);
  await expect(first.getByText(/ per kWh/).first()).toBeVisible();
});

test("the list fails and comes back, and says when there is no network", async ({ page, context }) => {
  await page.route(/\/api\/portal\/charge-points/, (route) => route.fulfill({ status: 500, body: "{}" }));
  // It would have the list asked for again as soon as it stands, perhaps just before the tap.
  await page.route(EVENTS, () => undefined);
  await openListening(page, "/chargers");
  await expect(page.getByRole("heading", { name: "Something went wrong on our side" })).toBeVisible();
  await page.unroute(/\/api\/portal\/charge-points/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(listed(page).first()).toBeVisible();
  const plug = await freePlug(page);
  // By then all its code is here.
  await openListening(page, plug.path);
  await expect(plugCard(page, plug)).toBeVisible();
  await context.setOffline(true);
  await expect(plugCard(page, plug).getByText("This needs the network.")).toBeVisible();
  await expect(plugCard(page, plug).getByRole("button", { name: /^Hold/ })).toHaveCount(0);
});

test("since when a plug is as it is has its day, unless that is today", async ({ page }) => {
  const plug = await freePlug(page);
  let ago = 21 * 86_400_000;
  await page.route(new RegExp(`/api/portal/charge-points/${plug.id}`), async (route) => {
    const answer = await route.fetch();
    const charger = await answer.json();
    const since = new Date(Date.now() - ago).toISOString();
    const connectors = charger.connectors.map((connector: object) => ({ ...connector, state: "faulted", since }));
    await route.fulfill({ response: answer, json: { ...charger, connectors } });
  });
  await page.goto(plug.path);
  const since = plugCard(page, plug).locator(".plug-since");
  await expect(since).toHaveText(/^since \w{3},? \d+ \w+, \d\d:\d\d$/);
  ago = 0;
  await page.reload();
  await expect(since).toHaveText(/^since \d\d:\d\d$/);
  // It may just be asked for again.
  await page.unrouteAll({ behavior: "ignoreErrors" });
});
