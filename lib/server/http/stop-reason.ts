import 'server-only';

/** Given to `abort` by whoever stops an answer for another reason than that its reader wants or left; the message is for the reader. */
export class StopReason extends Error {}
