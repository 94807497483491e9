// Stands in for a real Petit Monde: one place, and bookings that are confirmed once
// somebody asks after them.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const PLACE = {
  location_id: "DE-NOV-E770011",
  name: "Novastrom Bahnhof Nord",
  address: "Gleisweg 4",
  city: "Ulm",
  coordinates: { lat: 48.4, lng: 9.98 },
  distance_km: 1.9,
  cpo_name: "Novastrom",
  cpo_party_id: "NOV",
  supports_reservation: true,
  evses: [
    { evse_uid: "DE*NOV*E770011*1", status: "AVAILABLE", connectors: [{ connector_id: "1", type: "IEC_62196_T2_COMBO", power_kw: 150 }] },
    { evse_uid: "DE*NOV*E770011*2", status: "AVAILABLE", connectors: [{ connector_id: "1", type: "IEC_62196_T2", power_kw: 22 }] },
    { evse_uid: "DE*NOV*E770011*3", status: "CHARGING", connectors: [{ connector_id: "1", type: "IEC_62196_T2", power_kw: 22 }] },
  ],
  pricing: { estimated_price: 14.3, currency: "EUR" },
};

const CLOSED = { ...PLACE, location_id: "DE-NOV-E770012", name: "Novastrom Markt", distance_km: 4.2, supports_reservation: false };

/** A group that has spent far more there than through the portal. */
const GROUP = { id: "group_lager_sued", name: "Lager Süd", monthly_limit: 90_000, per_session_limit: 60, currency: "EUR", spent_this_month: 81_810.4, token_count: 12 };

type Row = Record<string, unknown> & { id: string };

/** A running stand-in. */
export class PetitMonde {
  /** What it was asked to book. */
  readonly booked: Row[] = [];
  /** The queries of the searches. */
  readonly searches: URLSearchParams[] = [];
  /** What becomes of a booking once somebody asks after it. */
  becomes = "CONFIRMED";
  /** Whether it answers as one that is broken. */
  broken = false;
  /** The plugs at which somebody charges meanwhile, by their `evse_uid`. */
  taken: string[] = [];
  /** The status and the sentence with which it takes no booking. */
  refuses: [number, string] | null = null;
  /** How often it was asked to book, whatever came of it. */
  tries = 0;
  /** How often it was asked to make tokens. */
  mints = 0;
  /** Whether what comes of that gets lost. */
  losesMints = false;

  private readonly server: Server = createServer((request, response) => {
    void body(request).then((text) => {
      const [status, answer] = this.answer(request.method ?? "GET", new URL(request.url ?? "/", "http://x"), text);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });

  /** Starts it at a free port. */
  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends it. */
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(method: string, { pathname, searchParams }: URL, text: string): [number, unknown] {
    if (this.broken) return [500, { error: "Internal server error" }];
    if (pathname === "/api/v1/client/search") {
      this.searches.push(searchParams);
      const near = Math.abs(Number(searchParams.get("lat")) - PLACE.coordinates.lat) < 0.5;
      const evses = PLACE.evses.map((evse) => (this.taken.includes(evse.evse_uid) ? { ...evse, status: "CHARGING" } : evse));
      const results = near ? [{ ...PLACE, evses }, CLOSED] : [];
      return [200, { results, total: results.length, cpo_results: [{ cpo_party_id: "NOV", count: results.length, error: null }] }];
    }
    if (pathname === "/api/v1/client/bookings" && method === "POST") {
      this.tries += 1;
      if (this.refuses) return [this.refuses[0], { error: this.refuses[1] }];
      const now = new Date().toISOString();
      const row = { ...JSON.parse(text), id: crypto.randomUUID(), status: "REQUESTED", status_updated_at: now, created_at: now };
      if (row.token_strategy === "ad_hoc") row.token = { uid: "04GUEST7", type: "AD_HOC_USER" };
      this.booked.push(row);
      return [202, row];
    }
    if (pathname === "/api/v1/client/bookings") return [200, { bookings: this.booked }];
    if (pathname === `/api/v1/fleet/groups/${GROUP.id}`) return [200, GROUP];
    if (pathname === `/api/v1/fleet/groups/${GROUP.id}/tokens/bulk`) {
      this.mints += 1;
      if (this.losesMints) return [500, { error: "Internal server error" }];
      const { count, type, label_prefix } = JSON.parse(text);
      const tokens = Array.from({ length: count }, (_, row) => {
        const uid = crypto.randomUUID().replaceAll("-", "").slice(0, 10).toUpperCase();
        return { id: `tok_${uid}`, uid, type, status: "ACTIVE", label: `${label_prefix ?? ""}${row + 1}`, created_at: new Date().toISOString() };
      });
      return [201, { group_id: GROUP.id, created: count, tokens }];
    }
    const row = this.booked.find(({ id }) => pathname.includes(`/bookings/${id}`));
    if (!row) return [404, { error: "Booking not found" }];
    const told = { status: this.becomes, status_updated_at: new Date().toISOString(), cpo_reservation_id: "R-1", client_price: 14.3, client_price_currency: "EUR" };
    Object.assign(row, told, row.status === "CANCELLED" || pathname.endsWith("/cancel") ? { status: "CANCELLED" } : {});
    return [200, row];
  }
}

async function body(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += part;
  return text;
}
