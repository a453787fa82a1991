import type { Random } from '../random.ts';
import { BLOCK_TOKENS } from './kv-cache.ts';

/** One fetch of KV blocks over NIXL. */
export interface KvTransfer {
  bytes: number;
  seconds: number;
  /** Until it was handed over to the network card. */
  postSeconds: number;
  descriptors: number;
}

/** Bytes of one token's KV entries, and how a block lies in memory: keys and values of 40 layers (metrics §13.3). */
const TOKEN_BYTES = { auto: 160 * 1024, fp8: 80 * 1024 } as const;
const DESCRIPTORS_PER_BLOCK = 2 * 40;
/** 25 Gbit/s of a g6.4xlarge, less what TCP takes; set-up over TCP (metrics §13.6). */
const BYTES_PER_SECOND = 2.5e9;
const SET_UP_SECONDS = { least: 0.002, spread: 0.008 };
const POST_SECONDS = { least: 0.0005, spread: 0.0015 };

/** Whole blocks go over, also the last one that is not full. */
export function kvTransferOf(tokens: number, cacheDtype: 'auto' | 'fp8', random: Random): KvTransfer {
  const blocks = Math.ceil(tokens / BLOCK_TOKENS);
  const bytes = blocks * BLOCK_TOKENS * TOKEN_BYTES[cacheDtype];
  const setUp = SET_UP_SECONDS.least + SET_UP_SECONDS.spread * random();
  return {
    bytes,
    seconds: bytes / BYTES_PER_SECOND + setUp,
    postSeconds: POST_SECONDS.least + POST_SECONDS.spread * random(),
    descriptors: blocks * DESCRIPTORS_PER_BLOCK,
  };
}
