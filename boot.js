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
  const spoken = Object.keys(bundle.words);
  const first = (tags) => tags.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => spoken.includes(tag));
  const language = first([hint.language || ""]) || first([...navigator.languages]) || "en";
  root.lang = language;
  root.dataset.look = hint.look || "system";
  root.dataset.stage = hint.tabs ? "in" : "out";
  const wordless = location.pathname.includes("password");
  if (wordless) root.dataset.lead = "none";

  // Leptos writes its own static markup through a template; nothing else may.
  if (window.trustedTypes) {
    trustedTypes.createPolicy("default", {
      createHTML: (html) => (/<script|\son\w+\s*=|javascript:/i.test(html) ? null : html),
      createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
    });
  }

  const fetchWords = (tongue) =>
    fetch(bundle.words[tongue]).then((reply) => {
      if (!reply.ok) throw new Error("words");
      return reply.json();
    });
  const asked = (path) =>
    fetch(path, { headers: { accept: "application/json" }, signal: AbortSignal.timeout?.(15000) }).catch(() => null);
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
    }).catch(() => {});
  // What waits to be sent is sent by one page at a time, whichever is open.
  const alone = (work) => (navigator.locks ? navigator.locks.request("outbox", work) : work());
  const failed = () => {
    const text = {
      en: "The portal could not be loaded. Check the network and load the page again.",
      de: "Das Portal konnte nicht geladen werden. Prüfen Sie das Netz und laden Sie die Seite neu.",
      fr: "Le portail n’a pas pu être chargé. Vérifiez le réseau et rechargez la page.",
      es: "No se pudo cargar el portal. Comprueba la red y vuelve a cargar la página.",
    }[language];
    const note = Object.assign(document.createElement("p"), { className: "noscript", textContent: text });
    note.setAttribute("role", "alert");
    document.getElementById("app").replaceChildren(note);
  };
  window.portal = {
    bundle,
    language,
    fetchWords,
    words: fetchWords(language),
    me: hint.sign_out_due ? Promise.resolve(null) : asked("/api/portal/who"),
    forget,
    alone,
    failed,
  };

  // The page's own part of the app, beside the main one.
  const [, first_part, id, below] = location.pathname.split("/");
  const whole = ["disputes", "desk"].includes(first_part) || !id;
  const tab = below && !whole ? below : whole ? first_part || "home" : first_part.replace(/s$/, "");
  const pack = bundle.packs[hint.tabs ? tab : "door"];
  if (pack) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", href: pack, crossOrigin: "anonymous" });
    document.head.append(link);
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
    addEventListener("load", () =>
      setTimeout(() =>
        workers.register("/sw.js").then(() => workers.ready).then((ready) => {
          ready.active.postMessage({ keep: bundle.words[language] });
          document.addEventListener("visibilitychange", () => document.hidden || ready.update().catch(() => {}));
        }).catch(() => {}), 1500));
  }

  // The browser loads its own words for money and time when they are first used,
  // which takes a while: better while the app is on its way than once it is here.
  const speak = () => {
    new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(1);
    setTimeout(() => new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: "Europe/Berlin" }).format(0));
  };
  if (hint.tabs) addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(speak)));

  // What stands in the frame until the app draws it, in the words of last time.
  document.addEventListener("DOMContentLoaded", () => {
    const [title, lead] = wordless ? ["", ""] : bundle.door[language];
    document.querySelector(".door .waiting-title").textContent = title;
    document.querySelector(".door .waiting-lead").textContent = lead;
    for (const tab of document.querySelectorAll(".tab[data-tab]")) {
      const label = (hint.tabs || {})[tab.dataset.tab];
      if (label) tab.lastElementChild.textContent = label;
      else tab.remove();
      if (label && location.pathname.split("/")[1] === (tab.dataset.tab === "home" ? "" : tab.dataset.tab)) {
        tab.ariaCurrent = "page";
        if (tab.dataset.tab !== "home") document.querySelector(".frame .waiting-title").textContent = label;
      }
    }
  });
})();
