import { config } from 'zod';

// Imported before any schema is made: zod would try `new Function` first, which the content security policy reports.
config({ jitless: true });
