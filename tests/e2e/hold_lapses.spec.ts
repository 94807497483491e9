// A hold that nobody uses ends by itself; here after a minute.
import { bar, chargePoints, expect, freePlug, holdButton, test } from "./support/charging";

test.use({ wishes: { settings: { PORTAL_HOLDS_LONGEST_MINUTES: "1" } } });
test.setTimeout(150_000);

test("it lapses, says so, and the plug is free again", async ({ page, signIn }) => {
  await signIn();
  await page.goto("/account");
  const plug = await freePlug(page);
  await page.goto(plug.path);
  await holdButton(page, plug).click();
  await expect(bar(page).getByRole("timer")).toHaveText(/^0:\d\d$/);
  await expect(page.getByRole("link", { name: / has expired\. Hold it again\?$/ })).toBeVisible({ timeout: 90_000 });
  await expect(bar(page)).toHaveCount(0);
  const state = async () => {
    const [{ connectors }] = (await chargePoints(page)).filter(({ charge_point_id }) => charge_point_id === plug.id);
    return connectors.find(({ connector_id }) => connector_id === plug.number)?.state;
  };
  // The charge point has its own word in that.
  await expect.poll(state).toBe("available");
});
