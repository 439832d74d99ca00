/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { Host } from './host';
import { type Loaded, loadOrder } from './load-order';
import { OrderFacts } from './order-facts';

/** The app's own pages begin here; the admin puts the app's address before it. */
const APP_HOME = 'app:app';

/** The whole block: asks once, and again when the merchant wants it. */
export function OrderPanel({ host }: { readonly host: Host }) {
  const { translate } = host.i18n;
  const orderRef = host.data.selected[0]?.id ?? '';
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [attempt, setAttempt] = useState(1);
  useEffect(() => {
    let shown = true;
    void loadOrder(orderRef, host.auth.idToken).then((answer) => {
      if (shown) setLoaded(answer);
    });
    return () => {
      shown = false;
    };
  }, [orderRef, host, attempt]);
  const onRetry = () => {
    setLoaded(null);
    setAttempt(attempt + 1);
  };
  return (
    <s-admin-block heading={translate('name')}>
      <Body host={host} loaded={loaded} onRetry={onRetry} />
    </s-admin-block>
  );
}

type BodyProps = {
  readonly host: Host;
  readonly loaded: Loaded | null;
  readonly onRetry: () => void;
};

function Body({ host, loaded, onRetry }: BodyProps) {
  const { translate } = host.i18n;
  if (loaded === null) return <s-spinner accessibilityLabel={translate('loading')} />;
  const retry = <s-button onClick={onRetry}>{translate('tryAgain')}</s-button>;
  switch (loaded.status) {
    case 'found':
      return <OrderFacts order={loaded.order} i18n={host.i18n} />;
    case 'unknown':
      return (
        <s-stack gap="base">
          <s-paragraph>{translate('unknown.text')}</s-paragraph>
          {retry}
        </s-stack>
      );
    case 'failed':
      return (
        <s-stack gap="base">
          <s-banner tone="critical" heading={translate('failed.heading')}>
            <s-paragraph>{translate(`failed.${loaded.reason}`)}</s-paragraph>
          </s-banner>
          <s-stack direction="inline" gap="base" alignItems="center">
            {retry}
            <s-link href={APP_HOME}>{translate('openApp')}</s-link>
          </s-stack>
        </s-stack>
      );
  }
}
