// Ways to a booking that several specs take.
import { expect, type Locator, type Page, type Request } from "@playwright/test";

import { ask } from "./ways";

type Connector = { connector_id: number; evse_id: string | null; state: string; reservable: boolean; terms: { currency: string } | null };
type Opening = { day: number; from_minute: number; to_minute: number };
type ChargePoint = { charge_point_id: string; place: { site_id: string; name: string; hours: Opening[] }; connectors: Connector[] };

/** A plug that can be booked. */
export type Bookable = { id: string; number: number; path: string; place: string };

/** A booking, as far as specs look at it. */
export type Booking = { id: string; status: string; evse_uid: string };

let taken = 0;

const always = (hours: Opening[]): boolean => hours.length === 0;

/** A plug that can be booked, at any time unless asked otherwise, and that no other test of this worker takes. Groups can pay for it, too: they pay in euros only. */
export async function bookable(page: Page, open = always): Promise<Bookable> {
  const answer = await ask(page, "/api/portal/charge-points?limit=100&reservable=1");
  expect(answer.status).toBe(200);
  const { charge_points } = (await answer.json()) as { charge_points: ChargePoint[] };
  const fitting = charge_points.filter(({ place }) => open(place.hours));
  const all = fitting.flatMap(({ charge_point_id: id, place, connectors }) =>
    connectors
      .filter(({ evse_id, reservable, terms, state }) => evse_id && reservable && terms?.currency === "EUR" && state !== "faulted" && state !== "unavailable")
      .map(({ connector_id: number }) => ({ id, number, path: `/r/${id}/${number}`, place: place.name })),
  );
  expect(all.length, "plugs that can be booked").toBeGreaterThan(0);
  return all[taken++ % all.length];
}

/** Signs somebody else in, away from the page of whoever was before: it would load itself anew once it learns of them. */
export async function signInInstead(page: Page, signIn: (email: string) => Promise<void>, email: string): Promise<void> {
  await page.goto("about:blank");
  await signIn(email);
  await page.goto("/account");
}

/** Opens the form about a plug. */
export async function openForm(page: Page, plug: Bookable): Promise<void> {
  await page.goto(plug.path);
  await page.getByLabel("Later", { exact: true }).check();
  await expect(page.getByRole("group", { name: "With whose token?" })).toBeVisible();
}

/** What books. */
export const bookButton = (page: Page): Locator => page.getByRole("button", { name: "Book", exact: true });

/** Has the answer to a booking get lost, and the second question go unanswered: from the third on all goes well. Tells what was asked. */
export async function loseAnswer(page: Page): Promise<Request[]> {
  const asked: Request[] = [];
  await page.route(/\/api\/v1\/client\/bookings$/, async (route) => {
    if (route.request().method() !== "POST" || asked.push(route.request()) > 2) return route.continue();
    if (asked.length > 1) return;
    await route.fetch();
    await route.abort();
  });
  return asked;
}

/** Waits until a page that lost an answer has asked for the second time: it can be left without a third. */
export async function checking(page: Page, asked: Request[]): Promise<void> {
  await expect(page.getByText(/^We're checking/)).toBeVisible();
  await expect.poll(() => asked.length).toBe(2);
}

/** How far the booking on the page is. */
export const standing = (page: Page): Locator => page.getByRole("region", { name: "Booking", exact: true });

/** Waits until the booking on the page is confirmed. */
export async function confirmed(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/bookings\/[0-9a-f-]{36}$/);
  await expect(standing(page).getByText("Confirmed", { exact: true })).toBeVisible({ timeout: 30_000 });
}

/** The bookings of whoever is signed in that aren't over. */
export async function openBookings(page: Page): Promise<Booking[]> {
  const { bookings } = (await (await ask(page, "/api/v1/client/bookings?limit=100")).json()) as { bookings: Booking[] };
  return bookings.filter(({ status }) => ["REQUESTED", "PENDING", "CONFIRMED"].includes(status));
}

/** Gives the booking on the page up beside it. */
export async function cancelBeside(page: Page): Promise<void> {
  const id = new URL(page.url()).pathname.split("/")[2];
  const answer = await ask(page, `/api/v1/client/bookings/${id}/cancel`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(200);
}
