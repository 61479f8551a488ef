import { z } from 'zod';
import { AskSchemas, ReplySchemas } from './engine/inference-protocol.ts';
import { LifecycleOrders, LifecycleReports } from './lifecycle-protocol.ts';

/* What the gateway and its llama.cpp child process say to each other. Both sides parse: either may be of another build. */

export const ToWorkerSchema = z.discriminatedUnion('type', [...LifecycleOrders, ...AskSchemas]);

export const FromWorkerSchema = z.discriminatedUnion('type', [...LifecycleReports, ...ReplySchemas]);

export type ToWorker = z.infer<typeof ToWorkerSchema>;
export type FromWorker = z.infer<typeof FromWorkerSchema>;
