import type { ChatFailureCode } from '@/lib/domain/chat-failure';
import { CHAT_FAILURE_CODES } from '@/lib/domain/chat-failure';
import type { ChatTurn, LostStream } from '@/lib/domain/chat-model';

/** What a failure looks like: what happened, what it means for the demo, what to do. */
export interface FailureFace {
  happened: string;
  means: string;
  action: string;
  /** The server's own words, where they add something. */
  detail: string | null;
}

type Words = Omit<FailureFace, 'detail'>;

const CODES: Record<ChatFailureCode, Words> = {
  'no-endpoint': {
    happened: 'There is no way to this endpoint.',
    means: 'The cluster’s objects give no address for the path that was asked for.',
    action: 'Choose another path, or see on Placement which link is missing.',
  },
  unreachable: {
    happened: 'The endpoint cannot be reached.',
    means: 'This lane has no answer; the other lane is not affected.',
    action: 'See Ready for the endpoint’s gate, or choose another path.',
  },
  'certificate-not-trusted': {
    happened: 'The endpoint’s certificate is not trusted.',
    means: 'The connection was refused before any question was sent.',
    action: 'Give the dashboard the right CA (MODEL_CA_FILE), or choose another path.',
  },
  'redirect-refused': {
    happened: 'The endpoint answered with a redirect.',
    means: 'Redirects are not followed: the address is not the model’s own.',
    action: 'Check the Route or the URL in the configuration.',
  },
  unauthorized: {
    happened: 'The endpoint wants a key (401).',
    means: 'Authentication is on; this dashboard has no key or a wrong one.',
    action: 'Set the API key of this arm, or see the authentication gates on Ready.',
  },
  forbidden: {
    happened: 'The endpoint refuses this key (403).',
    means: 'The key is known but has no right to this model.',
    action: 'See the AuthPolicy of the endpoint.',
  },
  'wrong-model': {
    happened: 'The endpoint does not know this model (404).',
    means: 'The served name differs from the one asked for.',
    action: 'Compare the served model names on Ready.',
  },
  'not-found': {
    happened: 'There is nothing at this address (404).',
    means: 'The path leads somewhere, but not to a model server.',
    action: 'Choose another path, or check the route rules on Placement.',
  },
  'context-too-long': {
    happened: 'The conversation is longer than the model’s context.',
    means: 'The question was refused; the arms may have different context lengths.',
    action: 'Start a new conversation, or shorten the prompt.',
  },
  rejected: {
    happened: 'The endpoint rejected the question (400).',
    means: 'A parameter or message was not accepted.',
    action: 'Read the detail; start a new conversation if in doubt.',
  },
  'rate-limited': {
    happened: 'Too many requests (429).',
    means: 'A limit on the way holds this lane back; the model itself may be idle.',
    action: 'Wait a moment, then ask again.',
  },
  unavailable: {
    happened: 'The endpoint is not available (503).',
    means: 'No ready pod behind the address, or it is overloaded.',
    action: 'See Placement: are its pods ready?',
  },
  'gateway-error': {
    happened: 'The gateway could not pass the question on.',
    means: 'The way is there, what is behind it is not.',
    action: 'Choose the Route to go round the gateway, and see the path on Placement.',
  },
  'not-a-stream': {
    happened: 'The endpoint answered, but not with a stream.',
    means: 'Something else than a model server answered.',
    action: 'Check the address of this path.',
  },
  malformed: {
    happened: 'The answer could not be read.',
    means: 'What came is not what an OpenAI-compatible server sends.',
    action: 'Ask again; if it stays, look at the engine’s log.',
  },
  'too-large': {
    happened: 'The answer broke the size limit.',
    means: 'It was stopped to protect this page.',
    action: 'Ask for something shorter.',
  },
  'engine-error': {
    happened: 'The engine reported an error.',
    means: 'The model server failed while it answered.',
    action: 'Ask again; look at restarts on Placement.',
  },
  reset: {
    happened: 'The connection was reset in the middle of the answer.',
    means: 'A pod or a proxy on the way went away. What came so far stays.',
    action: 'See what happened on Placement, then ask again.',
  },
  'ended-early': {
    happened: 'The answer stopped without an ending.',
    means: 'It is not complete: no finish reason came.',
    action: 'Ask again; see restarts on Placement.',
  },
  'no-first-token': {
    happened: 'No first token came in time.',
    means: 'The question waits in a queue, or the engine is stuck.',
    action: 'See waiting requests on Placement and Compare.',
  },
  stalled: {
    happened: 'The answer stalled.',
    means: 'Tokens came, then none for too long. What came so far stays.',
    action: 'See the engine on Placement, then ask again.',
  },
  'time-limit': {
    happened: 'The answer took too long and was ended.',
    means: 'This is the dashboard’s limit, not a fault of the model.',
    action: 'Ask for something shorter.',
  },
  // Whoever presses Stop closes the stream and sees no event: this one is told when the dashboard itself stops an answer.
  aborted: {
    happened: 'The dashboard stopped this answer.',
    means: 'The engine was told to stop. What came so far stays.',
    action: 'Ask again when ready.',
  },
};

const LOST: Record<LostStream['code'], Words> = {
  refused: {
    happened: 'The dashboard refused the question.',
    means: 'Nothing was sent to the model.',
    action: 'Read the detail.',
  },
  unreachable: {
    happened: 'The dashboard cannot be reached.',
    means: 'The browser has lost its own server; the cluster may be fine.',
    action: 'The page reconnects by itself; then ask again.',
  },
  'stream-cut': {
    happened: 'The connection to the dashboard broke.',
    means: 'The answer is not complete. What came so far stays.',
    action: 'The page reconnects by itself; then ask again.',
  },
  'went-silent': {
    happened: 'Nothing comes from the dashboard any more.',
    means:
      'It writes several times a second, however slow the model is: the way to it is gone. What came so far stays.',
    action: 'Look at this computer’s network. The page reconnects by itself; then ask again.',
  },
  'page-left': {
    happened: 'The page was left while this was answered.',
    means: 'The engine was told to stop. What came so far stays.',
    action: 'Ask again.',
  },
  'unreadable-event': {
    happened: 'The dashboard sent something this page cannot read.',
    means: 'Page and server may be of different versions.',
    action: 'Reload the page.',
  },
};

const SERVICE_FROM_OUTSIDE: Words = {
  happened: 'The Service cannot be reached from here.',
  means: 'Service addresses work inside the cluster only; this dashboard seems to run outside of it.',
  action: 'Choose the Gateway or the Route, or run the dashboard in the cluster.',
};

function usedService(turn: ChatTurn): boolean {
  return (turn.start?.path ?? turn.asked.path) === 'service';
}

const UNKNOWN: Words = {
  happened: 'The answer failed.',
  means: 'This lane has no complete answer; the other lane is not affected.',
  action: 'Read the detail, then ask again.',
};

function isKnownCode(code: string): code is ChatFailureCode {
  return (CHAT_FAILURE_CODES as readonly string[]).includes(code);
}

/** The face of a failed or lost answer; `null` for every other outcome. */
export function toFailureFace(turn: ChatTurn): FailureFace | null {
  switch (turn.outcome.state) {
    case 'failed': {
      const { code, message } = turn.outcome.error;
      if (code === 'unreachable' && usedService(turn)) {
        return { ...SERVICE_FROM_OUTSIDE, detail: message === '' ? null : message };
      }
      return { ...(isKnownCode(code) ? CODES[code] : UNKNOWN), detail: message === '' ? null : message };
    }
    case 'lost': {
      const { code, message } = turn.outcome.problem;
      return { ...LOST[code], detail: code === 'refused' || code === 'went-silent' ? message : null };
    }
    case 'warming-up':
    case 'submitted':
    case 'streaming':
    case 'ended':
    case 'stopped':
      return null;
    default:
      return turn.outcome satisfies never;
  }
}
