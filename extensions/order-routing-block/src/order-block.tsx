/** @jsxImportSource preact */
import '@shopify/ui-extensions/preact';
import { render } from 'preact';
import { OrderPanel } from './order-panel';

/** Called by the admin when it shows the block. */
export default function orderBlock(): void {
  render(<OrderPanel host={shopify} />, document.body);
}
