// A real Petit Monde takes the bookings: its places are found and booked.
import { examine } from "./support/axe";
import { bookButton, confirmed } from "./support/bookings";
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
