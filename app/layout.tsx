import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { AppFrame } from '@/components/shell/app-frame';
import { parseDisplaySettings } from '@/components/shell/display-model';
import { ownAddress } from '@/lib/client/own-address';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Step 08 · llm-d live', template: '%s · Step 08 · llm-d live' },
  description: 'Distributed LLM inference on OpenShift AI, shown live and with its evidence.',
  icons: { icon: ownAddress('/icon.svg') },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }): Promise<ReactNode> {
  const jar = await cookies();
  const display = parseDisplaySettings((name) => jar.get(name)?.value);
  return (
    <html lang="en" data-theme={display.theme} data-density={display.density} suppressHydrationWarning>
      <body>
        <AppFrame initial={display}>{children}</AppFrame>
      </body>
    </html>
  );
}
