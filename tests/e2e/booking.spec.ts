// Booking a plug for later: the form, the way of a booking, a guest's link.
import type { Page } from "@playwright/test";

import { examine } from "./support/axe";
import { type Bookable, bookable, bookButton, cancelBeside, checking, confirmed, loseAnswer, openBookings, openForm, signInInstead, standing } from "./support/bookings";
import { expect, test } from "./support/charging";
import { another, ask, heading, hold, keeperReady, keptKeys, keptText, LOST, REFUSED } from "./support/ways";

test.beforeEach(async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/account");
});

test("a plug is booked, confirmed while one waits, and given up", async ({ page }) => {
  const plug = await bookable(page);
  await openForm(page, plug);
  await expect(page.getByText(/^About /)).toBeVisible();
  await bookButton(page).click();
  await confirmed(page);
  await expect(heading(page)).toHaveText(plug.place);
  await expect(standing(page).getByRole("listitem").filter({ hasText: "Confirmed: the plug is kept for that time" })).toHaveAttribute("aria-current", "step");
  await expect(page.getByRole("heading", { name: "At the plug" })).toBeVisible();
  await examine(page);

  await page.getByRole("button", { name: "Give up the booking" }).click();
  const dialog = page.getByRole("dialog", { name: "Give up this booking?" });
  await expect(dialog.getByText(/^It costs /)).toBeVisible();
  await expect(dialog.getByRole("heading"), "what takes away must be gone to").toBeFocused();
  await dialog.getByRole("button", { name: "Give up the booking" }).click();
  await expect(standing(page).getByText("Given up", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Give up the booking" })).toHaveCount(0);
  await expect(heading(page), "what had the focus is gone").toBeFocused();

  const { pathname } = new URL(page.url());
  await page.getByRole("link", { name: "Holds and bookings" }).first().click();
  await expect(heading(page)).toHaveText("Holds and bookings");
  await page.getByLabel("Status").selectOption("CANCELLED");
  await expect(page.locator(".booking-row").filter({ hasNotText: "Given up" })).toHaveCount(0);
  await expect(page.locator(`a[href="${pathname}"]`)).toBeVisible();
});

test("the next booking stands on the start page", async ({ page }) => {
  const plug = await bookable(page);
  await openForm(page, plug);
  await bookButton(page).click();
  await confirmed(page);
  const booked = page.url();
  await page.getByRole("navigation").getByRole("link", { name: "Home", exact: true }).click();
  const next = page.getByRole("region", { name: "Next booking" });
  await expect(next).toBeVisible();
  await next.getByRole("link").click();
  await expect(page).toHaveURL(booked);
  await cancelBeside(page);
});

test("what is typed stays, and what is wrong is said at its field", async ({ page }) => {
  const plug = await bookable(page);
  const before = await openBookings(page);
  await openForm(page, plug);
  const [day, from, to] = ["Day", "From", "Until"].map((name) => page.getByLabel(name, { exact: true }));
  await to.fill(await from.inputValue());
  await bookButton(page).click();
  await expect(to).toBeFocused();
  await expect(page.getByText("It has to end after it begins.")).toBeVisible();
  await expect(page.getByText("How holding works"), "that is something else").toBeHidden();
  await page.getByLabel("Now", { exact: true }).check();
  await expect(page.getByText("How holding works")).toBeVisible();
  await page.getByLabel("Later", { exact: true }).check();
  const soon = await day.inputValue();
  await day.fill("2020-01-01");
  await to.fill("23:59");
  await expect(page.getByText(/^A booking begins at least 15 minutes from now/)).toBeVisible();
  await day.fill(soon);
  const far = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await day.fill(far);
  await page.reload();
  await expect(day).toHaveValue(far);
  await expect(to).toHaveValue("23:59");
  expect((await openBookings(page)).length, "nothing is booked").toBe(before.length);
});

test("a place that is closed then is said to be", async ({ page }) => {
  const plug = await bookable(page, (hours) => hours.length > 0 && !hours.some(({ day }) => day === 7));
  await openForm(page, plug);
  const [day, from, to] = ["Day", "From", "Until"].map((name) => page.getByLabel(name, { exact: true }));
  const sunday = Date.now() + (14 - new Date().getUTCDay()) * 86_400_000;
  const written = (moment: number) => new Date(moment).toISOString().slice(0, 10);
  await day.fill(written(sunday));
  await from.fill("10:00");
  await to.fill("11:00");
  const closed = page.getByText("The place is closed at that time.");
  await expect(closed).toBeVisible();
  await day.fill(written(sunday + 86_400_000));
  await expect(page.getByText(/^About /)).toBeVisible();
  await expect(closed).toHaveCount(0);
});

test("an answer that gets lost makes no second booking", async ({ page }) => {
  const plug = await bookable(page);
  const before = (await openBookings(page)).length;
  const asked = await loseAnswer(page);
  await openForm(page, plug);
  await bookButton(page).click();
  await checking(page, asked);
  await page.goto(plug.path);
  await confirmed(page);
  expect(new Set(asked.map((request) => request.headers()["idempotency-key"])).size, "one key for all").toBe(1);
  expect(await openBookings(page)).toHaveLength(before + 1);
  await cancelBeside(page);
});

test("until it is known how it can be booked the button is busy", async ({ page }) => {
  const plug = await bookable(page);
  const { held, release } = hold();
  await page.route(/\/api\/portal\/bookings\/options/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(plug.path);
  await page.getByLabel("Later", { exact: true }).check();
  await expect(bookButton(page)).toHaveAttribute("aria-disabled", "true");
  await bookButton(page).focus();
  release();
  await expect(page.getByRole("group", { name: "With whose token?" })).toBeVisible();
  await expect(bookButton(page)).not.toHaveAttribute("aria-disabled");
  await expect(bookButton(page), "and it keeps the focus").toBeFocused();
});

for (const [what, error, said] of [
  ["somebody else was faster", "the EVSE is not available for that time", "Somebody else was faster"],
  ["one has as many as one may", "too many bookings are open: give one up first", "You have as many bookings as one may have at a time."],
]) {
  test(`${what}: nothing is booked, and the form is as it was`, async ({ page }) => {
    const plug = await bookable(page);
    await page.route(/\/api\/v1\/client\/bookings$/, (route) =>
      route.request().method() === "POST" ? route.fulfill({ status: 409, json: { error } }) : route.continue(),
    );
    await openForm(page, plug);
    const day = await page.getByLabel("Day", { exact: true }).inputValue();
    await bookButton(page).click();
    await expect(page.getByRole("alert").filter({ hasText: said })).toBeVisible();
    await expect(page.getByLabel("Day", { exact: true })).toHaveValue(day);
  });
}

test("without a network the form says so before the tap", async ({ page, context, mayComplain }) => {
  mayComplain(LOST);
  const plug = await bookable(page);
  await openForm(page, plug);
  await context.setOffline(true);
  await expect(bookButton(page)).toHaveCount(0);
  await expect(page.getByText("This needs the network.").first()).toBeVisible();
  await context.setOffline(false);
  await expect(bookButton(page)).toBeVisible();
});

test("no barrier: the form", async ({ page }) => {
  await openForm(page, await bookable(page));
  await examine(page);
});

test("a charge that was ended at the group's limit says so", async ({ page }) => {
  await openForm(page, await bookable(page));
  await bookButton(page).click();
  await confirmed(page);
  await page.route(/\/api\/portal\/bookings\/[0-9a-f-]{36}$/, async (route) => {
    const detail = await (await route.fetch()).json();
    await route.fulfill({ json: { ...detail, booking: { ...detail.booking, status: "COMPLETED" }, trouble: "group_limit" } });
  });
  await page.reload();
  await expect(standing(page).getByText("The charge was stopped: it had reached what the group may spend.")).toBeVisible();
  await cancelBeside(page);
});

test("a booking whose time is over, of which the charger hasn't told yet, says so", async ({ page }) => {
  await openForm(page, await bookable(page));
  await bookButton(page).click();
  await confirmed(page);
  const kept = standing(page).getByText("The plug is kept for you at that time.");
  await expect(kept).toBeVisible();
  await page.route(/\/api\/portal\/bookings\/[0-9a-f-]{36}$/, async (route) => {
    const detail = await (await route.fetch()).json();
    const ago = (minutes: number) => new Date(Date.parse(detail.now) - minutes * 60_000).toISOString();
    const booking = { ...detail.booking, reservation_start: ago(90), reservation_end: ago(30) };
    await route.fulfill({ json: { ...detail, booking, cancelling: null } });
  });
  await page.reload();
  await expect(standing(page).getByText(/^The time is over\. Whether somebody charged isn't known yet/)).toBeVisible();
  await expect(kept).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "At the plug" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Give up the booking" })).toHaveCount(0);
  await cancelBeside(page);
});

test("giving up again while it is still given up waits for what comes of it", async ({ page }) => {
  const plug = await bookable(page);
  await openForm(page, plug);
  await bookButton(page).click();
  await confirmed(page);
  let times = 0;
  await page.route(/\/cancel$/, (route) => {
    times += 1;
    if (times > 1) return route.continue();
    return route.fulfill({ status: 409, headers: { "Retry-After": "2" }, json: { error: "the same request is being answered" } });
  });
  await page.getByRole("button", { name: "Give up the booking" }).click();
  const dialog = page.getByRole("dialog", { name: "Give up this booking?" });
  await dialog.getByRole("button", { name: "Give up the booking" }).click();
  await expect(standing(page).getByText("Given up", { exact: true }).first()).toBeVisible();
  expect(times).toBe(2);
});

test("the last word stands while the booking goes further, and what fails is said", async ({ page }) => {
  const plug = await bookable(page);
  await openForm(page, plug);
  await bookButton(page).click();
  await confirmed(page);
  let status = "PENDING";
  await page.route(/\/api\/portal\/bookings\/[0-9a-f-]{36}$/, async (route) => {
    const detail = await (await route.fetch()).json();
    await route.fulfill({ json: { ...detail, booking: { ...detail.booking, status } } });
  });
  const keys: string[] = [];
  let answering = hold();
  await page.route(/\/cancel$/, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    await answering.held;
    await route.fulfill({ status: 503, json: { error: "the server is busy" } });
  });
  await page.reload();
  // What a dialog stands above is there for nobody who asks for its role.
  const now = page.locator(".booking-now");
  await expect(now.getByText("With the operator", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Give up the booking" }).click();
  const dialog = page.getByRole("dialog", { name: "Give up this booking?" });
  await dialog.getByRole("button", { name: "Give up the booking" }).click();
  const under = dialog.getByRole("button", { name: "Giving up …" });
  await expect(under).toBeFocused();
  status = "CONFIRMED";
  await expect(now.getByText("Confirmed", { exact: true })).toBeVisible();
  await expect(under, "nor is the focus lost").toBeFocused();
  answering.release();
  const unsure = "No answer came. Try again: it is given up once only.";
  await expect(dialog.getByText(unsure)).toBeVisible();

  answering = hold();
  await dialog.getByRole("button", { name: "Give up the booking" }).click();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(dialog).toBeHidden();
  answering.release();
  await expect(page.locator(".toasts").getByText(unsure)).toBeVisible();
  expect(new Set(keys).size, "one key for all").toBe(1);
  expect(keys).toHaveLength(2);
  await cancelBeside(page);
});

test("a guest opens the link on another phone, until the booking is given up", async ({ page, browser, baseURL, signIn }) => {
  await signInInstead(page, signIn, "employee@example.com");
  const plug: Bookable = await bookable(page);
  await openForm(page, plug);
  await page.getByLabel(/^For a guest/).check();
  await bookButton(page).click();
  await confirmed(page);
  const number = await page.locator(".large-number").textContent();
  const guest = page.getByLabel("Your guest's e-mail");
  await guest.fill("guest@example.com");
  await page.reload();
  await expect(guest, "what is typed outlives a reload").toHaveValue("guest@example.com");
  await page.getByRole("button", { name: "Send the e-mail" }).click();
  await expect(page.getByText("The e-mail is on its way to guest@example.com.")).toBeVisible();
  await page.reload();
  await expect(guest, "until the server has it").toHaveValue("");
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.locator(".booking-link").innerText();

  const phone = await (await browser.newContext({ baseURL })).newPage();
  await phone.goto(`/guest${new URL(link).hash}`);
  await expect(phone.getByText(number, { exact: true })).toBeVisible();
  await expect(phone.getByText(plug.place).first()).toBeVisible();
  await expect(phone.getByRole("heading", { level: 1, name: "A plug is booked for you" })).toBeVisible();
  await examine(phone);
  await cancelBeside(page);
  await phone.reload();
  await expect(phone.getByRole("heading", { name: "This link shows nothing any more" })).toBeVisible();
  await expect(phone.getByRole("heading"), "and nothing says otherwise").toHaveCount(1);
  await phone.goto("/guest#nobody-ever-made-this-one");
  await expect(phone.getByRole("heading", { name: "This link shows nothing any more" })).toBeVisible();
  await examine(phone);
  await phone.context().close();
});

test("a guest's letter goes out once, also when the answer gets lost", async ({ page, signIn }) => {
  await signInInstead(page, signIn, "employee@example.com");
  await openForm(page, await bookable(page));
  await page.getByLabel(/^For a guest/).check();
  await bookButton(page).click();
  await confirmed(page);
  const keys: string[] = [];
  let link: string | undefined;
  await page.route(/\/bookings\/[0-9a-f-]{36}\/guest$/, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    ({ link } = await (await route.fetch()).json());
    return route.abort();
  });
  await page.getByLabel("Your guest's e-mail").fill("guest@example.com");
  const send = page.getByRole("button", { name: "Send the e-mail" });
  await send.click();
  await expect(page.getByText(/^No answer came/)).toBeVisible();
  await send.click();
  await expect(page.locator(".booking-link"), "what the letter says").toHaveText(`${link}`);
  expect(new Set(keys).size, "one key for both").toBe(1);
  expect(keys).toHaveLength(2);
  await cancelBeside(page);
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow" });

  /** Books a plug for a guest, and opens the booking: where it is, and what it is asked for by. */
  async function bookForGuest(page: Page, signIn: (email: string) => Promise<void>): Promise<{ plug: Bookable; path: string }> {
    await signInInstead(page, signIn, "employee@example.com");
    await keeperReady(page);
    const plug = await bookable(page);
    await openForm(page, plug);
    await page.getByLabel(/^For a guest/).check();
    await bookButton(page).click();
    await confirmed(page);
    await page.reload();
    await expect(page.locator(".large-number")).toBeVisible();
    return { plug, path: `/api/portal${new URL(page.url()).pathname}` };
  }

  test("a booking can be read again, but for the number that charges", async ({ page, context, signIn }) => {
    const { plug, path } = await bookForGuest(page, signIn);
    const { tokens } = (await (await ask(page, path)).json()) as { tokens: { uid: string }[] };
    await page.goto("/reservations");
    await expect(page.locator(".booking-row").filter({ hasText: plug.place }).first()).toBeVisible();
    await page.goBack();
    await expect.poll(() => keptKeys(page)).toEqual(expect.arrayContaining([path]));
    const kept = await keptText(page);
    expect(kept, "all else of it is").toContain(plug.place);
    expect(kept).not.toContain(tokens[0].uid);

    await context.setOffline(true);
    await page.reload();
    await expect(heading(page)).toHaveText(plug.place);
    await expect(page.getByText(/^Numbers are never kept on this device/)).toBeVisible();
    await context.setOffline(false);
    await expect(page.locator(".large-number")).toBeVisible();
    await cancelBeside(page);
  });

  test("the number that charges stays on the screen when a refresh gets lost", async ({ page, context, signIn }) => {
    const { path } = await bookForGuest(page, signIn);
    await expect.poll(() => keptKeys(page)).toContain(path);
    const number = (await page.locator(".large-number").textContent()) ?? "";
    await context.route(`**${path}`, (route) => route.abort());
    await context.setOffline(true);
    await expect(page.getByText(/^No network\. You can read what you have opened before/)).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(/As of /)).toBeVisible();
    await expect(page.locator(".large-number")).toHaveText(number);
    await expect(page.getByText(/^Numbers are never kept on this device/)).toHaveCount(0);
    await context.unrouteAll({ behavior: "ignoreErrors" });
    await cancelBeside(page);
  });
});

test("where our own store takes the bookings there is nothing to find elsewhere", async ({ page }) => {
  await page.goto("/bookings/find");
  await expect(heading(page)).toHaveText("No such page");
  await page.goto("/reservations");
  await expect(page.getByRole("link", { name: "Book a plug" })).toHaveCount(0);
});

test("the desk books for a guest, and is offered no hold", async ({ page, browser, baseURL, signIn }) => {
  const plug = await bookable(page);
  const desk = await another(browser, baseURL, "desk@example.com", signIn);
  await desk.goto("/");
  await desk.getByRole("navigation").getByRole("link", { name: "Charge", exact: true }).click();
  await expect(heading(desk)).toHaveText("Charge");
  await desk.goto(plug.path);
  await expect(desk.getByRole("group", { name: "With whose token?" })).toBeVisible();
  await expect(desk.getByLabel("Now", { exact: true })).toHaveCount(0);
  await expect(desk.getByRole("button", { name: /^Hold for / })).toHaveCount(0);
  await bookButton(desk).click();
  await confirmed(desk);
  await cancelBeside(desk);
  await desk.context().close();
});
