#!/usr/bin/env node
// skilldeck, or npm run --silent cli -- …: the command line, built when a source has changed since the last time.
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { buildCli, CLI_FILE, isCliUpToDate } from './build-cli.mjs';

// npm starts scripts in the repository; whoever typed the command is somewhere else.
if (process.env.npm_lifecycle_event === 'cli' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

if (!isCliUpToDate()) await buildCli();
// From Node 22.8 on: compiled once, not at every start.
module.enableCompileCache?.();
await import(pathToFileURL(CLI_FILE).href);
