import { type LoadCommand, type LoadState, loadStartedSchema, loadStateSchema } from '@/lib/contracts/load';
import { problemSchema } from '@/lib/contracts/problem';
import { KEEP_INTERVAL_MS, type LoadPlan } from '@/lib/domain/load';
import { ownAddress } from './own-address';

/** The panel follows a running load closely, and otherwise only notices that somebody started one. */
const RUNNING_POLL_MS = 1_000;
const IDLE_POLL_MS = 5_000;

export interface LoadView {
  /** `null` until the dashboard has told it. */
  state: LoadState | null;
  /** Why the last wish or question was refused, in words. */
  problem: string | null;
  /** This page started the load, and keeps it going. */
  isOwner: boolean;
  /** A start or a stop is under way. */
  isBusy: boolean;
}

export const UNKNOWN_LOAD: LoadView = { state: null, problem: null, isOwner: false, isBusy: false };

export interface LoadStore {
  getView(): LoadView;
  /** Asks the dashboard while somebody listens. */
  subscribe(listener: () => void): () => void;
  /** Hears of changes without causing questions: enough for the load that this page itself started. */
  observe(listener: () => void): () => void;
  /** The control token, where one is needed, goes with this one request and is kept nowhere. */
  start(plan: LoadPlan, token: string | null): Promise<void>;
  stop(token: string | null): Promise<void>;
}

export interface LoadStoreOptions {
  fetch: typeof fetch;
  setTimer(callback: () => void, delayMs: number): () => void;
}

type Answer = { ok: true; body: unknown } | { ok: false; status: number | null; message: string };

/** The background load as this page knows it. Lives outside the screens: the load runs on while the presenter is elsewhere. */
export function createLoadStore(options: LoadStoreOptions): LoadStore {
  const listeners = new Set<() => void>();
  const observers = new Set<() => void>();
  let view = UNKNOWN_LOAD;
  let runId: string | null = null;
  let cancelPoll: (() => void) | null = null;

  const change = (next: Partial<LoadView>): void => {
    view = { ...view, ...next };
    for (const listener of [...listeners, ...observers]) listener();
  };

  async function send(init: RequestInit, query = ''): Promise<Answer> {
    try {
      const response = await options.fetch(ownAddress(`/api/load${query}`), {
        ...init,
        signal: AbortSignal.timeout(5_000),
      });
      const body: unknown = await response.json().catch(() => null);
      if (response.ok) return { ok: true, body };
      const problem = problemSchema.safeParse(body);
      const message = problem.success
        ? problem.data.error.message
        : `The dashboard answered ${response.status}.`;
      return { ok: false, status: response.status, message };
    } catch {
      return { ok: false, status: null, message: 'The dashboard could not be reached.' };
    }
  }

  function post(command: LoadCommand, token: string | null): Promise<Answer> {
    return send({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(command),
    });
  }

  async function ask(): Promise<void> {
    const answer = await send({}, '?samples=no');
    const parsed = answer.ok ? loadStateSchema.safeParse(answer.body) : null;
    if (parsed?.success === true) {
      change({ state: parsed.data, ...(answer.ok && view.problem === LOST ? { problem: null } : {}) });
    } else if (!answer.ok && answer.status === null) {
      change({ problem: LOST });
    }
  }

  function poll(): void {
    if (listeners.size === 0) {
      cancelPoll = null;
      return;
    }
    void ask().finally(() => {
      if (listeners.size === 0) {
        cancelPoll = null;
        return;
      }
      const isOff = view.state === null || view.state.phase === 'off';
      cancelPoll = options.setTimer(poll, isOff ? IDLE_POLL_MS : RUNNING_POLL_MS);
    });
    cancelPoll = () => undefined;
  }

  function pollNow(): void {
    cancelPoll?.();
    poll();
  }

  /** As long as this goes on, the load does: whatever ends the page ends it. */
  async function keep(id: string): Promise<void> {
    if (runId !== id) return;
    const answer = await post({ action: 'keep', runId: id }, null);
    if (runId !== id) return;
    if (!answer.ok && answer.status !== null) {
      runId = null;
      change({ isOwner: false });
      return;
    }
    options.setTimer(() => void keep(id), KEEP_INTERVAL_MS);
  }

  return {
    getView: () => view,
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1 && cancelPoll === null) poll();
      return () => listeners.delete(listener);
    },
    observe(listener) {
      observers.add(listener);
      return () => observers.delete(listener);
    },
    async start(plan, token) {
      if (view.isBusy) return;
      change({ isBusy: true, problem: null });
      const answer = await post({ action: 'start', plan }, token);
      const started = answer.ok ? loadStartedSchema.safeParse(answer.body) : null;
      if (started?.success === true) {
        runId = started.data.runId;
        change({ state: started.data.state, isOwner: true, isBusy: false });
        void keep(runId);
      } else {
        change({ isBusy: false, problem: answer.ok ? UNREADABLE : answer.message });
      }
      pollNow();
    },
    async stop(token) {
      change({ isBusy: true, problem: null });
      const answer = await post({ action: 'stop', ...(runId === null ? {} : { runId }) }, token);
      const stopped = answer.ok ? loadStateSchema.safeParse(answer.body) : null;
      if (stopped?.success === true) {
        runId = null;
        change({ state: stopped.data, isOwner: false, isBusy: false });
      } else {
        change({ isBusy: false, problem: answer.ok ? UNREADABLE : answer.message });
      }
      pollNow();
    },
  };
}

const LOST = 'The dashboard could not be reached: a load that this page started ends within 5 s.';
const UNREADABLE = 'The dashboard sent an answer this page cannot read.';

/** The page's one load store. */
export const loadStore: LoadStore = createLoadStore({
  fetch: (input, init) => fetch(input, init),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});
