const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until `check` gives something truthy, and gives that; undefined when the time is over. */
export async function waitFor(check, { withinMs, everyMs = 50 }) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() >= deadline) return undefined;
    await pause(everyMs);
  }
}

export { pause };
