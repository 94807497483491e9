// Holding a plug: the countdown on every page, holding it for longer, giving it up,
// thinking again, and what it ends as.
import type { Locator, Page } from "@playwright/test";

import { examine } from "./support/axe";
import { bar, EVENTS, expect, freePlug, giveAllUp, holdButton, leave, liveHolds, openListening, type Plug, plugCard, test, undo } from "./support/charging";
import { heading, REFUSED } from "./support/ways";

test.beforeEach(async ({ page, signIn, mayComplain }, { title, project }) => {
  mayComplain(REFUSED);
  // Whoever tests at the same time holds with another tag.
  const people = ["driver", "group", "employee", "manager"];
  const who = (title.length + (project.name === "desk" ? 1 : 0)) % people.length;
  await signIn(`${people[who]}@example.com`);
  await page.goto("/account");
  await giveAllUp(page);
});

test.afterEach(({ page }) => giveAllUp(page));

/** Presses something as whoever has no mouse. */
async function pressByKeyboard(page: Page, what: Locator): Promise<void> {
  await what.focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  await expect(what).toBeFocused();
  await page.keyboard.press("Enter");
}

/** Holds a free plug by its page. */
async function hold(page: Page, kind?: string): Promise<Plug> {
  const plug = await freePlug(page, kind);
  await page.goto(plug.path);
  await holdButton(page, plug).click();
  await expect(plugCard(page, plug).getByText("Held for you", { exact: true })).toBeVisible();
  return plug;
}

/** Holds a free plug, and opens its page so that nothing draws it anew under what is pressed. */
async function holdAndSettle(page: Page): Promise<Plug> {
  const plug = await hold(page);
  await openListening(page, plug.path);
  await expect(bar(page)).toBeVisible();
  return plug;
}

test("one tap holds a plug, and every page counts it down", async ({ page }) => {
  const plug = await hold(page);
  expect(await liveHolds(page)).toHaveLength(1);
  await expect(plugCard(page, plug).getByRole("timer")).toHaveText(/^(30:00|29:\d\d)$/);
  for (const name of ["Home", "Sessions", "Account"]) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await expect(heading(page)).toBeFocused();
    await expect(bar(page).getByRole("timer")).toHaveText(/^29:\d\d$/);
  }
  await page.reload();
  await expect(bar(page).getByRole("timer")).toHaveText(/^29:\d\d$/);
  await bar(page).getByRole("link").first().click();
  await expect(page).toHaveURL(new RegExp(`${plug.path}$`));
});

test("no barrier: a plug that is held, its page and all holds", async ({ page }) => {
  await hold(page);
  await expect(bar(page)).toBeVisible();
  await examine(page);
  await page.goto("/reservations");
  await expect(page.getByRole("main").getByRole("timer").first()).toBeVisible();
  await examine(page);
});

test("what is held doesn't stand on every sheet that is printed", async ({ page }) => {
  await hold(page);
  await page.goto("/account");
  await expect(bar(page)).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(bar(page)).toBeHidden();
  expect(await page.getByRole("main").evaluate((main) => getComputedStyle(main).padding)).toBe("0px");
});

test("it can be held for longer", async ({ page }) => {
  const plug = await holdAndSettle(page);
  await plugCard(page, plug).getByRole("button", { name: "Hold for 15 min longer" }).click();
  await expect(page.getByText(/^Held until .* now\.$/)).toBeVisible();
  await expect(bar(page).getByRole("timer")).toHaveText(/^44:\d\d$/);
});

test("giving up can be undone until it is sent", async ({ page }) => {
  const plug = await holdAndSettle(page);
  await leave(page, plug).click();
  // It stays as long as it has the focus.
  await undo(page).focus();
  await expect(bar(page)).toHaveCount(0);
  await undo(page).click();
  await expect(bar(page)).toBeVisible();
  expect(await liveHolds(page)).toHaveLength(1);

  await page.clock.install();
  await leave(page, plug).click();
  await page.clock.runFor(10_000);
  await expect.poll(() => liveHolds(page)).toHaveLength(0);
  await expect(holdButton(page, plug)).toBeVisible();
  await page.goto("/reservations");
  await expect(page.locator(".holds-past").getByText("Given up", { exact: true }).first()).toBeVisible();
});

test("what was given up once more has as long to be undone", async ({ page }) => {
  const plug = await holdAndSettle(page);
  await page.clock.install();
  await leave(page, plug).click();
  await undo(page).click();
  await expect(bar(page)).toBeVisible();
  await page.clock.runFor(4_000);
  await leave(page, plug).click();
  // By now the first message would have gone.
  await page.clock.runFor(3_000);
  await undo(page).click();
  await expect(bar(page)).toBeVisible();
  await page.clock.runFor(10_000);
  expect(await liveHolds(page)).toHaveLength(1);
});

test("of two given up one after the other the first is over, and undoing it keeps no other", async ({ page }) => {
  await hold(page);
  await hold(page);
  await openListening(page, "/reservations");
  // The bar has one of its own where there is room.
  const leaves = page.locator(".card.hold").getByRole("button", { name: /^Give up the hold/ });
  await expect(leaves).toHaveCount(2);
  await page.clock.install();
  await leaves.first().click();
  await expect(leaves).toHaveCount(1);
  await leaves.click();
  // It stays as long as it has the focus.
  await undo(page).first().focus();
  await expect.poll(async () => (await liveHolds(page)).length, "the first is sent at once").toBeLessThan(2);
  await undo(page).first().click();
  await expect(page.getByText(/^The hold at .* is over\.$/)).toBeVisible();
  await page.clock.runFor(10_000);
  await expect.poll(() => liveHolds(page)).toHaveLength(0);
});

test("by keyboard giving up leads to its undoing, which stays as long as it has the focus", async ({ page }) => {
  const plug = await holdAndSettle(page);
  await page.clock.install();
  await pressByKeyboard(page, leave(page, plug));
  await expect(undo(page)).toBeFocused();
  await page.clock.runFor(20_000);
  await expect(undo(page)).toBeFocused();
  expect(await liveHolds(page), "nothing is sent meanwhile").toHaveLength(1);
  await page.keyboard.press("Enter");
  await expect(bar(page)).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();

  await pressByKeyboard(page, leave(page, plug));
  await expect(undo(page)).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.clock.runFor(10_000);
  await expect(undo(page)).toHaveCount(0);
  await expect.poll(() => liveHolds(page)).toHaveLength(0);
  await expect(holdButton(page, plug)).toBeVisible();
});

test("what is given up before the page has settled can be undone, too", async ({ page }) => {
  const plug = await hold(page);
  // The page before may settle just now, too.
  await page.goto("about:blank");
  const settled = page.waitForRequest(EVENTS);
  await page.goto(plug.path);
  await leave(page, plug).click();
  await undo(page).focus();
  await settled;
  await undo(page).click();
  await expect(bar(page)).toBeVisible();
  expect(await liveHolds(page)).toHaveLength(1);
});

test("a page that goes away gives up what was left", async ({ page }) => {
  const plug = await holdAndSettle(page);
  await leave(page, plug).click();
  await page.goto("/api/portal/me");
  await page.goto("/account");
  await expect(heading(page)).toBeVisible();
  await expect.poll(() => liveHolds(page)).toHaveLength(0);
});

test("it ends with the car that comes, and says so once", async ({ page, simulator }) => {
  // So fast that its figures grow all the time.
  const plug = await hold(page, "ccs");
  await simulator.order(`charge ${plug.id} ${plug.number}`);
  const ended = page.getByRole("link", { name: /^You have plugged in at / });
  await expect(ended).toBeVisible();
  expect((await ended.boundingBox())?.height).toBeGreaterThanOrEqual(48);
  await expect(bar(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Close" }).click();
  await page.goto("/");
  const charging = page.getByRole("region", { name: "Charging now" }).first();
  const begun = await charging.innerText();
  await expect.poll(() => charging.innerText(), "the figures grow by themselves").not.toBe(begun);
  await expect(page.getByRole("link", { name: /^You have plugged in at / })).toHaveCount(0);
  await simulator.order(`unplug ${plug.id} ${plug.number}`);
});

test("a charger that breaks ends it, and says what it told", async ({ page, simulator }) => {
  const plug = await hold(page);
  await simulator.order(`fault ${plug.id} ${plug.number}`);
  await expect(page.getByRole("link", { name: /^(The charger at .* is out of order: your hold is over|The operator has given up your hold at .*)\.$/ })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  await simulator.order(`mend ${plug.id} ${plug.number}`);
});

test("it can be taken to a calendar", async ({ page }) => {
  const plug = await holdAndSettle(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    plugCard(page, plug).getByRole("button", { name: "Add to calendar" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("hold.ics");
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const [{ reservation }] = await liveHolds(page);
  expect(text).toContain(`UID:${reservation.reservation_id}@`);
  expect(text).toMatch(/\r\nDTEND:\d{8}T\d{6}Z\r\n/);
});
