/** Compares `4.19.9` with `4.20.0` number by number; a pre-release comes before its release. `null`: not versions. */
export function compareVersions(left: string, right: string): number | null {
  const a = parse(left);
  const b = parse(right);
  if (a === null || b === null) return null;
  for (let index = 0; index < 3; index += 1) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Number(b.preRelease) - Number(a.preRelease);
}

function parse(version: string): { numbers: readonly number[]; preRelease: boolean } | null {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?([-+].*)?$/.exec(version.trim());
  if (match === null) return null;
  return {
    numbers: [match[1], match[2], match[3]].map((part) => Number(part ?? 0)),
    preRelease: match[4]?.startsWith('-') ?? false,
  };
}
