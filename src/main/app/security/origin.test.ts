import { describe, expect, it } from 'vitest';
import { APP_PAGE_URL, isOwnPage } from './origin.ts';

describe('isOwnPage', () => {
  it.each([APP_PAGE_URL, 'app://skilldeck/', 'app://skilldeck/index.html#/skills'])('accepts %s', (url) => {
    expect(isOwnPage(url, APP_PAGE_URL)).toBe(true);
  });

  it.each([
    'https://skilldeck/index.html',
    'app://skilldeck.example/index.html',
    'app://user@skilldeck/index.html',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'about:blank',
    '',
  ])('refuses %s', (url) => {
    expect(isOwnPage(url, APP_PAGE_URL)).toBe(false);
  });
});
