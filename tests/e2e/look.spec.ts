// Light and dark as one chose, and a page that doesn't jump.
import type { Page } from "@playwright/test";

import { expect, test } from "./support/test";
import { ask, form, hold, sessionLinks } from "./support/ways";

/** How bright the page's ground is, from 0 to 255. */
const brightness = (page: Page) =>
  page.evaluate(() => {
    const pixel = new OffscreenCanvas(1, 1).getContext("2d");
    if (!pixel) return Number.NaN;
    pixel.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  });

test("a chosen look holds at once, and on the next visit before the app is there", async ({ page, signIn }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn("group@example.com");
  await page.goto("/account");
  await expect(page.getByLabel("As the device says")).toBeChecked();
  expect(await brightness(page)).toBeGreaterThan(200);
  await page.getByLabel("Dark", { exact: true }).check();
  await expect(page.getByText("Saved.")).toBeVisible();
  expect(await brightness(page)).toBeLessThan(80);

  const { held, release } = hold();
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  await expect(page.getByText("Account").first(), "the frame stands").toBeVisible();
  await expect(page.getByLabel("Dark", { exact: true }), "the app isn't here").toHaveCount(0);
  expect(await brightness(page)).toBeLessThan(80);
  release();
  await expect(page.getByLabel("Dark", { exact: true })).toBeChecked();

  await page.getByLabel("Light", { exact: true }).check();
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await brightness(page), "a choice outweighs the device").toBeGreaterThan(200);
  await page.getByLabel("As the device says").check();
  await expect.poll(() => brightness(page)).toBeLessThan(80);
});

test("with nothing chosen the look follows the device", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/");
  await expect(form(page).submit).toBeVisible();
  expect(await brightness(page)).toBeLessThan(80);
});

/** The colours of the browser's bars: where the device is light, and where it is dark. */
const bars = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll<HTMLMetaElement>("[name=theme-color]")].map(({ content }) => content));

test("the browser's bars wear the chosen look, too", async ({ page, signIn }) => {
  await signIn("employee@example.com");
  await page.goto("/account");
  await expect(page.getByLabel("As the device says")).toBeChecked();
  const [light, dark] = await bars(page);
  expect(light).not.toBe(dark);
  await page.getByLabel("Dark", { exact: true }).check();
  await expect.poll(() => bars(page)).toEqual([dark, dark]);
  await page.reload({ waitUntil: "commit" });
  await expect(page.getByText("Account").first()).toBeVisible();
  expect(await bars(page), "on the next visit from the start").toEqual([dark, dark]);
  await page.getByLabel("Light", { exact: true }).check();
  await expect.poll(() => bars(page)).toEqual([light, light]);
  await page.getByLabel("As the device says").check();
  await expect.poll(() => bars(page)).toEqual([light, dark]);
});

/** Notes every jump of the page from its first moment on. */
async function watchJumps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const jumps: { value: number; moved: string[] }[] = [];
    Object.assign(window, { jumps });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & { value: number; sources: { node?: Node }[] };
        const moved = sources.map(({ node }) => (node instanceof Element ? node.outerHTML.slice(0, 90) : String(node?.nodeValue)));
        jumps.push({ value, moved });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** All jumps so far, once two more frames have been drawn. */
const jumps = (page: Page) =>
  page.evaluate(
    () =>
      new Promise((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(Reflect.get(window, "jumps"))))),
      ),
  );

test("nothing jumps while the sign-in comes", async ({ page }) => {
  await watchJumps(page);
  await page.goto("/");
  await expect(form(page).submit).toBeVisible();
  expect(await jumps(page)).toEqual([]);
});

for (const path of ["/", "/sessions", "/reservations", "/account"]) {
  for (const visit of ["first", "next"]) {
    test(`nothing jumps while ${path} comes on the ${visit} visit`, async ({ page, signIn }) => {
      await signIn();
      if (visit === "next") {
        await page.goto("/");
        await expect(sessionLinks(page).first()).toBeVisible();
      }
      await watchJumps(page);
      await page.goto(path);
      if (path === "/account") await expect(page.getByText("This device", { exact: true })).toBeVisible();
      else if (path === "/reservations") await expect(page.locator(".booking-row").first()).toBeVisible();
      else await expect(sessionLinks(page).first()).toBeVisible();
      expect(await jumps(page)).toEqual([]);
      expect((await ask(page, "/api/portal/me")).status).toBe(200);
    });
  }
}

test("nothing jumps in a page that is painted before it is read to its end", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/");
  await expect(sessionLinks(page).first()).toBeVisible();
  const { held, release } = hold();
  await page.route("/reservations", async (route) => {
    const reply = await route.fetch();
    const body = (await reply.text()).replace("</body>", '<script src="/last.js"></script></body>');
    await route.fulfill({ response: reply, body });
  });
  await page.route("/last.js", async (route) => {
    await held;
    await route.fulfill({ contentType: "text/javascript", body: "" });
  });
  await watchJumps(page);
  await page.goto("/reservations", { waitUntil: "commit" });
  await page.waitForFunction(() => performance.getEntriesByType("paint").length > 0);
  release();
  await expect(page.locator(".booking-row").first()).toBeVisible();
  expect(await jumps(page)).toEqual([]);
});

for (const visit of ["first", "next"]) {
  test(`nothing jumps while a group comes on the ${visit} visit`, async ({ page, signIn }) => {
    await signIn("group@example.com");
    if (visit === "next") {
      await page.goto("/");
      await expect(sessionLinks(page).first()).toBeVisible();
    }
    await watchJumps(page);
    await page.goto("/groups/group_lager_sued");
    await expect(page.getByRole("button", { name: "Show Telefon 1" })).toBeVisible();
    expect(await jumps(page)).toEqual([]);
  });
}
