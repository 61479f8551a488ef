/**
 * SHA-256 of a text in UTF-8, as lower-case hex.
 *
 * Written out because this folder is pure: it has neither Node's nor the browser's crypto.
 */
export declare function sha256(text: string): string;
