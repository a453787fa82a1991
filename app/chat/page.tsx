import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ChatScreen } from '@/components/chat/chat-screen';

export const metadata: Metadata = { title: 'Chat' };

export default function ChatPage(): ReactNode {
  return <ChatScreen />;
}
