// What stands around every page, and how one gets from page to page.
import { expect, test } from "./support/test";
import { heading, LOST, REFUSED } from "./support/ways";

const tab = (page: import("@playwright/test").Page, name: string) =>
  page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });

test("the tabs are below on a phone and beside on a desk", async ({ page, signIn, isMobile }) => {
  await signIn();
  await page.goto("/");
  await expect(heading(page)).toBeVisible();
  const bar = await page.getByRole("navigation", { name: "Main" }).boundingBox();
  const main = await page.getByRole("main").boundingBox();
  const size = page.viewportSize();
  if (!bar || !main || !size) throw new Error("something is not drawn");
  if (isMobile) {
    expect(bar.y + bar.height).toBeCloseTo(size.height, 0);
    expect(bar.y).toBeGreaterThan((size.height * 2) / 3);
    expect(bar.width).toBe(size.width);
  } else {
    expect(bar.x).toBe(0);
    expect(bar.height).toBe(size.height);
    expect(main.x).toBeGreaterThanOrEqual(bar.x + bar.width);
  }
  for (const name of ["Home", "Sessions", "Charge", "Account"]) {
    const box = await tab(page, name).boundingBox();
    expect(box?.height, name).toBeGreaterThanOrEqual(48);
    expect(box?.width, name).toBeGreaterThanOrEqual(48);
  }
});

test("going to a page marks its tab, moves the focus to its heading and names it", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/");
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
  await expect(tab(page, "Home")).toHaveAttribute("aria-current", "page");

  for (const name of ["Sessions", "Charge", "Account", "Home"]) {
    await tab(page, name).click();
    await expect(tab(page, name)).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("navigation", { name: "Main" }).locator("[aria-current]")).toHaveCount(1);
    await expect(heading(page)).toBeFocused();
    await expect(page).toHaveTitle(`${name} · Driver Portal`);
  }
});

test("back and forward go through the pages one has seen", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/");
  await tab(page, "Sessions").click();
  await expect(heading(page)).toHaveText("Sessions");
  await tab(page, "Account").click();
  await expect(heading(page)).toHaveText("Account");
  await page.goBack();
  await expect(heading(page)).toHaveText("Sessions");
  await expect(heading(page)).toBeFocused();
  await page.goBack();
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
  await page.goForward();
  await expect(heading(page)).toHaveText("Sessions");
  await expect(page).toHaveURL("/sessions");
});

test("the first thing the keyboard reaches skips to the content", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/account");
  await expect(heading(page)).toHaveText("Account");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inside = await page.getByRole("main").evaluate((main) => main.contains(document.activeElement));
  expect(inside, "the next stop is in the content").toBe(true);
  await expect(heading(page)).toHaveText("Account");
});

test("on paper stands the page alone", async ({ page, context, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  mayComplain(LOST);
  await signIn();
  await page.goto("/sessions?status=completed");
  await page.getByRole("main").getByRole("listitem").getByRole("link").first().click();
  await expect(heading(page)).toHaveText(/^Session at /);
  const back = page.getByRole("link", { name: "All sessions" });
  await expect(back).toBeVisible();
  await context.setOffline(true);
  const offline = page.getByRole("status").filter({ hasText: "No network" });
  await expect(offline.first()).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(heading(page)).toBeVisible();
  for (const furniture of [page.getByRole("navigation"), back, offline]) await expect(furniture).toHaveCount(0);
  expect(await page.getByRole("main").evaluate((main) => getComputedStyle(main).padding)).toBe("0px");
});

test("the words beside a box are large enough to tap", async ({ page }) => {
  await page.goto("/");
  const label = page.locator("label", { hasText: "Other people use this device too" });
  await expect(label).toBeVisible();
  expect((await label.boundingBox())?.height).toBeGreaterThanOrEqual(48);
});

test("an address with nothing behind it says so and leads home", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/no/such/page");
  await expect(heading(page)).toHaveText("No such page");
  await expect(page).toHaveTitle("No such page · Driver Portal");
  await page.getByRole("link", { name: "To the start page" }).click();
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
  await expect(page).toHaveURL("/");
});

test("a session of somebody else is one that doesn't exist", async ({ page, signIn, mayComplain }) => {
  mayComplain(/Failed to load resource.*404/);
  await signIn();
  await page.goto("/sessions/sess_0000000000");
  await expect(page.getByRole("alert").getByRole("heading", { name: "Not found" })).toBeVisible();
  await page.getByRole("link", { name: "All sessions" }).click();
  await expect(heading(page)).toHaveText("Sessions");
});

test("whoever doesn't drive has no tab for sessions, and its page is not broken", async ({ page, signIn }) => {
  await signIn("admin@example.com");
  await page.goto("/");
  await expect(heading(page)).toHaveText("Hello, Henrik Solberg");
  await expect(tab(page, "Account")).toBeVisible();
  await expect(tab(page, "Sessions")).toHaveCount(0);
  await page.goto("/sessions");
  await expect(heading(page)).toBeVisible();
  await expect(page.getByRole("heading", { name: /No sessions yet|No such page/ })).toBeVisible();
});

test("whoever is signed in is led from the door to the start page", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/sign-in");
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
  await expect(page).toHaveURL("/");
});
