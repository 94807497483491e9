// Photos and papers of a dispute: they wait on the device for the network, and are
// sent once.
import type { Page } from "@playwright/test";

import { file, filesOf, posts, reason, undisputed } from "./support/disputes";
import { expect, PASSWORD, test } from "./support/test";
import { ask, form, heading, keeperReady, REFUSED } from "./support/ways";

test.use({ serviceWorkers: "allow" });

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const PHOTO = { name: "barrier.png", mimeType: "image/png", buffer: PIXEL };
const NO_PHOTO = { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no photo") };

const input = (page: Page) => page.getByLabel("Photos or papers");
const row = (page: Page, { name }: { name: string }) => page.getByRole("listitem").filter({ hasText: name });

/** Opens the form about a session, and takes the network away. */
async function formInAGarage(page: Page): Promise<string> {
  await page.goto("/");
  await expect(heading(page)).toBeVisible();
  await keeperReady(page);
  const path = await undisputed(page);
  await page.goto(path);
  await expect(page.getByRole("link", { name: "Something is wrong" }).last()).toBeVisible();
  await page.goto(`${path}/dispute`);
  await reason(page).fill("See the photo");
  await page.context().setOffline(true);
  return path;
}

/** Chooses a file for the dispute. */
async function choose(page: Page, chosen: typeof PHOTO): Promise<void> {
  const open = page.getByRole("button", { name: "Add photos or papers" });
  if (await open.isVisible()) await open.click();
  await input(page).setInputFiles(chosen);
}

/** How many files are kept on the device. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const portal = (window as unknown as { portal: { files: (what: string) => Promise<number> } }).portal;
    return portal.files("count");
  });

test.beforeEach(async ({ mayComplain, signIn }, { title }) => {
  mayComplain(REFUSED);
  if (!title.includes("shared device")) await signIn();
});

test("a photo waits with the dispute, outlives a reload, and is sent once", async ({ page, context }) => {
  const path = await formInAGarage(page);
  await choose(page, PHOTO);
  await expect(page.getByText(/^No network: what you add is kept on this device/)).toBeVisible();
  await expect(row(page, PHOTO)).toContainText("Waits for the network");
  await page.reload();
  await expect(reason(page)).toHaveValue("See the photo");
  await expect(row(page, PHOTO)).toContainText("Waits for the network");
  await file(page).click();
  await expect(page.getByRole("heading", { name: "Waiting for the network" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Waiting for the network" })).toBeVisible();
  const [uploads, disputes] = [posts(page, /\/dispute-files\?/), posts(page, /\/dispute$/)];
  await context.setOffline(false);
  await expect(heading(page)).toHaveText(/^Dispute about /, { timeout: 30_000 });
  await expect(page.getByRole("link", { name: PHOTO.name })).toBeVisible();
  expect([uploads(), disputes()]).toEqual([1, 1]);
  expect(await filesOf(page, path)).toEqual([PHOTO.name]);
  await expect.poll(() => kept(page)).toBe(0);
});

test("a photo that waits in the open form is sent when the network is back", async ({ page, context }) => {
  const path = await formInAGarage(page);
  await choose(page, PHOTO);
  await expect(row(page, PHOTO)).toContainText("Waits for the network");
  const uploads = posts(page, /\/dispute-files\?/);
  await context.setOffline(false);
  await expect(row(page, PHOTO)).not.toContainText("Waits");
  await expect(row(page, PHOTO)).toBeVisible();
  await expect.poll(() => kept(page)).toBe(0);
  await page.reload();
  await expect(row(page, PHOTO)).toBeVisible();
  await file(page).click();
  await expect(heading(page)).toHaveText(/^Dispute about /);
  expect(uploads()).toBe(1);
  expect(await filesOf(page, path)).toEqual([PHOTO.name]);
});

test("a photo whose answer got lost is sent again, and is one", async ({ page, context }) => {
  const path = await formInAGarage(page);
  await context.setOffline(false);
  let sent = 0;
  await page.route(/\/dispute-files\?/, async (route) => {
    if (sent++) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await choose(page, PHOTO);
  await expect(row(page, PHOTO)).toContainText("Waits for the network");
  await file(page).click();
  await expect(heading(page)).toHaveText(/^Dispute about /, { timeout: 30_000 });
  expect(sent).toBe(2);
  expect(await filesOf(page, path)).toEqual([PHOTO.name]);
  await expect.poll(() => kept(page)).toBe(0);
});

test("a photo that got lost on a bad line is sent again from the open form", async ({ page, context }) => {
  await formInAGarage(page);
  await context.setOffline(false);
  // From here on no network comes back: that would have it sent, too.
  await page.reload();
  await expect(page.getByRole("button", { name: "Add photos or papers" })).toBeVisible();
  await page.clock.install();
  let lost = 0;
  await page.route(/\/dispute-files\?/, (route) => (lost++ < 2 ? route.abort() : route.continue()));
  await choose(page, PHOTO);
  for (const times of [1, 2]) {
    await expect(row(page, PHOTO)).toContainText("Waits for the network");
    await expect.poll(() => lost).toBe(times);
    await page.clock.runFor(16_000);
  }
  await expect(row(page, PHOTO)).not.toContainText("Waits");
  await expect(row(page, PHOTO)).toBeVisible();
  await expect.poll(() => kept(page)).toBe(0);
});

test("a photo is removed without a network, and at most three wait", async ({ page }) => {
  await formInAGarage(page);
  await choose(page, { ...PHOTO, name: "one.png" });
  await choose(page, { ...PHOTO, name: "two.png" });
  await choose(page, { ...PHOTO, name: "three.png" });
  await choose(page, { ...PHOTO, name: "four.png" });
  await expect(page.getByText("four.png: Three files at most.")).toBeVisible();
  await page.getByRole("button", { name: "Remove two.png" }).click();
  await expect(page.getByRole("button", { name: /^Remove / })).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("button", { name: "Remove three.png" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Remove / })).toHaveCount(2);
  expect(await kept(page)).toBe(2);
});

test("a file that the server doesn't take is said, and the rest goes without it", async ({ page, context }) => {
  const path = await formInAGarage(page);
  await choose(page, NO_PHOTO);
  await expect(row(page, NO_PHOTO)).toBeVisible();
  await choose(page, PHOTO);
  await expect(row(page, PHOTO)).toBeVisible();
  await file(page).click();
  await expect(page.getByRole("heading", { name: "Waiting for the network" })).toBeVisible();
  await page.getByRole("navigation").getByRole("link", { name: "Home", exact: true }).click();
  await expect(page.getByText(/^Your dispute about .* waits for the network/)).toBeVisible();
  await context.setOffline(false);
  const said = page.getByRole("link", { name: /because of a file\. broken\.png: Only JPEG, PNG and PDF\.$/ });
  await expect(said).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(said).toHaveAttribute("href", `${path}/dispute`);
  await page.getByRole("button", { name: /^Send without this file/ }).click();
  await expect(page.getByText(/^Your dispute about .* has been sent/)).toBeVisible({ timeout: 30_000 });
  expect(await filesOf(page, path)).toEqual([PHOTO.name]);
  await expect.poll(() => kept(page)).toBe(0);
});

test("signing out forgets what waits", async ({ page }) => {
  await formInAGarage(page);
  await choose(page, PHOTO);
  await expect(row(page, PHOTO)).toContainText("Waits for the network");
  expect(await kept(page)).toBe(1);
  await page.getByRole("navigation").getByRole("link", { name: "Account", exact: true }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(heading(page)).toHaveText("Sign in");
  expect(await kept(page)).toBe(0);
});

test("signing out says before that a dispute would be lost, and asks once more", async ({ page }) => {
  await formInAGarage(page);
  await file(page).click();
  await expect(page.getByRole("heading", { name: "Waiting for the network" })).toBeVisible();
  await page.getByRole("navigation").getByRole("link", { name: "Account", exact: true }).click();
  const said = page.getByText(/^Your dispute about .* isn't sent yet\. Signing out here would lose it\.$/);
  await expect(said.first(), "before the tap").toBeVisible();
  const leave = page.getByRole("button", { name: "Sign out", exact: true });
  await leave.click();
  const sure = page.getByRole("dialog", { name: "Sign out" });
  await expect(sure.getByText(/isn't sent yet/)).toBeVisible();
  await sure.getByRole("button", { name: "Cancel" }).click();
  await expect(sure).toBeHidden();
  const waits = page.getByRole("link", { name: /^Your dispute about .* waits for the network/ });
  await expect(waits, "it still waits").toBeVisible();
  expect((await waits.boundingBox())?.height).toBeGreaterThanOrEqual(48);
  await leave.click();
  await sure.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(heading(page)).toHaveText("Sign in");
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("outbox ")))).toEqual([]);
});

test("signing in as someone else says before that a dispute would be lost", async ({ page, context }) => {
  await formInAGarage(page);
  await file(page).click();
  await expect(page.getByRole("heading", { name: "Waiting for the network" })).toBeVisible();
  expect((await ask(page, "/api/portal/sign-in", { method: "DELETE" })).ok).toBe(true);
  await context.setOffline(false);
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog.getByText(/^Your dispute about .* isn't sent yet/)).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Sign in as someone else" }).click();
  const sure = page.getByRole("dialog", { name: "Sign in as someone else" });
  await expect(sure.getByText(/isn't sent yet/)).toBeVisible();
  await sure.getByRole("button", { name: "Cancel" }).click();
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(heading(page)).toHaveText(/^Dispute about /, { timeout: 30_000 });
});

test("on a shared device files need the network, which is said", async ({ page }) => {
  await page.goto("/");
  const { email, password, shared, submit } = form(page);
  await email.fill("driver@example.com");
  await password.fill("charge-ahead");
  await shared.check();
  await submit.click();
  await expect(heading(page)).toHaveText(/^Hello/);
  await formInAGarage(page);
  await page.getByRole("button", { name: "Add photos or papers" }).click();
  await expect(page.getByText(/nothing is kept on this device: files can only be added with network/)).toBeVisible();
  await expect(input(page)).toBeDisabled();
});
