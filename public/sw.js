// Keeps the app itself and what was read, for a garage without signal.
// `__BUNDLE__` is filled in by the bundling step, so every build is a new worker.
//
// The app: one cache a build, all of it fetched when the worker is installed; a
// page of the build before still finds its parts in the cache before.
// What was read: one database, bound to the person who is signed in (`owner`),
// for 30 days; answers with a kept body say so in `x-kept-at`. `boot.js` empties
// it on sign-out. On a shared device nothing is kept.
const bundle = __BUNDLE__;
const SHELL = `shell-${bundle.version}`;
const KEPT_DAYS = 30;
const MOST_ANSWERS = 400;
// A connection that is there but carries nothing is worse than none.
const PATIENCE = 6000;

self.addEventListener("install", (event) => {
  const fetchAll = async () => {
    const tags = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
    const language = tags.find((tag) => tag in bundle.words) ?? "en";
    await keepFiles([...bundle.files, ...sentences(language)]);
    await self.skipWaiting();
  };
  event.waitUntil(fetchAll());
});

const sentences = (language) => Object.values(bundle.words[language] ?? {});

async function keepFiles(files) {
  const shell = await caches.open(SHELL);
  // What broke off goes on where it was.
  await Promise.all(files.map(async (file) => (await shell.match(file)) || shell.add(file)));
}

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const shells = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
    await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// Whoever uses the portal in another language than the browser's.
self.addEventListener("message", (event) => event.waitUntil(keepFiles(sentences(event.data?.keep))));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname === "/api/portal/sign-in" && request.method === "POST") {
    event.respondWith(fetch(request).then((answer) => noteOwner(answer)));
    return;
  }
  if (request.method === "PATCH" && url.pathname === ME) {
    event.respondWith(fetch(request).then((answer) => noteOwner(answer)));
    return;
  }
  if (request.method !== "GET") return;
  // Where somebody was when they looked is kept nowhere.
  if (isKept(url.pathname) && !url.searchParams.has("at")) event.respondWith(read(request, url));
  else if (request.mode === "navigate" && !url.pathname.startsWith("/api/")) event.respondWith(page(request));
  else if (!url.pathname.startsWith("/api/")) event.respondWith(part(request));
});

// Every page is the one page: that of this build, never of the one before.
async function page(request) {
  return (await (await caches.open(SHELL)).match("/")) || fetch(request);
}

async function part(request) {
  const known = (await (await caches.open(SHELL)).match(request)) || (await caches.match(request));
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && new URL(request.url).pathname.startsWith("/assets/")) {
    const copy = answer.clone();
    caches.open(SHELL).then((shell) => shell.put(request, copy)).catch(() => {});
  }
  return answer;
}

const ME = "/api/portal/me";
// The same question, asked by a page that doesn't know whether anybody is signed in.
const isMe = (path) => path === ME || path === "/api/portal/who";
const isReceipt = (path) => /^\/api\/v1\/portal\/sessions\/[^/]+\/receipt$/.test(path);
// What a booking would cost is asked when it is wanted.
const isOffer = (path) => path === "/api/portal/bookings/options";
// An export is made to be taken away, and may be larger than what is kept.
const isExport = (path) => /^\/api\/portal\/sessions\/(sessions\.csv|receipts\.zip)$/.test(path);
const KEPT = ["/api/v1/portal/sessions", "/api/portal/sessions", "/api/portal/disputes", "/api/portal/charge-points", "/api/v1/client/bookings", "/api/portal/bookings"];
// What a group may spend; its cards' numbers and its people are kept nowhere.
const isGroup = (path) => /^\/api\/portal\/groups(\/[^/]+)?$/.test(path);
const isKept = (path) =>
  !isExport(path) && !isOffer(path) && (isMe(path) || isGroup(path) || KEPT.some((kept) => path === kept || path.startsWith(`${kept}/`)));

// What an answer is kept under: a receipt is the same whether it is shown or saved.
function keyOf({ pathname, search }) {
  if (isMe(pathname)) return ME;
  if (!isReceipt(pathname)) return pathname + search;
  const number = new URLSearchParams(search).get("number");
  return number ? `${pathname}?number=${number}` : pathname;
}

async function read(request, url) {
  const key = keyOf(url);
  if (request.headers.has("x-kept-only")) return (await recall(key)) || new Response(null, { status: 204 });
  const asked = fetch(request).then((answer) => (key === ME ? noteOwner(answer) : keep(key, answer)));
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const answer = await Promise.race([asked, late.then(() => null)]);
    // A server that fails has said nothing of what was asked.
    if (answer) return answer.status < 500 ? answer : (await recall(key)) || answer;
  } catch (error) {
    const kept = await recall(key);
    if (kept) return kept;
    throw error;
  }
  return (await recall(key)) || asked;
}

let opened;
const database = () =>
  (opened ??= new Promise((done, failed) => {
    const opening = indexedDB.open("kept", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("answers", { keyPath: "key" }).createIndex("at", "at");
      opening.result.createObjectStore("owner");
    };
    opening.onsuccess = () => {
      opening.result.onversionchange = () => opening.result.close();
      done(opening.result);
    };
    opening.onerror = () => failed(opening.error);
  }));

const settled = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

// Whoever the server says is signed in owns what is kept from now on.
async function noteOwner(answer) {
  if (!answer.ok || answer.status === 204) return answer;
  try {
    const text = await answer.clone().text();
    const me = JSON.parse(text);
    const stores = (await database()).transaction(["answers", "owner"], "readwrite");
    const owner = stores.objectStore("owner");
    if ((await settled(owner.get("id"))) !== me.id || !me.keep_on_device) {
      stores.objectStore("answers").clear();
      owner.clear();
    }
    if (me.keep_on_device) {
      owner.put(me.id, "id");
      stores.objectStore("answers").put({ key: ME, at: Date.now(), body: text });
    }
  } catch {
    // What cannot be kept is read from the network next time.
  }
  return answer;
}

// Papers are kept as they are, all else as text.
function keep(key, answer) {
  if (answer.ok) {
    const copy = answer.clone();
    const body = copy.headers.get("content-type") === "application/pdf" ? copy.blob() : copy.text();
    body.then((body) => store(key, isBooking(key) ? withoutNumbers(body) : body)).catch(() => {});
  } else if (answer.status === 403 || answer.status === 404) {
    forget(key).catch(() => {});
  }
  return answer;
}

const isBooking = (key) => /^\/api\/(v1\/client|portal)\/bookings\b/.test(key);

// Whoever has a token's number charges with it.
function withoutNumbers(body) {
  return JSON.stringify(JSON.parse(body, (name, value) => (name === "uid" || name === "token" ? undefined : value)));
}

async function store(key, body) {
  const stores = (await database()).transaction(["answers", "owner"], "readwrite");
  if (!(await settled(stores.objectStore("owner").get("id")))) return;
  const answers = stores.objectStore("answers");
  answers.put({ key, at: Date.now(), body });
  const surplus = (await settled(answers.count())) - MOST_ANSWERS;
  if (surplus > 0) {
    const oldest = await settled(answers.index("at").getAllKeys(null, surplus));
    for (const old of oldest) answers.delete(old);
  }
}

// What somebody may not see any more.
async function forget(key) {
  (await database()).transaction("answers", "readwrite").objectStore("answers").delete(key);
}

async function recall(key) {
  try {
    const answers = (await database()).transaction("answers").objectStore("answers");
    const kept = await settled(answers.get(key));
    if (!kept || Date.now() - kept.at > KEPT_DAYS * 86_400_000) return null;
    return new Response(kept.body, {
      headers: { "content-type": kept.body.type || "application/json", "x-kept-at": String(kept.at) },
    });
  } catch {
    return null;
  }
}
