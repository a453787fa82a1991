import { seedFromText } from '../random.ts';

/** The approximate prefix index of the endpoint picker (metrics §3.2). */
const BLOCK_CHARACTERS = 64;
const MAX_BLOCKS = 256;
const ENTRIES_PER_SERVER = 31_250;

/** Chained hashes of the full 64-character blocks of a prompt; another model gives other hashes. */
export function prefixBlocks(model: string, promptText: string): string[] {
  const blocks: string[] = [];
  let parent = model;
  const fullBlocks = Math.min(MAX_BLOCKS, Math.floor(promptText.length / BLOCK_CHARACTERS));
  for (let index = 0; index < fullBlocks; index++) {
    const text = promptText.slice(index * BLOCK_CHARACTERS, (index + 1) * BLOCK_CHARACTERS);
    parent = `${seedFromText(`${parent}/${text}`)}.${seedFromText(`${text}/${parent}`)}`;
    blocks.push(parent);
  }
  return blocks;
}

/** What the picker believes each server has cached: where it sent prompts before, not what the engines hold. */
export class PrefixIndex {
  /** Per server, least recently used block first. */
  private readonly servers = new Map<string, Set<string>>();

  /** Length of the known run of blocks on that server. */
  matchedBlocks(server: string, blocks: readonly string[]): number {
    const known = this.servers.get(server);
    if (known === undefined) return 0;
    const missing = blocks.findIndex((block) => !known.has(block));
    return missing < 0 ? blocks.length : missing;
  }

  remember(server: string, blocks: readonly string[]): void {
    const known = this.servers.get(server) ?? new Set<string>();
    this.servers.set(server, known);
    for (const block of blocks) {
      known.delete(block);
      known.add(block);
    }
    for (const oldest of known) {
      if (known.size <= ENTRIES_PER_SERVER) break;
      known.delete(oldest);
    }
  }

  /** Forgets servers that are gone. */
  retain(servers: ReadonlySet<string>): void {
    for (const server of this.servers.keys()) {
      if (!servers.has(server)) this.servers.delete(server);
    }
  }

  size(): number {
    let entries = 0;
    for (const known of this.servers.values()) entries += known.size;
    return entries;
  }
}

export function charactersOf(blocks: number): number {
  return blocks * BLOCK_CHARACTERS;
}
