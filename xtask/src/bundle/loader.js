// Follows the first lines of the splitting step's own loader, which has
// `makeLoad`, and takes the place of the rest: one file a tab, a pack, instead
// of one request for each of dozens of small modules.
//
// A pack begins with how many modules it has, then for each its number and its
// length (all 32 bits, the smallest byte first), then the modules themselves.
// Modules that several tabs share have a number and are started once, whichever
// pack brought them; the tab's own module is number 0, and comes last. What a tab
// says and its styles come beside its pack.
const started = new Map();
const start = (number, bytes, imports) => {
  if (!started.has(number)) started.set(number, WebAssembly.instantiate(bytes, imports));
  return started.get(number);
};
const modulesOf = (bytes) => {
  const [count] = new Uint32Array(bytes, 0, 1);
  const head = new Uint32Array(bytes, 4, 2 * count);
  let at = 4 + head.byteLength;
  return Array.from({ length: count }, (_, index) => {
    const module = new Uint8Array(bytes, at, head[2 * index + 1]);
    at += module.length;
    return [head[2 * index], module];
  });
};
const pack = (name, tab, ...before) =>
  makeLoad(() => {
    const brought = portal.bring(tab);
    const fetched = fetch(new URL(name, import.meta.url)).then((reply) => {
      if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
      return reply.arrayBuffer();
    });
    Promise.all([fetched, brought]).catch(() => {});
    return async (imports) => {
      const [bytes] = await Promise.all([fetched, brought]);
      const modules = modulesOf(bytes);
      const shared = modules.filter(([number]) => number);
      await Promise.all(shared.map(([number, bytes]) => start(number, bytes, imports)));
      const own = modules.find(([number]) => !number);
      if (own) await WebAssembly.instantiate(own[1], imports);
    };
  }, before);
