import { describe, expect, test } from 'vitest';
import { AddressRefused, guardedLookup, isRefusedAddress, refusalOf } from './address-rules.ts';

describe('addresses of upstreams', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    'ff02::1',
  ])('refuse %s', (address) => {
    expect(isRefusedAddress(address)).toBe(true);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.1.5',
    '172.17.0.1',
    '::1',
    'fd12::1',
    '0.0.0.0',
    '8.8.8.8',
    '::ffff:127.0.0.1',
  ])('allow %s, where self-hosted models live', (address) => {
    expect(isRefusedAddress(address)).toBe(false);
  });

  test.each([
    'http://169.254.169.254/v1',
    'http://0xa9fea9fe/v1',
    'http://2852039166/v1',
    'http://[fe80::1]:8080/v1',
    'http://[::ffff:a9fe:a9fe]/',
  ])('see through the spelling of %s', (url) => {
    expect(refusalOf(url)).toBeInstanceOf(AddressRefused);
  });

  test('let names through until they are resolved', () => {
    expect(refusalOf('http://metadata.google.internal/v1')).toBeUndefined();
  });

  const resolve = (addresses: readonly string[], all: boolean) => {
    const found = addresses.map((address) => ({ address, family: 4 }));
    const lookup = guardedLookup((_name, _options, done) => {
      if (all) done(null, found);
      else done(null, addresses[0] ?? '', 4);
    });
    return new Promise((settle) => lookup('some.example', { all }, (error) => settle(error)));
  };

  test.each([true, false])('refuse a name that leads to a refused address (all: %s)', async (all) => {
    expect(await resolve(['169.254.169.254', '10.0.0.1'], all)).toBeInstanceOf(AddressRefused);
    expect(await resolve(['10.0.0.1'], all)).toBeNull();
  });
});
