/**
 * On a service, and so on its container: hash of the app's own files that it mounts, such as nginx.conf.
 *
 * A program reads them when it starts, so a change of theirs is a reason to recreate like one of its configuration.
 */
export const MOUNTS_HASH_LABEL = 'com.skilldeck.mounts-hash';
