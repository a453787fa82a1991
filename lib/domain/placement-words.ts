/** What one clause of the scheduler's message means; the first match wins. */
const CLAUSES: readonly { pattern: RegExp; words: (count: string) => string }[] = [
  { pattern: /^(\d+) Insufficient nvidia\.com\//, words: (count) => `${count} without a free GPU` },
  { pattern: /^(\d+) Insufficient cpu/, words: (count) => `${count} short of CPU` },
  { pattern: /^(\d+) Insufficient memory/, words: (count) => `${count} short of memory` },
  { pattern: /^(\d+) Insufficient pods/, words: (count) => `${count} full of pods` },
  { pattern: /^(\d+) node\(s\) were unschedulable/, words: (count) => `${count} cordoned` },
  { pattern: /^(\d+) node\(s\) had untolerated taint/, words: (count) => `${count} tainted` },
  {
    pattern: /^(\d+) node\(s\) didn't match Pod's node affinity/,
    words: (count) => `${count} of another kind`,
  },
  {
    pattern: /^(\d+) node\(s\) had volume node affinity conflict/,
    words: (count) => `${count} out of reach of its volume`,
  },
  {
    pattern: /^(\d+) node\(s\) didn't match pod (anti-affinity|topology spread)/,
    words: (count) => `${count} kept apart by a spreading rule`,
  },
];

const HEAD = /^0\/(\d+) nodes are available:\s*/;

/**
 * The scheduler's message in plain words: `0/9 nodes are available: 2 Insufficient nvidia.com/gpu, 7 node(s) had …`
 * becomes `none of 9: 2 without a free GPU, 7 tainted`. A clause that is not known stays as it is, and so does a
 * message that begins otherwise.
 */
export function plainSchedulerMessage(message: string): string {
  const head = HEAD.exec(message);
  if (head === null) return message;
  const body = message
    .slice(head[0].length)
    .split(/\.?\s+(?:preemption|no new claims)/i)[0]
    ?.replace(/\.\s*$/, '');
  if (body === undefined || body === '') return message;
  // Commas also stand inside the braces of a taint.
  const clauses = body.split(/,\s+(?=\d+ )/).map((clause) => {
    for (const { pattern, words } of CLAUSES) {
      const count = pattern.exec(clause)?.[1];
      if (count !== undefined) return words(count);
    }
    return clause;
  });
  return `none of ${head[1]} nodes: ${clauses.join(', ')}`;
}
