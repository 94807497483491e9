// A real Petit Monde takes the bookings: its places are found and booked.
import type { Locator, Page } from "@playwright/test";

import { examine } from "./support/axe";
import { bookButton, checking, confirmed, loseAnswer } from "./support/bookings";
import { PetitMonde } from "./support/petit_monde";
import { expect, Portal, test as base } from "./support/test";
import { heading, LOST, REFUSED } from "./support/ways";

const test = base.extend<object, { petitMonde: PetitMonde }>({
  petitMonde: [
    async ({}, use) => {
      const petitMonde = new PetitMonde();
      await use(petitMonde);
      petitMonde.stop();
    },
    { scope: "worker" },
  ],

  portal: [
    async ({ petitMonde }, use) => {
      const settings = { PORTAL_PETIT_MONDE_PROVIDER: "upstream", PORTAL_PETIT_MONDE_URL: await petitMonde.start(), PORTAL_PETIT_MONDE_KEY: "a-key-of-the-operator" };
      const portal = await Portal.start({ settings });
      await use(portal);
      await portal.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

test.beforeEach(async ({ signIn, petitMonde }) => {
  petitMonde.broken = false;
  petitMonde.taken = [];
  petitMonde.becomes = "CONFIRMED";
  petitMonde.refuses = null;
  petitMonde.losesMints = false;
  // A guest needs no customer of theirs.
  await signIn("manager@example.com");
});

test("a plug is found around a town and booked there", async ({ page, petitMonde }) => {
  await page.goto("/reservations");
  await page.getByRole("link", { name: "Book a plug" }).click();
  await expect(heading(page)).toHaveText("Book a plug");
  await expect(page.getByText("Where do you want to charge?")).toBeVisible();
  await page.getByLabel("Around").selectOption("Ulm");
  await expect(page.getByText("2 places within 50 km")).toBeVisible();
  await expect(page).toHaveURL(/town=Ulm/);
  const place = page.getByRole("region", { name: "Novastrom Bahnhof Nord" });
  await expect(place.getByText("1.9 km · Gleisweg 4, Ulm · Novastrom")).toBeVisible();
  await expect(place.getByText("About €14.30")).toBeVisible();
  await expect(page.getByRole("region", { name: "Novastrom Markt" }).getByText("This place takes no bookings.")).toBeVisible();
  await examine(page);
  await place.getByRole("button", { name: /^Book here/ }).click();
  await place.getByLabel("Plug", { exact: true }).selectOption({ label: "Type 2 · 22 kW · DE*NOV*E770011*2" });
  await expect(place.getByRole("radio").first()).toBeChecked();
  await examine(page);
  await bookButton(page).click();
  await confirmed(page);
  const asked = petitMonde.booked.at(-1);
  expect(asked).toMatchObject({ location_id: "DE-NOV-E770011", evse_uid: "DE*NOV*E770011*2", connector_id: "1" });
});

for (const left of ["another plug", "no plug"]) {
  test(`what was asked for is seen through when ${left} is free there now`, async ({ page, petitMonde, mayComplain }) => {
    mayComplain(REFUSED);
    const before = petitMonde.booked.length;
    const asked = await loseAnswer(page);
    await page.goto("/bookings/find?town=Ulm");
    const place = page.getByRole("region", { name: "Novastrom Bahnhof Nord" });
    await place.getByRole("button", { name: /^Book here/ }).click();
    await expect(place.getByRole("radio").first()).toBeChecked();
    await bookButton(page).click();
    await checking(page, asked);
    petitMonde.taken = ["DE*NOV*E770011*1", ...(left === "no plug" ? ["DE*NOV*E770011*2"] : [])];
    await page.reload();
    await confirmed(page);
    expect(new Set(asked.map((request) => request.postData())).size, "the same every time").toBe(1);
    expect(petitMonde.booked.slice(before)).toMatchObject([{ evse_uid: "DE*NOV*E770011*1" }]);
  });
}

test("times are those of the place, wherever the phone is", async ({ browser, baseURL, signIn, petitMonde }) => {
  const abroad = await browser.newContext({ baseURL, serviceWorkers: "block", timezoneId: "America/New_York" });
  const page = await abroad.newPage();
  await signIn("manager@example.com", page);
  await page.goto("/bookings/find?town=Ulm");
  const place = page.getByRole("region", { name: "Novastrom Bahnhof Nord" });
  await place.getByRole("button", { name: /^Book here/ }).click();
  await expect(place.getByText("Times are those of the place (Europe/Berlin).")).toBeVisible();
  await expect(place.getByRole("radio").first()).toBeChecked();
  const from = await place.getByLabel("From", { exact: true }).inputValue();
  await bookButton(page).click();
  await confirmed(page);
  const start = new Date(String(petitMonde.booked.at(-1)?.reservation_start));
  expect(start.toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin", hour: "2-digit", minute: "2-digit" })).toBe(from);
  await abroad.close();
});

test("what is searched for stands in the address and outlives a reload", async ({ page, petitMonde }) => {
  await page.goto("/bookings/find?town=Ulm");
  await page.getByLabel("Plug", { exact: true }).selectOption("ccs");
  await expect(page).toHaveURL(/plug=ccs/);
  await page.reload();
  await expect(page.getByText("2 places within 50 km")).toBeVisible();
  await expect(page.getByLabel("Around")).toHaveValue("Ulm");
  const last = petitMonde.searches.at(-1);
  expect(last?.get("connector_type")).toBe("IEC_62196_T2_COMBO");
  expect(last?.get("lat")).toBe("48.4");
});

test("nothing around, nothing answered and no network are three things", async ({ page, context, petitMonde, mayComplain }) => {
  mayComplain(REFUSED);
  mayComplain(LOST);
  await page.goto("/bookings/find?town=Hamburg");
  await expect(page.getByText("Nothing to book around there")).toBeVisible();
  petitMonde.broken = true;
  await page.getByLabel("Around").selectOption("Ulm");
  const again = page.getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  petitMonde.broken = false;
  await again.click();
  await expect(page.getByText("2 places within 50 km")).toBeVisible();
  await context.setOffline(true);
  await page.getByLabel("Around").selectOption("Berlin");
  await expect(page.getByRole("main").getByText("No network").first()).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("Nothing to book around there")).toBeVisible();
});

/** Opens the form at the place that takes bookings. */
async function openPlace(page: Page): Promise<Locator> {
  await page.goto("/bookings/find?town=Ulm");
  const place = page.getByRole("region", { name: "Novastrom Bahnhof Nord" });
  await place.getByRole("button", { name: /^Book here/ }).click();
  await expect(place.getByRole("radio").first()).toBeChecked();
  return place;
}

test("what surely isn't booked is said at once, asked for once, and can be tried again", async ({ page, petitMonde, mayComplain }) => {
  mayComplain(REFUSED);
  await openPlace(page);
  const before = petitMonde.tries;
  petitMonde.refuses = [403, "Account suspended"];
  await bookButton(page).click();
  await expect(page.getByText(/can't be reached at the moment. Nothing was changed/)).toBeVisible();
  await expect(page.getByText("the answer got lost on the way")).toHaveCount(0);
  petitMonde.refuses = null;
  await expect(bookButton(page)).toBeEnabled();
  expect(petitMonde.tries).toBe(before + 1);
  await bookButton(page).click();
  await confirmed(page);
  expect(petitMonde.tries).toBe(before + 2);
});

test("a guest opens the link on another phone, and giving up may cost what nobody has told", async ({ page, browser, baseURL }) => {
  await openPlace(page);
  await page.getByLabel(/^For a guest/).check();
  await bookButton(page).click();
  await confirmed(page);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.locator(".booking-link").innerText();
  await expect(page.getByRole("img", { name: "The link as a code for a camera" })).toBeVisible();
  const phone = await (await browser.newContext({ baseURL })).newPage();
  await phone.goto(`/guest${new URL(link).hash}`);
  await expect(phone.getByText("04GUEST7", { exact: true })).toBeVisible();
  await expect(phone.getByText("Novastrom Bahnhof Nord").first()).toBeVisible();
  await expect(phone.getByText("Gleisweg 4, Ulm")).toBeVisible();
  await examine(phone);

  await page.getByRole("button", { name: "Give up the booking" }).click();
  const dialog = page.getByRole("dialog", { name: "Give up this booking?" });
  await expect(dialog.getByText("The operator may charge for giving it up once it is confirmed.")).toBeVisible();
  await dialog.getByRole("button", { name: "Give up the booking" }).click();
  await expect(page.getByText("The operator may charge for that. How much, it hasn't told us.")).toBeVisible();
  await expect(page.getByText("14.30")).toHaveCount(0);
  await examine(page);
  await phone.reload();
  await expect(phone.getByRole("heading", { name: "This link shows nothing any more" })).toBeVisible();
  await phone.context().close();
});

for (const [becomes, told] of [
  ["CONFIRMED", "Your booking at Novastrom Bahnhof Nord is confirmed."],
  ["REJECTED", "Your booking at Novastrom Bahnhof Nord was refused. Nothing is booked."],
  ["FAILED", "Your booking at Novastrom Bahnhof Nord failed. Nothing is booked."],
  ["EXPIRED", "Your booking at Novastrom Bahnhof Nord has expired."],
  ["NO_SHOW", "Nobody came to your booking at Novastrom Bahnhof Nord."],
]) {
  test(`a booking that becomes ${becomes} tells its driver wherever they are`, async ({ page, petitMonde }) => {
    petitMonde.becomes = becomes;
    await openPlace(page);
    await page.getByLabel(/^For a guest/).check();
    await bookButton(page).click();
    await expect(page).toHaveURL(/\/bookings\/[0-9a-f-]{36}$/);
    await page.getByRole("navigation").getByRole("link", { name: "Account", exact: true }).click();
    await expect(page.getByText(told)).toBeVisible({ timeout: 30_000 });
  });
}

test("our own chargers take holds, and lead to what can be booked", async ({ page }) => {
  await page.goto("/chargers");
  await page.getByRole("main").getByRole("listitem").getByRole("link").first().click();
  await expect(page.getByRole("link", { name: "Book a plug" })).toBeVisible();
  await expect(page.getByText("When do you want to charge?")).toHaveCount(0);
});

test("a group's figures say from when they are, and what was not booked here", async ({ page }) => {
  await page.goto("/groups/group_lager_sued");
  await expect(page.getByText("€81,810.40").first()).toBeVisible();
  await expect(page.getByText(/^As of /)).toBeVisible();
  await page.goto("/groups/group_lager_sued/usage");
  await expect(page.getByText("Of it booked elsewhere")).toBeVisible();
  await expect(page.getByText("Not booked in this portal: only the booking system knows by whom.")).toBeVisible();
  await examine(page);
});

test("home says how old a group's figures are, and nobody says any before they were told", async ({ page }) => {
  type Group = { budget: object };
  const line = page.getByRole("main").locator("section").filter({ has: page.getByRole("link", { name: /^Lager Süd/ }) });
  await page.goto("/");
  await expect(line.getByText(/left this month$/)).toBeVisible();
  await expect(line.getByText(/^As of /)).toBeVisible();
  await page.route(/\/api\/portal\/groups(\/group_lager_sued)?$/, async (route) => {
    const told = await (await route.fetch()).json();
    const untold = (group: Group) => ({ ...group, budget: { ...group.budget, as_of: null, monthly_limit: null, per_session_limit: null, left: null } });
    await route.fulfill({ json: told.groups ? { ...told, groups: told.groups.map(untold) } : untold(told) });
  });
  await page.reload();
  const untold = "The booking system hasn't told yet what this group may spend and has spent.";
  await expect(line.getByText(untold)).toBeVisible();
  await expect(page.getByText("No limit")).toHaveCount(0);
  await line.getByRole("link").click();
  await expect(heading(page)).toHaveText("Lager Süd");
  await expect(page.getByText(untold)).toBeVisible();
  await expect(page.getByText("A new month begins")).toBeVisible();
  for (const figure of ["No limit", "Limit per month", "Spent"]) await expect(page.getByText(figure, { exact: true })).toHaveCount(0);
});

test("of cards whose answer got lost nobody says that there are none", async ({ page, petitMonde, mayComplain }) => {
  mayComplain(REFUSED);
  petitMonde.losesMints = true;
  const before = petitMonde.mints;
  await page.goto("/groups/group_lager_sued/cards");
  await page.getByText("Make cards or numbers").first().click();
  await page.getByLabel("How many").fill("2");
  await page.getByLabel("What their labels begin with").fill("Perhaps ");
  const make = page.locator("form").getByRole("button", { name: "Make cards or numbers" });
  await make.click();
  const unsure = page.getByRole("alert").filter({ hasText: "Nobody knows whether they were made" });
  await expect(unsure).toBeVisible();
  await expect(page.getByText("Nothing was changed")).toHaveCount(0);
  await examine(page);
  const again = page.waitForResponse(/\/tokens\/bulk$/);
  await make.click();
  expect((await again).status()).toBe(503);
  await expect(unsure).toBeVisible();
  expect(petitMonde.mints, "asked for once").toBe(before + 1);

  petitMonde.losesMints = false;
  await page.getByRole("button", { name: "I have looked: make them now" }).click();
  await expect(page.locator(".card-rows > li").filter({ hasText: /Perhaps [12]/ })).toHaveCount(2);
  await expect(unsure).toHaveCount(0);
  expect(petitMonde.mints).toBe(before + 2);
});

test("of a lost card nobody is told that it is blocked everywhere", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  // Not somebody who looks after the group.
  await signIn("group@example.com");
  await page.goto("/groups/group_lager_sued");
  await page.getByRole("button", { name: "Say that Transporter 1 is lost" }).click();
  const sheet = page.getByRole("dialog", { name: "Lost card" });
  await expect(sheet.getByText(/refused by our own chargers at once.*EV Suite/)).toBeVisible();
  await sheet.getByRole("button", { name: "Yes, block it" }).click();
  await expect(page.getByText("Our own chargers refuse “Transporter 1” from now on.")).toBeVisible();
  await page.getByText(/that our own chargers refuse$/).click();
  await expect(page.getByText(/^Refused by our own chargers since /).first()).toBeVisible();
  await examine(page);
});
