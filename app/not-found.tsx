import Link from 'next/link';
import type { ReactNode } from 'react';

export default function NotFound(): ReactNode {
  return (
    <div className="m-auto max-w-[36rem]">
      <h1 className="font-bold text-title">There is no such screen</h1>
      <p className="mt-2">The show has four: Ready, Placement, Chat and Compare.</p>
      <Link href="/checklist" className="mt-4 inline-block underline underline-offset-4">
        To Ready
      </Link>
    </div>
  );
}
