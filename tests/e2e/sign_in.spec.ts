// The way in: what is said when it fails, where it leads when it doesn't.
import { expect, PASSWORD, test } from "./support/test";
import { form, heading, keeperReady, keptKeys, REFUSED, rows, signInByForm } from "./support/ways";

test("a wrong password is said in the form and nothing is lost", async ({ page, mayComplain }) => {
  mayComplain(REFUSED);
  await page.goto("/");
  await signInByForm(page, "driver@example.com", "charge-behind");

  const { email, password, submit } = form(page);
  await expect(page.getByRole("alert").filter({ hasText: "don't match" })).toBeVisible();
  await expect(submit).toBeFocused();
  await expect(email).toHaveValue("driver@example.com");
  await expect(password).toHaveValue("charge-behind");

  await password.fill(PASSWORD);
  await submit.click();
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
});

test("the answer is the same for somebody who doesn't exist", async ({ page, mayComplain }) => {
  mayComplain(REFUSED);
  await page.goto("/sign-in");
  await signInByForm(page, "nobody@example.com");
  await expect(page.getByRole("alert").filter({ hasText: "don't match" })).toBeVisible();
});

test("an empty field says what belongs there and takes the focus", async ({ page }) => {
  await page.goto("/");
  const { email, password, submit } = form(page);
  await submit.click();
  await expect(email).toBeFocused();
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toHaveAccessibleDescription(/Type the e-mail address/);
  await expect(password).toHaveAccessibleDescription("Type your password.");

  await email.fill("driver");
  await expect(email).toHaveAccessibleDescription(/doesn't look like/);
  await email.fill("driver@example.com");
  await expect(email).not.toHaveAttribute("aria-invalid");
  await submit.click();
  await expect(password).toBeFocused();
});

test("whoever signs in lands where they wanted to go", async ({ page }) => {
  await page.goto("/sessions?status=stopped");
  await expect(heading(page)).toHaveText("Sign in");
  await signInByForm(page, "driver@example.com");
  await expect(heading(page)).toHaveText("Sessions");
  await expect(page).toHaveURL("/sessions?status=stopped");
  await expect(rows(page).first()).toContainText("Stopped early");
});

test("a sign-out that never got through doesn't end the sign-in that came after it", async ({ page, signIn, mayComplain }) => {
  mayComplain(REFUSED);
  await signIn();
  await page.goto("/account");
  let lost = 0;
  await page.route("**/api/portal/sign-in", (route) => {
    if (route.request().method() !== "DELETE") return route.continue();
    lost += 1;
    return route.abort();
  });
  // The door stands there a moment before the page is loaded anew.
  const anew = page.waitForEvent("domcontentloaded");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await anew;
  await expect(page.getByText("You are signed out on this device.")).toBeVisible();
  // By the button, and by the page that came then.
  await expect.poll(() => lost).toBe(2);
  await signInByForm(page, "new@example.com");
  await expect(heading(page)).toHaveText("Hello, Tomás Ferrer");
  await page.unroute("**/api/portal/sign-in");
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.reload();
  await expect(heading(page)).toHaveText("Hello, Tomás Ferrer");
});

test("after too many tries it is said when to try again", async ({ page, portal, mayComplain }) => {
  mayComplain(REFUSED);
  const email = "guessed@example.com";
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await fetch(`${portal.url}/api/portal/sign-in`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Portal": "1", Origin: portal.url },
      body: JSON.stringify({ email, password: `guess ${tries}` }),
    });
    expect(answer.status).toBe(401);
  }
  await page.goto("/");
  await signInByForm(page, email);
  await expect(page.getByRole("alert").filter({ hasText: /Too many tries.*try again in \d+ s/ })).toBeVisible();
});

test("a password can be looked at while it is typed", async ({ page }) => {
  await page.goto("/");
  const { password } = form(page);
  await password.fill("open sesame");
  await expect(password).toHaveAttribute("type", "password");
  const show = page.getByRole("button", { name: "Show the password" });
  await show.click();
  await expect(password).toHaveAttribute("type", "text");
  await expect(show).toHaveAttribute("aria-pressed", "true");
  await show.click();
  await expect(password).toHaveAttribute("type", "password");
  await expect(password).toHaveValue("open sesame");
});

test("the keyboard alone is enough", async ({ page }) => {
  await page.goto("/");
  const { email, password, shared, submit } = form(page);
  await expect(submit).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(email).toBeFocused();
  await page.keyboard.type("driver@example.com");
  await page.keyboard.press("Tab");
  await expect(password).toBeFocused();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Show the password" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(shared).toBeFocused();
  await page.keyboard.press("Space");
  await expect(shared).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(submit).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
});

test("when a device was last used is said with its exact time", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/account");
  const device = page.getByRole("listitem").filter({ hasText: "This device" });
  await expect(device).toContainText(/last used .*minute.*, \d\d:\d\d/);
});

test.describe("with what keeps things for reading offline", () => {
  test.use({ serviceWorkers: "allow" });

  test("on a shared device nothing is kept", async ({ page, context }) => {
    await page.goto("/");
    await expect(heading(page)).toHaveText("Sign in");
    await keeperReady(page);
    await form(page).shared.check();
    await signInByForm(page, "driver@example.com");
    await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
    const listed = page.waitForResponse(/\/api\/v1\/portal\/sessions\?limit=100/);
    await page.getByRole("link", { name: "Sessions", exact: true }).click();
    await (await listed).finished();
    await expect(rows(page).first()).toBeVisible();

    expect(await keptKeys(page)).toEqual([]);
    expect(await page.evaluate(() => localStorage.getItem("portal"))).not.toContain("Mara");
    const [session] = await context.cookies();
    expect(session.expires, "a cookie that ends with the browser").toBe(-1);
  });

  test("on one's own device the session outlives the browser", async ({ page, context }) => {
    await page.goto("/");
    await keeperReady(page);
    await signInByForm(page, "driver@example.com");
    await expect(heading(page)).toHaveText("Hello, Mara Lindqvist");
    await expect.poll(() => keptKeys(page)).toContain("/api/portal/me");
    const [session] = await context.cookies();
    expect(session.expires).toBeGreaterThan(0);
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict" });
  });
});
