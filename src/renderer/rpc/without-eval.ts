import { config } from 'zod';

// The content security policy forbids compiling strings; zod would try once, and the browser would report it.
config({ jitless: true });
