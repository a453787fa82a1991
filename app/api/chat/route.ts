import { answerChat } from '@/lib/server/answer-chat';

export const dynamic = 'force-dynamic';

/** The production server answers before Next.js's router is asked (docs/decisions/0225); this serves the development server. */
export const POST = answerChat;
