// Puts questions and operations to the component in this page, and gives back what it says.
// It is the body of a function: the directory of the assets, what is asked ("judge", "again", "describe" or "plan"), the cases.
const [assets, act, cases] = arguments;

// values as `shape.rs` writes them
const revive = (value) => {
  if (value === null) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revive);
  if ("octets" in value) return Uint8Array.from(atob(value.octets), (letter) => letter.charCodeAt(0));
  if ("integer" in value) return BigInt(value.integer);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item)]));
};
const hexadecimal = (octets) => Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");

// an error of the engine's own is an answer; any other is a fault and stops the test
const refusal = (error) => {
  if (error?.payload?.code === undefined) throw error;
  return { refused: [error.payload.code, error.payload.input] };
};
const answer = (ask) => {
  try {
    return ask();
  } catch (error) {
    return refusal(error);
  }
};

const decided = (validator, { question, evidence }) => {
  for (;;) {
    const { tag, val } = validator.evaluate(question, evidence);
    if (tag === "decided") {
      return { allows: val.decision === "allow", document: val.document, trace: hexadecimal(val.traceHash) };
    }
    // nothing can be had
    evidence.push(...val.map((need) => ({ tag: "unavailable", val: { requestId: need.id, reason: "offline" } })));
  }
};

const acts = {
  // all are put in, as the server's tests do, and the first that is refused counts
  judge: (engine, one) => answer(() => {
    const validator = engine.evaluate.Validator.create(one.policy, "as-written");
    try {
      const refused = [
        ...one.anchors.map(([der, role]) => answer(() => validator.addAnchor(der, role))),
        ...one.responders.map(([der, issuer]) => answer(() => validator.designateResponder(der, issuer))),
      ].find((said) => said?.refused);
      return refused ?? decided(validator, one);
    } finally {
      validator[Symbol.dispose]();
    }
  }),
  // a decision that was recorded: whom it believed comes in the order in which the engine was told
  again: (engine, one) => answer(() => {
    const validator = engine.evaluate.Validator.create(one.policy, one.mode);
    try {
      for (const [kind, der, ...rest] of one.trusted) {
        if (kind === "anchor") validator.addAnchor(der, ...rest);
        else if (kind === "stored") validator.addStored(der, ...rest);
        else validator.designateResponder(der, ...rest);
      }
      return decided(validator, one);
    } finally {
      validator[Symbol.dispose]();
    }
  }),
  describe: (engine, one) => answer(() => ({ document: engine.inspect.describeDocument(one) })),
  plan: (engine, one) => answer(() => {
    const validator = engine.evaluate.Validator.create(one.policy, "as-written");
    try {
      return { document: validator.plan(one.cluster, one.operation, one.at).document };
    } finally {
      validator[Symbol.dispose]();
    }
  }),
};

const load = async (name) => (await fetch(`${assets}/${name}`)).arrayBuffer();

return (async () => {
  const octets = await load("engine.core.wasm");
  if (!globalThis.assayerParity) {
    // beside the engine there are small modules that hold its tables
    const compiled = async (name) => WebAssembly.compile(name === "engine.core.wasm" ? octets : await load(name));
    const { instantiate } = await import(`${assets}/engine.js`);
    globalThis.assayerParity = await instantiate(compiled, {});
  }
  const engine = globalThis.assayerParity;
  return {
    sha256: hexadecimal(new Uint8Array(await crypto.subtle.digest("SHA-256", octets))),
    answers: cases.map((one) => acts[act](engine, revive(one))),
  };
})();
