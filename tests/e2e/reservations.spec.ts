// What a driver has booked, when that is more than fits on a screen.
import { expect, test } from "./support/test";
import { hold } from "./support/ways";

test("what is open stays open when a booking goes further, and the keyboard goes on at the first new row", async ({ page, signIn }) => {
  let first = "CONFIRMED";
  await page.route(/\/api\/v1\/client\/bookings\?/, (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get("offset") ?? 0);
    const all = Array.from({ length: 45 }, (_, row) => ({ id: `booking-${row}`, status: row ? "CONFIRMED" : first, location_name: `Place ${row + 1}` }));
    return route.fulfill({ json: { bookings: all.slice(offset, offset + 20), total: all.length } });
  });
  // Once the stream stands, all that it may tell of is asked for again.
  const { held, release } = hold();
  await page.route(/\/api\/portal\/events$/, async (route) => {
    await held;
    await route.continue();
  });
  await signIn();
  await page.goto("/reservations");
  const list = page.getByRole("region", { name: "Booked ahead" });
  const rows = list.locator(".booking-row");
  const more = list.getByRole("button", { name: "Show more" });
  await expect(rows).toHaveCount(20);
  await more.focus();
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(40);
  await page.keyboard.press("Tab");
  await expect(rows.nth(20)).toBeFocused();
  await more.click();
  await expect(rows).toHaveCount(45);
  await expect(more).toHaveCount(0);

  await rows.last().scrollIntoViewIfNeeded();
  await rows.last().focus();
  first = "CANCELLED";
  release();
  await expect(rows.first()).toContainText("Given up", { timeout: 20_000 });
  await expect(rows).toHaveCount(45);
  await expect(rows.last()).toBeInViewport();
  await expect(rows.last(), "nor is the focus lost").toBeFocused();
});
