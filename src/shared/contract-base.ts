import { oc } from '@orpc/contract';
import { appErrorDataSchema } from './errors/app-error-data.ts';

/** Base of every procedure: faults arrive as the one coded error `APP_ERROR`. */
export const procedure = oc.errors({ APP_ERROR: { data: appErrorDataSchema } });
