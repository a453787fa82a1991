/**
 * The four functions of the reflect-metadata proposal that the certificate library's container asks for.
 * Import before `@peculiar/x509`.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const own = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, own.set(key, value));
}

function getOwnMetadata(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object): unknown {
  for (let owner: object | null = target; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    const own = metadata.get(owner);
    if (own?.has(key)) return own.get(key);
  }
  return undefined;
}

Object.assign(Reflect, {
  defineMetadata,
  getOwnMetadata,
  getMetadata,
  metadata: (key: unknown, value: unknown) => (target: object) => defineMetadata(key, value, target),
});
