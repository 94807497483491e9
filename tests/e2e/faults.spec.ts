// What a driver sees when something between them and their sessions fails.
import type { Page, Route } from "@playwright/test";

import { EVENTS, openListening } from "./support/charging";
import { expect, PASSWORD, test } from "./support/test";
import { ask, heading, hold, LOST, openFilters, REFUSED, sessionLinks } from "./support/ways";

const SESSIONS = /\/api\/(v1\/portal|portal)\/sessions/;

const json = (status: number, code: string, headers = {}) => (route: Route) =>
  route.fulfill({ status, headers, contentType: "application/problem+json", body: JSON.stringify({ status, code }) });

const FAULTS: { name: string; answer: (route: Route) => Promise<void>; says: RegExp; note?: RegExp }[] = [
  { name: "a mistake of the server", answer: json(500, "internal", { "X-Request-Id": "req_e2e" }), says: /on our side/, note: /Request req_e2e/ },
  { name: "too many requests", answer: json(429, "too_many_tries", { "Retry-After": "7" }), says: /Too many tries/, note: /Try again in 7 s/ },
  { name: "a server with too much to do", answer: json(503, "busy", { "Retry-After": "7" }), says: /Too much going on/, note: /Try again in 7 s/ },
  { name: "a system behind the server that is down", answer: json(502, "upstream"), says: /The system doesn't answer/ },
  {
    name: "a page of somebody else's in the answer's place",
    answer: (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<!doctype html><title>Wi-Fi</title>" }),
    says: /The answer made no sense/,
  },
  { name: "a lost connection", answer: (route) => route.abort("connectionreset"), says: /No network/ },
];

/** Opens a page that nothing asks for anew but a tap. */
async function openCalm(page: Page, path: string): Promise<void> {
  await page.route(EVENTS, () => undefined);
  await openListening(page, path);
}

for (const path of ["/sessions", "/"]) {
  for (const { name, answer, says, note } of FAULTS) {
    test(`${name} is said on ${path}, and trying again helps`, async ({ page, signIn, mayComplain }) => {
      mayComplain(REFUSED);
      await signIn();
      await page.route(SESSIONS, answer);
      await openCalm(page, path);
      const trouble = page.getByRole("alert").filter({ hasText: says });
      await expect(trouble).toBeVisible();
      if (note) await expect(trouble).toContainText(note);

      const again = trouble.getByRole("button", { name: "Try again" });
      await again.click();
      await expect(again, "still failing, still said").toBeVisible();
      await page.unroute(SESSIONS);
      await again.click();
      await expect(sessionLinks(page).first()).toBeVisible();
      await expect(trouble).toHaveCount(0);
    });
  }

  test(`while ${path} waits, its shape stands there`, async ({ page, signIn }) => {
    await signIn();
    const { held, release } = hold();
    await page.route(SESSIONS, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(path);
    await expect(page.getByRole("status").filter({ hasText: "Loading …" })).toBeVisible();
    await expect(heading(page), "the frame and the heading don't wait").toBeVisible();
    release();
    await expect(sessionLinks(page).first()).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Loading …" })).toHaveCount(0);
  });
}

test("a slow line is not taken for a system that is down", async ({ page, signIn }) => {
  await signIn();
  await page.clock.install();
  const { held, release } = hold();
  const booked = page.waitForResponse(/\/client\/bookings/);
  await page.route(/\/api\/(v1\/portal\/sessions|portal\/sessions|v1\/client\/bookings)/, async (route) => {
    await held;
    // From where the sessions are, the rest has two seconds, however slow this machine is.
    if (SESSIONS.test(route.request().url())) await (await booked).finished();
    await route.continue();
  });
  await page.goto("/");
  await expect(page.getByRole("status").filter({ hasText: "Loading …" })).toBeVisible();
  await page.clock.fastForward(3_000);
  release();
  await expect(sessionLinks(page).first()).toBeVisible();
  await expect(page.locator(".part-trouble")).toHaveCount(0);
});

test("what comes long after the sessions is shown when it comes", async ({ page, signIn }) => {
  await signIn();
  await page.clock.install();
  const { held, release } = hold();
  await page.goto("/account");
  const [booking] = (await (await ask(page, "/api/v1/client/bookings?status=CONFIRMED")).json()).bookings;
  await page.route(/\/api\/v1\/client\/bookings/, async (route) => {
    await held;
    // The page may have given the first one up.
    await route.fulfill({ json: { bookings: [booking] } }).catch(() => {});
  });
  await page.goto("/");
  const waits = page.getByRole("status").filter({ hasText: "Loading …" });
  const next = page.locator(`a[href="/bookings/${booking.id}"]`);
  await expect(async () => {
    await page.clock.fastForward(2_500);
    await expect(sessionLinks(page).first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(waits).toBeVisible();
  await expect(page.locator(".part-trouble")).toHaveCount(0);
  release();
  await expect(next).toBeVisible();
  await expect(waits).toHaveCount(0);
});

test("a system that is down takes nothing from the start page that others told", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn("group@example.com");
  const group = page.getByRole("link", { name: /^Lager Süd/ });
  await page.route(SESSIONS, json(502, "upstream"));
  await openCalm(page, "/");
  const trouble = page.getByRole("alert").filter({ hasText: /The system doesn't answer/ });
  await expect(trouble).toBeVisible();
  await expect(group, "groups came").toBeVisible();
  await page.unroute(SESSIONS);
  await trouble.getByRole("button", { name: "Try again" }).click();
  await expect(sessionLinks(page).first()).toBeVisible();
  await expect(group).toBeVisible();

  const others = /\/api\/(v1\/client\/bookings|portal\/groups)/;
  await page.route(others, json(502, "upstream"));
  await openCalm(page, "/");
  await expect(sessionLinks(page).first(), "sessions came").toBeVisible();
  await expect(page.getByText("Your bookings can't be shown right now.")).toBeVisible();
  const part = page.locator(".part-trouble").filter({ hasText: "Your groups can't be shown right now." });
  await expect(part).toBeVisible();
  await expect(page.getByRole("alert"), "one that is calm").toHaveCount(0);
  await page.unroute(others);
  await part.getByRole("button", { name: "Try again" }).click();
  await expect(group).toBeVisible();
  await expect(page.locator(".part-trouble")).toHaveCount(0);
});

test("the start page says that it can't tell what waits at the desk, and trying again helps", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn("desk@example.com");
  await page.route("**/api/portal/desk/disputes", json(502, "upstream"));
  await page.goto("/");
  const part = page.locator(".part-trouble").filter({ hasText: "The disputes that wait can't be shown right now." });
  await expect(part).toBeVisible();
  await page.unroute("**/api/portal/desk/disputes");
  await part.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: /disputes? waits? for a decision$/ })).toBeVisible();
  await expect(part).toHaveCount(0);
});

test("what is booked is shown when holds can't be", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.route("**/api/portal/holds", json(502, "upstream"));
  await openCalm(page, "/reservations");
  await expect(page.locator(".booking-row").first()).toBeVisible();
  const part = page.locator(".part-trouble").filter({ hasText: "What was held before can't be shown right now." });
  await expect(part).toBeVisible();
  await page.unroute("**/api/portal/holds");
  await part.getByRole("button", { name: "Try again" }).click();
  await expect(part).toHaveCount(0);
  await expect(page.locator(".booking-row").first()).toBeVisible();
});

test("an answer that never comes is given up and said", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.clock.install();
  const { held, release } = hold();
  await page.route(SESSIONS, async (route) => {
    await held;
    await route.abort().catch(() => {});
  });
  await page.goto("/sessions");
  await expect(page.getByRole("status").filter({ hasText: "Loading …" })).toBeVisible();
  // The page's code may still be on its way: only then does it ask and wait.
  await expect(async () => {
    await page.clock.fastForward(16_000);
    await expect(page.getByRole("alert").filter({ hasText: "No answer yet" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  release();
});

test("a network that is back before it carries anything is given some time", async ({ page, context, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  mayComplain(LOST);
  await signIn();
  await page.goto("/sessions");
  await expect(sessionLinks(page).first()).toBeVisible();
  await openFilters(page);
  await context.setOffline(true);
  await page.getByLabel("Status").selectOption({ label: "Stopped early" });
  const trouble = page.getByRole("alert").filter({ hasText: "No network" });
  await expect(trouble).toBeVisible();
  let lost = 0;
  await page.route(SESSIONS, (route) => (lost < 2 ? ((lost += 1), route.abort("internetdisconnected")) : route.continue()));
  await context.setOffline(false);
  await expect(trouble).toHaveCount(0);
  expect(lost, "it was tried in vain").toBe(2);
});

test("it can be tried again when it isn't known who is there", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.route("**/api/portal/who", json(500, "internal"));
  await page.goto("/account");
  await expect(page.getByRole("alert").filter({ hasText: "on our side" })).toBeVisible();
  await page.unroute("**/api/portal/who");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(heading(page)).toHaveText("Account");
});

test("who is there is asked again by itself once the network is back", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  const who = /\/api\/portal\/(who|me)$/;
  await page.route(who, (route) => route.abort("internetdisconnected"));
  await page.goto("/account");
  await expect(page.getByRole("alert").filter({ hasText: "No network" })).toBeVisible();
  await page.unroute(who);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(heading(page)).toHaveText("Account");
});

/** Ends the session from outside, as from another device. */
async function endSession(page: Page): Promise<void> {
  const answer = await ask(page, "/api/portal/sign-in", { method: "DELETE" });
  expect(answer.ok).toBe(true);
}

async function signInAgain(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(dialog).toBeHidden();
}

test("when the sign-in ends one signs in above the page, and the list goes on", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/sessions");
  await expect(sessionLinks(page).first()).toBeVisible();
  await endSession(page);
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog.getByLabel("E-mail", { exact: true })).toHaveValue("driver@example.com");
  await expect(page.getByText("Sessions", { exact: true }).first(), "the page stays below").toBeVisible();
  // The rows come after the totals, which draw the months anew.
  const totals = page.waitForResponse(/\/sessions\/summary/);
  await page.route(/[?&]offset=/, async (route) => {
    await totals;
    await route.continue();
  });
  await signInAgain(page);
  await expect(sessionLinks(page).last()).toBeInViewport();
  await expect(page.getByText("Not loaded")).toHaveCount(0);
});

test("an answer from before doesn't end the sign-in that came after it", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/sessions");
  await expect(sessionLinks(page).first()).toBeVisible();
  await endSession(page);
  // One is answered soon, the other long after.
  const [refusal, late] = [hold(), hold()];
  await page.route(/[?&]offset=100/, async (route) => {
    const refused = await route.fetch();
    refusal.release();
    await late.held;
    await route.fulfill({ response: refused });
  });
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
  await refusal.held;
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await signInAgain(page);
  const confirmed = page.waitForResponse(/\/api\/portal\/me$/);
  late.release();
  await confirmed;
  await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeHidden();
  await expect(sessionLinks(page).last()).toBeInViewport();
});

test("what was typed survives the end of the sign-in and a reload", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn("group@example.com");
  await page.goto("/account");
  const name = page.getByLabel("Name", { exact: true });
  const before = await name.inputValue();
  await name.fill("Aylin the Patient");
  // Not before the form asks: else what the page asks for by itself may learn of the end first.
  let saves = 0;
  await page.route("**/api/portal/me", async (route) => {
    if (route.request().method() === "PATCH" && ++saves === 1) await endSession(page);
    await route.continue();
  });
  await page.getByRole("button", { name: "Save" }).click();
  await signInAgain(page);
  await expect(name).toHaveValue("Aylin the Patient");

  await page.reload();
  await expect(name).toHaveValue("Aylin the Patient");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Aylin the Patient");
  await name.fill(before);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
});

test("a part of the portal that can't be fetched says so and can be fetched again", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  // The loader's own line on what it could not get.
  mayComplain(/TypeError: Failed to fetch/);
  await signIn();
  await page.goto("/");
  await expect(sessionLinks(page).first()).toBeVisible();
  const pack: string | undefined = await page.evaluate(() => Reflect.get(window, "portal").bundle.packs.account);
  test.skip(!pack, "this bundle is not split");
  await page.route(`**${pack}`, (route) => route.abort());
  await page.getByRole("link", { name: "Account", exact: true }).click();
  const trouble = page.getByRole("alert").filter({ hasText: "could not be loaded" });
  await expect(trouble).toBeVisible();
  await page.unroute(`**${pack}`);
  await trouble.getByRole("button", { name: "Try again" }).click();
  await expect(heading(page)).toHaveText("Account");
});

test("a mistake of ours that stops the portal is said", async ({ page, signIn, mayComplain }) => {
  mayComplain(/unreachable/);
  await signIn();
  await page.goto("/");
  await expect(sessionLinks(page).first()).toBeVisible();
  await page.evaluate(() => setTimeout(() => { throw new WebAssembly.RuntimeError("unreachable"); }));
  await expect(page.getByRole("alert")).toContainText("The portal could not be loaded");
});
