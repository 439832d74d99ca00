/** Requests at a steady pace, whether or not earlier ones are answered (an open loop). */

export type Answers = { readonly milliseconds: number[]; failed: number };

/**
 * Calls `send` so many times a second for so long. Each time is measured from when the request
 * was due, so that a stall of ours cannot hide one of theirs.
 */
export async function steadily(
  perSecond: number,
  milliseconds: number,
  send: (index: number) => Promise<boolean>,
): Promise<Answers> {
  const answers: Answers = { milliseconds: [], failed: 0 };
  const total = Math.round((perSecond * milliseconds) / 1_000);
  const startedAt = performance.now();
  const pending: Promise<void>[] = [];
  for (let index = 0; index < total; index += 1) {
    const dueAt = startedAt + (index * 1_000) / perSecond;
    await untilDue(dueAt);
    const started = performance.now();
    pending.push(
      send(index).then(
        (good) => {
          answers.milliseconds.push(performance.now() - Math.min(started, dueAt));
          if (!good) answers.failed += 1;
        },
        () => {
          answers.failed += 1;
        },
      ),
    );
  }
  await Promise.all(pending);
  return answers;
}

async function untilDue(dueAt: number): Promise<void> {
  const waitMs = dueAt - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
}
