/** Texts of strangers, addresses and typed numbers: nothing of them gets past its place. */
import { AppProvider } from '@shopify/polaris';
import en from '@shopify/polaris/locales/en.json';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { OutsideLink, isWebAddress } from '../../../app/ui/parts/links';
import { StatusBadge, shownStatus } from '../../../app/ui/parts/status-badge';
import { OneLine, WholeText } from '../../../app/ui/parts/text-of-strangers';
import { unitsProblem } from '../../../app/ui/stock/adjust-dialog';

const render = (node: ReactNode) => renderToString(<AppProvider i18n={en}>{node}</AppProvider>);

describe('text of strangers', () => {
  it('is never markup', () => {
    const html = render(<OneLine text={'<script>alert(1)</script>" onclick="x'} fallback="" />);
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<script>|" onclick="/);
  });

  it('keeps its own direction, so that a right-to-left name does not turn the row around', () => {
    expect(render(<WholeText text="كوب قهوة" fallback="" />)).toMatch(/<bdi[^>]*>كوب قهوة<\/bdi>/);
  });

  it('cannot show control characters, or turn the reading direction of other words around', () => {
    const html = render(<WholeText text={'Mug\u0000\u0007 \u202Elive\u2066'} fallback="" />);
    expect(html).toContain('>Mug live</bdi>');
    expect(render(<OneLine text={'\u202E\u0001'} fallback="Untitled" />)).toContain('Untitled');
  });

  it('has a stand-in when it is empty', () => {
    for (const text of [null, '', '   ']) {
      expect(render(<WholeText text={text} fallback="Untitled" />)).toContain('Untitled');
    }
  });
});

describe('addresses from outside', () => {
  it('are links only when they lead to the web', () => {
    const link = (url: string) => render(<OutsideLink url={url}>UPS</OutsideLink>);
    expect(link('https://ups.example/1Z')).toContain('href="https://ups.example/1Z"');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'ups', '']) {
      expect(link(url)).not.toContain('href');
      expect(isWebAddress(url)).toBe(false);
    }
  });
});

describe('a status', () => {
  it('is said in words, and shown as it is when it is new', () => {
    expect(render(<StatusBadge of="order" status="partially_shipped" />)).toContain(
      'Partly shipped',
    );
    expect(render(<StatusBadge of="order" status="on_the_moon" />)).toContain('on the moon');
  });
});

describe('an order of which nothing can leave', () => {
  const order = { status: 'open', unitsOrdered: 2, unitsUnmatched: 0, unitsShipped: 0 };

  it('waits for stock, and is to ship as soon as one unit can', () => {
    expect(shownStatus({ ...order, unitsShort: 2 })).toBe('waiting_for_stock');
    expect(shownStatus({ ...order, unitsShort: 1 })).toBe('open');
    expect(shownStatus({ ...order, status: 'cancelled', unitsShort: 2 })).toBe('cancelled');
  });
});

describe('typed units', () => {
  it.each([
    ['', 'add', 'Enter a number'],
    ['1.5', 'add', 'Enter a whole number'],
    ['1e3', 'add', 'Enter a whole number'],
    ['-2', 'add', 'Enter a positive number'],
    ['-2', 'set', 'Stock cannot be negative'],
    ['0', 'remove', 'Enter at least 1'],
    ['11', 'remove', 'Only 10 available'],
    ['10', 'set', 'That is the number now'],
    ['99999999999999999999', 'add', 'Enter at most 1,000,000'],
    ['10', 'remove', null],
    ['0', 'set', null],
    [' 7 ', 'add', null],
  ])('%j to %s, with 10 there: %s', (typed, way, problem) => {
    expect(unitsProblem(typed, way, 10)).toBe(problem);
  });
});
