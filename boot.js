// Runs before anything else: makes the first paint look like the app will, and
// fetches side by side what the app needs first. `__BUNDLE__` is filled in by
// the bundling step.
(() => {
  const bundle = __BUNDLE__;
  const root = document.documentElement;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem("portal") || "{}");
    } catch {
      return {};
    }
  };
  const hint = read();
  const spoken = Object.keys(bundle.door);
  const first = (tags) => tags.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => spoken.includes(tag));
  const language = first([hint.language || ""]) || first([...navigator.languages]) || "en";
  root.lang = language;
  // The bars that the browser draws around the page wear the chosen look, too: the first
  // of the two is light, the second dark, and each stays itself where nothing is chosen.
  const bars = [...document.querySelectorAll("[name=theme-color]")];
  const colours = bars.map((bar) => bar.content);
  const dress = (look) => {
    root.dataset.look = look;
    bars.forEach((bar, own) => (bar.content = colours[{ light: 0, dark: 1 }[look] ?? own]));
  };
  dress(hint.look || "system");
  // A guest's link is for whoever has it.
  const invited = location.pathname === "/guest";
  root.dataset.stage = hint.tabs && !invited ? "in" : "out";
  const [, first_part, id, below] = location.pathname.split("/");
  const wordless = invited || location.pathname.includes("password");
  if (wordless) root.dataset.lead = "none";

  // Leptos writes its own static markup through a template; nothing else may.
  if (window.trustedTypes) {
    trustedTypes.createPolicy("default", {
      createHTML: (html) => (/<script|\son\w+\s*=|javascript:/i.test(html) ? null : html),
      createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
    });
  }

  // The sentences that are here, each at its own number: what every page says
  // (`words`), and what the parts of the portal say that were opened. A number in a file
  // is how many sentences are left out there.
  const said = [];
  const parts = new Set();
  const fetched = {};
  let tongue = language;
  const fetchWords = (tongue, part) => {
    const file = `/assets/${part}-${tongue}-${bundle.words}.json`;
    return (fetched[file] ??= fetch(file).then((reply) => {
      if (!reply.ok) throw new Error(file);
      return reply.json();
    }).catch((error) => {
      delete fetched[file];
      throw error;
    }));
  };
  const say = (sentences) => {
    let at = 0;
    for (const one of sentences) typeof one === "number" ? (at += one) : (said[at++] = one);
  };
  const learn = async (part) => {
    let spoken, sentences;
    while (spoken !== tongue) sentences = await fetchWords((spoken = tongue), part);
    parts.add(part);
    say(sentences);
  };
  const speak = async (other) => {
    let known, all;
    while (known !== parts.size) {
      known = parts.size;
      all = await Promise.all([...parts].map((part) => fetchWords(other, part)));
    }
    tongue = other;
    all.forEach(say);
    navigator.serviceWorker?.controller?.postMessage({ keep: tongue });
  };
  // The styles that only a part of the portal needs.
  const worn = {};
  const wear = (href) =>
    (worn[href] ??= new Promise((done, failed) => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done });
      sheet.onerror = () => {
        sheet.remove();
        delete worn[href];
        failed(new Error(href));
      };
      document.head.append(sheet);
    }));
  // Fetches what a part of the portal needs beside its code.
  const bring = (part) => Promise.all([learn(part), bundle.styles[part] && wear(bundle.styles[part])]);
  const asked = (path) =>
    fetch(path, { headers: { accept: "application/json" }, signal: AbortSignal.timeout?.(15000) }).catch(() => null);
  // Photos and papers that wait for the network, each by a name of its own: does
  // something with the store of them.
  const files = (what, ...about) =>
    new Promise((done, failed) => {
      const opening = indexedDB.open("files", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("files");
      opening.onerror = failed;
      opening.onsuccess = () => {
        const stores = opening.result.transaction("files", "readwrite");
        const asked = stores.objectStore("files")[what](...about);
        stores.oncomplete = () => done(asked.result);
        stores.onabort = failed;
        opening.result.close();
      };
    });
  // What was read is kept by the service worker in one database; `sw.js` has its shape.
  const forget = () =>
    new Promise((done) => {
      const opening = indexedDB.open("kept", 1);
      opening.onupgradeneeded = () => opening.transaction.abort();
      opening.onerror = done;
      opening.onsuccess = () => {
        const clearing = opening.result.transaction(["answers", "owner"], "readwrite");
        clearing.objectStore("answers").clear();
        clearing.objectStore("owner").clear();
        clearing.oncomplete = clearing.onerror = () => {
          opening.result.close();
          done();
        };
      };
    }).then(() => {
      for (const key of Object.keys(localStorage)) if (/^(draft|outbox) /.test(key)) localStorage.removeItem(key);
      return files("clear");
    }).catch(() => {});
  // What waits to be sent is sent by one page at a time, whichever is open.
  const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());
  // What stands in the frame until the app draws it, in the words of last time.
  // The app draws in its place, so it comes after.
  const painted = new Promise((done) => document.addEventListener("DOMContentLoaded", () => {
    const [title, lead] = wordless ? ["", ""] : bundle.door[language];
    document.querySelector(".door .waiting-title").textContent = title;
    document.querySelector(".door .waiting-lead").textContent = lead;
    const here = { "": "home", chargers: "charge", reservations: "charge", bookings: "charge", r: "charge", groups: "group" }[first_part] ?? first_part;
    for (const tab of document.querySelectorAll(".tab[data-tab]")) {
      const label = (hint.tabs || {})[tab.dataset.tab];
      if (label) tab.lastElementChild.textContent = label;
      else tab.remove();
      if (label && here === tab.dataset.tab) {
        tab.ariaCurrent = "page";
        if (tab.dataset.tab !== "home") document.querySelector(".frame .waiting-title").textContent = label;
      }
    }
    done();
  }));
  const failed = () => painted.then(() => {
    const text = {
      en: "The portal could not be loaded. Check the network and load the page again.",
      de: "Das Portal konnte nicht geladen werden. Prüfen Sie das Netz und laden Sie die Seite neu.",
      fr: "Le portail n’a pas pu être chargé. Vérifiez le réseau et rechargez la page.",
      es: "No se pudo cargar el portal. Comprueba la red y vuelve a cargar la página.",
    }[language];
    const note = Object.assign(document.createElement("p"), { className: "noscript", textContent: text });
    note.setAttribute("role", "alert");
    document.getElementById("app").replaceChildren(note);
  });
  // A mistake of ours: better said than a page that no longer answers.
  const trapped = (error) => error instanceof WebAssembly.RuntimeError && failed();
  addEventListener("error", (event) => trapped(event.error));
  addEventListener("unhandledrejection", (event) => trapped(event.reason));
  window.portal = {
    bundle,
    language,
    said,
    dress,
    bring,
    speak,
    words: Promise.all([learn("words"), painted]),
    // Nobody, where a sign-out is due: the answer would be kept on the device again.
    me: hint.sign_out_due ? Promise.resolve(new Response()) : asked("/api/portal/who"),
    forget,
    files,
    alone,
    failed,
  };

  // The page's own part of the app, beside the main one.
  const whole = ["disputes", "desk", "groups"].includes(first_part) || !id;
  // What a QR code leads to is a charger's page.
  const tab = first_part === "r" ? "charger" : below && !whole ? below : whole ? first_part || "home" : first_part.replace(/s$/, "");
  const opened = hint.tabs || invited ? tab : "door";
  const pack = bundle.packs[opened];
  if (pack) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", href: pack, crossOrigin: "anonymous" });
    document.head.append(link);
    bring(opened).catch(() => {});
  }

  import(bundle.main.js)
    .then((app) => app.default({ module_or_path: bundle.main.wasm }))
    .catch((error) => {
      console.error(error);
      failed();
    });

  if (navigator.serviceWorker) {
    const workers = navigator.serviceWorker;
    // The first worker ever is no news; every one after it is.
    let known = workers.controller;
    workers.addEventListener("controllerchange", () => {
      if (known) window.dispatchEvent(new Event("portal-update"));
      known = workers.controller;
    });
    // With two bars of signal a part of it may get lost: it is tried again, each time later.
    const keep = (pause) =>
      workers.register("/sw.js").then((keeper) => new Promise((kept, lost) => {
        keeper.installing?.addEventListener("statechange", ({ target }) => target.state === "redundant" && lost());
        workers.ready.then(kept);
      })).then((ready) => {
        ready.active.postMessage({ keep: tongue });
        document.addEventListener("visibilitychange", () => document.hidden || ready.update().catch(() => {}));
      }, () => setTimeout(keep, pause, 2 * pause));
    addEventListener("load", () => setTimeout(keep, 1500, 5000));
  }

  addEventListener("DOMContentLoaded", () =>
    requestAnimationFrame(() => setTimeout(() => new Worker("/speak.js", { name: language }))));
})();
