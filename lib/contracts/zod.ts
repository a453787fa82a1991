import { z } from 'zod';

// In a page, compiling schemas with `new Function` is refused by our content security policy; even the attempt is
// reported as a violation. This module is evaluated before any schema is made.
z.config({ jitless: typeof window !== 'undefined' });

export { z };
