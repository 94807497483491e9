// Without a network: what was read can be read again, and nothing of anybody
// else's.
import type { BrowserContext, Page } from "@playwright/test";

import { makeGroup } from "./support/groups";
import { expect, test } from "./support/test";
import { another, ask, askAt, cookie, heading, keeperReady, keptKeys, LOST, REFUSED, sessionLinks, signInByForm } from "./support/ways";

test.use({ serviceWorkers: "allow" });
test.beforeEach(({ mayComplain }) => mayComplain(REFUSED));

/** The browser's own line on a service worker that it couldn't fetch. */
const UNFETCHED = /unknown error occurred when fetching the script/;

const tab = (page: Page, name: string) => page.getByRole("navigation").getByRole("link", { name, exact: true });

/** Opens home, the list and its newest finished session, and waits until all of it is kept. */
async function readAround(page: Page): Promise<{ path: string; title: string }> {
  await page.goto("/");
  await keeperReady(page);
  await page.reload();
  await expect(sessionLinks(page).first()).toBeVisible();
  await tab(page, "Sessions").click();
  await expect(heading(page)).toHaveText("Sessions");
  await expect(sessionLinks(page).first()).toBeVisible();
  const path = (await sessionLinks(page).nth(1).getAttribute("href")) ?? "";
  await sessionLinks(page).nth(1).click();
  await expect(heading(page)).toHaveText(/^Session at /);
  const title = await heading(page).innerText();
  const wanted = ["/api/portal/me", "/api/portal/sessions/summary", "/api/v1/portal/sessions?limit=5", "/api/v1/portal/sessions?limit=100", `/api/portal${path}`];
  await expect.poll(() => keptKeys(page)).toEqual(expect.arrayContaining(wanted));
  return { path, title };
}

/** The addresses of all that is in the caches of the browser. */
const cached = (page: Page) =>
  page.evaluate(async () => {
    const caught = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map((request) => new URL(request.url).pathname);
  });

async function online(context: BrowserContext, is: boolean): Promise<void> {
  await context.setOffline(!is);
}

test("what keeps the portal for offline is fetched again when its first fetch was lost", async ({ page, context, mayComplain, signIn }) => {
  mayComplain(LOST);
  mayComplain(UNFETCHED);
  await signIn();
  // Not asked for before the network is gone, however long the page takes to come.
  await page.addInitScript(() => {
    const workers = navigator.serviceWorker;
    const register = workers.register.bind(workers);
    const gone = new Promise<void>((go) => Object.assign(window, { go }));
    workers.register = (...asked) => gone.then(() => register(...asked));
  });
  const lost = page.waitForEvent("console", (line) => UNFETCHED.test(line.text()));
  await page.goto("/");
  await expect(sessionLinks(page).first()).toBeVisible();
  await online(context, false);
  await page.evaluate(() => Reflect.get(window, "go")());
  await lost;
  await online(context, true);
  await keeperReady(page);
});

test("what was read can be read again, with its age", async ({ page, context, signIn }) => {
  await signIn();
  const { path, title } = await readAround(page);
  await online(context, false);

  await page.reload();
  await expect(heading(page)).toHaveText(title);
  // The session and what it cost were asked for separately: only the older age is said.
  await expect(page.getByText(/As of /)).toHaveCount(1);
  await expect(page.getByText(/As of .*minute.*, \d\d:\d\d$/), "the exact time too").toBeVisible();
  await expect(page.getByText(/^No network\. You can read what you have opened before/)).toBeVisible();

  await tab(page, "Sessions").click();
  await expect(heading(page)).toHaveText("Sessions");
  await expect(page.getByText(/As of /)).toBeVisible();
  await expect(page.locator(`a[href="${path}"]`)).toBeVisible();

  await tab(page, "Home").click();
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
  await expect(page.getByText(/As of /)).toBeVisible();

  // The browser's parts hear of the network one after the other: it may need to come twice.
  await expect(async () => {
    await online(context, false);
    await online(context, true);
    await expect(page.getByText(/As of /)).toHaveCount(0, { timeout: 3_000 });
  }).toPass();
  await expect(page.getByText(/^No network/)).toHaveCount(0);
  await expect(sessionLinks(page).first()).toBeVisible();
});

test("where the server fails, what was read is shown with its age", async ({ page, context, signIn }) => {
  await signIn();
  const { path, title } = await readAround(page);
  await context.route(/\/api\//, (route) => route.fulfill({ status: 503, json: {} }));
  await page.reload();
  await expect(heading(page)).toHaveText(title);
  await expect(page.getByText(/^No answer right now · As of /)).toHaveCount(1);
  await expect(page.getByText(/^No network/)).toHaveCount(0);
  await tab(page, "Sessions").click();
  await expect(page.locator(`a[href="${path}"]`)).toBeVisible();
  await tab(page, "Home").click();
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
  await expect(sessionLinks(page).first()).toBeVisible();
  await context.unrouteAll();
  await expect(page.getByText(/As of /)).toHaveCount(0, { timeout: 30_000 });
});

test("chargers that were read can be read again, with their age, and nothing is kept of where somebody was", async ({ page, context, signIn }) => {
  await signIn();
  await readAround(page);
  await context.grantPermissions(["geolocation"]);
  await context.setGeolocation({ latitude: 47.99, longitude: 7.85 });
  await tab(page, "Charge").click();
  const rows = page.locator(".charger-row");
  await expect(rows.first()).toBeVisible();
  await expect.poll(() => keptKeys(page)).toContain("/api/portal/charge-points?limit=20");
  await page.getByRole("button", { name: "Near me" }).click();
  await expect(page.getByRole("button", { name: "Forget where I am" })).toBeVisible();
  await expect(page.locator(".charger-row-far").first()).toHaveText(/\d/);
  expect((await keptKeys(page)).filter((key) => key.includes("at="))).toEqual([]);

  await online(context, false);
  await page.reload();
  await expect(rows.first()).toBeVisible();
  await expect(page.getByText(/As of /)).toBeVisible();
});

test("what somebody may not see any more doesn't stay on the device", async ({ page, browser, baseURL, signIn }) => {
  const manager = await another(browser, baseURL, "manager@example.com", signIn);
  await manager.goto("/");
  const id = await makeGroup(manager, { name: "Not for long", members: ["group@example.com"] });
  await signIn("group@example.com");
  await page.goto("/");
  await keeperReady(page);
  await page.goto(`/groups/${id}`);
  await expect(heading(page)).toHaveText("Not for long");
  await expect.poll(() => keptKeys(page)).toContain(`/api/portal/groups/${id}`);
  const { id: person } = (await (await ask(page, "/api/portal/me")).json()) as { id: string };
  expect((await ask(manager, `/api/portal/groups/${id}/members/${person}`, { method: "DELETE" })).ok).toBe(true);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect.poll(() => keptKeys(page)).not.toContain(`/api/portal/groups/${id}`);
  await manager.context().close();
});

test("what is booked can be read where there is no network, but not given up", async ({ page, context, signIn }) => {
  await signIn();
  await page.goto("/");
  await keeperReady(page);
  await page.goto("/reservations");
  await page.getByLabel("Status").selectOption("CONFIRMED");
  await page.locator(".booking-row").first().click();
  await expect(page.getByRole("heading", { name: "At the plug" })).toBeVisible();
  const { pathname } = new URL(page.url());
  await expect.poll(() => keptKeys(page)).toContain(`/api/portal${pathname}`);

  await online(context, false);
  await page.reload();
  await expect(page.getByRole("heading", { name: "At the plug" })).toBeVisible();
  await expect(page.getByText(/As of /)).toBeVisible();
  await expect(page.getByText("This needs the network.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Give up the booking" })).toHaveCount(0);
  await page.getByRole("link", { name: "Holds and bookings" }).first().click();
  await expect(page.locator(".booking-row").first()).toBeVisible();
});

test("what wasn't read says that there is nothing to show", async ({ page, context, signIn }) => {
  await signIn();
  await readAround(page);
  await online(context, false);
  await page.goto("/sessions/sess_NEVERREAD0");
  await expect(page.getByRole("alert").filter({ hasText: "Nothing of this is kept on this device" })).toBeVisible();
  await page.goto("/no/such/page");
  await expect(heading(page)).toHaveText("No such page");
});

test("a change says before and after that it needs the network, and isn't lost", async ({ page, context, signIn }) => {
  await signIn("employee@example.com");
  await page.goto("/account");
  await keeperReady(page);
  await page.reload();
  await expect.poll(() => keptKeys(page)).toContain("/api/portal/me");
  const name = page.getByLabel("Name", { exact: true });
  const before = await name.inputValue();
  await online(context, false);
  await expect(page.getByText("Changes need the network.")).toBeVisible();
  await expect(page.getByText("This needs the network.").first()).toBeVisible();
  for (const name of ["Send the e-mail", "Sign out everywhere else"]) await expect(page.getByRole("button", { name })).toHaveCount(0);
  await name.fill("Jonas of the Garage");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was changed." }).first()).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Jonas of the Garage");
  await online(context, true);
  await name.fill(before);
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
});

test("signing out without a network forgets all, and the server ends the session later", async ({ page, context, portal, signIn }) => {
  await signIn();
  const { path } = await readAround(page);
  const session = await cookie(context);
  await tab(page, "Account").click();
  await online(context, false);
  let lost = 0;
  page.on("requestfailed", (request) => void (lost += request.method() === "DELETE" ? 1 : 0));
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(heading(page)).toHaveText("Sign in");
  await expect(page.getByText("You are signed out on this device.")).toBeVisible();
  // By the button, and by the page that came then.
  await expect.poll(() => lost).toBe(2);
  expect((await askAt(portal.url, session, "/api/portal/me")).status, "the server doesn't know yet").toBe(200);
  expect(await keptKeys(page)).toEqual([]);
  expect((await cached(page)).filter((path) => path.startsWith("/api/"))).toEqual([]);
  await page.goto(path);
  await expect(heading(page)).toHaveText("Sign in");

  await online(context, true);
  await expect.poll(async () => (await askAt(portal.url, session, "/api/portal/me")).status).toBe(401);
  await page.reload();
  await expect(heading(page)).toHaveText("Sign in");
  await expect(page.getByText("You are signed out on this device.")).toHaveCount(0);
});

test("opened with a network while a sign-out is due, the portal keeps nothing again", async ({ page, context, signIn }) => {
  await signIn();
  await readAround(page);
  await tab(page, "Account").click();
  await online(context, false);
  // The door stands there a moment before the page is loaded anew.
  const anew = page.waitForEvent("domcontentloaded");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await anew;
  await expect(page.getByText("You are signed out on this device.")).toBeVisible();
  await page.close();
  await online(context, true);

  const later = await context.newPage();
  await later.goto("/");
  await expect(heading(later)).toHaveText("Sign in");
  const due = () => later.evaluate(() => JSON.parse(localStorage.getItem("portal") ?? "{}").sign_out_due);
  await expect.poll(due, "the server knows").toBe(false);
  expect(await keptKeys(later)).toEqual([]);
});

test("signing out forgets all that was read", async ({ page, signIn }) => {
  await signIn();
  await readAround(page);
  await tab(page, "Account").click();
  // The door stands there a moment before the page is loaded anew.
  const anew = page.waitForEvent("domcontentloaded");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await anew;
  await expect(heading(page)).toHaveText("Sign in");
  expect(await keptKeys(page)).toEqual([]);
  expect((await cached(page)).filter((path) => path.startsWith("/api/"))).toEqual([]);
});

test("the next person on the device sees nothing of the one before", async ({ page, context, signIn }) => {
  await signIn();
  const { path } = await readAround(page);
  await context.clearCookies();
  await page.goto("/");
  await expect(heading(page)).toHaveText("Sign in");
  await signInByForm(page, "new@example.com");
  await expect(heading(page)).toHaveText("Hello, Tomás Ferrer");
  await expect.poll(() => keptKeys(page)).toEqual(expect.arrayContaining(["/api/v1/portal/sessions?limit=5", "/api/portal/sessions/summary"]));
  expect(await keptKeys(page)).not.toContain(`/api/portal${path}`);

  await online(context, false);
  await page.goto(path);
  await expect(page.getByRole("alert").filter({ hasText: "No network" })).toBeVisible();
  await page.goto("/");
  await expect(heading(page)).toHaveText("Hello, Tomás Ferrer");
  await expect(page.getByText("No sessions yet")).toBeVisible();
});
