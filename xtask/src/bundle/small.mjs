// Makes modules small, in place: `node small.mjs FOLDER`. One worker for each core
// works on one after the other; started anew for each of hundreds of modules,
// the optimiser would take twenty times as long.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";

import binaryen from "binaryen";

if (isMainThread) start(process.argv[2]);
else work(workerData);

function start(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".wasm")).map((name) => join(folder, name));
  const next = new Int32Array(new SharedArrayBuffer(4));
  for (let core = 0; core < availableParallelism(); core++) {
    new Worker(new URL(import.meta.url), { workerData: { files, next } });
  }
}

function work({ files, next }) {
  // As `-Os`: `-Oz` leaves fewer bytes, but more once they are compressed.
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(1);
  const allowed = features();
  for (let file; (file = files[Atomics.add(next, 0, 1)]); ) {
    const module = binaryen.readBinary(readFileSync(file));
    module.setFeatures(allowed);
    module.optimize();
    module.runPasses(["strip-producers", "strip-target-features"]);
    writeFileSync(file, module.emitBinary());
    module.dispose();
  }
}

// What the compiler has used may be used, and nothing else.
function features() {
  const { Features } = binaryen;
  return [
    Features.BulkMemory,
    Features.BulkMemoryOpt,
    Features.NontrappingFPToInt,
    Features.SignExt,
    Features.MutableGlobals,
    Features.ReferenceTypes,
    Features.Multivalue,
    Features.CallIndirectOverlong,
  ].reduce((all, feature) => all | feature);
}
