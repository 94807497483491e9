// What is answered after one has gone on to another page: it takes nothing from that one,
// and isn't lost.
import type { Page } from "@playwright/test";

import { file, reason, undisputed } from "./support/disputes";
import { makeGroup } from "./support/groups";
import { expect, test } from "./support/test";
import { heading, hold, LOST, REFUSED, sessionLinks } from "./support/ways";

/** Goes to the start page as one does by thumb. */
async function goHome(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Home", exact: true }).click();
  await expect(heading(page)).toHaveText(/^Hello/);
}

/** The start page stands there, whatever came since. */
async function stillHome(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await expect(heading(page)).toHaveText(/^Hello/);
  await expect(page.getByRole("alert").filter({ hasText: "The portal could not be loaded" })).toHaveCount(0);
}

/** A request whose answer waits. */
type Late = { asked: Promise<unknown>; release: () => void; answered: Promise<unknown> };

/** Holds the answer to a request of that method back. */
async function holdBack(page: Page, path: RegExp, method: string): Promise<Late> {
  const { held, release } = hold();
  await page.route(path, async (route) => {
    if (route.request().method() !== method) return route.continue();
    const answer = await route.fetch();
    await held;
    await route.fulfill({ response: answer });
  });
  const is = (request: { method: () => string; url: () => string }) => request.method() === method && path.test(request.url());
  return { asked: page.waitForRequest(is), release, answered: page.waitForResponse((response) => is(response.request())) };
}

/** Goes to the start page while something is on its way, and stays there once it is answered. */
async function goHomeBefore(page: Page, { asked, release, answered }: Late): Promise<void> {
  await asked;
  await goHome(page);
  release();
  await answered;
  await stillHome(page);
}

for (const told of ["where one is", "that nobody knows where"]) {
  test(`a device that says late ${told}`, async ({ page, signIn }) => {
    await page.addInitScript(() => {
      const late: PositionCallback[] = [];
      const never: PositionErrorCallback[] = [];
      Object.assign(window, { late, never });
      navigator.geolocation.getCurrentPosition = (known, lost) => {
        late.push(known);
        if (lost) never.push(lost);
      };
    });
    await signIn();
    await page.goto("/chargers");
    await page.getByRole("button", { name: "Near me" }).click();
    await expect.poll(() => page.evaluate(() => Reflect.get(window, "late").length)).toBe(1);
    await goHome(page);
    await page.evaluate((known) => {
      const [late, never] = [Reflect.get(window, "late"), Reflect.get(window, "never")];
      if (known) late[0]({ coords: { latitude: 52.5, longitude: 13.4 } });
      else never[0]({ code: 3, PERMISSION_DENIED: 1 });
    }, told === "where one is");
    await stillHome(page);
  });
}

test("a name that is saved late", async ({ page, signIn }) => {
  await signIn("employee@example.com");
  await page.goto("/account");
  const name = page.getByLabel("Name", { exact: true });
  const before = await name.inputValue();
  const late = await holdBack(page, /\/api\/portal\/me$/, "PATCH");
  for (const [index, value] of [`${before} the Quick`, before].entries()) {
    await name.fill(value);
    await page.getByRole("button", { name: "Save" }).click();
    if (index) break;
    await goHomeBefore(page, late);
    await page.getByRole("link", { name: "Account", exact: true }).click();
    await expect(name).toHaveValue(value);
  }
  await expect(page.getByText("Saved.").first()).toBeVisible();
});

test("a number for receipts that is saved late", async ({ page, signIn }) => {
  await signIn("manager@example.com");
  await page.goto("/account");
  const number = page.getByLabel("VAT number", { exact: true });
  await page.getByText("On your receipts").click();
  await number.fill("DE123456788");
  const late = await holdBack(page, /\/me\/billing$/, "PUT");
  await page.getByRole("button", { name: "Save" }).click();
  await goHomeBefore(page, late);
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await page.getByText("On your receipts").click();
  await expect(number).toHaveValue("DE123456788");
});

test("a list that was left before it came is there when one comes back", async ({ page, signIn }) => {
  await signIn();
  const { held, release } = hold();
  await page.route(/\/sessions\?limit=100/, async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  await page.goto("/sessions");
  await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
  await goHome(page);
  release();
  await page.getByRole("link", { name: "Sessions", exact: true }).click();
  await expect(sessionLinks(page).first()).toBeVisible();
});

test("a dispute that gets lost waits on the device, and is sent", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  mayComplain(LOST);
  await signIn();
  await page.goto("/");
  const path = await undisputed(page);
  await page.goto(`${path}/dispute`);
  await reason(page).fill("The plug was broken");
  const { held, release } = hold();
  let lost = false;
  await page.route(/\/dispute$/, async (route) => {
    if (lost || route.request().method() !== "POST") return route.continue();
    lost = true;
    await held;
    await route.abort();
  });
  const asked = page.waitForRequest((request) => request.method() === "POST" && /\/dispute$/.test(request.url()));
  await file(page).click();
  await asked;
  await goHome(page);
  const sent = page.waitForResponse((response) => response.request().method() === "POST" && /\/dispute$/.test(response.url()));
  release();
  expect((await sent).status()).toBe(201);
  await page.goto(`${path}/dispute`);
  await expect(file(page)).toHaveCount(0);
});

test("a card that is blocked late", async ({ page, signIn }) => {
  await signIn("manager@example.com");
  await page.goto("/");
  const id = await makeGroup(page, { name: "Late Vans", cards: 2 });
  await page.goto(`/groups/${id}`);
  await page.getByRole("button", { name: "Say that Van 1 is lost" }).click();
  const { asked, answered, release } = await holdBack(page, /\/lost$/, "POST");
  await page.getByRole("dialog").getByRole("button", { name: "Yes, block it" }).click();
  await asked;
  await page.keyboard.press("Escape");
  await goHome(page);
  release();
  await answered;
  await expect(page.getByText("“Van 1” is blocked. All others still work.")).toBeVisible();
  await stillHome(page);
});
