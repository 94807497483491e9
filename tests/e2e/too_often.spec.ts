// Whoever asks too often is told to wait, and loses nothing.
import { bookable, bookButton, confirmed, openForm } from "./support/bookings";
import { expect, test } from "./support/charging";
import { ask, heading, REFUSED } from "./support/ways";

test.use({ wishes: { settings: { PORTAL_PETIT_MONDE_PERSON_CALLS_A_MINUTE: "10" } } });
test.setTimeout(180_000);

test("the page says how long, what was filled in stays, and then it works", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn("new@example.com");
  await page.goto("/account");
  // Calls are counted by the clock's minute: of one that is almost over the page would have no time left to tell.
  await expect.poll(() => new Date().getSeconds(), { timeout: 60_000 }).toBeLessThan(40);
  const plug = await bookable(page);
  await openForm(page, plug);
  const until = page.getByLabel("Until", { exact: true });
  const kept = await until.inputValue();
  const search = "/api/v1/client/search?lat=48.4&lng=9.98";
  let wait = 0;
  await expect(async () => {
    const answer = await ask(page, search);
    wait = Number(answer.headers.get("retry-after"));
    expect(answer.status).toBe(429);
  }).toPass({ intervals: [0] });
  expect(wait).toBeGreaterThan(0);
  await bookButton(page).click();
  await expect(page.getByText(/^That was tried very often in a short time/)).toBeVisible();
  await expect(page.getByText(/in \d+ (s|min)/).first()).toBeVisible();
  await expect(until).toHaveValue(kept);

  // The rest of the page is there.
  const other = await page.context().newPage();
  await other.goto("/reservations");
  await expect(heading(other)).toHaveText("Holds and bookings");
  await expect(other.getByText("Too many tries")).toBeVisible();
  await expect(other.getByRole("heading", { name: "Booked ahead" })).toBeVisible();
  await other.close();

  await expect(async () => expect((await ask(page, search)).status).toBe(200)).toPass({ timeout: 90_000, intervals: [2_000] });
  await expect(async () => {
    await bookButton(page).click();
    await confirmed(page);
  }).toPass({ timeout: 60_000, intervals: [7_000] });
});
